/** Joins the command `siblings` to the engine. */
import { PROFILES, profilesFor } from '../../src/driver/profiles/index.ts';
import { RangefinderError } from '../../src/errors.ts';
import { findSiblings } from '../../src/range/find-siblings.ts';
import { rules } from '../../src/range/rules/index.ts';
import type { SiblingsReport } from '../../src/range/siblings-report.ts';
import type { EngineWorld, RangeOptions } from '../engine.ts';
import { configChoice, openForExample, patchesOf } from '../patches.ts';
import { chooseReleases } from '../releases.ts';
import { openSource } from '../sources.ts';

/** As in RangeOptions. */
export type SiblingsOptions = Pick<
	RangeOptions,
	| 'input'
	| 'patch'
	| 'example'
	| 'repo'
	| 'store'
	| 'offline'
	| 'index'
	| 'release'
	| 'arch'
	| 'config'
	| 'progress'
>;

/** Answers `siblings`. */
export type RunSiblings = (options: SiblingsOptions) => Promise<SiblingsReport>;

/** Opens what the user named and answers from it. */
export async function runSiblings(
	world: EngineWorld,
	options: SiblingsOptions,
): Promise<SiblingsReport> {
	const open = options.example
		? await openForExample(world, options)
		: await openSource(world, { ...options, ahead: true });
	try {
		const { source } = open;
		const { paths, patches } = await patchesOf(world, options, open);
		const [only, ...more] = patches;
		if (only === undefined || more.length > 0) {
			const made = await Promise.all(patches.map((one) => one(source)));
			const subjects = made.map(({ subject }) => subject);
			throw new RangefinderError({ code: 'several-patches', where: options.input ?? '', subjects });
		}
		const choice = { series: [], all: false, onto: [] };
		return await findSiblings({
			patch: await only(source),
			source,
			releases: await chooseReleases(open, { ...choice, release: options.release }, paths),
			others: await chooseReleases(open, { ...choice, release: [] }, paths),
			profiles: source.kind === 'clone' ? profilesFor(paths) : PROFILES,
			rules,
			landmarks: [],
			choice: await configChoice(world, options),
		});
	} finally {
		await open.source.close();
	}
}
