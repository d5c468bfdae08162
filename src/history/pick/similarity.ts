/**
 * How alike two files are, as git's rename detection measures it (diffcore-delta.c): how many bytes of the
 * one stand in lines, or pieces of 64 bytes, that the other has too.
 *
 * As git before 2.44 does it, a last line without newline is not counted.
 */
import { isBinary } from '../../patch/merge-contents.ts';

/** The likeness of a file to itself. */
export const MAX_SCORE = 60_000;
/** What makes a rename, where nothing else is asked for: 50 %. */
export const RENAME_SCORE = 30_000;

/** Lines of a file by their hash, and how many bytes they have together. */
export interface Spans {
	/** Bytes of the file. */
	readonly size: number;
	/** Ascending. */
	readonly hashes: Uint32Array;
	readonly bytes: Uint32Array;
}

const LONGEST = 64;
const HASH_BASE = 107_927;

/** The lines of a file, hashed. */
export function spansOf(content: Uint8Array): Spans {
	const isText = !isBinary(content);
	const found = new Map<number, number>();
	let low = 0;
	let high = 0;
	let length = 0;
	for (let i = 0; i < content.length; i++) {
		const byte = content[i] ?? 0;
		if (isText && byte === 13 && content[i + 1] === 10) continue;
		const before = low;
		low = (((low << 7) ^ (high >>> 25)) + byte) | 0;
		high = (high << 7) ^ (before >>> 25);
		if (++length < LONGEST && byte !== 10) continue;
		const hash = ((low + Math.imul(high, 0x61)) >>> 0) % HASH_BASE;
		found.set(hash, (found.get(hash) ?? 0) + length);
		length = 0;
		low = 0;
		high = 0;
	}
	const hashes = Uint32Array.from(found.keys()).sort();
	return {
		size: content.length,
		hashes,
		bytes: hashes.map((hash) => found.get(hash) ?? 0),
	};
}

/** Whether files of these sizes can be as alike as a score says; sizes in bytes. */
export function mayBeAlike(one: number, other: number, minimum: number): boolean {
	const largest = Math.max(one, other);
	return largest * (MAX_SCORE - minimum) >= Math.abs(one - other) * MAX_SCORE;
}

/** How much of a file another has; 0 to {@link MAX_SCORE}. */
export function similarity(source: Spans, target: Spans): number {
	if (target.size === 0) return 0;
	let copied = 0;
	for (let i = 0, j = 0; i < source.hashes.length && j < target.hashes.length; ) {
		const one = source.hashes[i] ?? 0;
		const other = target.hashes[j] ?? 0;
		if (one === other) copied += Math.min(source.bytes[i++] ?? 0, target.bytes[j++] ?? 0);
		else if (one < other) i++;
		else j++;
	}
	return Math.floor((copied * MAX_SCORE) / Math.max(source.size, target.size));
}
