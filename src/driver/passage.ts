/**
 * A source cut into passages that can be read by themselves. Most of a file is what it was in the
 * release before, so what a passage says is remembered by its text and read once.
 *
 * A passage ends after a closing brace at the margin, where no conditional, comment, bracket or item is
 * open; the cut is a function of the text alone.
 */
import { LRUCache } from 'lru-cache';
import type { NamedBody } from './bodies.ts';
import type { BodyFacts } from './body.ts';
import { type FlagSet, flagSets } from './flags.ts';
import { localNames, memberAssignments } from './gates.ts';
import type { Interest } from './interest.ts';
import type { TextPart } from './macros/definitions.ts';
import type { FileScope, FunctionSpan } from './scan.ts';
import { scanFileScope } from './scan.ts';
import { type ScopeFacts, scopeFacts } from './scope-facts.ts';
import { lineAt, prepareText, type Source } from './source.ts';
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
export interface Passage extends ScopeFacts, TextPart {
	readonly text: string;
	functions: FunctionSpan[];
	/** In the order of `functions`: the names in each body, and what was read of it so far. */
	named: Pick<NamedBody, 'names' | 'interesting'>[];
	bodies: (BodyFacts | undefined)[];
	assigned: MemberAssignment[];
	sets: FlagSet[];
	macros: MacroText[];
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
	readonly #known = new LRUCache<string, Passage | 'cut'>({
		maxSize: REMEMBERED,
		sizeCalculation: (_, text) => text.length + 1,
	});

	constructor(want: Interest) {
		this.#want = want;
	}

	/** The passages of a text, in order; together they are the text. */
	passagesOf(text: string): Passage[] {
		const ends = boundaries(text);
		const passages: Passage[] = [];
		let from = 0;
		for (let at = 0; at < ends.length; ) {
			// A passage that is cut is tried again with twice as much, so that nothing is read often.
			for (let more = 0; ; more = 2 * more + 1) {
				const last = Math.min(at + more, ends.length - 1);
				const passage = this.#read(text.slice(from, ends[last]), last === ends.length - 1);
				if (passage === undefined) continue;
				passages.push(passage);
				from = ends[last] ?? text.length;
				at = last + 1;
				break;
			}
		}
		return passages;
	}

	/** Reads a passage; undefined when something that begins in it does not end in it. */
	#read(text: string, isLast: boolean): Passage | undefined {
		// What is cut off at the end of a file is read as far as it goes: another entry.
		const key = isLast ? `${text}\0` : text;
		const known = this.#known.get(key);
		if (known !== undefined) return known === 'cut' ? undefined : known;
		const source = prepareText(text);
		const scope = scanFileScope(source, this.#want);
		if (!isLast && isCut(source, scope)) {
			this.#known.set(key, 'cut');
			return undefined;
		}
		const passage = readPassage(source, scope, this.#want);
		this.#known.set(key, passage);
		return passage;
	}
}

/** The prepared text of a passage. */
export function sourceOf(passage: Passage): Source {
	passage.source ??= prepareText(passage.text);
	return passage.source;
}

/** Where passages may end: after closing braces at the margin outside of conditionals; the end of the text is the last. */
function boundaries(text: string): number[] {
	const ends: number[] = [];
	let depth = 0;
	let hash = text.startsWith('#') ? 0 : next(text, '\n#', 0);
	for (
		let brace = next(text, '\n}\n', 0);
		brace < text.length;
		brace = next(text, '\n}\n', brace + 2)
	) {
		for (; hash < brace; hash = next(text, '\n#', hash + 1)) {
			const name = /^\n?#[ \t]*(\w*)/.exec(text.slice(hash, hash + 40))?.[1] ?? '';
			if (name.startsWith('if')) depth++;
			else if (name === 'endif') depth = Math.max(0, depth - 1);
		}
		if (depth === 0 && brace + 3 < text.length) ends.push(brace + 3);
	}
	if (text !== '') ends.push(text.length);
	return ends;
}

/** Where a string is found; the length of the text when nowhere. */
function next(text: string, what: string, from: number): number {
	const found = text.indexOf(what, from);
	return found === -1 ? text.length : found;
}

/** True when a comment, literal, directive, conditional, bracket or item goes on behind the text. */
function isCut(source: Source, scope: FileScope): boolean {
	if (source.code.charAt(source.code.length - 2) !== '}') return true;
	if (source.unclosed > 0 || scope.cut) return true;
	let depth = 0;
	for (const { name } of source.directives) {
		if (name.startsWith('if')) depth++;
		else if (name === 'endif') depth = Math.max(0, depth - 1);
	}
	return depth > 0;
}

function readPassage(source: Source, scope: FileScope, want: Interest): Passage {
	const { functions } = scope;
	const last = functions.at(-1)?.close ?? -1;
	const brace = source.code.indexOf('}', last + 1);
	return {
		...scopeFacts(source, scope, want),
		text: source.text,
		directiveLines: undefined,
		functions,
		named: functions.map(({ open, close }) => namesIn(source.code.slice(open, close), want)),
		bodies: [],
		assigned: assignments(source, functions),
		sets: flagSets(source),
		macros: macroTexts(source),
		odd: oddLines(source),
		brace:
			brace === -1 ? undefined : { line: lineAt(source, brace), odd: source.match[brace] === -1 },
		source,
	};
}

/** The words of a body, each once. */
function namesIn(code: string, want: Interest): Passage['named'][number] {
	const names = [...new Set(code.match(/\b[A-Za-z_]\w*/g))];
	return {
		names,
		interesting: names.some((name) => want.argsOf.has(name) || want.callsOf.has(name)),
	};
}

function oddLines(source: Source): number[] {
	const lines: number[] = [];
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
