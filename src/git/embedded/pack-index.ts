/**
 * The index of one pack (`.idx`, version 2 of gitformat-pack), searched where it lies: which objects
 * the pack has, and where. Its size and checksum are proved first, so that nobody trips over a
 * truncated one.
 */
import { createHash } from 'node:crypto';

const MAGIC = 0xff744f63;
const HEADER = 8;
const FANOUT = 256 * 4;
const OID = 20;
/** Checksum of the pack and of the index itself. */
const TRAILER = 2 * OID;

export class PackIndex {
	/** Objects in the pack. */
	readonly size: number;
	/** The whole file. */
	readonly bytes: Buffer<ArrayBuffer>;

	private constructor(bytes: Buffer<ArrayBuffer>, size: number) {
		this.bytes = bytes;
		this.size = size;
	}

	/**
	 * Takes the bytes of an index. Returns what is wrong with them instead: `version` for one of
	 * another version, `large` where offsets need more than 31 bits, `damaged`.
	 */
	static from(bytes: Buffer<ArrayBuffer>): PackIndex | 'version' | 'large' | 'damaged' {
		if (bytes.length < HEADER + FANOUT + TRAILER) return 'damaged';
		// Version 1 has no magic number.
		if (bytes.readUInt32BE(0) !== MAGIC || bytes.readUInt32BE(4) !== 2) return 'version';
		let size = 0;
		for (let byte = 0; byte < 256; byte++) {
			const below = bytes.readUInt32BE(HEADER + byte * 4);
			if (below < size) return 'damaged';
			size = below;
		}
		const length = HEADER + FANOUT + size * (OID + 4 + 4) + TRAILER;
		if (bytes.length < length) return 'damaged';
		const sum = createHash('sha1').update(bytes.subarray(0, -OID)).digest();
		if (!sum.equals(bytes.subarray(-OID))) return 'damaged';
		return bytes.length === length ? new PackIndex(bytes, size) : 'large';
	}

	/** Where in the pack the object begins, bytes; undefined when the pack does not have it. */
	offsetOf(oid: string): number | undefined {
		const wanted = Buffer.from(oid, 'hex');
		const at = this.#firstNotBelow(wanted);
		if (at === this.size || !this.#oidAt(at).equals(wanted)) return undefined;
		return this.bytes.readUInt32BE(HEADER + FANOUT + this.size * (OID + 4) + at * 4);
	}

	/** Ids that begin with some hex digits, at most `limit` of them. */
	withPrefix(prefix: string, limit: number): string[] {
		const from = Buffer.from(prefix.padEnd(2 * OID, '0'), 'hex');
		const found: string[] = [];
		for (let at = this.#firstNotBelow(from); at < this.size && found.length < limit; at++) {
			const oid = this.#oidAt(at).toString('hex');
			if (!oid.startsWith(prefix)) break;
			found.push(oid);
		}
		return found;
	}

	#oidAt(at: number): Buffer {
		const start = HEADER + FANOUT + at * OID;
		return this.bytes.subarray(start, start + OID);
	}

	/** The first place whose id is not less than `wanted`; the size when there is none. */
	#firstNotBelow(wanted: Buffer): number {
		const first = wanted[0] ?? 0;
		let low = first === 0 ? 0 : this.bytes.readUInt32BE(HEADER + (first - 1) * 4);
		let high = this.bytes.readUInt32BE(HEADER + first * 4);
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.#oidAt(middle).compare(wanted) < 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
