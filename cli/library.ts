/**
 * The library: what `import { range } from 'rangefinder'` gives. It answers as the commands do, with the same
 * reports as their `--json`, and touches no terminal. The engine below it, where releases and facts come from the
 * caller, is `rangefinder/engine`.
 */
import { Readable } from 'node:stream';
import type { StoreKind } from '../src/git/open-store.ts';
import type { RangeReport, StylesReport } from '../src/range/report.ts';
import { createEngine } from './adapter.ts';
import type { Engine, RangeOptions as EngineOptions, Progress } from './engine.ts';

export { EXIT, exitCode, type Failure, failureMessage, RangefinderError } from '../src/errors.ts';
export type {
	ConfigReport,
	Prerequisite,
	RangeReport,
	Reason,
	ReleaseReport,
	StylesReport,
	Verdict,
} from '../src/range/report.ts';

/**
 * A patch: the path of a file or folder, a commit or range of the repository; the bytes of a mail, mbox or diff; or
 * the example that ships with the release index.
 */
export type PatchInput = string | Uint8Array | { readonly example: true };

/** What is read, and where. */
export interface ReadOptions {
	/** The kernel clone; that of `cwd` if it has release tags, else the release index. */
	readonly repo?: string;
	/** How a clone is read: by git, or embedded, without one. */
	readonly store?: StoreKind;
	/** Fetch nothing that a partial clone lacks. */
	readonly offline?: boolean;
	/** A release index instead of the one that ships with this. */
	readonly index?: string;
	/** False to neither read nor write the facts cache of the user. */
	readonly cache?: boolean;
	/** What paths are relative to; the current folder of the process when left out. */
	readonly cwd?: string;
	/** Where git, the home folder and the cache are found; the environment of the process when left out. */
	readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Which releases and configurations a patch is judged for. As the options of the command `range`. */
export interface RangeOptions extends ReadOptions {
	/** Which of several patches: its number, or its Message-ID. */
	readonly patch?: string;
	/** Releases to judge, as `v4.14.5`; with the index all of it, with a clone a selection when left out. */
	readonly releases?: readonly string[];
	/** Series whose releases to judge, as `4.14.y`. */
	readonly series?: readonly string[];
	/** Judge every release. */
	readonly all?: boolean;
	/** Branches or commits of the clone to judge. */
	readonly onto?: readonly string[];
	/** Architectures to judge for, as `arm64`. */
	readonly archs?: readonly string[];
	/** The path of a .config to judge for. */
	readonly config?: string;
	/** Tags ask for series that were maintained on this day, YYYY-MM-DD; for any looked at when left out. */
	readonly asOf?: string;
	/** False to judge by the releases alone, not by the commits between them. */
	readonly history?: boolean;
	/** Only how the patch lands. */
	readonly only?: 'placement';
}

const SILENT: Progress = { start() {}, step() {}, end() {} };

function engineOf({ cwd, env }: ReadOptions, input?: PatchInput): Engine {
	const bytes = input instanceof Uint8Array ? [input] : [];
	return createEngine({
		cwd: cwd ?? process.cwd(),
		env: env ?? process.env,
		stdin: Readable.from(bytes),
	});
}

function optionsOf(input: PatchInput, options: RangeOptions): EngineOptions {
	const { releases, series, onto, archs, cache, history, all, cwd: _, env: __, ...same } = options;
	const example = typeof input === 'object' && 'example' in input;
	return {
		...same,
		input: example ? undefined : typeof input === 'string' ? input : '-',
		example,
		noIndex: false,
		noCache: cache === false,
		noHistory: history === false,
		release: releases ?? [],
		series: series ?? [],
		all: all === true,
		onto: onto ?? [],
		arch: archs ?? [],
		progress: SILENT,
	};
}

/**
 * On which releases a patch is safe to apply, with the reasons: what `rangefinder range --json` prints.
 * @param input the patch
 * @param options what is read, and which releases and configurations count
 * @throws RangefinderError what the program would print on standard error; `failure` says what is wrong
 * @example
 * import { range } from 'rangefinder';
 *
 * const report = await range({ example: true });
 * for (const { release, verdict } of report.releases) {
 *   if (verdict === 'needs-prerequisites') console.log(release, verdict);
 * }
 * // prints: v4.14.5 needs-prerequisites
 * @example
 * import { RangefinderError, range } from 'rangefinder';
 *
 * try {
 *   await range('no-such.patch');
 * } catch (error) {
 *   if (!(error instanceof RangefinderError)) throw error;
 *   console.log(error.failure.code);
 * }
 * // prints: unknown-revision
 */
export function range(input: PatchInput, options: RangeOptions = {}): Promise<RangeReport> {
	return engineOf(options, input).range(optionsOf(input, options));
}

/**
 * The reports of a series in order, each patch on top of those before it; of a patch that is in no series its one.
 * @param input the patches
 * @param options what is read, and which releases and configurations count
 * @throws RangefinderError as `range`
 * @example
 * import { ranges } from 'rangefinder';
 *
 * const reports = await ranges({ example: true }, { only: 'placement', releases: ['v4.14.5'] });
 * console.log(reports.length, reports[0].releases[0].placement.result);
 * // prints: 1 exact
 */
export function ranges(input: PatchInput, options: RangeOptions = {}): Promise<RangeReport[]> {
	return engineOf(options, input).ranges(optionsOf(input, options));
}

/**
 * How drivers register themselves over the releases: what `rangefinder styles --json` prints.
 * @param paths files or folders of the kernel tree; all that is known when empty
 * @param options what is read, and which releases
 * @throws RangefinderError as `range`
 * @example
 * import { styles } from 'rangefinder';
 *
 * const { drivers } = await styles(['drivers/iommu/arm-smmu.c'], { releases: ['v4.12.4'] });
 * console.log(drivers[0].driver, drivers[0].releases[0].style);
 * // prints: arm-smmu probe@device+awaited
 */
export function styles(
	paths: readonly string[],
	options: ReadOptions & Pick<RangeOptions, 'releases'> = {},
): Promise<StylesReport> {
	const { releases, cache: _, cwd: __, env: ___, ...same } = options;
	return engineOf(options).styles({ ...same, paths, release: releases ?? [], progress: SILENT });
}
