/**
 * Joins the commands to the engine in src/ and cache/: opens what the user named, hands it on, closes it.
 */
import { PROFILES, profilesFor } from '../src/driver/profiles/index.ts';
import { RangefinderError } from '../src/errors.ts';
import type { RangeReport } from '../src/range/report.ts';
import type {
	Engine,
	EngineWorld,
	RangeOptions,
	RepairOptions,
	RepairResult,
	StylesOptions,
} from './engine.ts';
import { Judge } from './engines/judge.ts';
import { KeptReports } from './engines/kept-reports.ts';
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
		judge: (options) => Judge.open(world, options),
		linter: async (options) => (await import('./engines/lint.ts')).Linter.open(world, options),
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
	const judge = await Judge.open(world, options);
	try {
		const kept = await KeptReports.of(world, options, judge.indexDigest);
		const known = await kept?.recall();
		if (known !== undefined) return known;
		const reports = await judge.reports();
		await kept?.keep(reports);
		return reports;
	} finally {
		await judge.close();
	}
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
