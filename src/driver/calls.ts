/** Calls by name in prepared text, and what stands around them. */
import type { CallFact } from './facts.ts';
import type { FragmentCall } from './fragment.ts';
import { argumentsAt } from './lists.ts';
import { lineAt, type Source } from './source.ts';
import { useOf } from './use.ts';

/** A call with its arguments, whatever they are. */
export type WholeCall = CallFact & { args: string[] };

/** How far back the beginning of a statement is looked for. */
const LONGEST_STATEMENT = 4000;

const NOT_CALLEES = new Set(
	'if for while switch return sizeof typeof __typeof__ defined do else case goto'.split(' '),
);

/** Offsets of the callees of calls, ascending: the parser's, and by scanning where it had to recover. */
export function calleesOf(
	source: Source,
	parsed: readonly number[],
	errors: readonly { from: number; to: number }[],
): number[] {
	if (errors.length === 0) return [...parsed];
	const found = new Set(parsed);
	let done = 0;
	for (const error of errors) {
		// Recoveries nest: each stretch is read once.
		const from = Math.max(done, error.from);
		const to = Math.max(from, error.to);
		done = to;
		const text = source.code.slice(from, to + 1);
		for (const call of text.matchAll(/(?<![\w.>])([A-Za-z_]\w*)\s*\(/g)) {
			const before = source.code.slice(Math.max(0, from + call.index - 40), from + call.index);
			const declared = /[\w*]\s+\**$/.test(before) && !/\b(?:return|else|case)\s+$/.test(before);
			if (!NOT_CALLEES.has(call[1] ?? '') && !declared) found.add(from + call.index);
		}
	}
	return [...found].sort((a, b) => a - b);
}

/** Calls within the arguments of others beyond which arguments are not read: every call has those of all inside. */
const MOST_NESTED = 64;

/** The calls whose callees start at ascending offsets, but for those that no parenthesis closes. */
export function callsAt(source: Source, callees: readonly number[]): WholeCall[] {
	return wholeCalls(source, callees).map(({ call }) => call);
}

/** The same, with the first line of their statements and their own last lines. */
export function fragmentCallsAt(source: Source, callees: readonly number[]): FragmentCall[] {
	return wholeCalls(source, callees).map(({ call, callee, close }) => ({
		...call,
		start: statementLine(source, callee),
		end: lineAt(source, close),
	}));
}

function wholeCalls(
	source: Source,
	callees: readonly number[],
): { call: WholeCall; callee: number; close: number }[] {
	/** Where the calls end that an offset is within. */
	const around: number[] = [];
	return callees.flatMap((callee) => {
		const parens = parensOf(source, callee);
		if (parens === undefined) return [];
		const { name, open, close } = parens;
		while ((around.at(-1) ?? callee) < callee) around.pop();
		around.push(close);
		const args = around.length > MOST_NESTED ? [] : argumentsAt(source, open);
		const use = useOf(source, callee, close);
		return [{ call: { callee: name, line: lineAt(source, callee), use, args }, callee, close }];
	});
}

function parensOf(
	{ code, match }: Source,
	callee: number,
): { name: string; open: number; close: number } | undefined {
	const found = /^([A-Za-z_]\w*)\s*\(/.exec(code.slice(callee, callee + 200));
	if (found === null) return undefined;
	const open = callee + found[0].length - 1;
	const close = match[open] ?? -1;
	return close < open ? undefined : { name: found[1] ?? '', open, close };
}

/** The line on which the statement around an offset begins; 0 when its beginning is not in the text. */
function statementLine(source: Source, index: number): number {
	for (let at = index - 1; at >= Math.max(0, index - LONGEST_STATEMENT); at--) {
		const char = source.code.charCodeAt(at);
		if (char === 59 || char === 123 || char === 125) {
			const first = /\S/.exec(source.code.slice(at + 1, index + 1));
			return lineAt(source, at + 1 + (first?.index ?? 0));
		}
	}
	return 0;
}
