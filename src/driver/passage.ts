/**
 * A source cut into passages that can be read by themselves. Most of a file is what it was in the
 * release before, so what a passage says is remembered by its text and read once.
 *
 * A passage ends after a closing brace at the margin, where no comment, bracket or item is open, and no
 * conditional unless all brackets within are in pairs, or where declarations before a function may be cut from
 * it (declarations.ts); the cut is a function of the text alone.
 */
import { LRUCache } from 'lru-cache';
import type { BodyNames } from './bodies.ts';
import type { BodyFacts } from './body.ts';
import { Cut } from './cutting.ts';
import { areDeclarations, declarationsEnd, declarationsLimit } from './declarations.ts';
import { type FlagSet, flagSets } from './flags.ts';
import { localNames, memberAssignments } from './gates.ts';
import type { Interest } from './interest.ts';
import { type Defining, definesOf } from './known-names.ts';
import type { TextPart } from './macros/definitions.ts';
import type { FileScope, FunctionSpan } from './scan.ts';
import { scanFileScope } from './scan.ts';
import { type ScopeFacts, scopeFacts } from './scope-facts.ts';
import { lineAt, ownCopy, prepareText, type Source } from './source.ts';
import { type MacroText, macroTexts } from './trace-scope.ts';

/** `target = value` in a function. */
export interface MemberAssignment {
	target: string;
	value: string;
	line: number;
	/** True when the target outlives the function and the value looks like a function of another file. */
	outlives: boolean;
}

/** What a passage says; lines and offsets are its own. */
export interface Passage extends ScopeFacts, TextPart, Defining {
	readonly text: string;
	functions: FunctionSpan[];
	/** In the order of `functions`: the names in each body, and what was read of it so far. */
	named: BodyNames[];
	bodies: (BodyFacts | undefined)[];
	assigned: MemberAssignment[];
	sets: FlagSet[];
	macros: MacroText[];
	/** Conditionals that begin in it and do not end in it, and those that end in it and began before it. */
	opens: number;
	closes: number;
	/** Whether it says the same by itself as within a conditional: brackets are in pairs, flags set in functions. */
	whole: boolean;
	/** Lines of brackets that nothing closes. */
	odd: number[];
	/** The first closing brace after the last function, and whether it closes nothing. */
	brace: { line: number; odd: boolean } | undefined;
	/** The prepared text, as long as its file is being read. */
	source: Source | undefined;
}

/** Characters of passages that are remembered: the 43 sources of drivers/iommu in v4.12 have 1.2 million. */
const REMEMBERED = 16_000_000;

/** Cuts sources into passages, and remembers those it read. */
export class PassageReader {
	readonly #want: Interest;
	readonly #words: Words;
	readonly #known = new LRUCache<string, Passage | 'cut'>({
		maxSize: REMEMBERED,
		sizeCalculation: (_, text) => text.length + 1,
	});
	/** The text that was cut last. */
	#last: Cut<Passage> | undefined;

	constructor(want: Interest) {
		this.#want = want;
		this.#words = new Words(want);
	}

	/** The passages of a text, in order; together they are the text. */
	passagesOf(text: string): Passage[] {
		const cut = this.#cut(text, true);
		if (cut === undefined) return this.#cut(text, false)?.parts ?? [];
		this.#last = cut;
		return cut.parts;
	}

	/** Cuts a text, within conditionals or not; undefined when something goes on behind the end of one of these. */
	#cut(text: string, within: boolean): Cut<Passage> | undefined {
		const cut = new Cut<Passage>(text);
		const last = within ? this.#last : undefined;
		if (last !== undefined) cut.beginAs(last);
		const ending = last === undefined ? undefined : cut.commonEnd(last);
		let end = 0;
		let limit = 0;
		while (cut.from < text.length) {
			const same = ending?.get(cut.from);
			if (last !== undefined && same !== undefined && cut.endAs(last, same)) break;
			// Behind declarations these are what was looked for before them.
			if (end < cut.from + 2 && end < text.length) {
				end = boundary(text, cut.from);
				limit = declarationsLimit(text, cut.from, end);
			}
			if (!this.#addTo(cut, end, limit, within)) return undefined;
		}
		return cut;
	}

	/**
	 * Adds the next passage to a text that is being cut; false when something goes on behind its end.
	 * @param first the first boundary behind its beginning
	 * @param limit how far declarations go there
	 */
	#addTo(cut: Cut<Passage>, first: number, limit: number, within: boolean): boolean {
		const { text, from, depth } = cut;
		let end = first;
		if (depth === 0 || within) {
			const declarations = this.#declarations(text, from, limit);
			if (declarations !== undefined) {
				cut.add(declarations, depth);
				return true;
			}
		}
		// A passage that is cut is tried again with twice as much, so that nothing is read often.
		for (let more = 1; ; more *= 2) {
			const isLast = end === text.length;
			const passage = this.#read(text.slice(from, end), isLast);
			if (passage !== undefined) {
				const { opens, closes, whole } = passage;
				const open = isLast ? depth > 0 && !whole : depth + opens > 0 && !(within && whole);
				if (!open) cut.add(passage, Math.max(0, depth - closes) + opens);
				if (!open || isLast) return !open;
			}
			for (let i = 0; i < more && end < text.length; i++) end = boundary(text, end);
		}
	}

	/** Reads what stands before the next function, as far as it can be cut from it. */
	#declarations(text: string, from: number, limit: number): Passage | undefined {
		let end = declarationsEnd(text, from, limit);
		while (end !== undefined) {
			const passage = this.#read(text.slice(from, end), false);
			if (passage !== undefined) return passage;
			end = declarationsEnd(text, from, limit, 2 * (end - from));
		}
		return undefined;
	}

	/** Reads a passage; undefined when something that begins in it does not end in it. */
	#read(slice: string, isLast: boolean): Passage | undefined {
		// What is cut off at the end of a file is read as far as it goes: another entry.
		const known = this.#known.get(isLast ? `${slice}\0` : slice);
		if (known !== undefined) return known === 'cut' ? undefined : known;
		const text = ownCopy(slice);
		const key = isLast ? `${text}\0` : text;
		const source = prepareText(text);
		const scope = scanFileScope(source, this.#want);
		const sets = flagSets(source);
		if (!isLast && isCut(source, scope, sets)) {
			this.#known.set(key, 'cut');
			return undefined;
		}
		const passage = readPassage(source, scope, sets, this.#want, this.#words);
		this.#known.set(key, passage);
		return passage;
	}
}

/** The prepared text of a passage. */
export function sourceOf(passage: Passage): Source {
	passage.source ??= prepareText(passage.text);
	return passage.source;
}

/** Where a passage may end behind an offset: after a closing brace at the margin, or with the text. */
function boundary(text: string, from: number): number {
	const brace = text.indexOf('\n}\n', from - 1);
	return brace === -1 ? text.length : Math.min(brace + 3, text.length);
}

/** The end of what ends at a closing brace at the margin; the line before it may belong to another passage. */
const BRACE = /(?:^|\n)\}\n$/;

/** True when a comment, literal, directive, bracket or item goes on behind the text. */
function isCut(source: Source, scope: FileScope, sets: readonly FlagSet[]): boolean {
	if (!BRACE.test(source.text)) return !areDeclarations(source, scope, sets);
	return source.code.charAt(source.code.length - 2) !== '}' || source.unclosed > 0 || scope.cut;
}

/** How many conditionals go on behind a text, and how many before it end in it. */
function openConditionals({ directives }: Source): Pick<Passage, 'opens' | 'closes'> {
	let opens = 0;
	let closes = 0;
	for (const { name } of directives) {
		if (name.startsWith('if')) opens++;
		else if (name === 'endif' && opens > 0) opens--;
		else if (name === 'endif') closes++;
	}
	return { opens, closes };
}

function readPassage(
	source: Source,
	scope: FileScope,
	sets: FlagSet[],
	want: Interest,
	words: Words,
): Passage {
	const { functions } = scope;
	const last = functions.at(-1)?.close ?? -1;
	const brace = source.code.indexOf('}', last + 1);
	const facts = scopeFacts(source, scope, want);
	const { opens, closes } = openConditionals(source);
	// Field by field: spread takes longer than all else that is done here.
	return {
		lines: facts.lines,
		directives: facts.directives,
		entries: facts.entries,
		structs: facts.structs,
		matchTables: facts.matchTables,
		symbols: facts.symbols,
		variables: facts.variables,
		mentions: facts.mentions,
		text: source.text,
		defines: definesOf({ ...facts, functions: functions.map(({ fact }) => fact) }),
		directiveLines: undefined,
		functions,
		named: functions.map(({ open, close }) => words.namesIn(source.code.slice(open, close))),
		bodies: [],
		assigned: assignments(source, functions),
		sets,
		macros: macroTexts(source),
		opens,
		closes,
		whole: source.odd === 0 && sets.every(({ inside }) => inside !== undefined),
		odd: oddLines(source),
		brace:
			brace === -1 ? undefined : { line: lineAt(source, brace), odd: source.match[brace] === -1 },
		source,
	};
}

/** Words that are remembered, but for those of one body. */
const MOST_WORDS = 50_000;

interface Word {
	readonly word: string;
	readonly interesting: boolean;
	/** The number of the body that it was found in last. */
	body: number;
}

/** The words of bodies, each of them kept once, and whether they are of interest. */
class Words {
	readonly #want: Interest;
	readonly #known = new Map<string, Word>();
	#bodies = 0;

	constructor(want: Interest) {
		this.#want = want;
	}

	/** The words of a body, each once. */
	namesIn(code: string): BodyNames {
		const names: string[] = [];
		let interesting = false;
		const body = ++this.#bodies;
		if (this.#known.size >= MOST_WORDS) this.#known.clear();
		for (const text of code.match(/\b[A-Za-z_]\w*/g) ?? []) {
			const known = this.#known.get(text) ?? this.#add(text);
			if (known.body === body) continue;
			known.body = body;
			names.push(known.word);
			interesting ||= known.interesting;
		}
		return { names, interesting, called: { of: 0, names: [] } };
	}

	#add(word: string): Word {
		const interesting = this.#want.argsOf.has(word) || this.#want.callsOf.has(word);
		const known = { word: ownCopy(word), interesting, body: 0 };
		this.#known.set(known.word, known);
		return known;
	}
}

function oddLines(source: Source): number[] {
	const lines: number[] = [];
	if (source.odd === 0) return lines;
	for (const found of source.code.matchAll(/[({[]/g))
		if (source.match[found.index] === -1) lines.push(lineAt(source, found.index));
	return lines;
}

/** Assignments to members within functions, the candidates for hooks. */
function assignments(source: Source, functions: readonly FunctionSpan[]): MemberAssignment[] {
	const locals = new Map<FunctionSpan, Set<string>>();
	const found: MemberAssignment[] = [];
	let at = 0;
	for (const { target, value, index } of memberAssignments(source)) {
		while ((functions[at]?.close ?? Number.POSITIVE_INFINITY) < index) at++;
		const span = functions[at];
		if (span === undefined || index < span.open) continue;
		const root = /^\w+/.exec(target)?.[0] ?? '';
		let outlives = target.slice(root.length).startsWith('.') && /[a-z]\w*_/.test(value);
		if (outlives) {
			const stretch = { from: span.open + 1, to: span.close, params: span.fact.params };
			const known = locals.get(span) ?? localNames(source, stretch);
			locals.set(span, known);
			outlives = !known.has(root) && !known.has(value);
		}
		found.push({ target, value, line: lineAt(source, index), outlives });
	}
	return found;
}
