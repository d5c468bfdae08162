/**
 * Joins the commands to the engine in src/ and cache/: opens what the user named, hands it on, closes it.
 */
import { readFile } from 'node:fs/promises';
import { PROFILES, profilesFor } from '../src/driver/profiles/index.ts';
import { RangefinderError } from '../src/errors.ts';
import type { SeriesTable } from '../src/kernel/series-table.ts';
import { compareVersions, parseVersion } from '../src/kernel/version.ts';
import { releasesBetween } from '../src/range/between.ts';
import type { PlacedRelease } from '../src/range/placements.ts';
import { range } from '../src/range/range.ts';
import type { RangeReport } from '../src/range/report.ts';
import { rules } from '../src/range/rules/index.ts';
import type { Tagging } from '../src/range/tags.ts';
import type {
	Engine,
	EngineWorld,
	RangeOptions,
	RepairOptions,
	RepairResult,
	StylesOptions,
} from './engine.ts';
import { frameworkDemands } from './engines/framework-demands.ts';
import type { LintAnswer, LintOptions } from './engines/lint.ts';
import { rangeHistory } from './engines/range-history.ts';
import { readExampleFacts } from './example-facts.ts';
import { readLandmarks } from './landmarks.ts';
import { packageFile } from './package-file.ts';
import { configChoice, openForExample, patchesOf } from './patches.ts';
import { chooseReleases } from './releases.ts';
import { openSource } from './sources.ts';

/** The engine for one run of the program. */
export function createEngine(world: EngineWorld): Engine {
	return {
		range: async (options) => {
			const [report, ...others] = await runRange(world, options);
			if (report !== undefined && others.length === 0) return report;
			const subjects = [report, ...others].map((one) => one?.patch.subject ?? '');
			const where = options.input ?? '';
			throw new RangefinderError({ code: 'several-patches', where, subjects });
		},
		ranges: (options) => runRange(world, options),
		styles: (options) => runStyles(world, options),
		repair: (options) => runRepair(world, options),
		log: async (...asked) => (await import('./engines/log.ts')).runLog(world, ...asked),
		contains: async (options) => (await import('./engines/contains.ts')).findCommit(world, options),
		doctor: async (options) => (await import('./engines/doctor.ts')).examine(world, options),
		built: async (options) => (await import('./engines/built.ts')).runBuilt(world, options),
		lint: (options) => lintAll(world, options),
		siblings: async (options) =>
			(await import('./engines/siblings.ts')).runSiblings(world, options),
		demands: async (options) => (await import('./engines/demands.ts')).runDemands(world, options),
		indexBuild: async (options) => {
			const { buildShippedIndex } = await import('./index-engine.ts');
			return buildShippedIndex(world, options, PROFILES);
		},
		indexInfo: async (options) => {
			const { describeIndex } = await import('./index-engine.ts');
			return describeIndex(world, options);
		},
		indexVerify: async (options) => {
			const { checkIndex } = await import('./index-engine.ts');
			return checkIndex(world, options, PROFILES);
		},
		bisect: async (options) => (await import('./engines/bisect.ts')).runBisect(world, options),
		exportSeries: async (options) =>
			(await import('./engines/prereqs.ts')).runExport(world, options),
		prereqs: async (options) => (await import('./engines/prereqs.ts')).runPrereqs(world, options),
		probe: async (options) => (await import('./engines/bisect.ts')).runProbe(world, options),
	};
}

async function runRange(world: EngineWorld, options: RangeOptions): Promise<RangeReport[]> {
	const open = options.example
		? await openForExample(world, options)
		: await openSource(world, { ...options, ahead: options.only === undefined });
	try {
		const { paths, preimages, patches, together, asked } = await patchesOf(world, options, open);
		const chosen = await chooseReleases(open, options, paths);
		if (open.store?.partial !== undefined) {
			const { fetchTouched } = await import('./gather.ts');
			const files = paths.map((path, i) => ({ path, preimage: preimages[i] }));
			await fetchTouched(open.store.partial, open.source, chosen, files);
		}
		const choice = await configChoice(world, options);
		const landmarks = await readLandmarks();
		const tagging = await readTagging(options);
		const { source } = open;
		const profiles = source.kind === 'clone' ? profilesFor(paths) : PROFILES;
		const history = options.only === undefined ? await rangeHistory(open, options) : undefined;
		const asking =
			history === undefined
				? {}
				: await (await import('./engines/range-prereqs.ts')).askingHistory(world, options, {
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
					: await (await import('../src/range/series.ts')).rangeOfSeries({ ...input, patches });
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
	} finally {
		await open.source.close();
	}
}

async function* lintAll(world: EngineWorld, options: LintOptions): AsyncGenerator<LintAnswer> {
	const { runLint } = await import('./engines/lint.ts');
	// The patch was read already; it is handed on as standard input.
	yield* runLint(world, options, async (asked, mail) => {
		const stdin = (async function* () {
			yield mail;
		})();
		const [report] = await runRange({ ...world, stdin }, asked);
		if (report !== undefined) return report;
		throw new RangeError('a run without reports');
	});
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

async function runStyles(world: EngineWorld, options: StylesOptions) {
	const open = await openSource(world, options);
	try {
		const { stylesOf } = await import('../src/range/styles.ts');
		const choice = { release: options.release, series: [], all: false, onto: [] };
		const paths = treePaths(options.paths);
		const profiles = open.source.kind === 'clone' ? profilesFor(paths) : PROFILES;
		const releases = await chooseReleases(
			open,
			choice,
			profiles.flatMap(({ folders }) => folders),
		);
		return await stylesOf(open.source, releases, profiles, paths);
	} finally {
		await open.source.close();
	}
}

/** Paths as a tree has them: `./drivers/mmc/` is drivers/mmc. */
function treePaths(paths: readonly string[]): string[] {
	return paths.map((path) => path.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, ''));
}

async function runRepair(world: EngineWorld, options: RepairOptions): Promise<RepairResult> {
	const open = await openSource(world, options);
	try {
		const { readInput, several } = await import('./input.ts');
		const { printPatch } = await import('../src/patch/print.ts');
		const { repair } = await import('../src/range/prepare.ts');
		const { patches, where } = await readInput(options.input, world, open.store, options.patch);
		const [patch] = patches;
		if (patch === undefined || patches.length > 1) throw several(patches, where);
		const { source, interner, extractor } = open;
		const done = await repair(patch, { source, interner, extractor, where });
		return {
			text: Buffer.from(printPatch(done.patch)),
			proof: done.proof,
			repaired: done.repaired,
			lost: done.lost,
			files: done.files.map(({ file, preimage }) => ({
				path: file.newPath ?? file.oldPath ?? '',
				preimage,
				postimage: file.postimage ?? null,
			})),
		};
	} finally {
		await open.source.close();
	}
}
