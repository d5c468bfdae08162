/**
 * What a piece of a file says, where it may begin and end in the middle of things: file facts with
 * the piece's line numbers, and those parts of initialisers whose head is not in it.
 */

import type { CallFact, FileFacts } from './facts.ts';
import { compatibles, initialisedFields } from './initialiser.ts';
import type { Source } from './source.ts';
import type { ReadStep } from './trace-read.ts';

/** A call with its arguments whatever they are, and its last line. */
export interface FragmentCall extends CallFact {
	/** First line of its statement, 0 when that is not in the fragment. */
	start: number;
	end: number;
}

/** A member whose struct began before the fragment; `level` counts the blocks that ended since its start. */
export interface LooseField {
	level: number;
	path: string;
	value: string;
	line: number;
}

export interface FragmentFacts extends FileFacts {
	calls: FragmentCall[];
	/** The first line, where not all of the fragment was read. */
	incomplete?: number[];
	looseFields: LooseField[];
	/** Every compatible string of the fragment. */
	looseCompatible: { value: string; line: number }[];
	/** Lines at which a block ends that began before the fragment. */
	closed: number[];
	/** What its lines do, in order, with whatever is named there: which names are state only the file says. */
	steps: ReadStep[];
	/** The same of its macros. */
	macroSteps: { name: string; line: number; steps: ReadStep[] }[];
	/** First lines of definitions and initialisers whose end is not in the fragment. */
	cut: number[];
	/** Flags that are set in a function whose head is not in the fragment; absent where there are none. */
	sets?: { flag: string; line: number }[];
}

/** The fields of initialisers that began before the fragment. */
export function looseFields(source: Source): LooseField[] {
	const fields: LooseField[] = [];
	let from = 0;
	for (const [level, end] of [...source.closed, source.code.length].entries()) {
		if (source.code.indexOf('.', from) !== -1)
			for (const field of initialisedFields(source, from, end)) fields.push({ level, ...field });
		from = end + 1;
	}
	return fields;
}

/** Every compatible string of the fragment. */
export function looseCompatibles(source: Source): { value: string; line: number }[] {
	return source.code.includes('compatible') || source.code.includes('"')
		? compatibles(source, 0, source.code.length)
		: [];
}
