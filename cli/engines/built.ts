/** Joins the command `built` to the engine. */
import { PROFILES } from '../../src/driver/profiles/index.ts';
import { builtIn } from '../../src/range/built.ts';
import type { BuiltReport } from '../../src/range/built-report.ts';
import { readDotConfig } from '../dot-config.ts';
import type { EngineWorld, Progress } from '../engine.ts';
import { chooseReleases } from '../releases.ts';
import { openSource } from '../sources.ts';
import type { BuiltWords } from '../words/built.ts';

/** The words, without those that say how it is printed. */
export interface BuiltOptions extends Omit<BuiltWords, 'json' | 'color'> {
	/** A driver, one of its files, or a CONFIG symbol. */
	readonly what: string;
	readonly progress: Progress;
}

/** Answers `built`. */
export type RunBuilt = (options: BuiltOptions) => Promise<BuiltReport>;

/** Opens what the user named and answers from it. */
export async function runBuilt(world: EngineWorld, options: BuiltOptions): Promise<BuiltReport> {
	const open = await openSource(world, options);
	try {
		const { what, release, arch, config } = options;
		const choice = { release, series: [], all: false, onto: [] };
		const folders = PROFILES.flatMap((profile) => profile.folders);
		const releases = await chooseReleases(open, choice, folders);
		const dotConfig = config === undefined ? undefined : await readDotConfig(world, config);
		return await builtIn(open.source, releases, PROFILES, {
			what,
			archs: arch,
			...(dotConfig === undefined ? {} : { dotConfig }),
		});
	} finally {
		await open.source.close();
	}
}
