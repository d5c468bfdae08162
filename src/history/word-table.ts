/**
 * What the messages of many commits say of other commits, with author, date and subject of each, as
 * columns: 32 bytes a commit and 40 a word (SHA-1). Texts are kept as hashes, to find candidates by.
 */
import { commitWords, mayHaveWords, type WordKind } from '../kernel/trailers.ts';
import { Column, textHash } from './columns.ts';

/** The kinds of words by their number in a table. */
export const WORD_KINDS: readonly WordKind[] = [
	'fixes',
	'upstream',
	'cherry-pick',
	'reverts',
	'reverts-partly',
];

/** Columns of commits (rows) and of what they say (words). */
export interface WordTable {
	/** Bytes of an id. */
	readonly idBytes: number;
	readonly ids: Uint8Array;
	/** {@link textHash} of subjects and of author names. */
	readonly subjects: Uint32Array;
	readonly authors: Uint32Array;
	/** Author dates, seconds since the epoch. */
	readonly dates: Uint32Array;
	/** The row that says each word; words are in the order of their rows. */
	readonly owners: Uint32Array;
	readonly kinds: Uint8Array;
	/** How many hexadecimal digits of the id are named; 0 for a subject alone. */
	readonly digits: Uint8Array;
	/** The ids named, `idBytes` each, zeros behind an abbreviation. */
	readonly targets: Uint8Array;
	/** Hash of the subject that is quoted; 0 for none. */
	readonly said: Uint32Array;
}

/** Fields of a commit in the output that {@link WordTableBuilder} reads. */
const FIELDS = 5;
/** The format of git log it reads: id, author name, author date, subject, body, each ended by NUL. */
export const WORDS_FORMAT = '--format=%H%x00%an%x00%at%x00%s%x00%b%x00';
/** Characters of a field that are looked at; what is longer is no message that anybody wrote. */
const LONGEST_FIELD = 1 << 24;
const NUL = '\0';

export class WordTableBuilder {
	readonly #idBytes: number;
	readonly #ids = new Column(new Uint8Array(1 << 16));
	readonly #subjects = new Column(new Uint32Array(1 << 12));
	readonly #authors = new Column(new Uint32Array(1 << 12));
	readonly #dates = new Column(new Uint32Array(1 << 12));
	readonly #owners = new Column(new Uint32Array(1 << 10));
	readonly #kinds = new Column(new Uint8Array(1 << 10));
	readonly #digits = new Column(new Uint8Array(1 << 10));
	readonly #targets = new Column(new Uint8Array(1 << 14));
	readonly #said = new Column(new Uint32Array(1 << 10));
	/** Pieces of a field whose end has not come yet, and how long they are together. */
	#pieces: string[] = [];
	#length = 0;
	#fields: string[] = [];

	/** @param idBytes bytes of a commit id */
	constructor(idBytes: number) {
		this.#idBytes = idBytes;
	}

	/** Takes more of the output of git log. */
	add(chunk: Buffer): void {
		// As bytes: hashes have to be the same for text that is no UTF-8, too.
		const text = chunk.toString('latin1');
		let start = 0;
		for (let end = text.indexOf(NUL); end >= 0; end = text.indexOf(NUL, start)) {
			this.#piece(text.slice(start, end));
			this.#fields.push(
				this.#pieces.length === 1 ? (this.#pieces[0] ?? '') : this.#pieces.join(''),
			);
			this.#pieces = [];
			this.#length = 0;
			if (this.#fields.length === FIELDS) this.#row();
			start = end + 1;
		}
		if (start < text.length) this.#piece(text.slice(start));
	}

	#piece(text: string): void {
		if (this.#length >= LONGEST_FIELD) return;
		this.#pieces.push(text);
		this.#length += text.length;
	}

	#row(): void {
		const [id = '', author = '', date = '', subject = '', body = ''] = this.#fields;
		this.#fields = [];
		const row = this.#dates.length;
		this.#ids.append(Buffer.from(id.slice(-2 * this.#idBytes), 'hex'));
		this.#authors.push(textHash(author));
		this.#dates.push(Math.min(Math.max(Number(date) || 0, 0), 0xffff_ffff));
		this.#subjects.push(textHash(subject));
		if (!mayHaveWords(body) && !mayHaveWords(subject)) return;
		for (const word of commitWords(subject, body)) {
			if (word.id.length > 2 * this.#idBytes) continue;
			this.#owners.push(row);
			this.#kinds.push(WORD_KINDS.indexOf(word.kind));
			this.#digits.push(word.id.length);
			const target = new Uint8Array(this.#idBytes);
			target.set(Buffer.from(`${word.id}${word.id.length % 2 === 0 ? '' : '0'}`, 'hex'));
			this.#targets.append(target);
			this.#said.push(word.subject === '' ? 0 : textHash(word.subject));
		}
	}

	/** What was read; nothing may be added afterwards. */
	table(): WordTable {
		return {
			idBytes: this.#idBytes,
			ids: this.#ids.done(),
			subjects: this.#subjects.done(),
			authors: this.#authors.done(),
			dates: this.#dates.done(),
			owners: this.#owners.done(),
			kinds: this.#kinds.done(),
			digits: this.#digits.done(),
			targets: this.#targets.done(),
			said: this.#said.done(),
		};
	}
}

/** Two tables as one: the rows of the first, then those of the second. */
export function joinTables(one: WordTable, other: WordTable): WordTable {
	const rows = one.dates.length;
	return {
		idBytes: one.idBytes,
		ids: joined(one.ids, other.ids),
		subjects: joined(one.subjects, other.subjects),
		authors: joined(one.authors, other.authors),
		dates: joined(one.dates, other.dates),
		owners: joined(
			one.owners,
			other.owners.map((row) => row + rows),
		),
		kinds: joined(one.kinds, other.kinds),
		digits: joined(one.digits, other.digits),
		targets: joined(one.targets, other.targets),
		said: joined(one.said, other.said),
	};
}

function joined<T extends Uint8Array | Uint32Array>(one: T, other: T): T {
	const make = one.constructor as new (length: number) => T;
	const both = new make(one.length + other.length);
	both.set(one);
	both.set(other, one.length);
	return both;
}

/** First word of a stored table; raised when what is read off messages changes. */
const STORED = 0x5246_0001;
const HEAD = 5;

/** A table and the tips whose commits it has, as bytes. */
export function storeTable(table: WordTable, tips: readonly string[]): Uint8Array {
	const text = Buffer.from(tips.join('\n'));
	const head = Uint32Array.of(
		STORED,
		table.idBytes,
		table.dates.length,
		table.owners.length,
		text.length,
	);
	return Buffer.concat([head, ...columnsOf(table), text].map(bytesOf));
}

/** The table of {@link storeTable}; undefined where the bytes are none of this version. */
export function restoreTable(bytes: Uint8Array): { table: WordTable; tips: string[] } | undefined {
	const copy = new Uint8Array(bytes);
	if (copy.length < HEAD * 4) return undefined;
	const [stored, idBytes = 0, rows = 0, words = 0, text = 0] = new Uint32Array(
		copy.buffer,
		0,
		HEAD,
	);
	const size = HEAD * 4 + rows * (12 + idBytes) + words * (10 + idBytes) + text;
	if (stored !== STORED || size !== copy.length) return undefined;
	let at = HEAD * 4;
	// Wide columns come first: they start at multiples of four.
	const wide = (length: number): Uint32Array => {
		at += length * 4;
		return new Uint32Array(copy.buffer, at - length * 4, length);
	};
	const narrow = (length: number): Uint8Array => {
		at += length;
		return copy.subarray(at - length, at);
	};
	const [subjects, authors, dates] = [wide(rows), wide(rows), wide(rows)];
	const [owners, said] = [wide(words), wide(words)];
	const [ids, targets] = [narrow(rows * idBytes), narrow(words * idBytes)];
	const [kinds, digits] = [narrow(words), narrow(words)];
	const tips = Buffer.from(narrow(text)).toString().split('\n').filter(Boolean);
	const table = { idBytes, ids, subjects, authors, dates, owners, kinds, digits, targets, said };
	return { table, tips };
}

function columnsOf(table: WordTable): (Uint8Array | Uint32Array)[] {
	const { subjects, authors, dates, owners, said, ids, targets, kinds, digits } = table;
	return [subjects, authors, dates, owners, said, ids, targets, kinds, digits];
}

function bytesOf(values: Uint8Array | Uint32Array): Uint8Array {
	return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
