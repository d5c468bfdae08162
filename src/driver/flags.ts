/**
 * Flags that keep a second call out: `if (done) return` where what comes then sets `done`, itself or
 * in a function that it calls. The first call goes through whatever the hardware, so such a test gates nothing.
 */
import type { GateFact } from './facts.ts';
import type { Source } from './source.ts';

/** `flag = true;` and where it stands. */
export interface FlagSet {
	flag: string;
	/** Offset. */
	index: number;
	/** The function it is in, as far as its head is in the text. */
	inside: string | undefined;
}

/** A gate that is none if a function called from its region sets the flag it asks. */
export interface FlagGate {
	gate: GateFact;
	flag: string;
	/** The names called in its region. */
	calls: readonly string[];
}

const CALL_OR_SET = /\b([A-Za-z_]\w*)\s*(?:\(|=\s*(?:true|1)\s*;)/g;
const NO_FUNCTION = /^(?:if|for|while|switch|\w*for_each\w*)$/;

/** Where a text sets a plain name to true. */
export function flagSets({ code, match }: Source): FlagSet[] {
	if (!/=\s*(?:true|1)\s*;/.test(code)) return [];
	const sets: FlagSet[] = [];
	let inside: string | undefined;
	for (const { 0: text, 1: name = '', index } of code.matchAll(CALL_OR_SET)) {
		if (text.endsWith(';')) {
			sets.push({ flag: name, index, inside });
			continue;
		}
		const close = match[index + text.length - 1] ?? -1;
		const isHead = close > index && /^\s*\{/.test(code.slice(close + 1, close + 200));
		if (isHead && !NO_FUNCTION.test(name)) inside = name;
	}
	return sets;
}

/** The names before parentheses in a text. */
export function calledNames(code: string): string[] {
	return [...new Set([...code.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map((found) => found[1] ?? ''))];
}

/** Whether one of the functions that a gate's region calls sets its flag. */
export function keepsOutSecondCall(
	{ flag, calls }: Pick<FlagGate, 'flag' | 'calls'>,
	sets: readonly Pick<FlagSet, 'flag' | 'inside'>[],
): boolean {
	return sets.some(
		(set) => set.flag === flag && set.inside !== undefined && calls.includes(set.inside),
	);
}
