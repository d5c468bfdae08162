/**
 * What a diff does before it searches, as git's xdl_optimize_ctxs() does it: trims what is equal at
 * both ends, and takes lines out of the search that the other side has not, or has too often.
 */

const MAX_EQUAL_LIMIT = 1024;
const SCAN_WINDOW = 100;
const DISCARD_RATIO = 4;
/** So few lines are looked up one by one; more are counted in a table. */
const FEW = 32;

/** xdiff's rough square root: a power of two. */
export function bogoSqrt(n: number): number {
	let root = 1;
	for (let rest = n; rest > 0; rest >>= 2) root <<= 1;
	return root;
}

/** One side: which of its lines changed, and the lines that take part in the search. */
export interface Side {
	ids: Int32Array;
	changed: Uint8Array;
	/** Ids of the lines left after discarding, and their line numbers. */
	kept: Int32Array;
	index: Int32Array;
}

/**
 * The sides of a diff of `a` and `b`: without what is equal at both ends, and without lines that only
 * stand in the way of a search.
 */
export function prepare(a: Int32Array, b: Int32Array): [Side, Side] {
	const shorter = Math.min(a.length, b.length);
	let start = 0;
	while (start < shorter && a[start] === b[start]) start++;
	let end = 0;
	while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
	const [aEnd, bEnd] = [a.length - end, b.length - end];
	if (start === aEnd || start === bEnd)
		return [allChanged(a, start, aEnd), allChanged(b, start, bEnd)];
	if (aEnd - start + (bEnd - start) <= FEW) {
		return [
			discard(a, start, aEnd, (id, limit) => occurrences(b, id, limit)),
			discard(b, start, bEnd, (id, limit) => occurrences(a, id, limit)),
		];
	}
	const counts = new Int32Array(Math.max(largest(a), largest(b)) + 1);
	const counted = (id: number): number => counts[id] ?? 0;
	count(b, counts, 1);
	const left = discard(a, start, aEnd, counted);
	// One table for both sides: what was counted is taken back before the other side is.
	count(b, counts, -1);
	count(a, counts, 1);
	return [left, discard(b, start, bEnd, counted)];
}

/** The sides of a diff in which one has nothing between what is equal at both ends. */
function allChanged(ids: Int32Array, start: number, end: number): Side {
	const changed = new Uint8Array(ids.length).fill(1, start, end);
	const none = new Int32Array(0);
	return { ids, changed, kept: none, index: none };
}

/** How often an id occurs, counted up to a limit. */
function occurrences(ids: Int32Array, id: number, limit: number): number {
	let found = 0;
	for (let at = ids.indexOf(id); at >= 0 && found < limit; at = ids.indexOf(id, at + 1)) found++;
	return found;
}

function largest(ids: Int32Array): number {
	let most = -1;
	for (let i = 0; i < ids.length; i++) if ((ids[i] ?? 0) > most) most = ids[i] ?? 0;
	return most;
}

/** Counts how often each id occurs. Interners count up from 0, so a table is smaller than a map of them. */
function count(ids: Int32Array, counts: Int32Array, by: number): void {
	for (let i = 0; i < ids.length; i++) {
		const id = ids[i] ?? -1;
		if (id >= 0) counts[id] = (counts[id] ?? 0) + by;
	}
}

function discard(
	ids: Int32Array,
	start: number,
	end: number,
	countInOther: (id: number, limit: number) => number,
): Side {
	const limit = Math.min(bogoSqrt(ids.length), MAX_EQUAL_LIMIT);
	const changed = new Uint8Array(ids.length);
	const matches = new Uint8Array(ids.length);
	for (let i = start; i < end; i++) {
		const found = countInOther(ids[i] ?? -1, limit);
		matches[i] = found === 0 ? 0 : found >= limit ? 2 : 1;
	}
	const index = new Int32Array(Math.max(0, end - start));
	const kept = new Int32Array(index.length);
	let size = 0;
	for (let i = start; i < end; i++) {
		if (matches[i] === 1 || (matches[i] === 2 && !isNoise(matches, i, start, end - 1))) {
			index[size] = i;
			kept[size++] = ids[i] ?? 0;
		} else changed[i] = 1;
	}
	return { ids, changed, kept: kept.subarray(0, size), index: index.subarray(0, size) };
}

/** Whether a line with many matches stands among lines that have none. */
function isNoise(matches: Uint8Array, i: number, start: number, end: number): boolean {
	const first = Math.max(start, i - SCAN_WINDOW);
	const last = Math.min(end, i + SCAN_WINDOW);
	let none = 0;
	let many = 1;
	for (let r = i - 1; r >= first && matches[r] !== 1; r--) {
		if (matches[r] === 0) none++;
		else many++;
	}
	if (none === 0) return false;
	let noneAfter = 0;
	let manyAfter = 1;
	for (let r = i + 1; r <= last && matches[r] !== 1; r++) {
		if (matches[r] === 0) noneAfter++;
		else manyAfter++;
	}
	if (noneAfter === 0) return false;
	none += noneAfter;
	many += manyAfter;
	return many * DISCARD_RATIO < many + none;
}
