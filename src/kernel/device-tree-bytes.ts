/**
 * The bytes of a device tree source, walked: white space, comments, names, strings and lines. What they mean is
 * device-tree-scan.ts's to say.
 */

const NEWLINE = 10;
export const QUOTE = 34;
const HASH = 35;
export const AMPERSAND = 38;
export const OPENING = 40;
export const CLOSING = 41;
const STAR = 42;
export const MINUS = 45;
export const SLASH = 47;
export const COLON = 58;
export const SEMICOLON = 59;
export const EQUALS = 61;
const BACKSLASH = 92;
export const BEGIN = 123;
export const END = 125;

/** What a byte is, as bits. */
const IS_WORD = 1;
/** In names of nodes and properties, after the Devicetree Specification, and `#` and `?`. */
const IS_NAME = 2;
/** In a value: may end it, begin something in it, or begin a line. */
const IS_MARK = 4;
/** In `/delete-node/` and its like. */
const IS_KEYWORD = 8;
const KIND = kinds();

function kinds(): Uint8Array {
	const kind = new Uint8Array(256);
	for (let c = 0; c < 256; c++) {
		const text = String.fromCharCode(c);
		kind[c] =
			(/\w/.test(text) ? IS_WORD : 0) |
			(/[\w,.+*#?@-]/.test(text) ? IS_NAME : 0) |
			(/[\n"#&/;{}]/.test(text) ? IS_MARK : 0) |
			(/[\w-]/.test(text) ? IS_KEYWORD : 0);
	}
	return kind;
}

/** A place in a file that moves forward only. */
export abstract class DeviceTreeBytes {
	protected readonly bytes: Buffer;
	protected at = 0;
	/** Of this place, from 1 on. */
	protected line = 1;
	readonly #end: number;
	/** True when nothing but white space came since the last newline. */
	#fresh = true;

	constructor(bytes: Uint8Array) {
		this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#end = bytes.length;
	}

	/** At a `#` that begins a line: passes a preprocessor line; false where it is none. */
	protected abstract directive(): boolean;

	/** Notes what is not understood. */
	protected abstract odd(why: string, line: number): void;

	/** At a slash: passes `/word/`; '' where there is none. */
	protected keyword(): string {
		let at = this.at + 1;
		const first = this.bytes[at] ?? 0;
		if (first < 97 || first > 122) return '';
		while ((this.#kind(this.bytes[at] ?? 0) & IS_KEYWORD) !== 0) at++;
		if (this.bytes[at] !== SLASH) return '';
		const word = this.text(this.at + 1, at);
		this.at = at + 1;
		return word;
	}

	/** At `&`: passes the label, or the path in braces; returns where either begins and ends. */
	protected reference(): [from: number, to: number] {
		const bytes = this.bytes;
		let at = this.at + 1;
		if (bytes[at] !== BEGIN) {
			this.at = at;
			return [at, this.passName()];
		}
		const from = ++at;
		for (; at < this.#end; at++) {
			const c = bytes[at];
			if (c === END || c === NEWLINE || c === SEMICOLON) break;
		}
		this.at = bytes[at] === END ? at + 1 : at;
		return [from, at];
	}

	/** At a quote: passes the string, and returns where its text ends. */
	protected passString(): number {
		const bytes = this.bytes;
		let at = this.at + 1;
		for (; at < this.#end; at++) {
			const c = bytes[at];
			if (c === QUOTE) {
				this.at = at + 1;
				return at;
			}
			if (c === BACKSLASH) at++;
			if (bytes[at] === NEWLINE) this.line++;
		}
		this.at = at;
		this.odd('a string does not end', this.line);
		return this.#end;
	}

	/** Passes a name, if one begins here; returns where it ends. */
	protected passName(): number {
		const bytes = this.bytes;
		let at = this.at;
		while (at < this.#end && (this.#kind(bytes[at] ?? 0) & IS_NAME) !== 0) at++;
		this.at = at;
		return at;
	}

	/** In a value: passes what cannot end it and begins nothing in it. */
	protected passToMark(): void {
		const bytes = this.bytes;
		let at = this.at;
		let fresh = this.#fresh;
		for (; at < this.#end; at++) {
			const c = bytes[at] ?? 0;
			if ((this.#kind(c) & IS_MARK) !== 0) {
				if (c !== NEWLINE) break;
				this.line++;
				fresh = true;
			} else if (c > 32) fresh = false;
		}
		this.at = at;
		this.#fresh = fresh;
	}

	/** Whether a name begins here. */
	protected isName(): boolean {
		return (this.#kind(this.bytes[this.at] ?? 0) & IS_NAME) !== 0;
	}

	/** Where letters, digits and underscores from a place on end. */
	protected endOfWord(from: number): number {
		let to = from;
		while (to < this.#end && (this.#kind(this.bytes[to] ?? 0) & IS_WORD) !== 0) to++;
		return to;
	}

	/** The next byte of a token; 0 at the end. */
	protected next(): number {
		return this.skip() ? (this.bytes[this.at] ?? 0) : 0;
	}

	/** Passes white space, comments and preprocessor lines; false at the end. */
	protected skip(): boolean {
		const bytes = this.bytes;
		for (;;) {
			let at = this.at;
			let c = 33;
			for (; at < this.#end; at++) {
				c = bytes[at] ?? 0;
				if (c > 32) break;
				if (c === NEWLINE) {
					this.line++;
					this.#fresh = true;
				}
			}
			this.at = at;
			if (at >= this.#end) return false;
			if (c === SLASH && bytes[at + 1] === SLASH) this.toEndOfLine();
			else if (c === SLASH && bytes[at + 1] === STAR) this.#comment();
			else if (c !== HASH || !this.#fresh || !this.directive()) {
				this.#fresh = false;
				return true;
			}
		}
	}

	#comment(): void {
		const bytes = this.bytes;
		let at = this.at + 2;
		for (; at < this.#end; at++) {
			const c = bytes[at];
			if (c === NEWLINE) this.line++;
			else if (c === STAR && bytes[at + 1] === SLASH) break;
		}
		this.at = Math.min(at + 2, this.#end);
	}

	/** Passes the rest of the line with those that a backslash joins to it; true where it has a quote. */
	protected toEndOfLine(): boolean {
		const bytes = this.bytes;
		let quote = false;
		let at = this.at;
		for (; at < this.#end; at++) {
			const c = bytes[at];
			if (c === QUOTE) quote = true;
			else if (c === NEWLINE) {
				if (bytes[at - 1] !== BACKSLASH) break;
				this.line++;
			}
		}
		this.at = at;
		return quote;
	}

	/** Which of some words is there; undefined where it is none of them. */
	protected oneOf(words: readonly string[], from: number, to: number): string | undefined {
		for (const word of words) if (this.#isAt(word, from, to)) return word;
		return undefined;
	}

	#isAt(word: string, from: number, to: number): boolean {
		if (word.length !== to - from) return false;
		for (let i = 0; i < word.length; i++) {
			if (word.charCodeAt(i) !== this.bytes[from + i]) return false;
		}
		return true;
	}

	#kind(byte: number): number {
		return KIND[byte] ?? 0;
	}

	protected text(from: number, to: number): string {
		return this.bytes.toString('latin1', from, to);
	}
}
