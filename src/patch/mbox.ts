/**
 * Splits a stream into messages: an mbox into mails, `git log -p` into commits. Anything else is one
 * message. Only the message at hand is in memory.
 */
import { RangefinderError } from '../errors.ts';

/** One message: a mail with its headers, a commit with its diff, or the whole of an input. */
export interface RawMessage {
	bytes: Uint8Array;
	/** Names it in messages to the user. */
	where: string;
	/** Why it was not read; its bytes are none then. What comes after it is read on. */
	problem?: RangefinderError;
}

/** A mail larger than this is refused; bytes. */
export const LARGEST_MESSAGE = 128 * 1024 * 1024;

/** A line that separates messages is no longer than this. */
const LONGEST_SEPARATOR = 1024;
const LF = 10;

type Form = 'mbox' | 'log' | 'single';

/**
 * A `From ` line of an mbox as git mailsplit knows it: a time with seconds, then the year; the time
 * zone that some mailers put between is allowed too.
 */
export function isFromLine(line: string): boolean {
	const time = /^From .*\d.\d\d:\d\d( +[-+]\d{4}| +[A-Z]{3,4})? +(\d{2,4})(?: [-+]\d{4})?\s*$/.exec(
		line,
	);
	return time !== null && Number(time[2]) > 90;
}

const COMMIT_LINE = /^commit (?:[0-9a-f]{40}|[0-9a-f]{64})(?: \(.*\))?\r?$/;

/** Takes chunks of bytes, gives whole messages. */
export class MessageSplitter {
	readonly #where: string;
	#form: Form | undefined;
	/** Bytes of the message at hand, up to `#tail`. */
	#pieces: Buffer[] = [];
	#size = 0;
	/** Whether the message at hand is too large, and thrown away. */
	#over = false;
	/** Bytes that were not looked at yet: a line that has not ended. */
	#tail: Buffer = Buffer.alloc(0);
	#count = 0;

	constructor(where: string) {
		this.#where = where;
	}

	/** Messages that ended in this chunk. @throws RangefinderError input-unreadable, too large */
	*push(chunk: Uint8Array): Generator<RawMessage> {
		const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		let data = this.#tail.length === 0 ? bytes : Buffer.concat([this.#tail, bytes]);
		this.#tail = Buffer.alloc(0);
		if (this.#form === undefined) {
			const form = formOf(data, false);
			if (form === undefined) {
				this.#tail = data;
				return;
			}
			this.#form = form;
		}
		const mark = this.#form === 'mbox' ? '\nFrom ' : this.#form === 'log' ? '\ncommit ' : undefined;
		let searched = 0;
		for (;;) {
			const at = mark === undefined ? -1 : data.indexOf(mark, searched, 'latin1');
			if (at < 0) break;
			const end = data.indexOf(LF, at + 1);
			if (end < 0 && data.length - at < LONGEST_SEPARATOR) {
				this.#add(data.subarray(0, at));
				this.#tail = data.subarray(at);
				return;
			}
			searched = at + 1;
			if (end < 0 || end - at > LONGEST_SEPARATOR) continue;
			if (!this.#separates(data.toString('latin1', at + 1, end))) continue;
			this.#add(data.subarray(0, at + 1));
			yield* this.#finish();
			data = data.subarray(at + 1);
			searched = 0;
		}
		// The mark itself may be cut by the end of the chunk.
		const newline = mark === undefined ? -1 : data.lastIndexOf(LF);
		const partial = newline >= 0 && data.length - newline < (mark?.length ?? 0);
		const cut = partial ? newline : data.length;
		this.#add(data.subarray(0, cut));
		this.#tail = data.subarray(cut);
	}

	/** What is left at the end of the input. */
	*end(): Generator<RawMessage> {
		this.#form ??= formOf(this.#tail, true) ?? 'single';
		this.#add(this.#tail);
		this.#tail = Buffer.alloc(0);
		yield* this.#finish();
	}

	#separates(line: string): boolean {
		return this.#form === 'mbox' ? isFromLine(line) : COMMIT_LINE.test(line);
	}

	#add(bytes: Buffer): void {
		if (bytes.length === 0) return;
		this.#size += bytes.length;
		if (this.#size > LARGEST_MESSAGE) {
			// Behind what is no mbox nothing more can come.
			if (this.#form === 'single') throw tooLarge(this.#where);
			this.#over = true;
			this.#pieces = [];
		}
		if (!this.#over) this.#pieces.push(bytes);
	}

	*#finish(): Generator<RawMessage> {
		const pieces = this.#pieces;
		const over = this.#over;
		this.#pieces = [];
		this.#over = false;
		if (this.#size === 0) return;
		this.#size = 0;
		this.#count++;
		const whole =
			pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
		const where = this.#count === 1 ? this.#where : `${this.#where} (message ${this.#count})`;
		if (over) {
			yield { bytes: new Uint8Array(), where, problem: tooLarge(where) };
			return;
		}
		yield { bytes: this.#form === 'mbox' ? unescapeFrom(whole) : whole, where };
	}
}

function tooLarge(where: string): RangefinderError {
	return new RangefinderError({
		code: 'input-unreadable',
		where,
		what: 'a mail in it is larger than 128 MiB',
	});
}

/** What an input is, by its first line; undefined while that has not ended. */
function formOf(data: Buffer, ended: boolean): Form | undefined {
	let start = 0;
	while (start < data.length && (data[start] ?? 0) <= 32) start++;
	const end = data.indexOf(LF, start);
	if (end < 0 && !ended && data.length - start < LONGEST_SEPARATOR) return undefined;
	const line = data.toString('latin1', start, end < 0 ? data.length : end);
	if (line.length > LONGEST_SEPARATOR) return 'single';
	if (isFromLine(line)) return 'mbox';
	return COMMIT_LINE.test(line) ? 'log' : 'single';
}

/**
 * Takes one mark off the lines `>From `, `>>From `, … that writers of mboxes escape (mboxrd), as
 * git mailsplit --mboxrd does. In a diff no line starts so.
 */
function unescapeFrom(bytes: Buffer): Buffer {
	if (!bytes.includes('\n>')) return bytes;
	const pieces: Buffer[] = [];
	let position = 0;
	for (let at = bytes.indexOf('>From '); at >= 0; at = bytes.indexOf('>From ', at + 1)) {
		let first = at;
		while (bytes[first - 1] === 62) first--;
		if (bytes[first - 1] !== LF || first < position) continue;
		pieces.push(bytes.subarray(position, first));
		position = first + 1;
	}
	if (pieces.length === 0) return bytes;
	pieces.push(bytes.subarray(position));
	return Buffer.concat(pieces);
}

/** Splits an input that is in memory. */
export function* splitMessages(bytes: Uint8Array, where: string): Generator<RawMessage> {
	const splitter = new MessageSplitter(where);
	yield* splitter.push(bytes);
	yield* splitter.end();
}
