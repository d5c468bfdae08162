/**
 * The release index as a file: a header with versions, a table of contents, and sections, each with
 * a checksum and most of them compressed. What a section says is the business of others.
 *
 * Header, 20 bytes, numbers least significant byte first: `RFX1`; format, extractor and Kconfig
 * parser version, 16 bits each, and 16 bits of 0; bytes of the table of contents, 32 bits; CRC-32
 * of the bytes before and of the table. Sections follow the table without gaps, to the end.
 */
import { brotliCompressSync, brotliDecompressSync, constants, crc32 } from 'node:zlib';
import { EXTRACTOR_VERSION } from '../src/driver/facts.ts';
import { LINKER_VERSION } from '../src/driver/link.ts';
import { RangefinderError } from '../src/errors.ts';
import { KCONFIG_VERSION } from '../src/kernel/kconfig.ts';
import { ByteReader, ByteWriter } from './index-bytes.ts';

/** Raised when a program that reads the old format would misread the new one. */
export const FORMAT_VERSION = 1;

/** What has to be equal for an index to be of use to this program. */
export interface IndexVersion {
	format: number;
	/** EXTRACTOR_VERSION of the program that built it. */
	extractor: number;
	/** KCONFIG_VERSION of the program that built it. */
	kconfig: number;
	/** LINKER_VERSION of the program that built it. */
	linker: number;
}

/** The versions that this program writes and reads. */
export const OWN_VERSION: IndexVersion = {
	format: FORMAT_VERSION,
	extractor: EXTRACTOR_VERSION,
	kconfig: KCONFIG_VERSION,
	linker: LINKER_VERSION,
};

const MAGIC = Buffer.from('RFX1');
const HEADER = 20;
const CRC_AT = 16;

/** A section that says it is larger is refused, not decompressed: it could ask for all memory. */
const LARGEST_SECTION = 64 * 1024 * 1024;

/** Where a section is and what it weighs. */
export interface Section {
	name: string;
	/** Offset in the file. */
	at: number;
	/** Bytes in the file. */
	stored: number;
	/** Bytes after decompression; the same as `stored` for a section that is not compressed. */
	size: number;
	crc: number;
}

/** The sections as one file, in the order given. Names in `raw` are stored uncompressed. */
export function encodeContainer(
	version: IndexVersion,
	sections: ReadonlyMap<string, Uint8Array>,
	raw: ReadonlySet<string>,
): Uint8Array {
	const table = new ByteWriter();
	const bodies: Uint8Array[] = [];
	table.varint(sections.size);
	for (const [name, content] of sections) {
		const packed = raw.has(name) ? content : compress(content);
		const body = packed.length < content.length ? packed : content;
		table.string(name);
		table.varint(body.length);
		table.varint(content.length);
		table.uint32(crc32(body));
		bodies.push(body);
	}
	const contents = table.done();
	const header = Buffer.alloc(HEADER);
	MAGIC.copy(header);
	header.writeUInt16LE(version.format, 4);
	header.writeUInt16LE(version.extractor, 6);
	header.writeUInt16LE(version.kconfig, 8);
	header.writeUInt16LE(version.linker, 10);
	header.writeUInt32LE(contents.length, 12);
	header.writeUInt32LE(crc32(contents, crc32(header.subarray(0, CRC_AT))), CRC_AT);
	return Buffer.concat([header, contents, ...bodies]);
}

function compress(content: Uint8Array): Uint8Array {
	return brotliCompressSync(content, {
		params: {
			[constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
			[constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
			[constants.BROTLI_PARAM_SIZE_HINT]: content.length,
		},
	});
}

/** An opened file: its sections by name, read and checked one by one when they are asked for. */
export class Container {
	readonly sections: ReadonlyMap<string, Section>;
	readonly #bytes: Uint8Array;
	readonly #where: string;

	/**
	 * @param where names the file in failures
	 * @param wanted versions that this program reads
	 * Throws index-version for other versions, index-unreadable for anything else that is wrong.
	 */
	constructor(bytes: Uint8Array, where: string, wanted: IndexVersion) {
		this.#bytes = bytes;
		this.#where = where;
		this.sections = contents(bytes, where, wanted);
	}

	/** A section's bytes; undefined when there is no such section. Throws index-unreadable. */
	read(name: string): Uint8Array | undefined {
		const section = this.sections.get(name);
		if (section === undefined) return undefined;
		const { at, stored, size, crc } = section;
		const body = this.#bytes.subarray(at, at + stored);
		if (crc32(body) !== crc) throw unreadable(this.#where, `section ${name} is damaged`);
		if (stored === size) return body;
		if (size > LARGEST_SECTION) throw unreadable(this.#where, `section ${name} is too large`);
		return guarded(this.#where, `section ${name}`, () => {
			const content = brotliDecompressSync(body, { maxOutputLength: Math.max(size, 1) });
			if (content.length !== size) throw new RangeError('it has another length');
			return content;
		});
	}

	/** What `decode` makes of a section that has to be there. Throws index-unreadable. */
	decode<T>(name: string, decode: (bytes: Uint8Array) => T): T {
		const bytes = this.read(name);
		if (bytes === undefined) throw unreadable(this.#where, `section ${name} is missing`);
		return guarded(this.#where, `section ${name}`, () => decode(bytes));
	}
}

/** The failure for an index that cannot be used. */
export function unreadable(where: string, what: string, cause?: unknown): RangefinderError {
	return new RangefinderError({ code: 'index-unreadable', where, what }, { cause });
}

/** Runs a decoder; whatever it throws says that the bytes are not what a writer made. Throws index-unreadable. */
export function guarded<T>(where: string, what: string, decode: () => T): T {
	try {
		return decode();
	} catch (error) {
		if (error instanceof RangefinderError) throw error;
		const why = error instanceof Error ? error.message : String(error);
		throw unreadable(where, `${what} is damaged (${why})`, error);
	}
}

function contents(bytes: Uint8Array, where: string, wanted: IndexVersion): Map<string, Section> {
	if (bytes.length === 0) throw unreadable(where, 'the file is empty');
	if (!MAGIC.equals(bytes.subarray(0, MAGIC.length))) {
		throw unreadable(where, 'not a release index');
	}
	if (bytes.length < HEADER) throw unreadable(where, `cut short after ${bytes.length} bytes`);
	const header = Buffer.from(bytes.buffer, bytes.byteOffset, HEADER);
	const format = header.readUInt16LE(4);
	if (format !== wanted.format) throw otherVersion(where, `${format}`, `${wanted.format}`);
	const end = HEADER + header.readUInt32LE(12);
	if (end > bytes.length) throw unreadable(where, `cut short after ${bytes.length} bytes`);
	const table = bytes.subarray(HEADER, end);
	if (crc32(table, crc32(header.subarray(0, CRC_AT))) !== header.readUInt32LE(CRC_AT)) {
		throw unreadable(where, 'its table of contents is damaged');
	}
	const found = versionText({
		format,
		extractor: header.readUInt16LE(6),
		kconfig: header.readUInt16LE(8),
		linker: header.readUInt16LE(10),
	});
	const own = versionText(wanted);
	if (found !== own) throw otherVersion(where, found, own);
	return guarded(where, 'its table of contents', () => sectionsOf(table, end, bytes.length, where));
}

function sectionsOf(
	table: Uint8Array,
	start: number,
	length: number,
	where: string,
): Map<string, Section> {
	const sections = new Map<string, Section>();
	const from = new ByteReader(table);
	let at = start;
	for (let left = from.count(); left > 0; left--) {
		const name = from.string();
		const stored = from.varint();
		sections.set(name, { name, at, stored, size: from.varint(), crc: from.uint32() });
		at += stored;
	}
	if (at > length) throw unreadable(where, `cut short: ${length} of ${at} bytes`);
	if (at < length) throw unreadable(where, `${length - at} bytes too many at its end`);
	return sections;
}

function versionText({ format, extractor, kconfig, linker }: IndexVersion): string {
	return `${format} (facts ${extractor}.${kconfig}.${linker})`;
}

function otherVersion(where: string, found: string, wanted: string): RangefinderError {
	return new RangefinderError({ code: 'index-version', where, found, wanted });
}
