/**
 * The preprocessor's expansion of one macro invocation: arguments, `#`, `##`, variable arguments and
 * rescanning, as C11 6.10.3 and the GNU comma say. It is bounded: an expansion that grows beyond what a
 * header of a kernel needs is given up, and says so.
 */
import type { MacroFact } from './definitions.ts';

export interface Token {
	text: string;
	/** White space stood before it. */
	space: boolean;
	/** Macros that this token came out of, which it does not name again. */
	hidden?: ReadonlySet<string>;
}

/** What a name is defined as; undefined where it is no macro. */
export type Lookup = (name: string) => MacroFact | undefined;

export interface Expansion {
	tokens: Token[];
	/** True when the bounds were met: the tokens say nothing. */
	gaveUp: boolean;
}

/** Tokens handled in one expansion; the longest of Linux and U-Boot take some hundreds. */
const MOST_TOKENS = 20_000;
/** Characters of one text that are looked at. */
const LONGEST_TEXT = 16_384;

const TOKEN =
	/(\s*)("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|[A-Za-z_$][\w$]*|\.?\d[\w.]*|##|\.\.\.|->|\+\+|--|<<|>>|[<>=!]=|&&|\|\||[^\s])/gy;

const NONE: ReadonlySet<string> = new Set();

/** Cuts text into tokens of C, as far as expansion has to tell them apart. */
export function tokensOf(text: string): Token[] {
	const found: Token[] = [];
	for (const { 1: space, 2: word } of text.slice(0, LONGEST_TEXT).matchAll(TOKEN)) {
		found.push({ text: word ?? '', space: space !== '' });
	}
	return found;
}

/** Expands a text, the invocation of a macro with its arguments. */
export function expand(text: string, lookup: Lookup): Expansion {
	const budget = { left: MOST_TOKENS };
	const tokens = expandTokens(tokensOf(text), lookup, budget, 0);
	return { tokens, gaveUp: budget.left <= 0 };
}

interface Budget {
	left: number;
}

/** Arguments within arguments; what is nested deeper is left as it stands. */
const DEEPEST = 24;

function expandTokens(
	input: readonly Token[],
	lookup: Lookup,
	budget: Budget,
	depth: number,
): Token[] {
	const todo = [...input].reverse();
	const done: Token[] = [];
	for (let token = todo.pop(); token !== undefined; token = todo.pop()) {
		if (--budget.left <= 0) return done;
		const macro = /^[A-Za-z_$]/.test(token.text) ? lookup(token.text) : undefined;
		const hidden = token.hidden ?? NONE;
		if (macro === undefined || hidden.has(macro.name)) {
			done.push(token);
			continue;
		}
		let args: Token[][] = [];
		let shared = hidden;
		if (macro.params !== undefined) {
			const taken = todo.at(-1)?.text === '(' ? takeArguments(todo, macro, budget) : undefined;
			if (taken === undefined) {
				done.push(token);
				continue;
			}
			args = taken.args;
			shared = new Set([...hidden].filter((name) => taken.hidden.has(name)));
		}
		const inside = new Set([...shared, macro.name]);
		const body = substituted(macro, args, lookup, budget, depth);
		budget.left -= body.length;
		if (budget.left <= 0) return done;
		for (let i = body.length - 1; i >= 0; i--) {
			const one = body[i];
			if (one === undefined) continue;
			const also = one.hidden === undefined ? inside : new Set([...one.hidden, ...inside]);
			todo.push({ text: one.text, space: i === 0 ? token.space : one.space, hidden: also });
		}
	}
	return done;
}

/** Takes a parenthesised list off the input; undefined when nothing closes it, and the input stays. */
function takeArguments(
	todo: Token[],
	macro: MacroFact,
	budget: Budget,
): { args: Token[][]; hidden: ReadonlySet<string> } | undefined {
	const args: Token[][] = [[]];
	const fixed = macro.params?.length ?? 0;
	let depth = 0;
	for (let at = todo.length - 1; at >= 0; at--) {
		if (--budget.left <= 0) return undefined;
		const token = todo[at];
		if (token === undefined) break;
		const { text } = token;
		if (text === '(' || text === '[' || text === '{') depth++;
		else if (text === ')' || text === ']' || text === '}') depth--;
		if (depth === 0 && text === ')') {
			todo.length = at;
			return { args, hidden: token.hidden ?? NONE };
		}
		if (depth === 1 && text === '(' && at === todo.length - 1) continue;
		const whole = macro.rest !== undefined && args.length > fixed;
		if (depth === 1 && text === ',' && !whole) args.push([]);
		else args.at(-1)?.push(token);
	}
	return undefined;
}

/** The body of a macro with its arguments put in. */
function substituted(
	macro: MacroFact,
	args: readonly (readonly Token[])[],
	lookup: Lookup,
	budget: Budget,
	depth: number,
): Token[] {
	const { params = [], rest } = macro;
	const raw = new Map<string, readonly Token[]>();
	for (const [i, name] of params.entries()) raw.set(name, args[i] ?? []);
	if (rest !== undefined) raw.set(rest, args[params.length] ?? []);
	const whole = new Map<string, Token[]>();
	const expanded = (name: string, of: readonly Token[]): Token[] => {
		let known = whole.get(name);
		if (known === undefined) {
			known = depth >= DEEPEST ? [...of] : expandTokens(of, lookup, budget, depth + 1);
			whole.set(name, known);
		}
		return known;
	};
	const body = tokensOf(macro.body);
	const out: Token[] = [];
	for (let i = 0; i < body.length && budget.left > 0; i++) {
		const token = body[i];
		const after = body[i + 1];
		if (token === undefined) break;
		if (token.text === '#' && macro.params !== undefined && after !== undefined) {
			const named = raw.get(after.text);
			if (named !== undefined) {
				out.push({ text: quoted(named), space: token.space });
				i++;
				continue;
			}
		}
		if (token.text === '##' && after !== undefined && out.length > 0) {
			const right = raw.get(after.text) ?? [after];
			i++;
			const comma = out.at(-1)?.text === ',' && after.text === rest;
			if (comma && right.length === 0) out.pop();
			else if (comma) out.push(...expanded(after.text, right));
			else paste(out, right);
			continue;
		}
		const named = raw.get(token.text);
		if (named === undefined) {
			out.push(token);
			continue;
		}
		// What is pasted is put in as it was written; an empty one keeps the place of the other side.
		const put = after?.text === '##' ? [...named] : expanded(token.text, named);
		if (put.length === 0 && after?.text === '##') put.push({ text: '', space: false });
		budget.left -= put.length;
		for (const [j, one] of put.entries()) out.push(j === 0 ? { ...one, space: token.space } : one);
	}
	return out.filter(({ text }) => text !== '');
}

function paste(out: Token[], right: readonly Token[]): void {
	const [first, ...others] = right;
	const left = out.pop();
	if (left === undefined) return;
	// `.initcall` `6`: two tokens of the left side stay what they are, the last one takes the right side on.
	out.push({ text: left.text + (first?.text ?? ''), space: left.space });
	out.push(...others);
}

/** The tokens as a string literal. */
function quoted(tokens: readonly Token[]): string {
	const text = tokens.map((one, i) => (i > 0 && one.space ? ' ' : '') + one.text).join('');
	return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
