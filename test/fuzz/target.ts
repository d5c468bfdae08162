/** What the fuzzer has to know about a parser. */
import type { Vocabulary } from './mutate.ts';
import type { Random } from './random.ts';

export interface Target {
	/** Inputs to begin with, written by us. */
	seeds: readonly (string | Uint8Array)[];
	vocabulary: Vocabulary;
	/** Makes an input by the rules of the language, where that is cheap. */
	generate?: (random: Random) => string;
	/** Changes an input in ways of its own; undefined where it cannot. */
	mutate?: (input: Buffer, random: Random) => Buffer | undefined;
	/**
	 * Runs the parser, and holds what has to hold of every input. May throw RangefinderError where the
	 * input is refused; anything else that it throws is a finding.
	 */
	run(input: Uint8Array): void | Promise<void>;
}

/** Loads what a parser needs, the grammar of C for one. */
export type Load = () => Promise<Target>;
