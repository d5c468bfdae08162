/**
 * Line sequences of the release index. Every distinct line has a number, given in order of first
 * appearance; a version of a file is a list of runs: lines copied from the version before it, or
 * lines with consecutive numbers.
 */
import type { Fingerprints } from '../src/patch/lines.ts';
import { ByteReader, ByteWriter, unzigzag, zigzag } from './index-bytes.ts';

/** One version of a file: the number of each of its lines. */
export interface LineSequence {
	readonly ids: Int32Array;
	readonly finalNewline: boolean;
}

/** Bytes of one line in the table: 5 of the loose fingerprint, 4 of the shape. */
export const LINE_BYTES = 9;
/** How many places of a line in the version before are tried for the longest copy. */
const TRIED = 24;
const TWO_32 = 0x1_0000_0000;

/** Numbers lines by their fingerprints. */
export class LineTable {
	readonly #ids = new Map<string, number>();
	readonly #bytes = new ByteWriter();

	/** The sequence of a file, new lines added to the table. */
	sequence(of: Fingerprints): LineSequence {
		const ids = new Int32Array(of.loose.length);
		for (let i = 0; i < ids.length; i++) ids[i] = this.#id(of.loose[i] ?? 0, of.shape[i] ?? 0);
		return { ids, finalNewline: of.finalNewline };
	}

	/** The table as bytes: {@link LINE_BYTES} a line, in order of their numbers. */
	done(): Uint8Array {
		return this.#bytes.done();
	}

	#id(loose: number, shape: number): number {
		const key = `${loose},${shape}`;
		const found = this.#ids.get(key);
		if (found !== undefined) return found;
		const id = this.#ids.size;
		this.#ids.set(key, id);
		this.#bytes.uint32(loose % TWO_32);
		this.#bytes.bytes(Uint8Array.of(Math.floor(loose / TWO_32)));
		this.#bytes.uint32(shape);
		return id;
	}
}

/**
 * The fingerprints of some lines of a table. Throws RangeError for a line that is not in it.
 * @param ids line numbers.
 */
export function fingerprintsOf(
	table: Uint8Array,
	ids: Int32Array,
): { loose: Float64Array; shape: Uint32Array } {
	const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
	const loose = new Float64Array(ids.length);
	const shape = new Uint32Array(ids.length);
	for (let i = 0; i < ids.length; i++) {
		const at = (ids[i] ?? 0) * LINE_BYTES;
		loose[i] = view.getUint32(at, true) + view.getUint8(at + 4) * TWO_32;
		shape[i] = view.getUint32(at + 5, true);
	}
	return { loose, shape };
}

/** The versions of one path, oldest first, as bytes. */
export function encodeVersions(versions: readonly LineSequence[]): Uint8Array {
	const runs = new ByteWriter();
	const copies = new ByteWriter();
	const numbers = new ByteWriter();
	let before: Int32Array = new Int32Array(0);
	let next = 0;
	for (const { ids, finalNewline } of versions) {
		runs.varint(ids.length * 2 + (finalNewline ? 1 : 0));
		const places = placesOf(before);
		let expected = 0;
		for (let at = 0; at < ids.length; ) {
			const copy = longestCopy(before, places, ids, at, expected);
			if (copy.length > 0) {
				runs.varint(copy.length * 2);
				copies.varint(zigzag(copy.from - expected));
				expected = copy.from + copy.length;
				at += copy.length;
				continue;
			}
			const first = ids[at] ?? 0;
			let length = 1;
			while (ids[at + length] === first + length && !places.has(first + length)) length++;
			runs.varint(length * 2 + 1);
			numbers.varint(zigzag(first - next));
			next = first + length;
			at += length;
		}
		before = ids;
	}
	const out = new ByteWriter();
	out.varint(versions.length);
	for (const column of [runs, copies, numbers]) {
		out.varint(column.length);
		out.bytes(column.done());
	}
	return out.done();
}

/** The versions that {@link encodeVersions} made into bytes. Throws RangeError for other bytes. */
export function decodeVersions(bytes: Uint8Array): LineSequence[] {
	const from = new ByteReader(bytes);
	const count = from.count();
	const column = () => new ByteReader(from.bytes(from.varint()));
	const runs = column();
	const copies = column();
	const numbers = column();
	const versions: LineSequence[] = [];
	let before: Int32Array = new Int32Array(0);
	let next = 0;
	let lines = 0;
	for (let version = 0; version < count; version++) {
		const head = runs.varint();
		const length = Math.floor(head / 2);
		lines += length;
		if (lines > MAX_LINES) throw new RangeError('a file has too many lines');
		const ids = new Int32Array(length);
		let expected = 0;
		for (let at = 0; at < length; ) {
			const run = runs.varint();
			const size = Math.floor(run / 2);
			if (size === 0 || at + size > length) throw new RangeError('a run of lines is damaged');
			if (run % 2 === 0) {
				const start = expected + unzigzag(copies.varint());
				expected = start + size;
				if (start < 0 || expected > before.length) throw new RangeError('a copy is damaged');
				ids.set(before.subarray(start, expected), at);
			} else {
				const start = next + unzigzag(numbers.varint());
				next = start + size;
				for (let k = 0; k < size; k++) ids[at + k] = start + k;
			}
			at += size;
		}
		versions.push({ ids, finalNewline: head % 2 === 1 });
		before = ids;
	}
	return versions;
}

/** More than all versions of any source file have; keeps damaged lengths from asking for all memory. */
const MAX_LINES = 4_000_000;

function placesOf(ids: Int32Array): Map<number, number[]> {
	const places = new Map<number, number[]>();
	for (let i = 0; i < ids.length; i++) {
		const id = ids[i] ?? 0;
		const known = places.get(id);
		if (known === undefined) places.set(id, [i]);
		else known.push(i);
	}
	return places;
}

/** The longest run of `before` that stands in `ids` at `at`; going on where the last one ended wins. */
function longestCopy(
	before: Int32Array,
	places: ReadonlyMap<number, readonly number[]>,
	ids: Int32Array,
	at: number,
	expected: number,
): { from: number; length: number } {
	const common = (from: number): number => {
		let length = 0;
		while (
			at + length < ids.length &&
			from + length < before.length &&
			before[from + length] === ids[at + length]
		) {
			length++;
		}
		return length;
	};
	let best = { from: expected, length: common(expected) };
	const known = places.get(ids[at] ?? 0);
	if (known === undefined) return best;
	// The places after the expected one come first: most edits delete or insert.
	const ahead = Math.max(
		0,
		known.findIndex((place) => place > expected),
	);
	for (let k = 0; k < Math.min(TRIED, known.length); k++) {
		const from = known[(ahead + k) % known.length] ?? 0;
		const length = common(from);
		if (length > best.length) best = { from, length };
	}
	return best;
}
