/** What the commands `bisect` and `probe` ask of the engine. */
import type { BisectReport, ProbeReport } from '../../src/history/bisect-report.ts';
import type { Progress } from '../engine.ts';

export interface BisectOptions {
	readonly good: readonly string[];
	readonly bad: string;
	/** A predicate, or a command. */
	readonly asks: { readonly where: string } | { readonly run: readonly string[] };
	readonly repo?: string;
	readonly jobs: number;
	readonly flips: boolean;
	readonly reset: boolean;
	readonly noCache: boolean;
	readonly offline?: boolean;
	/** The words for the two sides, in messages. */
	readonly terms: { readonly good: string; readonly bad: string };
	readonly progress: Progress;
	/** Given what a command prints. */
	output(chunk: Uint8Array): void;
	/** Told what is worth knowing before the end. */
	note(text: string): void;
	/** Told of each step as it is begun, and again with its answer. */
	onStep?(step: BisectStep): void;
}

/** One step of a bisection. */
export interface BisectStep {
	readonly commit: string;
	/** Suspects before it. */
	readonly left: number;
	/** About how many steps remain after it. */
	readonly steps: number;
	/** Undefined while it is being asked. */
	readonly answer?: string;
}

export interface ProbeOptions {
	readonly revision: string;
	readonly where: string;
	readonly repo?: string;
	readonly noCache: boolean;
	readonly offline?: boolean;
	readonly progress: Progress;
}

export interface BisectEngine {
	bisect(options: BisectOptions): Promise<BisectReport>;
	probe(options: ProbeOptions): Promise<ProbeReport>;
}
