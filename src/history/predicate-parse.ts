/** Reads a predicate. A recursive descent over the text; what is wrong is said with its column. */
import { RangefinderError } from '../errors.ts';
import { KEYWORDS, type Predicate, SUBJECTS, type Subject, type Test } from './predicate.ts';

/** Longer predicates, and deeper ones, are nobody's. */
const LONGEST = 8192;
const DEEPEST = 64;

type Kind = 'word' | 'quoted' | 'sign' | 'end';

interface Token {
	readonly kind: Kind;
	readonly text: string;
	/** From 1. */
	readonly column: number;
}

/**
 * Reads a predicate.
 * @throws RangefinderError bad-predicate, with the column
 */
export function parsePredicate(text: string): Predicate {
	if (text.length > LONGEST) throw wrong(LONGEST + 1, `longer than ${LONGEST} characters`);
	const parser = new Parser(tokens(text));
	const predicate = parser.or(0);
	const rest = parser.peek();
	if (rest.kind !== 'end') throw expected(rest, 'and, or, or the end');
	return predicate;
}

class Parser {
	readonly #tokens: readonly Token[];
	#at = 0;

	constructor(all: readonly Token[]) {
		this.#tokens = all;
	}

	peek(): Token {
		return this.#tokens[this.#at] ?? { kind: 'end', text: '', column: 1 };
	}

	or(depth: number): Predicate {
		return this.#joined('or', () => this.#joined('and', () => this.#not(depth)));
	}

	#joined(kind: 'and' | 'or', part: () => Predicate): Predicate {
		const first = part();
		if (!this.#isWord(kind)) return first;
		const parts = [first];
		while (this.#isWord(kind)) {
			this.#at++;
			parts.push(part());
		}
		return { kind, parts };
	}

	#not(depth: number): Predicate {
		const token = this.peek();
		if (depth > DEEPEST) throw wrong(token.column, `nested deeper than ${DEEPEST}`);
		if (this.#isWord('not')) {
			this.#at++;
			return { kind: 'not', of: this.#not(depth + 1) };
		}
		if (this.#isSign('(')) {
			this.#at++;
			const inner = this.or(depth + 1);
			this.#sign(')', 'and, or, or )');
			return inner;
		}
		return this.#test();
	}

	#test(): Test {
		const name = this.peek();
		const names = Object.keys(SUBJECTS).join(', ');
		if (name.kind !== 'word' || KEYWORDS.has(name.text)) {
			throw expected(name, `a test (${names}), not or (`);
		}
		if (!isSubject(name.text)) {
			throw wrong(name.column, `there is no test ${name.text}; there are ${names}`);
		}
		this.#at++;
		const rule = SUBJECTS[name.text];
		this.#sign('(', `( after ${name.text}`);
		const args = [this.#value(rule.args[0] ?? '')];
		while (this.#isSign(',')) {
			const comma = this.peek();
			if (args.length >= rule.args.length && rule.more !== true) {
				throw wrong(comma.column, `${name.text} takes ${rule.args.join(', ')} and no more`);
			}
			this.#at++;
			args.push(this.#value(rule.args[args.length] ?? rule.args.at(-1) ?? ''));
		}
		const missing = rule.more === true ? undefined : rule.args[args.length];
		this.#sign(')', missing === undefined ? ')' : `, and ${missing}`);
		if (missing !== undefined) {
			throw wrong(this.#before().column, `expected , and ${missing} before )`);
		}
		const test = { kind: 'test', subject: name.text, args, column: name.column } as const;
		const relation = this.#relation(name.text);
		return relation === undefined ? test : { ...test, relation };
	}

	#relation(subject: Subject): Test['relation'] {
		const { compared } = SUBJECTS[subject];
		const token = this.peek();
		if (compared === 'in') {
			if (!this.#isWord('in')) throw expected(token, 'in PATH');
			this.#at++;
			return { operator: 'in', value: this.#value('PATH') };
		}
		const operator = (['==', '!=', '~'] as const).find((sign) => this.#isSign(sign));
		if (operator === undefined) {
			if (compared === 'must') throw expected(token, "==, != or ~ and a value ('…')");
			return undefined;
		}
		if (compared === 'no') throw wrong(token.column, `${subject}(…) is yes or no by itself`);
		this.#at++;
		return { operator, value: this.#value('a value') };
	}

	#value(what: string): string {
		const token = this.peek();
		if (token.kind !== 'word' && token.kind !== 'quoted') throw expected(token, what);
		if (token.text === '') throw wrong(token.column, `${what} is empty`);
		if (CONTROL.test(token.text)) throw wrong(token.column, `a control character in ${what}`);
		this.#at++;
		return token.text;
	}

	#sign(text: string, what: string): void {
		if (!this.#isSign(text)) throw expected(this.peek(), what);
		this.#at++;
	}

	#before(): Token {
		return this.#tokens[this.#at - 1] ?? this.peek();
	}

	#isSign(text: string): boolean {
		const token = this.peek();
		return token.kind === 'sign' && token.text === text;
	}

	#isWord(text: string): boolean {
		const token = this.peek();
		return token.kind === 'word' && token.text === text;
	}
}

const SPACE = /\s/;
/** No path or name has one that git could be told by line. */
const CONTROL = /[\0-\x1f\x7f]/;
const WORD = /[A-Za-z0-9_./@+:^{}%*-]/;

function tokens(text: string): Token[] {
	const found: Token[] = [];
	let at = 0;
	while (at < text.length) {
		const character = text[at] ?? '';
		const column = at + 1;
		if (SPACE.test(character)) at++;
		else if (character === "'" || character === '"') {
			const { value, end } = quotedFrom(text, at);
			found.push({ kind: 'quoted', text: value, column });
			at = end;
		} else if ('(),~'.includes(character)) {
			found.push({ kind: 'sign', text: character, column });
			at++;
		} else if ((character === '=' || character === '!') && text[at + 1] === '=') {
			found.push({ kind: 'sign', text: `${character}=`, column });
			at += 2;
		} else if (WORD.test(character)) {
			const from = at;
			while (at < text.length && WORD.test(text[at] ?? '')) at++;
			found.push({ kind: 'word', text: text.slice(from, at), column });
		} else if (character === '=') throw wrong(column, 'a single =; == compares');
		else throw wrong(column, `unexpected ${JSON.stringify(character)}; put odd words in quotes`);
	}
	found.push({ kind: 'end', text: '', column: text.length + 1 });
	return found;
}

/** Text in quotes; a backslash takes the next character as it is. */
function quotedFrom(text: string, from: number): { value: string; end: number } {
	const quote = text[from];
	const parts: string[] = [];
	for (let at = from + 1; at < text.length; at++) {
		const character = text[at] ?? '';
		if (character === quote) return { value: parts.join(''), end: at + 1 };
		if (character === '\\') at++;
		parts.push(text[at] ?? '');
	}
	throw wrong(from + 1, 'a quote that nothing closes');
}

function isSubject(name: string): name is Subject {
	return Object.hasOwn(SUBJECTS, name);
}

function expected(token: Token, what: string): RangefinderError {
	const found = token.kind === 'end' ? 'the end' : JSON.stringify(token.text);
	return wrong(token.column, `expected ${what}, found ${found}`);
}

function wrong(column: number, what: string): RangefinderError {
	return new RangefinderError({ code: 'bad-predicate', column, what });
}
