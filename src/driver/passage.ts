/**
 * A source cut into passages that can be read by themselves. Most of a file is what it was in the
 * release before, so what a passage says is remembered by its text and read once.
 *
 * A passage ends after a closing brace at the margin, where no comment, bracket or item is open, and no
 * conditional unless all brackets within are in pairs; the cut is a function of the text alone.
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
	readonly #known = new LRUCache<string, Passage | 'cut'>({
		maxSize: REMEMBERED,
		sizeCalculation: (_, text) => text.length + 1,
	});

	constructor(want: Interest) {
		this.#want = want;
	}

	/** The passages of a text, in order; together they are the text. */
	passagesOf(text: string): Passage[] {
		return this.#cut(text, true) ?? this.#cut(text, false) ?? [];
	}

	/** Cuts a text, within conditionals or not; undefined when something goes on behind the end of one of these. */
	#cut(text: string, within: boolean): Passage[] | undefined {
		const ends = boundaries(text);
		const passages: Passage[] = [];
		let from = 0;
		let depth = 0;
		for (let at = 0; at < ends.length; ) {
			// A passage that is cut is tried again with twice as much, so that nothing is read often.
			for (let more = 0; ; more = 2 * more + 1) {
				const last = Math.min(at + more, ends.length - 1);
				const isLast = last === ends.length - 1;
				const passage = this.#read(text.slice(from, ends[last]), isLast);
				if (passage === undefined) continue;
				const { opens, closes, whole } = passage;
				if (isLast ? depth > 0 && !whole : depth + opens > 0 && !(within && whole)) {
					if (isLast) return undefined;
					continue;
				}
				depth = Math.max(0, depth - closes) + opens;
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

/** Where passages may end: after closing braces at the margin; the end of the text is the last. */
function boundaries(text: string): number[] {
	const ends: number[] = [];
	for (let brace = text.indexOf('\n}\n'); brace !== -1; brace = text.indexOf('\n}\n', brace + 2)) {
		if (brace + 3 < text.length) ends.push(brace + 3);
	}
	if (text !== '') ends.push(text.length);
	return ends;
}

/** True when a comment, literal, directive, bracket or item goes on behind the text. */
function isCut(source: Source, scope: FileScope): boolean {
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

function readPassage(source: Source, scope: FileScope, want: Interest): Passage {
	const { functions } = scope;
	const last = functions.at(-1)?.close ?? -1;
	const brace = source.code.indexOf('}', last + 1);
	const sets = flagSets(source);
	return {
		...scopeFacts(source, scope, want),
		text: source.text,
		directiveLines: undefined,
		functions,
		named: functions.map(({ open, close }) => namesIn(source.code.slice(open, close), want)),
		bodies: [],
		assigned: assignments(source, functions),
		sets,
		macros: macroTexts(source),
		...openConditionals(source),
		whole: source.odd === 0 && sets.every(({ inside }) => inside !== undefined),
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
