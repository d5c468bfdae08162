/**
 * Bodies read statement by statement: a function that changes changes in few of its statements, so what
 * one says is remembered by its text. Where a body is cut and what a statement says are told by its text
 * alone. Plain statements take no parser (plain.ts); a body with one that is no C by itself is parsed as a whole.
 */
import { LRUCache } from 'lru-cache';
import { type BodyText, type ParsedBody, parseable, parseBody, shiftedIf } from './bodies-text.ts';
import { brokenPlaces, MOST_BROKEN } from './broken.ts';
import { isWord } from './identifiers.ts';
import type { CParser, FoundInCode, IfSpan, Parsed } from './parser.ts';
import { plainBlock } from './plain.ts';
import { ownCopy } from './source.ts';

/** A statement of a block, with what is remembered of it. */
interface Statement {
	/** Places in it that cannot be in C. */
	readonly broken: number;
	/** With offsets from its beginning. */
	said: FoundInCode | 'unread' | 'no C';
}

/** A statement in a body, and its offset there. */
interface Placed {
	statement: Statement;
	at: number;
}

/** Characters of statements that are remembered. */
const REMEMBERED = 4_000_000;

/** Characters parsed in one go: a call of the parser costs as much as a hundred of them. */
const TOGETHER = 1200;

/**
 * Steps that the parser may take for statements parsed in one go: fewer than any of them may take by itself,
 * so that what it was parsed with decides nothing.
 */
const STEPS_TOGETHER = 30;

/** Parses bodies, of any file, and remembers their statements. */
export class StatementParser {
	readonly #parser: CParser;
	readonly #known = new LRUCache<string, Statement>({
		maxSize: REMEMBERED,
		sizeCalculation: (_, text) => text.length + 1,
	});

	constructor(parser: CParser) {
		this.#parser = parser;
	}

	/** What bodies say, in their order. */
	parse(bodies: readonly BodyText[]): ParsedBody[] {
		const unread = new Map<Statement, string>();
		const all = bodies.map((body) => this.#statementsOf(body, unread));
		this.#read([...unread]);
		return bodies.map((body, i) => together(all[i]) ?? parseBody(body, this.#parser));
	}

	/** The statements of a body, and those that have to be parsed; undefined when it is one to parse as a whole. */
	#statementsOf(body: BodyText, unread: Map<Statement, string>): Placed[] | undefined {
		const { code, match, odd } = body.source;
		const ends = odd === 0 ? statementEnds(code, match, body.span) : undefined;
		if (ends === undefined) return undefined;
		const found: Placed[] = [];
		let broken = 0;
		let at = body.span.open + 1;
		for (const end of ends) {
			const statement = this.#statement(code.slice(at, end));
			if (statement.said === 'no C') return undefined;
			broken += statement.broken;
			if (broken > MOST_BROKEN) return undefined;
			found.push({ statement, at });
			at = end;
		}
		for (const [i, { statement }] of found.entries()) {
			if (statement.said !== 'unread') continue;
			unread.set(statement, inBraces(code.slice(found[i]?.at, ends[i])));
		}
		return found;
	}

	#statement(text: string): Statement {
		const known = this.#known.get(text);
		if (known !== undefined) return known;
		const code = inBraces(text);
		const plain = plainBlock(code);
		const statement: Statement =
			plain === undefined
				? { broken: brokenPlaces(code), said: 'unread' }
				: { broken: 0, said: moved(plain, -1) };
		this.#known.set(ownCopy(text), statement);
		return statement;
	}

	#read(unread: readonly (readonly [Statement, string])[]): void {
		let some: (readonly [Statement, string])[] = [];
		let length = 0;
		for (const one of unread) {
			if (length + one[1].length > TOGETHER) {
				this.#readTogether(some);
				some = [];
				length = 0;
			}
			some.push(one);
			length += one[1].length;
		}
		this.#readTogether(some);
	}

	#readTogether(some: readonly (readonly [Statement, string])[]): void {
		if (some.length === 0) return;
		const steps = some.length === 1 ? undefined : STEPS_TOGETHER;
		const parsed = this.#parser.parseCounted(some.map(([, code]) => code).join(''), steps);
		try {
			if (parsed.errors().length === 0) share(parsed, some);
			else if (some.length === 1) for (const [statement] of some) statement.said = 'no C';
			else for (const one of some) this.#readTogether([one]);
		} finally {
			parsed.free();
		}
	}
}

/** The grammar knows statements within a block. */
function inBraces(text: string): string {
	return parseable(`{${text}}`);
}

/** What was found, by offsets that begin elsewhere. */
function moved({ callees, ifs }: FoundInCode, by: number): FoundInCode {
	return { callees: callees.map((at) => at + by), ifs: ifs.map((one) => shiftedIf(one, by)) };
}

/** Gives statements what was found in their joined texts. */
function share(parsed: Parsed, some: readonly (readonly [Statement, string])[]): void {
	const { callees, ifs } = parsed.found();
	let [call, test, start] = [0, 0, 0];
	for (const [statement, code] of some) {
		const end = start + code.length;
		const by = -start - 1;
		const said: FoundInCode = { callees: [], ifs: [] };
		for (let at = callees[call]; at !== undefined && at < end; at = callees[++call]) {
			said.callees.push(at + by);
		}
		for (let one = ifs[test]; one !== undefined && one.start < end; one = ifs[++test]) {
			said.ifs.push(shiftedIf(one, by));
		}
		statement.said = said;
		start = end;
	}
}

/** What the statements of a body say together; undefined when one of them is no C. */
function together(statements: readonly Placed[] | undefined): ParsedBody | undefined {
	if (statements === undefined) return undefined;
	const callees: number[] = [];
	const ifs: IfSpan[] = [];
	for (const { statement, at } of statements) {
		const { said } = statement;
		if (said === 'no C' || said === 'unread') return undefined;
		for (const callee of said.callees) callees.push(callee + at);
		for (const one of said.ifs) ifs.push(shiftedIf(one, at));
	}
	return { callees, ifs, errors: [], givenUp: false };
}

/**
 * Where the statements of a body end: behind its semicolons and blocks, but for those that `else`, the `while` of a
 * `do` or a declarator follows. Undefined when something stands behind the last, or a statement begins with
 * a dot, which no statement does, and broken.ts tells by what is before it.
 */
export function statementEnds(
	code: string,
	match: Int32Array,
	{ open, close }: { open: number; close: number },
): number[] | undefined {
	const ends: number[] = [];
	let blank = true;
	for (let at = open + 1; at < close; at++) {
		const char = code.charCodeAt(at);
		if (char <= 32) continue;
		if (blank && char === 46) return undefined;
		blank = false;
		if (char === 40 || char === 91 || char === 123) at = match[at] ?? close;
		if (char !== 59 && char !== 123) continue;
		let next = at + 1;
		while (next < close && code.charCodeAt(next) <= 32) next++;
		const first = code.charCodeAt(next);
		if (next < close && (first === 44 || first === 59 || goesOn(code, next))) continue;
		ends.push(at + 1);
		blank = true;
	}
	return blank ? ends : undefined;
}

/** Whether `else` or `while` stands at an offset. */
function goesOn(code: string, at: number): boolean {
	const first = code.charCodeAt(at);
	if (first !== 101 && first !== 119) return false;
	const word = first === 101 ? 'else' : 'while';
	return code.startsWith(word, at) && !isWord(code.charCodeAt(at + word.length));
}
