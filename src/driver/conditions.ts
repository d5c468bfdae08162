/**
 * Run-time conditions taken apart: `a && !iommu_present(bus)` is two terms, each of which asks for
 * something and is or is not negated.
 */

import type { GateFact } from './facts.ts';
import type { GateCall, Interest } from './interest.ts';
import { argumentsAt } from './lists.ts';
import type { Source } from './source.ts';
import { textOf } from './source.ts';

/** What one term of a condition asks for; `negated` when the term holds if the answer is no. */
export interface Term {
	kind: GateFact['kind'];
	what: string;
	negated: boolean;
}

/** What the condition is read against. */
export interface Names {
	/** Names of parameters and local variables. */
	locals: ReadonlySet<string>;
	/** Local variables that hold the answer of a gate call where the condition stands. */
	answers: ReadonlyMap<string, Term>;
}

const MAX_EXPRESSION = 200;
const ERROR_TEST = /\b(?:IS_ERR(?:_OR_NULL|_VALUE)?|PTR_ERR\w*|WARN(?:_ON)?(?:_ONCE)?|BUG_ON)\b/;

/** Offsets without surrounding white space and parentheses. */
function peel(source: Source, from: number, to: number): { from: number; to: number } {
	const { code, match } = source;
	let first = from;
	let last = to;
	for (;;) {
		while (first < last && code.charCodeAt(first) <= 32) first++;
		while (last > first && code.charCodeAt(last - 1) <= 32) last--;
		if (first >= last || code.charAt(first) !== '(' || match[first] !== last - 1)
			return { from: first, to: last };
		first++;
		last--;
	}
}

/** Splits at an operator of two equal characters outside of brackets. */
function splitAt(
	source: Source,
	range: { from: number; to: number },
	operator: '&&' | '||',
): { from: number; to: number }[] {
	const parts: { from: number; to: number }[] = [];
	let start = range.from;
	for (let at = range.from; at < range.to; at++) {
		const char = source.code.charAt(at);
		if (char === '(' || char === '[') at = Math.max(at, source.match[at] ?? at);
		else if (char === operator.charAt(0) && source.code.charAt(at + 1) === operator.charAt(1)) {
			parts.push({ from: start, to: at });
			start = at + 2;
			at++;
		}
	}
	parts.push({ from: start, to: range.to });
	return parts;
}

/** What a call asks for, by the argument that says so. */
export function asked(call: GateCall, args: readonly string[]): string {
	const text = (call.what === -1 ? '' : (args[call.what] ?? '')).replace(/^&\s*|^"|"$/g, '');
	return call.kind === 'config' ? text.replace(/^CONFIG_/, '') : text;
}

/** The gate call that starts at `from` and makes up the whole range, if it is one. */
function gateCallAt(
	source: Source,
	range: { from: number; to: number },
	want: Interest,
): Term | undefined {
	const text = source.code.slice(range.from, Math.min(range.to, range.from + 200));
	const found = /^(?:\w+\s*=(?!=)\s*)?([A-Za-z_]\w*)\s*\(/.exec(text);
	const call = found === null ? undefined : want.gateCalls.get(found[1] ?? '');
	if (found === null || call === undefined) return undefined;
	const open = range.from + found[0].length - 1;
	if (source.match[open] !== range.to - 1) return undefined;
	const negated = call.zeroIsFound === true;
	return { kind: call.kind, what: asked(call, argumentsAt(source, open)), negated };
}

/** One term: the answer of a gate call, of a variable that holds one, or some other expression. */
function term(
	source: Source,
	whole: { from: number; to: number },
	want: Interest,
	names: Names,
): Term | undefined {
	let range = peel(source, whole.from, whole.to);
	let negated = false;
	while (source.code.charAt(range.from) === '!' && range.from < range.to) {
		negated = !negated;
		range = peel(source, range.from + 1, range.to);
	}
	const compared = /^([\s\S]*?)\s*([=!]=)\s*(NULL|0|false|AE_OK|AE_NOT_FOUND)$/.exec(
		source.code.slice(range.from, range.to),
	);
	if (compared !== null && !/&&|\|\||[<>?]/.test(compared[1] ?? '')) {
		// A status that is AE_NOT_FOUND is one that is not zero.
		if ((compared[2] === '==') !== (compared[3] === 'AE_NOT_FOUND')) negated = !negated;
		range = peel(source, range.from, range.from + (compared[1] ?? '').length);
	}
	const acpi = /^ACPI_(FAILURE|SUCCESS)\s*\(/.exec(source.code.slice(range.from, range.to));
	if (acpi !== null && source.match[range.from + acpi[0].length - 1] === range.to - 1) {
		if (acpi[1] === 'SUCCESS') negated = !negated;
		range = peel(source, range.from + acpi[0].length, range.to - 1);
	}
	const text = textOf(source, range.from, range.to);
	const found = gateCallAt(source, range, want) ?? names.answers.get(text);
	if (found !== undefined) return { ...found, negated: found.negated !== negated };
	if (acpi !== null || !isFlag(text, names)) return undefined;
	return { kind: 'flag', what: text.slice(0, MAX_EXPRESSION), negated };
}

/**
 * True when an expression asks for the state of the world, not for the result of the call before:
 * it mentions something that is neither local nor constant, or a device tree node.
 */
function isFlag(text: string, names: Names): boolean {
	if (ERROR_TEST.test(text)) return false;
	if (/(?:->|\.)of_node\b/.test(text)) return true;
	const bare = text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, ' ');
	for (const found of bare.matchAll(
		/(->\s*|\.\s*|\b(?:struct|union|enum)\s+)?\b([A-Za-z_]\w*)\b(\s*\()?/g,
	)) {
		const name = found[2] ?? '';
		if (found[1] !== undefined || names.locals.has(name)) continue;
		if (
			/^(?:likely|unlikely|sizeof|typeof|NULL|true|false|const|void|int|unsigned|long|char)$/.test(
				name,
			)
		)
			continue;
		if (found[3] !== undefined) {
			if (/^[A-Z]\w*$/.test(name) && !/^IS_/.test(name)) continue;
			if (callsWithLocals(bare, found.index + found[0].length, names)) continue;
			return true;
		}
		if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) return true;
	}
	return false;
}

/** True when an argument of the call names a local: then the call judges what is at hand. */
function callsWithLocals(text: string, open: number, names: Names): boolean {
	const close = text.indexOf(')', open);
	const list = text.slice(open, close === -1 ? text.length : close);
	return (list.match(/[A-Za-z_]\w*/g) ?? []).some((word) => names.locals.has(word));
}

/**
 * What is known where a condition had the given outcome, as gates without lines: every term of a conjunction
 * that held, or of a disjunction that failed; of other mixtures the whole expression.
 */
export function known(
	source: Source,
	condition: { from: number; to: number },
	outcome: boolean,
	want: Interest,
	names: Names,
): Term[] {
	const range = peel(source, condition.from, condition.to);
	const either = splitAt(source, range, '||');
	const both = splitAt(source, range, '&&');
	const negate = (found: Term): Term => (outcome ? found : { ...found, negated: !found.negated });
	if (either.length > 1 && both.length > 1) return mixture(source, range, outcome, want, names);
	const parts = either.length > 1 ? either : both;
	const separate = parts.length === 1 || either.length > 1 !== outcome;
	if (!separate) return mixture(source, range, outcome, want, names);
	if (parts.length === 1) {
		const only = parts[0] ?? range;
		const inner = peelNot(source, only);
		if (inner !== undefined) return known(source, inner, !outcome, want, names);
	}
	return parts.flatMap((part) => {
		const inner = peel(source, part.from, part.to);
		const nested = parts.length > 1 && splitAt(source, inner, '&&').length > 1;
		const other = parts.length > 1 && splitAt(source, inner, '||').length > 1;
		if (nested || other) return known(source, inner, outcome, want, names);
		const found = term(source, part, want, names);
		return found === undefined ? [] : [negate(found)];
	});
}

/** The inside of `!(a || b)`. */
function peelNot(
	source: Source,
	range: { from: number; to: number },
): { from: number; to: number } | undefined {
	const whole = peel(source, range.from, range.to);
	if (source.code.charAt(whole.from) !== '!') return undefined;
	const inner = peel(source, whole.from + 1, whole.to);
	const joined = splitAt(source, inner, '&&').length + splitAt(source, inner, '||').length;
	return joined > 2 && inner.from > whole.from + 1 ? inner : undefined;
}

/** One gate for a condition that does not say which of its terms held. */
function mixture(
	source: Source,
	range: { from: number; to: number },
	outcome: boolean,
	want: Interest,
	names: Names,
): Term[] {
	const terms = [...splitAt(source, range, '||')].flatMap((part) => splitAt(source, part, '&&'));
	const matters = terms.some((part) => term(source, part, want, names) !== undefined);
	if (!matters) return [];
	const what = textOf(source, range.from, range.to).slice(0, MAX_EXPRESSION);
	return [{ kind: 'flag', what, negated: !outcome }];
}
