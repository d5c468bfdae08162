/**
 * Header blocks of mails and of their parts (RFC 5322): folded lines, encoded words (RFC 2047),
 * parameters (RFC 2045, with the continuations of RFC 2231). Only the fields that a patch needs are
 * kept, so that a block of any size costs time but no memory.
 */
import { isAscii, isUtf8 } from 'node:buffer';

/** Fields that are kept; what else a mail carries is skipped. */
const WANTED = new Set([
	'from',
	'subject',
	'date',
	'message-id',
	'in-reply-to',
	'references',
	'content-type',
	'content-transfer-encoding',
	'content-disposition',
]);
/** Of one field, in bytes. No thread is so deep and no subject so long; what is over is dropped. */
const LONGEST_FIELD = 64 * 1024;
/** How much of a structured field is searched for parameters, in characters. */
const LONGEST_PARAMETERS = 4096;

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const COLON = 58;

export interface HeaderBlock {
	/** Decoded and unfolded, by name in lower case; the first field of each name. */
	fields: Map<string, string>;
	/** True when any field was read, wanted or not. */
	any: boolean;
	/** Where the body starts in the bytes. */
	end: number;
	/** Lines before the body. */
	lines: number;
}

/**
 * Reads the header block at `start`. It ends with a blank line, or before a line that is no field,
 * as git mailinfo has it. A `From ` line of an mbox may stand before it.
 */
export function readHeaders(bytes: Buffer, start = 0, until = bytes.length): HeaderBlock {
	const raw = new Map<string, string[]>();
	let position = start;
	let lines = 0;
	let any = false;
	let current: string[] | undefined;
	let room = 0;
	while (position < until) {
		const newline = bytes.indexOf(LF, position);
		const next = newline < 0 || newline >= until ? until : newline + 1;
		let end = newline < 0 || newline >= until ? until : newline;
		if (end > position && bytes[end - 1] === CR) end--;
		const first = bytes[position];
		if (end === position) {
			position = next;
			lines++;
			if (!any) continue;
			break;
		}
		if ((first === SPACE || first === TAB) && any) {
			const length = Math.min(end - position, room);
			if (length > 0) current?.push(bytes.toString('latin1', position, position + length));
			room -= length;
		} else {
			const colon = fieldName(bytes, position, end);
			if (colon < 0) {
				const mbox = lines === 0 && bytes.toString('latin1', position, position + 5) === 'From ';
				if (!mbox) break;
			} else {
				any = true;
				// The longest wanted name; any other is skipped without becoming a string.
				const name =
					colon - position <= 25 ? bytes.toString('latin1', position, colon).toLowerCase() : '';
				current = undefined;
				room = LONGEST_FIELD;
				if (WANTED.has(name) && !raw.has(name)) {
					const length = Math.min(end - colon - 1, room);
					current = [bytes.toString('latin1', colon + 1, colon + 1 + length)];
					room -= length;
					raw.set(name, current);
				}
			}
		}
		position = next;
		lines++;
	}
	const fields = new Map<string, string>();
	for (const [name, pieces] of raw) fields.set(name, unfold(pieces));
	return { fields, any, end: position, lines };
}

/** The colon that ends the field name at `position`; -1 when there is none. Names have no blanks. */
function fieldName(bytes: Buffer, position: number, end: number): number {
	for (let at = position; at < end; at++) {
		const code = bytes[at] ?? 0;
		if (code === COLON) return at > position ? at : -1;
		if (code <= SPACE || code >= 127) return -1;
	}
	return -1;
}

function unfold(pieces: readonly string[]): string {
	const value = pieces.map((piece) => piece.trim()).join(' ');
	const bytes = Buffer.from(value, 'latin1');
	return decodeWords(isAscii(bytes) ? value : decodeText(bytes)).trim();
}

type Decoder = InstanceType<typeof TextDecoder>;
const DECODERS = new Map<string, Decoder | undefined>();

function decoderOf(charset: string): Decoder | undefined {
	const name = charset.toLowerCase();
	if (!DECODERS.has(name)) {
		// A mail can name any charset; those that are known are few.
		if (DECODERS.size > 64) DECODERS.clear();
		let decoder: Decoder | undefined;
		try {
			decoder = new TextDecoder(name, { ignoreBOM: true });
		} catch {
			// A charset nobody knows: treated as if none was named.
		}
		DECODERS.set(name, decoder);
	}
	return DECODERS.get(name);
}

/**
 * Decodes bytes in the charset that was named; without one, or where nobody knows it, as UTF-8 if
 * they are that, else as Latin-1, so that no byte is lost.
 */
export function decodeText(bytes: Buffer, charset?: string): string {
	if (isAscii(bytes) && !/^(iso-2022|utf-?(7|16|32)|hz)/i.test(charset ?? '')) {
		return bytes.toString('latin1');
	}
	if (charset !== undefined && !/^(utf-?8|us-ascii|ascii)$/i.test(charset)) {
		const decoder = decoderOf(charset);
		if (decoder !== undefined) return decoder.decode(bytes);
	}
	return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}

/**
 * Decodes the encoded words of a header value. White space between two of them is dropped, and
 * neighbours in one charset are joined before they are decoded: some mailers cut within a character.
 */
export function decodeWords(value: string): string {
	let out = '';
	let position = 0;
	let pending: Buffer[] = [];
	let charset = '';
	const flush = (): void => {
		if (pending.length > 0) out += decodeText(Buffer.concat(pending), charset);
		pending = [];
	};
	for (let from = 0; ; ) {
		const open = value.indexOf('=?', from);
		if (open < 0) break;
		const kindAt = value.indexOf('?', open + 2) + 1;
		const kind = value.charAt(kindAt).toLowerCase();
		const word = kindAt > 0 && value.charAt(kindAt + 1) === '?' && (kind === 'b' || kind === 'q');
		const close = word ? value.indexOf('?=', kindAt + 2) : -1;
		if (word && close < 0) break;
		if (close < 0) {
			from = open + 2;
			continue;
		}
		const between = value.slice(position, open);
		const named = value.slice(open + 2, kindAt - 1).replace(/\*.*$/, '');
		if (pending.length === 0 || between.trim() !== '') {
			flush();
			out += between;
		} else if (named !== charset) flush();
		charset = named;
		const text = value.slice(kindAt + 2, close);
		pending.push(
			kind === 'b'
				? Buffer.from(text, 'base64')
				: quotedPrintable(Buffer.from(text.replaceAll('_', ' '), 'latin1')),
		);
		position = close + 2;
		from = position;
	}
	flush();
	return out + value.slice(position);
}

/** Undoes quoted-printable; a `=` that escapes nothing stays as it is. */
export function quotedPrintable(bytes: Buffer): Buffer {
	let equals = bytes.indexOf(61);
	if (equals < 0) return bytes;
	const out = Buffer.allocUnsafe(bytes.length);
	let length = 0;
	let position = 0;
	while (equals >= 0) {
		length += bytes.copy(out, length, position, equals);
		const high = hexValue(bytes[equals + 1]);
		const low = hexValue(bytes[equals + 2]);
		if (high >= 0 && low >= 0) {
			out[length++] = high * 16 + low;
			position = equals + 3;
		} else {
			position = softBreak(bytes, equals + 1);
			if (position < 0) {
				out[length++] = 61;
				position = equals + 1;
			}
		}
		equals = bytes.indexOf(61, position);
	}
	length += bytes.copy(out, length, position);
	return out.subarray(0, length);
}

/** Where the line after a soft line break starts; -1 when `position` is at none. */
function softBreak(bytes: Buffer, position: number): number {
	let at = position;
	while (bytes[at] === SPACE || bytes[at] === TAB) at++;
	if (bytes[at] === CR) at++;
	if (at >= bytes.length) return at;
	return bytes[at] === LF ? at + 1 : -1;
}

function hexValue(code: number | undefined): number {
	if (code === undefined) return -1;
	if (code >= 48 && code <= 57) return code - 48;
	const letter = code | 32;
	return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** A parameter of a structured field, `charset` of `text/plain; charset="utf-8"`. */
export function parameter(value: string, name: string): string | undefined {
	const found = new Map<string, string>();
	const pattern = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g;
	for (const [, key = '', quoted, bare] of value.slice(0, LONGEST_PARAMETERS).matchAll(pattern)) {
		const lower = key.toLowerCase();
		if (!found.has(lower)) found.set(lower, quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
	}
	const whole = found.get(name);
	if (whole !== undefined) return whole;
	const pieces: string[] = [];
	for (let i = 0; ; i++) {
		const piece = found.get(`${name}*${i}`);
		if (piece === undefined) break;
		pieces.push(piece);
	}
	return pieces.length === 0 ? undefined : pieces.join('');
}
