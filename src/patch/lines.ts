/**
 * Lines as integers. Every line is known by two fingerprints: one of its text without white space
 * (40 bits), one of its white space (32 bits); together they identify it. An Interner turns them
 * into small ids, so that files given as text and files given as fingerprints compare alike.
 */

export interface Lines {
	/** Id of each line. */
	readonly exact: Int32Array;
	/** Id of each line with all white space removed. */
	readonly loose: Int32Array;
	/** False when the last line has no newline; absent when nobody knows. */
	readonly finalNewline?: boolean;
}

/** What the release index holds of a file. */
export interface Fingerprints {
	/** 40-bit numbers. */
	readonly loose: Float64Array;
	/** 32-bit numbers. */
	readonly shape: Uint32Array;
	readonly finalNewline: boolean;
}

const NEWLINE = 10;
const TWO_32 = 0x1_0000_0000;
/** Mixed into the shape of a last line without newline: it equals no line that has one. */
const NO_NEWLINE = 0x1ff;

function finish(hash: number): number {
	let h = hash ^ (hash >>> 16);
	h = Math.imul(h, 0x85ebca6b);
	h ^= h >>> 13;
	h = Math.imul(h, 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

/** The fingerprint of a line's text (UTF-8, no newline) with all white space removed: 40 bits. */
export function looseFingerprint(line: string): number {
	return fingerprints(Buffer.from(`${line}\n`)).loose[0] ?? 0;
}

/** The fingerprint of a line's white space: what it is and where it stands. 32 bits. */
export function shapeFingerprint(line: string): number {
	return fingerprints(Buffer.from(`${line}\n`)).shape[0] ?? 0;
}

/** Number of lines; a last line without newline counts. */
function countNewlines(bytes: Uint8Array): number {
	let count = 0;
	for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
	return count;
}

/** The fingerprints of every line of a file. */
export function fingerprints(bytes: Uint8Array): Fingerprints {
	const finalNewline = bytes.length === 0 || bytes[bytes.length - 1] === NEWLINE;
	const count = countNewlines(bytes) + (finalNewline ? 0 : 1);
	const loose = new Float64Array(count);
	const shape = new Uint32Array(count);
	let line = 0;
	let low = 0x811c9dc5 | 0;
	let high = 0x9e3779b9 | 0;
	let white = 0x2545f491 | 0;
	let column = 0;
	for (let i = 0; i <= bytes.length; i++) {
		if (i === bytes.length) {
			if (finalNewline) break;
			white = Math.imul(white ^ NO_NEWLINE, 0x01000193) + column;
		}
		const byte = bytes[i] ?? NEWLINE;
		if (byte === NEWLINE) {
			loose[line] = finish(low) + (finish(high) & 0xff) * TWO_32;
			shape[line] = finish(white);
			line++;
			low = 0x811c9dc5 | 0;
			high = 0x9e3779b9 | 0;
			white = 0x2545f491 | 0;
			column = 0;
		} else if (byte === 32 || (byte >= 9 && byte <= 13)) {
			white = Math.imul(white ^ column, 0x85ebca6b);
			white = Math.imul((white ^ (white >>> 15)) + byte, 0x01000193);
		} else {
			low = Math.imul(low ^ byte, 0x01000193);
			high = Math.imul(high + byte + 1, 0x9e3779b1);
			high ^= high >>> 15;
			column++;
		}
	}
	return { loose, shape, finalNewline };
}

/** A hash table from pairs of 32-bit numbers to ids in order of arrival. */
class PairTable {
	#first = new Uint32Array(1024);
	#second = new Uint32Array(1024);
	#slots = new Int32Array(4096);
	#size = 0;

	id(first: number, second: number): number {
		const mask = this.#slots.length - 1;
		let slot = finish(first ^ Math.imul(second, 0x9e3779b1)) & mask;
		for (;;) {
			const found = (this.#slots[slot] ?? 0) - 1;
			if (found < 0) break;
			if (this.#first[found] === first && this.#second[found] === second) return found;
			slot = (slot + 1) & mask;
		}
		if (this.#size === this.#first.length) {
			this.#grow();
			return this.id(first, second);
		}
		this.#first[this.#size] = first;
		this.#second[this.#size] = second;
		this.#slots[slot] = ++this.#size;
		return this.#size - 1;
	}

	#grow(): void {
		const first = new Uint32Array(this.#first.length * 2);
		const second = new Uint32Array(first.length);
		first.set(this.#first);
		second.set(this.#second);
		this.#first = first;
		this.#second = second;
		this.#slots = new Int32Array(first.length * 4);
		const mask = this.#slots.length - 1;
		for (let id = 0; id < this.#size; id++) {
			let slot = finish((first[id] ?? 0) ^ Math.imul(second[id] ?? 0, 0x9e3779b1)) & mask;
			while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
			this.#slots[slot] = id + 1;
		}
	}
}

/** Gives lines their ids. Ids of two interners do not compare. */
export interface Interner {
	/** The loose id of a line that is blank. */
	readonly blank: number;
	/** The ids of a file given as text (taken as UTF-8) or bytes. */
	lines(text: string | Uint8Array): Lines;
	/** The ids of one line without its newline; `noNewline` for a last line that has none. */
	line(text: string, noNewline?: boolean): { exact: number; loose: number };
}

/** Ids by fingerprint: for files of which only fingerprints are known, and text to compare with them. */
export class FingerprintInterner implements Interner {
	readonly #loose = new PairTable();
	readonly #exact = new PairTable();
	readonly blank: number;

	constructor() {
		this.blank = this.line('').loose;
	}

	lines(text: string | Uint8Array): Lines {
		return this.ofFingerprints(fingerprints(typeof text === 'string' ? Buffer.from(text) : text));
	}

	/** The ids of a file given as fingerprints. */
	ofFingerprints(from: Fingerprints): Lines {
		const count = from.loose.length;
		const exact = new Int32Array(count);
		const loose = new Int32Array(count);
		for (let i = 0; i < count; i++) {
			const value = from.loose[i] ?? 0;
			const id = this.#loose.id(value % TWO_32, Math.floor(value / TWO_32));
			loose[i] = id;
			exact[i] = this.#exact.id(id, from.shape[i] ?? 0);
		}
		return { exact, loose, finalNewline: from.finalNewline };
	}

	line(text: string, noNewline = false): { exact: number; loose: number } {
		// An empty last line without newline is no line at all.
		const lines = this.lines(noNewline && text !== '' ? text : `${text}\n`);
		return { exact: lines.exact[0] ?? 0, loose: lines.loose[0] ?? 0 };
	}
}

/** Ids by text: where all files are text, the engine's own string tables are faster than any hash here. */
export class TextInterner implements Interner {
	readonly #exact = new Map<string, number>();
	readonly #loose = new Map<string, number>();
	readonly #texts: string[] = [];
	/** Loose ids by exact id, as far as they were asked for. */
	readonly #looseOf: number[] = [];
	readonly blank: number;

	constructor() {
		this.blank = this.line('').loose;
	}

	lines(text: string | Uint8Array): Lines {
		// As bytes: text that is no UTF-8 keeps its differences.
		const bytes = typeof text === 'string' ? Buffer.from(text) : text;
		const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
		const parts = whole.split('\n');
		const last = parts.pop() ?? '';
		const finalNewline = last === '';
		const count = parts.length + (finalNewline ? 0 : 1);
		const exact = new Int32Array(count);
		for (let i = 0; i < parts.length; i++) exact[i] = this.#id(parts[i] ?? '');
		if (!finalNewline) exact[count - 1] = this.#id(`${last}\n`);
		return new TextLines(exact, finalNewline, (ids) => this.#looseIds(ids));
	}

	line(text: string, noNewline = false): { exact: number; loose: number } {
		const lines = this.lines(noNewline && text !== '' ? text : `${text}\n`);
		return { exact: lines.exact[0] ?? 0, loose: lines.loose[0] ?? 0 };
	}

	#id(line: string): number {
		let id = this.#exact.get(line);
		if (id === undefined) {
			id = this.#texts.push(line) - 1;
			this.#exact.set(line, id);
		}
		return id;
	}

	#looseIds(exact: Int32Array): Int32Array {
		return exact.map((id) => {
			const known = this.#looseOf[id];
			if (known !== undefined) return known;
			const bare = (this.#texts[id] ?? '').replace(/[\t-\r ]+/g, '');
			let loose = this.#loose.get(bare);
			if (loose === undefined) {
				loose = this.#loose.size;
				this.#loose.set(bare, loose);
			}
			this.#looseOf[id] = loose;
			return loose;
		});
	}
}

/** Lines of a text; only repair asks for their loose ids. */
class TextLines implements Lines {
	readonly exact: Int32Array;
	readonly finalNewline: boolean;
	readonly #find: (exact: Int32Array) => Int32Array;
	#loose: Int32Array | undefined;

	constructor(exact: Int32Array, finalNewline: boolean, find: (exact: Int32Array) => Int32Array) {
		this.exact = exact;
		this.finalNewline = finalNewline;
		this.#find = find;
	}

	get loose(): Int32Array {
		this.#loose ??= this.#find(this.exact);
		return this.#loose;
	}
}
