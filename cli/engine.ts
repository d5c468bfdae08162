/**
 * What the commands ask of the engine. The engine itself is imported only when a command runs, so
 * that help, version and wrong words cost nothing.
 */
import type { DoctorReport } from '../src/git/doctor/report.ts';
import type { StoreKind } from '../src/git/open-store.ts';
import type { ContainsReport } from '../src/history/contains-report.ts';
import type { PreparedPatch } from '../src/range/prepare.ts';
import type { RangeReport, StylesReport } from '../src/range/report.ts';
import type { BisectEngine } from './engines/bisect-types.ts';
import type { RunBuilt } from './engines/built.ts';
import type { ContainsOptions } from './engines/contains.ts';
import type { RunDemands } from './engines/demands.ts';
import type { Judge } from './engines/judge.ts';
import type { Linter, LintOptions } from './engines/lint.ts';
import type { RunLog } from './engines/log.ts';
import type { RunExport, RunPrereqs } from './engines/prereqs.ts';
import type { RunSiblings } from './engines/siblings.ts';
import type { World } from './world.ts';

/** How far a long operation is. `start` may be called again for the next stage. */
export interface Progress {
	start(label: string, total: number): void;
	step(): void;
	end(): void;
}

export interface RangeOptions {
	/** A file or folder, `-` for standard input, a revision or a range; undefined with `example`. */
	readonly input: string | undefined;
	/** Which patch of the input: its number, or its Message-ID. */
	readonly patch?: string;
	readonly example: boolean;
	readonly repo?: string;
	readonly store?: StoreKind;
	/** Fetch nothing that a partial clone has not. */
	readonly offline?: boolean;
	readonly index?: string;
	readonly noIndex: boolean;
	readonly noCache: boolean;
	readonly release: readonly string[];
	readonly series: readonly string[];
	readonly all: boolean;
	readonly onto: readonly string[];
	readonly config?: string;
	readonly arch: readonly string[];
	readonly only?: 'placement';
	/** Judge without asking the history of the clone. */
	readonly noHistory?: boolean;
	/** A release whose conflicts are to be explained by the history of the clone; 'all' for every one. */
	readonly explain?: string;
	/** Tags ask for series that were maintained on this day, YYYY-MM-DD; the example's own without it. */
	readonly asOf?: string;
	/** Tags ask for any series that is looked at. */
	readonly allSeries?: boolean;
	/** The reason why the stable team's tools should leave the patch alone. */
	readonly noautosel?: string;
	/** Is told of each patch by its place, as it is judged, and of the message it was read from. */
	readonly read?: (place: number, patch: PreparedPatch, mail: Uint8Array | undefined) => void;
	/** Called once there is something to end with; the signal asks for that. */
	readonly interruptible?: () => AbortSignal;
	readonly progress: Progress;
}

export interface StylesOptions {
	/** Files or folders of the tree; all that profiles cover when empty. */
	readonly paths: readonly string[];
	readonly repo?: string;
	readonly store?: StoreKind;
	readonly offline?: boolean;
	readonly index?: string;
	readonly release: readonly string[];
	readonly progress: Progress;
}

export interface RepairOptions {
	readonly input: string;
	/** As in RangeOptions. */
	readonly patch?: string;
	readonly repo?: string;
	readonly store?: StoreKind;
	readonly offline?: boolean;
	readonly index?: string;
}

export interface RepairResult {
	/** The patch, ready for git am. */
	readonly text: Uint8Array;
	readonly proof: 'postimage' | 'preimage' | 'none';
	readonly repaired: boolean;
	/** What could not be brought back, one sentence each. */
	readonly lost: readonly string[];
	readonly files: readonly {
		readonly path: string;
		readonly preimage: string | null;
		readonly postimage: string | null;
	}[];
}

export interface IndexBuildOptions {
	readonly sources: readonly { readonly repo: string; readonly releases?: readonly string[] }[];
	readonly out: string;
	/** A mail whose patch is carried as the example. */
	readonly example?: string;
	readonly offline?: boolean;
	readonly progress: Progress;
}

export interface IndexInfo {
	readonly path: string;
	readonly bytes: number;
	readonly formatVersion: number;
	readonly extractorVersion: number;
	readonly releases: readonly {
		readonly release: string;
		/** YYYY-MM-DD. */
		readonly date: string;
		/** Indexed files. */
		readonly files: number;
	}[];
	/** Subject of the patch it carries. */
	readonly example: string | null;
}

export type OpenJudge = Pick<Judge, 'reports' | 'dependsOn' | 'close'>;
export type OpenLinter = Pick<Linter, 'lint' | 'dependsOn' | 'close'>;

export interface Engine extends BisectEngine {
	/** The report of one patch. Throws several-patches for a series. */
	range(options: RangeOptions): Promise<RangeReport>;
	/** The reports of a patch, or of every patch of a series in order. */
	ranges(options: RangeOptions): Promise<RangeReport[]>;
	styles(options: StylesOptions): Promise<StylesReport>;
	repair(options: RepairOptions): Promise<RepairResult>;
	log: RunLog;
	contains(options: ContainsOptions): Promise<ContainsReport>;
	doctor(options: { repo?: string }): Promise<DoctorReport>;
	built: RunBuilt;
	/** Opens what judges one patch after the other. */
	judge(options: RangeOptions): Promise<OpenJudge>;
	/** Opens what lints one patch after the other. */
	linter(options: LintOptions): Promise<OpenLinter>;
	prereqs: RunPrereqs;
	exportSeries: RunExport;
	siblings: RunSiblings;
	demands: RunDemands;
	indexBuild(options: IndexBuildOptions): Promise<{ releases: number; bytes: number }>;
	indexInfo(options: { index?: string }): Promise<IndexInfo>;
	/** Compares the index with a repository, or with itself (its checksums) without one. */
	indexVerify(options: {
		index?: string;
		repo?: string;
		offline?: boolean;
	}): Promise<{ checked: number; differences: string[] }>;
}

/** What the engine needs of the world. */
export type EngineWorld = Pick<World, 'cwd' | 'env' | 'stdin' | 'processes' | 'readingBegins'>;

export type LoadEngine = (world: EngineWorld) => Promise<Engine>;

/** The engine of this package. */
export const loadEngine: LoadEngine = async (world) => {
	const { createEngine } = await import('./adapter.ts');
	return createEngine(world);
};
