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
	if (start === aEnd || start === bEnd) {
		return [allChanged(a, start, aEnd), allChanged(b, start, bEnd)];
	}
	const few = aEnd - start + (bEnd - start) <= FEW;
	const inB = few ? lookedUp(a, start, aEnd, b) : counted(a, start, aEnd, countsOf(b));
	const inA = few ? lookedUp(b, start, bEnd, a) : counted(b, start, bEnd, countsOf(a));
	return [discard(a, start, aEnd, inB), discard(b, start, bEnd, inA)];
}

/** The sides of a diff in which one has nothing between what is equal at both ends. */
function allChanged(ids: Int32Array, start: number, end: number): Side {
	const changed = new Uint8Array(ids.length).fill(1, start, end);
	const none = new Int32Array(0);
	return { ids, changed, kept: none, index: none };
}

/** With how many matches a line has too many to be searched for. */
function limitOf(ids: Int32Array): number {
	return Math.min(bogoSqrt(ids.length), MAX_EQUAL_LIMIT);
}

/** Per line from `start` to `end` whether the other side has it: 0 never, 1 seldom, 2 too often. */
function lookedUp(ids: Int32Array, start: number, end: number, other: Int32Array): Uint8Array {
	const limit = limitOf(ids);
	const matches = new Uint8Array(ids.length);
	for (let i = start; i < end; i++) {
		const id = ids[i] ?? -1;
		let found = 0;
		for (let at = other.indexOf(id); at >= 0 && found < limit; at = other.indexOf(id, at + 1)) {
			found++;
		}
		matches[i] = found === 0 ? 0 : found >= limit ? 2 : 1;
	}
	return matches;
}

/** As {@link lookedUp}, by a table of how often the other side has each line. */
function counted(ids: Int32Array, start: number, end: number, counts: Int32Array): Uint8Array {
	const limit = limitOf(ids);
	const matches = new Uint8Array(ids.length);
	for (let i = start; i < end; i++) {
		const found = counts[ids[i] ?? -1] ?? 0;
		if (found > 0) matches[i] = found >= limit ? 2 : 1;
	}
	return matches;
}

const COUNTS = new WeakMap<Int32Array, Int32Array>();

/**
 * How often each id occurs. Interners count up from 0, so a table is smaller than a map. It is kept
 * as long as the lines are: the base of a merge is compared with every target.
 */
function countsOf(ids: Int32Array): Int32Array {
	const known = COUNTS.get(ids);
	if (known !== undefined) return known;
	let most = -1;
	for (let i = 0; i < ids.length; i++) {
		const id = ids[i] ?? -1;
		if (id > most) most = id;
	}
	const counts = new Int32Array(most + 1);
	for (let i = 0; i < ids.length; i++) {
		const id = ids[i] ?? -1;
		if (id >= 0) counts[id] = (counts[id] ?? 0) + 1;
	}
	COUNTS.set(ids, counts);
	return counts;
}

function discard(ids: Int32Array, start: number, end: number, matches: Uint8Array): Side {
	const changed = new Uint8Array(ids.length);
	const index = new Int32Array(end - start);
	const kept = new Int32Array(index.length);
	let size = 0;
	for (let i = start; i < end; i++) {
		const match = matches[i] ?? 0;
		if (match === 1 || (match === 2 && !isNoise(matches, i, start, end - 1))) {
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
