/**
 * A source that is opened once and asked about many patches: what the command `range` does, without
 * opening clone and index again for each.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineWorld } from '../../cli/engine.ts';
import {
	cloneSource,
	Helpers,
	indexSource,
	type OpenSource,
	openClone,
} from '../../cli/sources.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { readPatch } from '../../src/patch/mail.ts';
import type { Landmark } from '../../src/range/landmarks.ts';
import { prepare } from '../../src/range/prepare.ts';
import { range } from '../../src/range/range.ts';
import type { RangeReport, StylesReport } from '../../src/range/report.ts';
import { rules } from '../../src/range/rules/index.ts';
import type { Rule } from '../../src/range/situation.ts';
import { stylesOf } from '../../src/range/styles.ts';

export const PACKAGE = join(import.meta.dirname, '../..');

export class Judge {
	readonly #open: OpenSource;
	readonly #landmarks: Landmark[] = JSON.parse(
		readFileSync(join(PACKAGE, 'cache/landmarks.json'), 'utf8'),
	);

	constructor(open: OpenSource) {
		this.#open = open;
	}

	/** The answer for a patch on every release there is, by these rules. */
	async range(
		bytes: Uint8Array,
		where: string,
		asked: readonly Rule[] = rules,
	): Promise<RangeReport> {
		const { source, interner, extractor, releases } = this.#open;
		const patch = await prepare(readPatch(bytes, where), { source, interner, extractor, where });
		return range({
			patch,
			source,
			releases,
			profiles: [iommu],
			rules: asked,
			landmarks: this.#landmarks,
			choice: { archs: [] },
		});
	}

	styles(): Promise<StylesReport> {
		return stylesOf(this.#open.source, this.#open.releases, [iommu], []);
	}

	get releases(): string[] {
		return this.#open.releases.map(({ name }) => name);
	}

	close(): Promise<void> {
		return this.#open.source.close();
	}
}

/** The shipped index. */
export async function judgeByIndex(world: EngineWorld): Promise<Judge> {
	return new Judge(await indexSource(world, undefined));
}

/** A repository, read without help from the index. */
export async function judgeByClone(repo: string, world: EngineWorld): Promise<Judge> {
	const options = { noIndex: true } as const;
	const helpers = new Helpers(world, options);
	return new Judge(await cloneSource(await openClone(repo, world, {}), helpers, options));
}
