/**
 * The statements of a Kconfig text, one after the other: lines without help texts and comments, those that a
 * backslash joins as one. Most of a Kconfig file is help, which is passed without being cut into lines.
 */
import { continued, withoutComment } from './kconfig-text.ts';

const TAB = 9;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const NO_BREAK_SPACE = 0xa0;

/** Goes from one statement of a text to the next; what it says is of the one it is at. */
export class KconfigLines {
	/** The first word, which says what the statement is. */
	word = '';
	/** The number of its first line, from 1 on. */
	line = 0;
	/** Where its lines begin, and where the line after it does. */
	from = 0;
	to = 0;
	readonly #text: string;
	readonly #end: number;
	/** What the statement is in: the text, or the lines of the statement put together. */
	#said = '';
	#restFrom = 0;
	#restTo = 0;
	/** Where the next line begins; beyond the end where there is none. */
	#at: number;
	#lines = 0;
	/** Indentation of the help text being skipped: -1 none, 0 its first line is still to come. */
	#help = -1;
	/** The first of these characters from the current line on; the length of the text where there is none. */
	#hash = -1;
	#backslash = -1;

	/** @param from where a line begins; @param end where one ends */
	constructor(text: string, from: number, end: number) {
		this.#text = text;
		this.#at = from;
		this.#end = end;
	}

	/** Goes to the next statement; false at the end. */
	next(): boolean {
		while (this.#at <= this.#end) {
			const from = this.#at;
			const end = this.#endOfLine();
			const first = this.#firstCharacter(from, end);
			if (this.#inHelp(from, first, end) || first === end) continue;
			this.from = from;
			this.line = this.#lines;
			if (this.#hashFrom(from) >= end && this.#backslashFrom(from) >= end) this.#plain(first, end);
			else if (!this.#joined(from, end)) continue;
			if (this.word !== 'help' && this.word !== '---help---') return true;
			this.#help = 0;
		}
		return false;
	}

	/** What follows the word. */
	rest(): string {
		return this.#said.slice(this.#restFrom, this.#restTo).trim();
	}

	/** Passes a line; returns where it ends. */
	#endOfLine(): number {
		const found = this.#text.indexOf('\n', this.#at);
		const end = found < 0 || found > this.#end ? this.#end : found;
		this.#at = end + 1;
		this.#lines++;
		return end;
	}

	/** Help runs as long as lines are indented as much as its first one; blank lines belong to it. */
	#inHelp(from: number, first: number, end: number): boolean {
		if (this.#help < 0) return false;
		if (first === end) return true;
		const indent = this.#indentation(from);
		if (this.#help === 0 && indent > 0) this.#help = indent;
		if (this.#help > 0 && indent >= this.#help) return true;
		this.#help = -1;
		return false;
	}

	/** A statement of one line without comments. */
	#plain(first: number, end: number): void {
		const text = this.#text;
		let at = first;
		while (at < end && !isSpace(text.charCodeAt(at)) && text.charCodeAt(at) !== QUOTE) at++;
		this.#take(text, first, at, end);
	}

	/** A statement with a comment, or of several lines; false where nothing is left of it. */
	#joined(from: number, end: number): boolean {
		let current = this.#text.slice(from, end);
		const before: string[] = [];
		for (let kept = continued(current); kept !== undefined && this.#at <= this.#end; ) {
			before.push(kept, ' ');
			const start = this.#at;
			current = this.#text.slice(start, this.#endOfLine());
			kept = continued(current);
		}
		const text = withoutComment(before.join('') + current).trim();
		if (text === '') return false;
		const space = text.search(/[\s"]/);
		this.#take(text, 0, space < 0 ? text.length : space, text.length);
		return true;
	}

	#take(text: string, from: number, to: number, end: number): void {
		this.word = text.slice(from, to);
		this.to = this.#at;
		this.#said = text;
		this.#restFrom = to;
		this.#restTo = end;
	}

	#firstCharacter(from: number, end: number): number {
		let at = from;
		while (at < end && isSpace(this.#text.charCodeAt(at))) at++;
		return at;
	}

	/** Columns that a line is indented by; a tab goes to the next multiple of eight. */
	#indentation(from: number): number {
		let columns = 0;
		for (let at = from; ; at++) {
			const c = this.#text.charCodeAt(at);
			if (c === TAB) columns = (columns & ~7) + 8;
			else if (c === SPACE) columns++;
			else return columns;
		}
	}

	#hashFrom(from: number): number {
		if (this.#hash < from) this.#hash = this.#find('#', from);
		return this.#hash;
	}

	#backslashFrom(from: number): number {
		if (this.#backslash < from) this.#backslash = this.#find('\\', from);
		return this.#backslash;
	}

	#find(character: string, from: number): number {
		const found = this.#text.indexOf(character, from);
		return found < 0 ? this.#text.length : found;
	}
}

/** White space as `trim` and `\s` have it. */
function isSpace(c: number): boolean {
	if (c < NO_BREAK_SPACE) return c === SPACE || (c >= TAB && c <= CARRIAGE_RETURN);
	return c === NO_BREAK_SPACE || (c > 0xff && /\s/.test(String.fromCharCode(c)));
}
