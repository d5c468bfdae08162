/**
 * Writes packs and their indexes by hand (gitformat-pack), sound in their checksums and wrong in what
 * a test wants wrong.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

export interface PackEntry {
	/** As the index has it, true or not. */
	readonly oid: string;
	/** 1 commit, 2 tree, 3 blob, 4 tag, 6 delta by offset, 7 delta by name. */
	readonly type: number;
	readonly data: Buffer;
	/** Bytes that the header tells; the real number when left out. */
	readonly size?: number;
	/** How far before it its base begins, bytes. */
	readonly back?: number;
	readonly base?: string;
}

/** The bytes of a pack and of its index; `oids` in the order of the entries. */
export function makePack(entries: readonly PackEntry[]): {
	pack: Buffer;
	index: Buffer;
	oids: string[];
} {
	const offsets = new Map<string, number>();
	const parts = [Buffer.from('PACK'), uint32(2), uint32(entries.length)];
	let offset = 12;
	for (const { oid, type, data, size = data.length, back, base } of entries) {
		const bytes = Buffer.concat([
			header(type, size),
			back === undefined ? Buffer.alloc(0) : Buffer.from([back]),
			base === undefined ? Buffer.alloc(0) : Buffer.from(base, 'hex'),
			deflateSync(data),
		]);
		offsets.set(oid, offset);
		parts.push(bytes);
		offset += bytes.length;
	}
	const pack = withSum(Buffer.concat(parts));
	const oids = entries.map(({ oid }) => oid);
	const sorted = [...oids].sort();
	const fanout = Array.from({ length: 256 }, (_, byte) =>
		uint32(sorted.filter((oid) => Number.parseInt(oid.slice(0, 2), 16) <= byte).length),
	);
	const index = withSum(
		Buffer.concat([
			Buffer.from('ff744f6300000002', 'hex'),
			...fanout,
			...sorted.map((oid) => Buffer.from(oid, 'hex')),
			...sorted.map(() => uint32(0)),
			...sorted.map((oid) => uint32(offsets.get(oid) ?? 0)),
			pack.subarray(-20),
		]),
	);
	return { pack, index, oids };
}

function header(type: number, size: number): Buffer {
	const bytes = [(type << 4) | (size % 16)];
	for (let left = Math.floor(size / 16); left > 0; left = Math.floor(left / 128)) {
		bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
		bytes.push(left % 128);
	}
	return Buffer.from(bytes);
}

function uint32(number: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(number);
	return bytes;
}

function withSum(bytes: Buffer): Buffer {
	return Buffer.concat([bytes, createHash('sha1').update(bytes).digest()]);
}
