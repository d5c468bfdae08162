/**
 * Judges patches on the releases of one opened source: one for a run of `range`, one after the other for many. What
 * does not hang on the patch (landmarks, series, configurations, history) is read once.
 */
import { readFile } from 'node:fs/promises';
import { PROFILES, profilesFor } from '../../src/driver/profiles/index.ts';
import type { SeriesTable } from '../../src/kernel/series-table.ts';
import { compareVersions, parseVersion } from '../../src/kernel/version.ts';
import { releasesBetween } from '../../src/range/between.ts';
import type { ConfigChoice } from '../../src/range/configurations.ts';
import type { Landmark } from '../../src/range/landmarks.ts';
import type { PlacedRelease } from '../../src/range/placements.ts';
import { range } from '../../src/range/range.ts';
import type { RangeHistory } from '../../src/range/range-history.ts';
import type { RangeReport } from '../../src/range/report.ts';
import { rules } from '../../src/range/rules/index.ts';
import type { Tagging } from '../../src/range/tags.ts';
import type { EngineWorld, RangeOptions } from '../engine.ts';
import { readExampleFacts } from '../example-facts.ts';
import type { InputPatches } from '../input.ts';
import { readLandmarks } from '../landmarks.ts';
import { packageFile } from '../package-file.ts';
import { configChoice, openForExample, patchesOf } from '../patches.ts';
import { chooseReleases } from '../releases.ts';
import { cacheVersion, type OpenSource, openSource } from '../sources.ts';
import { frameworkDemands } from './framework-demands.ts';
import { rangeHistory } from './range-history.ts';

/** What is read once, whatever the patch. */
interface Common {
	readonly choice: ConfigChoice;
	readonly landmarks: Landmark[];
	readonly tagging: Tagging;
	readonly history: RangeHistory | undefined;
}

export class Judge {
	readonly #world: EngineWorld;
	readonly #options: RangeOptions;
	readonly #open: OpenSource;
	#common: Promise<Common> | undefined;

	private constructor(world: EngineWorld, options: RangeOptions, open: OpenSource) {
		this.#world = world;
		this.#options = options;
		this.#open = open;
	}

	/** Opens what the options name. @throws RangefinderError not-a-repository, no-releases, index-unreadable, usage */
	static async open(world: EngineWorld, options: RangeOptions): Promise<Judge> {
		const open = options.example
			? await openForExample(world, options)
			: await openSource(world, { ...options, ahead: options.only === undefined });
		return new Judge(world, options, open);
	}

	/**
	 * The reports of what the options name, or of what was read already: of a patch, or of every patch of a
	 * series in order. `read` is told of each as the option is.
	 */
	async reports(given?: InputPatches, read = this.#options.read): Promise<RangeReport[]> {
		const world = this.#world;
		const options = { ...this.#options, ...(read === undefined ? {} : { read }) };
		const open = this.#open;
		const { paths, preimages, patches, together, asked } = await patchesOf(
			world,
			options,
			open,
			given,
		);
		const chosen = await chooseReleases(open, options, paths);
		if (open.store?.partial !== undefined) {
			const { fetchTouched } = await import('../gather.ts');
			const files = paths.map((path, i) => ({ path, preimage: preimages[i] }));
			await fetchTouched(open.store.partial, open.source, chosen, files);
		}
		const { choice, landmarks, tagging, history } = await this.#read();
		const { source } = open;
		const profiles = source.kind === 'clone' ? profilesFor(paths) : PROFILES;
		const asking =
			history === undefined
				? {}
				: await (await import('./range-prereqs.ts')).askingHistory(world, options, {
						open,
						history,
						...(asked === undefined ? {} : { asked }),
					});
		let looked = chosen;
		let last = history === undefined;
		for (;;) {
			const input = {
				source,
				releases: looked,
				profiles,
				rules,
				landmarks,
				choice,
				tagging,
				...(together.length < 2 ? {} : { together }),
				...frameworkDemands(open, options.progress),
				...(options.only === undefined ? {} : { only: options.only }),
				...(last ? asking : {}),
				...(options.explain === undefined || !last ? {} : { explain: explained(options.explain) }),
			};
			const [only] = patches;
			const reports =
				patches.length === 1 && only !== undefined
					? [await range({ ...input, patch: await only(source) })]
					: await (await import('../../src/range/series.ts')).rangeOfSeries({ ...input, patches });
			const byDefault =
				!(last && history !== undefined) &&
				source.kind === 'clone' &&
				options.release.length === 0 &&
				options.onto.length === 0;
			const between = byDefault
				? reports.flatMap((report) => releasesBetween(report, open.releases))
				: [];
			if (between.length === 0) {
				if (last) return reports;
				// What history says is asked once it is known which releases are looked at.
				last = true;
				continue;
			}
			const names = new Set([...looked, ...between].map(({ name }) => name));
			looked = open.releases.filter(({ name }) => names.has(name));
		}
	}

	/** What tells the index that answers from another one; undefined where a clone answers. */
	get indexDigest(): string | undefined {
		return this.#open.source.kind === 'index' ? this.#open.index?.digest : undefined;
	}

	/**
	 * What answers hang on besides the patch: the versions of what is read and of what reads it, as a text.
	 * @throws RangefinderError unknown-release, unknown-series, unknown-revision, usage, config-unreadable, bad-config
	 */
	async dependsOn(): Promise<string> {
		const { source, releases, index } = this.#open;
		const looked = await chooseReleases(this.#open, this.#options, []);
		const { choice } = await this.#read();
		const named = [...releases, ...looked].map(({ name, commit }) => [name, commit]);
		return JSON.stringify([source.kind, index?.digest, cacheVersion(), named, choice]);
	}

	#read(): Promise<Common> {
		this.#common ??= this.#readCommon();
		return this.#common;
	}

	async #readCommon(): Promise<Common> {
		const options = this.#options;
		return {
			choice: await configChoice(this.#world, options),
			landmarks: await readLandmarks(),
			tagging: await readTagging(options),
			history: options.only === undefined ? await rangeHistory(this.#open, options) : undefined,
		};
	}

	close(): Promise<void> {
		return this.#open.source.close();
	}
}

/** Whether a release is the one to be explained, by name or as the same version. */
function explained(name: string): (placed: PlacedRelease) => boolean {
	const wanted = parseVersion(name);
	return ({ release }) =>
		name === 'all' ||
		release.name === name ||
		(wanted !== undefined && compareVersions(release.version, wanted) === 0);
}

/** What tags are wanted for. The table is read where a day is named, or the example names its own. */
async function readTagging(options: RangeOptions): Promise<Tagging> {
	const reason = options.noautosel === undefined ? {} : { noautosel: options.noautosel };
	const asOf = options.asOf ?? (options.example ? (await readExampleFacts()).asOf : undefined);
	if (asOf === undefined || options.allSeries === true) return reason;
	const table: SeriesTable = JSON.parse(await readFile(packageFile('cache/series.json'), 'utf8'));
	return { ...reason, maintained: { table, asOf } };
}
