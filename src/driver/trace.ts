/**
 * Traces: what a function does with the state of its file, and how control goes through it, in order.
 * Kept as one short string a function, so that what does not change from release to release costs
 * nothing in the index. This module knows the words; trace-read.ts finds them, flow.ts understands them.
 */
import type { FileFacts, TraceFact } from './facts.ts';

/**
 * How a function touches a variable. For certain it is read by R, by D (one member, an element or what it points to)
 * and by V (handed on to what may write what it points to); written by W, by M (one member, an element or what it
 * points to) and by U (read as well). Of P the address was handed on: it may be read and written. X is the use of
 * a macro of the file, which has a trace of its own, or a call through the variable; L says that
 * the name is the function's own.
 */
export type AccessCode = 'R' | 'D' | 'V' | 'W' | 'M' | 'U' | 'P' | 'X' | 'L';

/**
 * Control: blocks `{` `}`, the end of a statement `;`, `if` (i), `else` (e), a loop (l), `do` (d), `switch`
 * (s), `case` (k), a label (n) and a `goto` (g) with its name, `break` (b), `continue` (c), and `return`: of nothing
 * or zero (q), of an error whatever happens (x), of anything else (v). An `if` that asks of one variable whether it is an
 * error has its name (`if (ret)`, `if (ret < 0)`), and so has a `return` of one variable.
 */
export type FlowCode =
	| '{'
	| '}'
	| ';'
	| 'i'
	| 'e'
	| 'l'
	| 'd'
	| 's'
	| 'k'
	| 'n'
	| 'g'
	| 'b'
	| 'c'
	| 'q'
	| 'x'
	| 'v';

/** A call through a member (I), whose name it has: `mmu->ops->reset()`. */
export type IndirectCode = 'I';

/** One thing a function does; steps are in the order of the text. */
export interface Step {
	line: number;
	code: AccessCode | FlowCode | IndirectCode;
	/** Of an access the variable, with `.member` where one member is meant; of others see their codes; else ''. */
	name: string;
}

const ACCESS = new Set<string>(['R', 'D', 'V', 'W', 'M', 'U', 'P', 'X', 'L']);

/** True for what touches a variable. */
export function isAccess(step: Step): boolean {
	return ACCESS.has(step.code);
}

/** True for what says where control goes. */
export function isControl(step: Step): boolean {
	return step.code !== 'I' && !isAccess(step);
}

/** The variable of an access, without member. */
export function variableOf({ name }: Step): string {
	const dot = name.indexOf('.');
	return dot === -1 ? name : name.slice(0, dot);
}

/**
 * A trace as it is kept: each step is the difference of its line to the step before it, the code,
 * and the name behind a colon.
 * @param line of the function or macro the steps are of
 */
export function traceFact(line: number, steps: readonly Step[]): TraceFact {
	let before = line;
	const words = steps.map((step) => {
		const delta = step.line - before;
		before = step.line;
		return `${delta === 0 ? '' : delta}${step.code}${step.name === '' ? '' : `:${step.name}`}`;
	});
	return { line, steps: words.join(' ') };
}

const WORD = /(-?\d*)([^\s\d:])(?::(\S+))?/g;

/** The steps of a trace. */
export function stepsOf({ line, steps }: TraceFact): Step[] {
	let at = line;
	return Array.from(steps.matchAll(WORD), ([, delta = '', code = '', name = '']) => {
		at += Number(delta);
		return { line: at, code: code as Step['code'], name };
	});
}

/** The traces of a file by the lines they belong to. */
export function tracesByLine(facts: Pick<FileFacts, 'traces'>): Map<number, Step[]> {
	return new Map((facts.traces ?? []).map((trace) => [trace.line, stepsOf(trace)] as const));
}
