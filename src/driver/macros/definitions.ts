/**
 * What one file says to the preprocessor: the macros it defines, with parameters, bodies and conditions,
 * and the files it includes. Read by lines, without a parser, so that hundreds of headers cost little.
 */
import {
	conditionAt,
	type Directive,
	preprocessorCondition,
	printCondition,
	regions,
} from '../../kernel/condition.ts';

/** A `#define`; one name may have several, under different conditions. */
export interface MacroFact {
	name: string;
	/** Parameter names; absent for an object-like macro. A variadic one has `rest` besides. */
	params?: string[];
	/** The name of the variable arguments: `__VA_ARGS__`, or `args` of `args...`. */
	rest?: string;
	/** White space folded, comments removed. */
	body: string;
	line: number;
	/** The condition of the lines around it, without the guard against a second inclusion. */
	when: string;
}

export interface IncludeFact {
	/** As written: `linux/init.h`. */
	path: string;
	/** True for `"…"`, which is looked for beside the file first. */
	beside: boolean;
}

/** What a file says to the preprocessor. */
export interface MacroFacts {
	macros: MacroFact[];
	includes: IncludeFact[];
}

/** Raised whenever what is read here changes; part of the cache key. */
export const MACROS_VERSION = 1;

/** Definitions kept of one file, and characters of one body: what registers drivers is far smaller. */
const MOST_MACROS = 4000;
const LONGEST_BODY = 4096;

/** Comments, literals and directives; an end that is missing is the end of the line or text, so that nothing is read twice. */
const PIECE =
	/\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/[^\n]*|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'?|^[ \t]*#(?:[^\n\\/]|\/(?!\*)|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\\[\s\S])*/gm;

const COMMENT = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g;

const DEFINE = /^([A-Za-z_]\w*)(?:\(([^()]*)\))?\s*([\s\S]*)$/;

const CONDITIONALS: Readonly<Record<string, Directive['kind']>> = {
	if: 'if',
	ifdef: 'if',
	ifndef: 'if',
	elif: 'elif',
	else: 'else',
	endif: 'endif',
};

interface Line {
	line: number;
	name: string;
	rest: string;
	/** What a conditional asks. */
	when: string;
	/** What a `#define` says. */
	macro: Omit<MacroFact, 'line' | 'when'> | undefined;
}

/** The directives of a text. */
export interface DirectiveLines {
	lines: readonly Line[];
	/** A comment, literal or directive goes on behind the text. */
	open: boolean;
}

/** A part of a text, of whole lines; what was found in it stays with it. */
export interface TextPart {
	readonly text: string;
	lines: number;
	directiveLines: DirectiveLines | undefined;
}

/** Reads the directives of a text; never throws. */
export function macroFacts(text: string): MacroFacts {
	return factsOf(directiveLines(text).lines.map((one) => ({ one, line: one.line })));
}

/** The same of a text in parts, each of which is read once. */
export function macroFactsOfParts(parts: readonly TextPart[]): MacroFacts {
	const lines: Placed[] = [];
	let before = 0;
	for (const [i, part] of parts.entries()) {
		part.directiveLines ??= directiveLines(part.text);
		if (part.directiveLines.open && i + 1 < parts.length) {
			return macroFacts(parts.map(({ text }) => text).join(''));
		}
		for (const one of part.directiveLines.lines) lines.push({ one, line: one.line + before });
		before += part.lines;
	}
	return factsOf(lines);
}

/** A directive of a part of a file, and its line in the file. */
interface Placed {
	readonly one: Line;
	readonly line: number;
}

function factsOf(lines: readonly Placed[]): MacroFacts {
	const includes: IncludeFact[] = [];
	const guard = guardOf(lines);
	const conditionals: Omit<Directive, 'line'>[] = [];
	const found: { macro: Omit<MacroFact, 'line' | 'when'>; line: number; behind: number }[] = [];
	for (const { one, line } of lines) {
		const { name, rest, when, macro } = one;
		const kind = Object.hasOwn(CONDITIONALS, name) ? CONDITIONALS[name] : undefined;
		if (kind !== undefined) {
			// The guard is a question whose answer is always yes.
			conditionals.push({ kind, when: one === guard ? '' : when });
		} else if (macro !== undefined && found.length < MOST_MACROS) {
			found.push({ macro, line, behind: conditionals.length });
		} else if (name === 'include') {
			const said = /^(?:<([^>]+)>|"([^"]+)")/.exec(rest);
			const path = said?.[1] ?? said?.[2];
			if (path !== undefined) includes.push({ path, beside: said?.[2] !== undefined });
		}
	}
	const when = conditionsBehind(conditionals);
	const macros = found.map(({ macro, line, behind }): MacroFact => {
		return { ...macro, line, when: when(behind) };
	});
	return { macros, includes };
}

/** Tells the condition behind so many conditionals of a file, as a `when`. */
type Behind = (conditionals: number) => string;

/** These by what the conditionals say: versions of a file share them. */
const BEHIND = new Map<string, Behind>();
const MOST_BEHIND = 256;
/** Characters of conditionals up to which they are remembered. */
const LONGEST_BEHIND = 16_384;

function conditionsBehind(conditionals: readonly Omit<Directive, 'line'>[]): Behind {
	if (conditionals.length === 0) return () => '';
	const key = conditionals.map(({ kind, when }) => `${kind} ${when}`).join('\n');
	const known = BEHIND.get(key);
	if (known !== undefined) return known;
	// Each stands on a line of its own, and what is asked about on the line behind it.
	const placed = conditionals.map((one, i) => ({ ...one, line: 2 * i + 2 }));
	const map = regions(placed, 2 * placed.length + 2);
	const printed: string[] = [];
	const behind: Behind = (count) => {
		printed[count] ??= printCondition(conditionAt(map, 2 * count + 1));
		return printed[count];
	};
	if (BEHIND.size >= MOST_BEHIND) BEHIND.clear();
	if (key.length <= LONGEST_BEHIND) BEHIND.set(key, behind);
	return behind;
}

function directiveLines(text: string): DirectiveLines {
	const lines: Line[] = [];
	let line = 1;
	let counted = 0;
	let end = 0;
	for (const { 0: piece, index } of text.matchAll(PIECE)) {
		end = index + piece.length;
		const first = piece.trimStart();
		if (!first.startsWith('#')) continue;
		for (; counted < index; counted++) if (text.charCodeAt(counted) === 10) line++;
		const plain = first
			.replace(COMMENT, (one) => (one.startsWith('"') ? one : ' '))
			.replace(/\\\r?\n/g, ' ');
		const words = /^#\s*(\w*)([\s\S]*)$/.exec(plain);
		const name = words?.[1] ?? '';
		const rest = (words?.[2] ?? '').replace(/\s+/g, ' ').trim();
		const kind = Object.hasOwn(CONDITIONALS, name) ? CONDITIONALS[name] : undefined;
		const asks = kind === 'if' || kind === 'elif';
		const when = asks ? printCondition(preprocessorCondition(`#${name} ${rest}`)) : '';
		const macro = name === 'define' ? definition(rest) : undefined;
		lines.push({ line, name, rest, when, macro });
	}
	return { lines, open: end === text.length };
}

/** The `#ifndef X` that begins a file which goes on with `#define X`. */
function guardOf(lines: readonly Placed[]): Line | undefined {
	const [first, second] = lines.slice(0, 2).map(({ one }) => one);
	if (first === undefined || second?.name !== 'define') return undefined;
	const name = /^\w+/.exec(second.rest)?.[0] ?? '';
	const asks =
		(first.name === 'ifndef' && first.rest === name) ||
		(first.name === 'if' && first.rest.replace(/[\s()]/g, '') === `!defined${name}`);
	return asks ? first : undefined;
}

function definition(text: string): Omit<MacroFact, 'line' | 'when'> | undefined {
	const found = DEFINE.exec(text);
	const name = found?.[1];
	const body = found?.[3] ?? '';
	if (found === null || name === undefined || body.length > LONGEST_BODY) return undefined;
	const list = found[2];
	// `#define X (a)` has no parameters: its parenthesis does not touch the name.
	if (list === undefined) return /^[A-Za-z_".]/.test(body) ? { name, body } : undefined;
	const params = list
		.split(',')
		.map((one) => one.trim())
		.filter((one) => one !== '');
	const last = params.at(-1);
	if (last?.endsWith('...') !== true) return { name, params, body };
	const rest = last === '...' ? '__VA_ARGS__' : last.slice(0, -3).trim();
	return { name, params: params.slice(0, -1), rest, body };
}
