/**
 * Everything outside the program that a command may touch. main.cts makes it from the process, tests
 * make it from strings.
 */
import type { ProofWorld } from '../src/git/proof-folder.ts';

/** The part of a stream that commands write to. */
export interface Output {
	write(chunk: string | Uint8Array): unknown;
}

export interface World {
	/** Arguments after the program's name. */
	readonly argv: readonly string[];
	readonly stdout: Output;
	readonly stderr: Output;
	readonly stdin: AsyncIterable<string | Uint8Array>;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly isTTY: { readonly stdout: boolean; readonly stderr: boolean };
	/** Of the terminal that stdout is; undefined when it is none. */
	readonly columns: number | undefined;
	readonly cwd: string;
	/** Milliseconds, from any origin. */
	now(): number;
	/** The day it is, YYYY-MM-DD, UTC. */
	today(): string;
	/** Whether standard output goes into the file at this path; absent where nobody can tell. */
	isOutput?(path: string): boolean;
	/** Told before sources are read, here or in threads: the parser is loaded behind it. */
	readingBegins?(): void;
	/** This process and others, by which folders are told apart; absent where none is to be removed. */
	readonly processes?: Pick<ProofWorld, 'pid' | 'isRunning'>;
	/**
	 * Makes the first Ctrl-C ask whoever holds the signal to end with what there is; the second ends the
	 * program. Absent where nobody can press it.
	 */
	interruptible?(): AbortSignal;
}

/** Columns to print in: those of the terminal within reason, else 80. */
export function textWidth(world: World): number {
	if (!world.isTTY.stdout || world.columns === undefined) return 80;
	return Math.min(120, Math.max(60, world.columns));
}
