/**
 * What a diff does before it searches, as git's xdl_optimize_ctxs() does it: trims what is equal at
 * both ends, and takes lines out of the search that the other side has not, or has too often.
 */
import { at, put, take } from './memory';
import { left, right, Side } from './side';

const MAX_EQUAL_LIMIT: i32 = 1024;
const SCAN_WINDOW: i32 = 100;
const DISCARD_RATIO: i32 = 4;

/** How often the other side has a line: never, seldom, or too often to be searched for. */
const NEVER: u8 = 0;
const SELDOM: u8 = 1;
const OFTEN: u8 = 2;

/** xdiff's rough square root: a power of two. */
export function bogoSqrt(n: i32): i32 {
	let root = 1;
	for (let rest = n; rest > 0; rest >>= 2) root <<= 1;
	return root;
}

/** Marks the lines that need no search as changed, and keeps those that do. */
export function prepare(): void {
	const shorter = min(left.length, right.length);
	let start = 0;
	while (start < shorter && at(left.ids, start) === at(right.ids, start)) start++;
	let same = 0;
	while (
		same < shorter - start &&
		at(left.ids, left.length - 1 - same) === at(right.ids, right.length - 1 - same)
	) {
		same++;
	}
	const leftEnd = left.length - same;
	const rightEnd = right.length - same;
	if (start === leftEnd || start === rightEnd) {
		left.markAll(start, leftEnd);
		right.markAll(start, rightEnd);
		return;
	}
	const most = max(mostOf(left, start, leftEnd), mostOf(right, start, rightEnd));
	const inLeft = countsOf(left, right, start, rightEnd, most);
	const inRight = countsOf(right, left, start, leftEnd, most);
	discard(left, start, leftEnd, inRight);
	discard(right, start, rightEnd, inLeft);
}

/** The greatest id of the lines from `start` to `end`; -1 for none. */
function mostOf(side: Side, start: i32, end: i32): i32 {
	let most = -1;
	for (let line = start; line < end; line++) most = max(most, at(side.ids, line));
	return most;
}

/**
 * How often a side has each line of the other that stands from `start` to `end`, by id; of other ids nothing is
 * said. Interners count up from 0, so a table is small; an id below that counts as one that the side has not.
 */
function countsOf(side: Side, other: Side, start: i32, end: i32, most: i32): usize {
	const counts = take(((most as u64) + 1) << 2);
	for (let line = start; line < end; line++) {
		const id = at(other.ids, line);
		if (id >= 0) put(counts, id, 0);
	}
	for (let line = 0; line < side.length; line++) {
		const id = at(side.ids, line);
		if (id >= 0 && id <= most) put(counts, id, at(counts, id) + 1);
	}
	return counts;
}

/** Keeps the lines of a side from `start` to `end` that are to be searched for, and marks the others. */
function discard(side: Side, start: i32, end: i32, counts: usize): void {
	const limit = min(bogoSqrt(side.length), MAX_EQUAL_LIMIT);
	const matches = take((end - start) as u64) - (start as usize);
	for (let line = start; line < end; line++) {
		const id = at(side.ids, line);
		const found = id < 0 ? 0 : at(counts, id);
		store<u8>(matches + (line as usize), found === 0 ? NEVER : found >= limit ? OFTEN : SELDOM);
	}
	const kept = take(((end - start) as u64) << 2);
	const index = take(((end - start) as u64) << 2);
	let size = 0;
	for (let line = start; line < end; line++) {
		const match = load<u8>(matches + (line as usize));
		if (match === SELDOM || (match === OFTEN && !isNoise(matches, line, start, end - 1))) {
			put(index, size, line);
			put(kept, size++, at(side.ids, line));
		} else side.mark(line, true);
	}
	side.kept = kept;
	side.index = index;
	side.keptLength = size;
}

/** Whether a line with many matches stands among lines that have none. */
function isNoise(matches: usize, line: i32, start: i32, end: i32): bool {
	const first = max(start, line - SCAN_WINDOW);
	const last = min(end, line + SCAN_WINDOW);
	let none = 0;
	let many = 1;
	for (let r = line - 1; r >= first; r--) {
		const match = load<u8>(matches + (r as usize));
		if (match === SELDOM) break;
		if (match === NEVER) none++;
		else many++;
	}
	if (none === 0) return false;
	let noneAfter = 0;
	let manyAfter = 1;
	for (let r = line + 1; r <= last; r++) {
		const match = load<u8>(matches + (r as usize));
		if (match === SELDOM) break;
		if (match === NEVER) noneAfter++;
		else manyAfter++;
	}
	if (noneAfter === 0) return false;
	none += noneAfter;
	many += manyAfter;
	return many * DISCARD_RATIO < many + none;
}
