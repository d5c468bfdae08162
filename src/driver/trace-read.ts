/**
 * Reads what a stretch of prepared text does, in one pass over its words and brackets: how control goes
 * and where names of interest stand. No parser is needed, so that the lines of a patch can be read
 * like a whole body.
 */
import { accessOf } from './access.ts';
import { isWord } from './identifiers.ts';
import type { FlowCode, Step } from './trace.ts';

/** Text to read: code without comments, literals and directives. */
export interface TraceText {
	code: string;
	from: number;
	to: number;
	/** The line of an offset. */
	line(offset: number): number;
	/** True for a bracket that has no partner; it is passed over. */
	odd(offset: number): boolean;
	/** Of a fragment: what stands at a semicolon in place of a brace that closes a block begun before it. */
	closes?(offset: number): 'block' | 'block and else' | undefined;
}

/** A step, and the first line of its statement; 0 where that is before the text. */
export interface ReadStep extends Step {
	start: number;
}

interface Frame {
	bracket: '(' | '[' | '{';
	/** Offset of the bracket. */
	at: number;
	/** The word in front of a parenthesis. */
	callee: string;
	/** Which argument of it the text is in. */
	argument: number;
	/** The word began its statement. */
	first: boolean;
}

const TOKEN = /\b[A-Za-z_]\w*|[(){}[\];,:]/g;
const HEADS: ReadonlyMap<string, FlowCode> = new Map([
	['if', 'i'],
	['for', 'l'],
	['while', 'l'],
	['switch', 's'],
]);
const KEYWORDS = new Set(
	`auto break case char const continue default do double else enum extern float for goto if inline int
	long register return short signed sizeof static struct switch typedef union unsigned void volatile while
	typeof __typeof__ bool NULL true false`.split(/\s+/),
);
const TYPE_WORDS =
	'(?:static|const|volatile|register|unsigned|signed|struct|union|enum|long|short)';
/** A local declaration, up to the name it declares first. */
const DECLARATION = new RegExp(
	`(?:${TYPE_WORDS}\\s+)*[A-Za-z_]\\w*(?:\\s+const\\b)?(?:\\s*\\*+\\s*(?:const\\s+)?|\\s+)([A-Za-z_]\\w*)\\s*(?=[;=,[])`,
	'y',
);
const NO_TYPE = /^(?:return|goto|else|case|do|default|break|continue|sizeof)\b/;
const MEMBERS = /\s*(?:->|\.)\s*([A-Za-z_]\w*)/y;
const ASSIGNED = /\s*(?:(=)(?!=)|([-+*/%&|^]=|<<=|>>=|\+\+|--))/y;
/** Behind which `&` and `*` stand between two values, and those behind which they stand before one. */
const OPERAND = /[\w)\]]\s*$/;
const VALUE_FOLLOWS = /\b(?:return|case|else|do)\s*[&*]$/;
/** What is an error whatever its arguments are. */
const ERROR_VALUE = /^\s*\(?\s*(?:-\s*E[A-Z]|(?:PTR_ERR|ERR_PTR|ERR_CAST|dev_err_probe)\s*\()/;
/** A variable that is returned by itself. */
const RETURNED_NAME = /^\s*(?!NULL\b)([A-Za-z_]\w*)\s*;/;
/** `(ret)`, `(ret < 0)`, `(ret != 0)`: a head that is passed when a variable is an error. */
const ERROR_TEST = /^\(\s*(?:unlikely\s*\(\s*)?([A-Za-z_]\w*)\s*(?:(?:<|!=)\s*0\s*)?\)?\s*\)$/;
/** Longest head that may ask of one variable. */
const LONGEST_TEST = 120;
/** How many parentheses are looked through for the call that a name is an argument of. */
const MAX_DEPTH = 32;
/** Longest index that is skipped to see whether an element is assigned. */
const LONGEST_INDEX = 400;

/**
 * The steps of a stretch, in order.
 * @param wanted the names whose accesses are recorded
 * @param flow whether control flow is
 * @param whole false for a piece of a file, whose first statement may have begun before it
 */
export function readSteps(
	text: TraceText,
	wanted: (name: string) => boolean,
	flow: boolean,
	whole = true,
): ReadStep[] {
	return new TraceReader(text, wanted, flow, whole).read();
}

class TraceReader {
	readonly #text: TraceText;
	readonly #wanted: (name: string) => boolean;
	readonly #flow: boolean;
	readonly #steps: ReadStep[] = [];
	readonly #frames: Frame[] = [];
	/** First line of the statement, 0 where that is before the text; -1 when its first word is still to come. */
	#start = -1;
	/** Set until the first word of a piece, which is read as the first of a statement, though more may precede it. */
	#opening: boolean;
	/** What the current statement is, as far as the next words depend on it. */
	#kind: 'plain' | 'case' | 'declaration' = 'plain';
	/** Offset at which a declared name stands. */
	#declared = -1;
	#word = { text: '', end: -1, first: false };
	#popped = '';

	constructor(text: TraceText, wanted: (name: string) => boolean, flow: boolean, whole: boolean) {
		this.#text = text;
		this.#wanted = wanted;
		this.#flow = flow;
		this.#opening = !whole;
	}

	read(): ReadStep[] {
		const { code, from, to } = this.#text;
		TOKEN.lastIndex = from;
		for (let found = TOKEN.exec(code); found !== null; found = TOKEN.exec(code)) {
			if (found.index >= to) break;
			const next = TOKEN.lastIndex;
			const [token] = found;
			if (token.length > 1 || isWord(token.charCodeAt(0))) this.#onWord(token, found.index);
			else if (!'(){}[]'.includes(token) || !this.#text.odd(found.index)) {
				this.#onMark(token, found.index);
			}
			TOKEN.lastIndex = next;
		}
		return this.#steps;
	}

	#onMark(mark: string, at: number): void {
		const top = this.#frames.at(-1);
		if (mark === '(' || mark === '[') {
			const { text, end, first } = this.#word;
			const blank = this.#text.code.slice(Math.max(end, at - 40), at).trim() === '';
			const named = end !== -1 && blank;
			const callee = named ? text : this.#before(at) === ')' ? this.#popped : '';
			if (mark === '(' && named) this.#onCall(text, end - text.length);
			this.#frames.push({
				bracket: mark,
				at,
				callee: mark === '(' ? callee : '',
				argument: 0,
				first,
			});
		} else if (mark === ')' || mark === ']') {
			this.#popped = '';
			if (top === undefined || top.bracket === '{') return;
			this.#frames.pop();
			if (mark !== ')') return;
			this.#popped = top.callee;
			if (this.#frames.length === 0) this.#onHead(top, at);
		} else if (mark === '{') {
			if (top !== undefined) {
				this.#frames.push({ bracket: '{', at, callee: '', argument: 0, first: false });
			} else this.#control('{', at);
		} else if (mark === '}') {
			const block = this.#frames.findLastIndex(({ bracket }) => bracket === '{');
			if (block !== -1) this.#frames.length = block;
			else {
				this.#frames.length = 0;
				this.#control('}', at);
			}
		} else if (mark === ',') {
			if (top !== undefined) top.argument++;
			else if (this.#kind === 'declaration') this.#declareNext(at + 1);
		} else if (top === undefined && mark === ';') this.#onEnd(at);
		else if (top === undefined && this.#kind === 'case') this.#restart();
		if (mark !== ')') this.#word.end = -1;
	}

	/** A semicolon, or the brace that it stands for. */
	#onEnd(at: number): void {
		const closed = this.#text.closes?.(at);
		this.#control(closed === undefined ? ';' : '}', at);
		if (closed === 'block and else') this.#control('e', at);
	}

	/** The parenthesis of `if (…)`, of a loop or of a loop macro closed. */
	#onHead({ callee, first, at: open }: Frame, at: number): void {
		const head = HEADS.get(callee);
		const { code } = this.#text;
		if (head !== undefined) {
			const asks = head === 'i' && at - open < LONGEST_TEST;
			const tested = asks ? ERROR_TEST.exec(code.slice(open, at + 1))?.[1] : undefined;
			this.#control(head, at, tested);
		} else if (first && /for_each/.test(callee) && !/^\s*[;,)]/.test(code.slice(at + 1, at + 80))) {
			this.#control('l', at);
		}
	}

	/** A parenthesis behind a name: a call through a member, if the name is one. */
	#onCall(name: string, at: number): void {
		const left = this.#text.code.slice(Math.max(0, at - 40), at).trimEnd();
		if (this.#flow && (left.endsWith('->') || left.endsWith('.'))) this.#push('I', name, at);
	}

	#onWord(word: string, at: number): void {
		const { code } = this.#text;
		const inner = this.#frames.length > 0;
		const previous = this.#word.text;
		const direct = code.slice(Math.max(this.#word.end, at - 40), at).trim() === '';
		const first = this.#start === -1;
		this.#word = { text: word, end: at + word.length, first };
		if (first) this.#begin(at);
		if (!inner && this.#onKeyword(word, at, first)) return;
		if (KEYWORDS.has(word) || at === this.#declared) return;
		if (direct && /^(?:struct|union|enum|goto)$/.test(previous)) return;
		if (this.#wanted(word)) this.#onName(word, at);
	}

	#begin(at: number): void {
		this.#start = this.#opening ? 0 : this.#text.line(at);
		this.#opening = false;
		DECLARATION.lastIndex = at;
		const { code } = this.#text;
		const found = NO_TYPE.test(code.slice(at, at + 10)) ? null : DECLARATION.exec(code);
		const name = found?.[1];
		if (found === null || name === undefined || KEYWORDS.has(name)) return;
		this.#kind = 'declaration';
		this.#declare(name, at + found[0].lastIndexOf(name));
	}

	/** Another name of the same declaration: `int a, *b = 0;` */
	#declareNext(from: number): void {
		const found = /^[\s*]*([A-Za-z_]\w*)/.exec(this.#text.code.slice(from, from + 120));
		const name = found?.[1];
		if (found === null || name === undefined) return;
		this.#declare(name, from + found[0].length - name.length);
	}

	#declare(name: string, at: number): void {
		this.#declared = at;
		if (this.#wanted(name)) this.#push('L', name, at);
	}

	/** A word that has a part in control flow; says whether it has. */
	#onKeyword(word: string, at: number, first: boolean): boolean {
		const after = this.#text.code.slice(at + word.length, at + word.length + 160);
		switch (word) {
			case 'else':
				this.#control('e', at);
				return true;
			case 'do':
				this.#control('d', at);
				return true;
			case 'case':
			case 'default':
				this.#step('k', '', at);
				this.#kind = 'case';
				return true;
			case 'break':
				this.#step('b', '', at);
				return true;
			case 'continue':
				this.#step('c', '', at);
				return true;
			case 'goto':
				this.#step('g', /^\s*(\w+)\s*;/.exec(after)?.[1] ?? '', at);
				return true;
			case 'return':
				this.#step(returned(after), RETURNED_NAME.exec(after)?.[1] ?? '', at);
				return false;
		}
		if (!first || !/^\s*:(?!:)/.test(after) || KEYWORDS.has(word)) return false;
		this.#step('n', word, at);
		// The colon ends it as it ends a case.
		this.#kind = 'case';
		return true;
	}

	#onName(name: string, at: number): void {
		const { code } = this.#text;
		const before = this.#before(at);
		const left = code.slice(Math.max(0, at - 40), at).trimEnd();
		if (before === '.' || left.endsWith('->')) return;
		const operand =
			left.endsWith('&&') || (OPERAND.test(left.slice(0, -1)) && !VALUE_FOLLOWS.test(left));
		const address = before === '&' && !operand;
		const star = before === '*' && !operand;
		let end = at + name.length;
		if (/^\s*\(/.test(code.slice(end, end + 40))) {
			this.#push('X', name, at);
			return;
		}
		let member = '';
		let part = star;
		const through = /^\s*->/.test(code.slice(end, end + 40));
		for (;;) {
			MEMBERS.lastIndex = end;
			const found = MEMBERS.exec(code);
			if (found !== null) {
				if (!part) member = found[1] ?? '';
				end = MEMBERS.lastIndex;
			} else {
				const close = endOfIndex(code, end);
				if (close === -1) break;
				end = close;
			}
			part = true;
		}
		ASSIGNED.lastIndex = end;
		const assigned = ASSIGNED.exec(code);
		const counted = left.endsWith('++') || left.endsWith('--');
		const { callee, argument } = this.#call();
		const opens = /[(,]\s*$/.test(address || star ? left.slice(0, -1) : left);
		const access = accessOf({
			address,
			assigned: assigned === null && !counted ? 'no' : part ? 'part' : 'whole',
			compound: counted || assigned?.[2] !== undefined,
			part,
			through,
			callee,
			argument,
			alone: opens && /^\s*[,)]/.test(code.slice(end, end + 40)),
		});
		if (access !== undefined) this.#push(access, member === '' ? name : `${name}.${member}`, at);
	}

	/** The call whose argument the current text is. */
	#call(): { callee: string; argument: number } {
		const { length } = this.#frames;
		for (let at = length - 1; at >= Math.max(0, length - MAX_DEPTH); at--) {
			const frame = this.#frames[at];
			if (frame === undefined || frame.bracket !== '(') break;
			if (frame.callee === '' || frame.callee === 'return') continue;
			return HEADS.has(frame.callee) ? NO_CALL : frame;
		}
		return NO_CALL;
	}

	/** The last character before an offset that is no space. */
	#before(at: number): string {
		return this.#text.code
			.slice(Math.max(0, at - 40), at)
			.trimEnd()
			.slice(-1);
	}

	/** A step that ends a statement or the head of one. */
	#control(code: FlowCode, at: number, name = ''): void {
		this.#step(code, name, at);
		this.#restart();
	}

	#step(code: FlowCode, name: string, at: number): void {
		if (this.#flow && this.#frames.length === 0) this.#push(code, name, at);
	}

	#push(code: Step['code'], name: string, at: number): void {
		const line = this.#text.line(at);
		this.#steps.push({ line, code, name, start: this.#start === -1 ? line : this.#start });
	}

	#restart(): void {
		this.#start = -1;
		this.#kind = 'plain';
		this.#word.end = -1;
	}
}

const NO_CALL = { callee: '', argument: 0 };

/** What kind of value follows `return`. */
function returned(after: string): FlowCode {
	if (/^\s*(?:\(?\s*0\s*\)?\s*)?;/.test(after)) return 'q';
	return ERROR_VALUE.test(after) ? 'x' : 'v';
}

/** Where `[…]` behind an offset ends; -1 when there is none. */
function endOfIndex(code: string, from: number): number {
	let at = from;
	while (code.charCodeAt(at) <= 32) at++;
	if (code.charAt(at) !== '[') return -1;
	let depth = 0;
	for (const limit = Math.min(code.length, at + LONGEST_INDEX); at < limit; at++) {
		const char = code.charAt(at);
		if (char === '[') depth++;
		else if (char === ']' && --depth === 0) return at + 1;
	}
	return -1;
}
