/**
 * The text of a mail: parts (RFC 2046) found without recursion, transfer encodings, charsets,
 * format=flowed (RFC 3676). A MIME library of the registry would do this too, but none of those
 * measured reads a quarter of the 30 MB a second that intake has to (see README).
 */
import {
	decodeText,
	type HeaderBlock,
	parameter,
	quotedPrintable,
	readHeaders,
} from './headers.ts';

/** A part of a mail that may hold a message or a diff. */
export interface TextPart {
	text: string;
	/** Lines of the mail before it. */
	line: number;
	/** Not the first part of the mail. */
	attached: boolean;
	/** Set for format=flowed: the text as it was sent, `text` having its lines joined again. */
	sent?: string;
}

export interface Mail {
	/** By name in lower case, decoded. */
	headers: Map<string, string>;
	parts: TextPart[];
}

/** A part before it is decoded. */
interface Leaf {
	headers: Map<string, string>;
	start: number;
	end: number;
	line: number;
}

/** A boundary is at most 70 characters (RFC 2046); mailers were seen to take more. */
const LONGEST_BOUNDARY = 200;
/** How much of a decoded part is looked at for bytes that no text has. */
const PROBE = 8192;

/**
 * Splits a mail into headers and decoded text parts; undefined when `bytes` do not start with a
 * header block that names a sender or a subject.
 */
export function parseMail(bytes: Uint8Array): Mail | undefined {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const block = readHeaders(buffer);
	if (!block.fields.has('from') && !block.fields.has('subject')) return undefined;
	const parts: TextPart[] = [];
	for (const leaf of leavesOf(buffer, block)) {
		const part = decodeLeaf(buffer, leaf, parts.length > 0);
		if (part !== undefined) parts.push(part);
	}
	return { headers: block.fields, parts };
}

/** The parts that are no multipart themselves, in order. */
function leavesOf(bytes: Buffer, block: HeaderBlock): Leaf[] {
	const opened = openPart(bytes, block, bytes.length);
	if (opened.boundary === undefined) return [{ ...opened, end: bytes.length }];
	const leaves = new PartReader(bytes, opened.boundary, opened.start, opened.line).read();
	// A multipart without any of its boundaries is the text itself.
	return leaves ?? [{ ...opened, end: bytes.length }];
}

interface OpenPart {
	headers: Map<string, string>;
	start: number;
	line: number;
	boundary: string | undefined;
}

/** Steps into a message that is carried whole, so that its own text is what is read. */
function openPart(bytes: Buffer, block: HeaderBlock, until: number, lineBefore = 0): OpenPart {
	let { fields, end } = block;
	let line = lineBefore + block.lines;
	while (/^message\/rfc822/i.test(fields.get('content-type') ?? '')) {
		if (/base64|quoted/i.test(fields.get('content-transfer-encoding') ?? '')) break;
		const inner = readHeaders(bytes, end, until);
		if (!inner.any) break;
		fields = inner.fields;
		end = inner.end;
		line += inner.lines;
	}
	const type = fields.get('content-type') ?? '';
	const boundary = /^multipart\//i.test(type) ? parameter(type, 'boundary') : undefined;
	const usable = boundary !== undefined && boundary !== '' && boundary.length <= LONGEST_BOUNDARY;
	return { headers: fields, start: end, line, boundary: usable ? boundary : undefined };
}

/** Finds the parts of a multipart in one pass, however deep they are nested. */
class PartReader {
	readonly #bytes: Buffer;
	/** Boundaries that are open, the outermost first, and their depths. */
	readonly #open: string[] = [];
	readonly #depths = new Map<string, number>();
	readonly #leaves: Leaf[] = [];
	#leaf: Omit<Leaf, 'end'> | undefined;
	#position: number;
	#line: number;
	#counted: number;

	constructor(bytes: Buffer, boundary: string, start: number, line: number) {
		this.#bytes = bytes;
		this.#position = start;
		this.#counted = start;
		this.#line = line;
		this.#push(boundary);
	}

	/** The leaves; undefined when no boundary was found at all. */
	read(): Leaf[] | undefined {
		let found = false;
		for (let at = this.#nextDashes(); at >= 0; at = this.#nextDashes()) {
			const newline = this.#bytes.indexOf(10, at);
			const end = newline < 0 ? this.#bytes.length : newline;
			this.#position = end;
			if (end - at > LONGEST_BOUNDARY + 8) continue;
			const line = this.#bytes.toString('latin1', at + 2, end).trimEnd();
			const depth = this.#depths.get(line);
			const closed = depth === undefined && line.endsWith('--');
			const close = closed ? this.#depths.get(line.slice(0, -2)) : undefined;
			if (depth === undefined && close === undefined) continue;
			found = true;
			this.#endLeaf(at);
			if (close !== undefined) this.#popTo(close);
			else if (depth !== undefined) {
				this.#popTo(depth + 1);
				this.#openPart(end + 1);
			}
		}
		this.#endLeaf(this.#bytes.length + 1);
		return found ? this.#leaves : undefined;
	}

	/** The next `--` at the start of a line. */
	#nextDashes(): number {
		const bytes = this.#bytes;
		const at = this.#position;
		if (this.#open.length === 0 || at >= bytes.length) return -1;
		const first = at === 0 || bytes[at - 1] === 10;
		if (first && bytes[at] === 45 && bytes[at + 1] === 45) return at;
		const found = bytes.indexOf('\n--', at, 'latin1');
		return found < 0 ? -1 : found + 1;
	}

	#openPart(start: number): void {
		// A part may start with the blank line: it has no headers then.
		const bare = this.#bytes[start] === 10 || this.#bytes[start] === 13;
		const skipped = bare ? this.#bytes.indexOf(10, start) + 1 : start;
		const own = bare
			? { fields: new Map(), any: false, end: skipped, lines: 1 }
			: readHeaders(this.#bytes, start);
		this.#countTo(start);
		const part = openPart(this.#bytes, own, this.#bytes.length, this.#line);
		this.#position = Math.max(start, part.start - 1);
		if (part.boundary === undefined) this.#leaf = part;
		else this.#push(part.boundary);
	}

	#countTo(position: number): void {
		for (
			let at = this.#bytes.indexOf(10, this.#counted);
			at >= 0 && at < position;
			at = this.#bytes.indexOf(10, at + 1)
		) {
			this.#line++;
		}
		this.#counted = position;
	}

	/** Ends the open leaf before the boundary line at `at`; the newline before that is the boundary's. */
	#endLeaf(at: number): void {
		if (this.#leaf !== undefined) {
			let end = Math.max(this.#leaf.start, at - 1);
			if (end > this.#leaf.start && this.#bytes[end - 1] === 13) end--;
			this.#leaves.push({ ...this.#leaf, end });
		}
		this.#leaf = undefined;
	}

	#push(boundary: string): void {
		// The same boundary within itself cannot be told apart: the outer one counts.
		if (this.#depths.has(boundary)) return;
		this.#depths.set(boundary, this.#open.length);
		this.#open.push(boundary);
	}

	#popTo(depth: number): void {
		for (const boundary of this.#open.splice(depth)) this.#depths.delete(boundary);
	}
}

/** Decodes a part; undefined for what is no text: pictures, HTML, signatures. */
function decodeLeaf(bytes: Buffer, leaf: Leaf, later: boolean): TextPart | undefined {
	const type = leaf.headers.get('content-type') ?? 'text/plain';
	if (!isText(type)) return undefined;
	const raw = bytes.subarray(leaf.start, leaf.end);
	const encoding = (leaf.headers.get('content-transfer-encoding') ?? '').toLowerCase();
	let decoded = raw;
	if (encoding.includes('base64')) decoded = Buffer.from(raw.toString('latin1'), 'base64');
	else if (encoding.includes('quoted-printable')) decoded = quotedPrintable(raw);
	const opaque = !/^text\//i.test(type);
	if (opaque && decoded.subarray(0, PROBE).includes(0)) return undefined;
	const text = decodeText(decoded, parameter(type, 'charset'));
	const part: TextPart = { text, line: leaf.line, attached: later };
	if (/^flowed$/i.test(parameter(type, 'format') ?? '')) {
		part.sent = text;
		part.text = unflow(text, /^yes$/i.test(parameter(type, 'delsp') ?? ''));
	}
	return part;
}

function isText(type: string): boolean {
	if (/^text\//i.test(type)) return !/^text\/(html|calendar|vcard|x-vcard|css)/i.test(type);
	// Mailers that do not know what a .patch is call it a stream of bytes.
	return /^application\/(x-patch|x-diff|octet-stream|mbox)/i.test(type) || !type.includes('/');
}

/** Joins lines that were broken softly, and takes off the space that was stuffed in, as git mailinfo. */
export function unflow(text: string, delSp: boolean): string {
	const out: string[] = [];
	let held: string[] = [];
	for (const sent of text.split('\n')) {
		const line = sent.endsWith('\r') ? sent.slice(0, -1) : sent;
		if (line === '-- ') {
			if (held.length > 0) out.push(held.join(''));
			held = [];
			out.push(line);
			continue;
		}
		const bare = line.startsWith(' ') ? line.slice(1) : line;
		if (bare.endsWith(' ')) held.push(delSp ? bare.slice(0, -1) : bare);
		else {
			held.push(bare);
			out.push(held.join(''));
			held = [];
		}
	}
	if (held.length > 0) out.push(held.join(''));
	return out.join('\n');
}
