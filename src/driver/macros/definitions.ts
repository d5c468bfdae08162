/**
 * What one file says to the preprocessor: the macros it defines, with parameters, bodies and conditions,
 * and the files it includes. Read by lines, without a parser, so that hundreds of headers cost little.
 */
import type { Directive } from '../../kernel/condition.ts';
import { askedBy } from '../asked.ts';
import { Enclosing } from './enclosing.ts';

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
	/** Where, of a C source: it is compiled as if it stood there. */
	line?: number;
}

/** What a file says to the preprocessor. */
export interface MacroFacts {
	macros: MacroFact[];
	includes: IncludeFact[];
}

/** Raised whenever what is read here changes; part of the cache key. */
export const MACROS_VERSION = 2;

/** Definitions kept of one file, and characters of one body: what registers drivers is far smaller. */
const MOST_MACROS = 4000;
const LONGEST_BODY = 4096;

/** Comments, literals and directives; an end that is missing is the end of the line or text, so that nothing is read twice. */
const PIECE =
	/\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/[^\n]*|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'?|^[ \t]*#(?:[^\n\\/]|\/(?!\*)|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\\[\s\S])*/gm;

/** What comments and literals begin with. */
const NO_DIRECTIVE = '/"\'';

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

type Definition = Omit<MacroFact, 'line' | 'when'>;
type Conditional = Omit<Directive, 'line'>;

interface Line {
	line: number;
	name: string;
	rest: string;
	/** What a conditional is and asks. */
	conditional: Conditional | undefined;
	/** What a `#define` says. */
	macro: Definition | undefined;
	include: IncludeFact | undefined;
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
	return factsOf([{ directives: directiveLines(text), before: 0 }]);
}

/** The same of a text in parts, each of which is read once. */
export function macroFactsOfParts(parts: readonly TextPart[]): MacroFacts {
	const placed: Placed[] = [];
	let before = 0;
	for (const [i, part] of parts.entries()) {
		part.directiveLines ??= directiveLines(part.text);
		if (part.directiveLines.open && i + 1 < parts.length) {
			return macroFacts(parts.map(({ text }) => text).join(''));
		}
		if (part.directiveLines.lines.length > 0) {
			placed.push({ directives: part.directiveLines, before });
		}
		before += part.lines;
	}
	return factsOf(placed);
}

/** The directives of a part of a file, and the lines before it. */
interface Placed {
	readonly directives: DirectiveLines;
	readonly before: number;
}

function factsOf(parts: readonly Placed[]): MacroFacts {
	const facts: MacroFacts = { macros: [], includes: [] };
	const guard = guardOf(parts);
	if (asked > MOST_ASKED) {
		outside = new Enclosing();
		asked = 0;
	}
	let place = outside;
	for (const { directives, before } of parts) {
		for (const one of directives.lines) {
			const { line, conditional, macro, include } = one;
			if (conditional !== undefined) {
				// The guard is a question whose answer is always yes.
				place = place.behind(one === guard ? { kind: conditional.kind, when: '' } : conditional);
				asked += place.size;
			} else if (macro !== undefined && facts.macros.length < MOST_MACROS) {
				facts.macros.push(macroFact(macro, line + before, place.when));
			} else if (include !== undefined) {
				const isSource = include.path.endsWith('.c');
				facts.includes.push(isSource ? { ...include, line: line + before } : include);
			}
		}
	}
	return facts;
}

function macroFact(
	{ name, params, rest, body }: Definition,
	line: number,
	when: string,
): MacroFact {
	if (params === undefined) return { name, body, line, when };
	if (rest === undefined) return { name, params, body, line, when };
	return { name, params, rest, body, line, when };
}

/** Outside of all conditionals; it remembers what is within, which is forgotten after so many characters that ask. */
let outside = new Enclosing();
let asked = 0;
const MOST_ASKED = 8_000_000;

/** Most functions have no directive. */
const NO_DIRECTIVES: DirectiveLines = { lines: [], open: false };

/** Whether a text has no directives, and nothing that goes on behind it, as far as it can be seen at once. */
function isPlain(text: string): boolean {
	if (text.includes('#') || !text.endsWith('\n') || text.endsWith('\\\n')) return false;
	const comment = text.lastIndexOf('/*');
	return comment === -1 || text.indexOf('*/', comment + 2) !== -1;
}

function directiveLines(text: string): DirectiveLines {
	if (isPlain(text)) return NO_DIRECTIVES;
	const lines: Line[] = [];
	let line = 1;
	/** Behind the last line feed that was counted. */
	let counted = 0;
	let end = 0;
	PIECE.lastIndex = 0;
	for (let found = PIECE.exec(text); found !== null; found = PIECE.exec(text)) {
		const { 0: piece, index } = found;
		end = index + piece.length;
		// A comment or literal.
		if (NO_DIRECTIVE.includes(text.charAt(index))) continue;
		const first = piece.trimStart();
		for (let feed = text.indexOf('\n', counted); feed !== -1 && feed < index; ) {
			line++;
			counted = feed + 1;
			feed = text.indexOf('\n', counted);
		}
		const plain = first
			.replace(COMMENT, (one) => (one.startsWith('"') ? one : ' '))
			.replace(/\\\r?\n/g, ' ');
		const words = /^#\s*(\w*)([\s\S]*)$/.exec(plain);
		const name = words?.[1] ?? '';
		const rest = (words?.[2] ?? '').replace(/\s+/g, ' ').trim();
		const kind = Object.hasOwn(CONDITIONALS, name) ? CONDITIONALS[name] : undefined;
		const asks = kind === 'if' || kind === 'elif';
		const when = asks ? askedBy(name, rest) : '';
		const conditional = kind === undefined ? undefined : { kind, when };
		const macro = name === 'define' ? definition(rest) : undefined;
		const include = name === 'include' ? included(rest) : undefined;
		lines.push({ line, name, rest, conditional, macro, include });
	}
	return { lines, open: end === text.length };
}

/** The `#ifndef X` that begins a file which goes on with `#define X`. */
function guardOf([begin, next]: readonly Placed[]): Line | undefined {
	const [first, second = next?.directives.lines[0]] = begin?.directives.lines ?? [];
	if (first === undefined || second?.name !== 'define') return undefined;
	const name = /^\w+/.exec(second.rest)?.[0] ?? '';
	const asks =
		(first.name === 'ifndef' && first.rest === name) ||
		(first.name === 'if' && first.rest.replace(/[\s()]/g, '') === `!defined${name}`);
	return asks ? first : undefined;
}

function included(text: string): IncludeFact | undefined {
	const said = /^(?:<([^>]+)>|"([^"]+)")/.exec(text);
	const path = said?.[1] ?? said?.[2];
	return path === undefined ? undefined : { path, beside: said?.[2] !== undefined };
}

function definition(text: string): Definition | undefined {
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
