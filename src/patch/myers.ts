/**
 * Myers' diff on line ids, as git's xdiff does it: the same trimming, the same discarding of lines
 * without a match, the same split heuristics, the same sliding of changes. A three-way merge is
 * clean or not depending on these, so they follow xdiff step by step.
 */

import { compact } from './compact.ts';

/** Lines `[aStart, aEnd)` of the one become lines `[bStart, bEnd)` of the other; 0-based. */
export interface Change {
	aStart: number;
	aEnd: number;
	bStart: number;
	bEnd: number;
}

const MAX_EQUAL_LIMIT = 1024;
const SCAN_WINDOW = 100;
const DISCARD_RATIO = 4;
const MIN_MAX_COST = 256;
const HEURISTIC_MIN_COST = 256;
const SNAKE = 20;
const HEURISTIC_GAIN = 4;
const FAR = 0x7fffffff;

function bogoSqrt(n: number): number {
	let root = 1;
	for (let rest = n; rest > 0; rest >>= 2) root <<= 1;
	return root;
}

/** One side: which of its lines changed, and the lines that take part in the search. */
interface Side {
	ids: Int32Array;
	changed: Uint8Array;
	/** Ids of the lines left after discarding, and their line numbers. */
	kept: Int32Array;
	index: Int32Array;
}

/** The changes that turn `a` into `b`, in order. */
export function diff(a: Int32Array, b: Int32Array): Change[] {
	const [left, right] = prepare(a, b);
	new Search(left, right).run();
	compact(left, right);
	compact(right, left);
	return script(left.changed, right.changed, a.length, b.length);
}

function prepare(a: Int32Array, b: Int32Array): [Side, Side] {
	const shorter = Math.min(a.length, b.length);
	let start = 0;
	while (start < shorter && a[start] === b[start]) start++;
	let end = 0;
	while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
	const counts = new Int32Array(Math.max(largest(a), largest(b)) + 1);
	count(b, counts, 1);
	const left = discard(a, start, a.length - end, counts);
	// One table for both sides: what was counted is taken back before the other side is.
	count(b, counts, -1);
	count(a, counts, 1);
	return [left, discard(b, start, b.length - end, counts)];
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

function discard(ids: Int32Array, start: number, end: number, other: Int32Array): Side {
	const limit = Math.min(bogoSqrt(ids.length), MAX_EQUAL_LIMIT);
	const changed = new Uint8Array(ids.length);
	const matches = new Uint8Array(ids.length);
	for (let i = start; i < end; i++) {
		const found = other[ids[i] ?? -1] ?? 0;
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

interface Split {
	i1: number;
	i2: number;
	minimalLow: boolean;
	minimalHigh: boolean;
}

/*
 * The steps of the search are small functions of their own: the engine compiles those long before a
 * loop of the size of the whole, and a run of this program makes only a few dozen diffs.
 */

function forwardFrom(furthest: Int32Array, at: number): number {
	const below = furthest[at - 1] ?? 0;
	const above = furthest[at + 1] ?? 0;
	return below >= above ? below + 1 : above;
}

function backwardFrom(furthest: Int32Array, at: number): number {
	const below = furthest[at - 1] ?? 0;
	const above = furthest[at + 1] ?? 0;
	return below < above ? below : above - 1;
}

/** How many lines are equal from here on. */
function runAhead(
	a: Int32Array,
	i1: number,
	lim1: number,
	b: Int32Array,
	i2: number,
	lim2: number,
): number {
	let run = 0;
	while (i1 + run < lim1 && i2 + run < lim2 && a[i1 + run] === b[i2 + run]) run++;
	return run;
}

/** How many lines are equal before here. */
function runBack(
	a: Int32Array,
	i1: number,
	off1: number,
	b: Int32Array,
	i2: number,
	off2: number,
): number {
	let run = 0;
	while (i1 - run > off1 && i2 - run > off2 && a[i1 - run - 1] === b[i2 - run - 1]) run++;
	return run;
}

class Search {
	readonly #left: Side;
	readonly #right: Side;
	readonly #forward: Int32Array;
	readonly #backward: Int32Array;
	/** Diagonal d lives at index d + #origin. */
	readonly #origin: number;
	readonly #maxCost: number;

	constructor(left: Side, right: Side) {
		this.#left = left;
		this.#right = right;
		const diagonals = left.kept.length + right.kept.length + 3;
		this.#forward = new Int32Array(diagonals + 2);
		this.#backward = new Int32Array(diagonals + 2);
		this.#origin = right.kept.length + 1;
		this.#maxCost = Math.max(bogoSqrt(diagonals), MIN_MAX_COST);
	}

	run(): void {
		this.#compare(0, this.#left.kept.length, 0, this.#right.kept.length, false);
	}

	#compare(low1: number, high1: number, low2: number, high2: number, minimal: boolean): void {
		const a = this.#left.kept;
		const b = this.#right.kept;
		let [off1, lim1, off2, lim2] = [low1, high1, low2, high2];
		while (off1 < lim1 && off2 < lim2 && a[off1] === b[off2]) {
			off1++;
			off2++;
		}
		while (off1 < lim1 && off2 < lim2 && a[lim1 - 1] === b[lim2 - 1]) {
			lim1--;
			lim2--;
		}
		if (off1 === lim1) {
			for (; off2 < lim2; off2++) this.#right.changed[this.#right.index[off2] ?? 0] = 1;
		} else if (off2 === lim2) {
			for (; off1 < lim1; off1++) this.#left.changed[this.#left.index[off1] ?? 0] = 1;
		} else {
			const split = this.#split(off1, lim1, off2, lim2, minimal);
			this.#compare(off1, split.i1, off2, split.i2, split.minimalLow);
			this.#compare(split.i1, lim1, split.i2, lim2, split.minimalHigh);
		}
	}

	#split(off1: number, lim1: number, off2: number, lim2: number, minimal: boolean): Split {
		const a = this.#left.kept;
		const b = this.#right.kept;
		const kf = this.#forward;
		const kb = this.#backward;
		const o = this.#origin;
		const dmin = off1 - lim2;
		const dmax = lim1 - off2;
		const fmid = off1 - off2;
		const bmid = lim1 - lim2;
		const odd = ((fmid - bmid) & 1) !== 0;
		let [fmin, fmax, bmin, bmax] = [fmid, fmid, bmid, bmid];
		kf[fmid + o] = off1;
		kb[bmid + o] = lim1;
		for (let cost = 1; ; cost++) {
			let snake = false;
			if (fmin > dmin) kf[--fmin - 1 + o] = -1;
			else fmin++;
			if (fmax < dmax) kf[++fmax + 1 + o] = -1;
			else fmax--;
			for (let d = fmax; d >= fmin; d -= 2) {
				const from = forwardFrom(kf, d + o);
				const i1 = from + runAhead(a, from, lim1, b, from - d, lim2);
				if (i1 - from > SNAKE) snake = true;
				kf[d + o] = i1;
				if (odd && bmin <= d && d <= bmax && (kb[d + o] ?? 0) <= i1) {
					return { i1, i2: i1 - d, minimalLow: true, minimalHigh: true };
				}
			}
			if (bmin > dmin) kb[--bmin - 1 + o] = FAR;
			else bmin++;
			if (bmax < dmax) kb[++bmax + 1 + o] = FAR;
			else bmax--;
			for (let d = bmax; d >= bmin; d -= 2) {
				const from = backwardFrom(kb, d + o);
				const i1 = from - runBack(a, from, off1, b, from - d, off2);
				if (from - i1 > SNAKE) snake = true;
				kb[d + o] = i1;
				if (!odd && fmin <= d && d <= fmax && i1 <= (kf[d + o] ?? 0)) {
					return { i1, i2: i1 - d, minimalLow: true, minimalHigh: true };
				}
			}
			if (minimal) continue;
			const box = { off1, lim1, off2, lim2 };
			const reach = { fmin, fmax, bmin, bmax, fmid, bmid };
			const found =
				(snake && cost > HEURISTIC_MIN_COST ? this.#longSnake(box, reach, cost) : undefined) ??
				(cost >= this.#maxCost ? this.#furthest(box, reach) : undefined);
			if (found !== undefined) return found;
		}
	}

	/** A split at a long run of equal lines far along, once the search has become expensive. */
	#longSnake(box: Box, reach: Reach, cost: number): Split | undefined {
		const a = this.#left.kept;
		const b = this.#right.kept;
		const { off1, lim1, off2, lim2 } = box;
		let best = 0;
		let split: Split | undefined;
		for (let d = reach.fmax; d >= reach.fmin; d -= 2) {
			const i1 = this.#forward[d + this.#origin] ?? 0;
			const i2 = i1 - d;
			const gain = i1 - off1 + (i2 - off2) - Math.abs(d - reach.fmid);
			if (gain <= HEURISTIC_GAIN * cost || gain <= best) continue;
			if (off1 + SNAKE > i1 || i1 >= lim1 || off2 + SNAKE > i2 || i2 >= lim2) continue;
			let run = 0;
			while (run < SNAKE && a[i1 - run - 1] === b[i2 - run - 1]) run++;
			if (run < SNAKE) continue;
			best = gain;
			split = { i1, i2, minimalLow: true, minimalHigh: false };
		}
		if (split !== undefined) return split;
		for (let d = reach.bmax; d >= reach.bmin; d -= 2) {
			const i1 = this.#backward[d + this.#origin] ?? 0;
			const i2 = i1 - d;
			const gain = lim1 - i1 + (lim2 - i2) - Math.abs(d - reach.bmid);
			if (gain <= HEURISTIC_GAIN * cost || gain <= best) continue;
			if (off1 >= i1 || i1 > lim1 - SNAKE || off2 >= i2 || i2 > lim2 - SNAKE) continue;
			let run = 0;
			while (run < SNAKE && a[i1 + run] === b[i2 + run]) run++;
			if (run < SNAKE) continue;
			best = gain;
			split = { i1, i2, minimalLow: false, minimalHigh: true };
		}
		return split;
	}

	/** The furthest point reached from either end, when the search has cost enough. */
	#furthest(box: Box, reach: Reach): Split {
		const { off1, lim1, off2, lim2 } = box;
		let ahead = -1;
		let ahead1 = -1;
		for (let d = reach.fmax; d >= reach.fmin; d -= 2) {
			let i1 = Math.min(this.#forward[d + this.#origin] ?? 0, lim1);
			let i2 = i1 - d;
			if (lim2 < i2) {
				i1 = lim2 + d;
				i2 = lim2;
			}
			if (ahead < i1 + i2) {
				ahead = i1 + i2;
				ahead1 = i1;
			}
		}
		let back = FAR;
		let back1 = FAR;
		for (let d = reach.bmax; d >= reach.bmin; d -= 2) {
			let i1 = Math.max(off1, this.#backward[d + this.#origin] ?? 0);
			let i2 = i1 - d;
			if (i2 < off2) {
				i1 = off2 + d;
				i2 = off2;
			}
			if (i1 + i2 < back) {
				back = i1 + i2;
				back1 = i1;
			}
		}
		if (lim1 + lim2 - back < ahead - (off1 + off2)) {
			return { i1: ahead1, i2: ahead - ahead1, minimalLow: true, minimalHigh: false };
		}
		return { i1: back1, i2: back - back1, minimalLow: false, minimalHigh: true };
	}
}

interface Box {
	off1: number;
	lim1: number;
	off2: number;
	lim2: number;
}

interface Reach {
	fmin: number;
	fmax: number;
	bmin: number;
	bmax: number;
	fmid: number;
	bmid: number;
}

function script(left: Uint8Array, right: Uint8Array, lengthA: number, lengthB: number): Change[] {
	const changes: Change[] = [];
	let a = 0;
	let b = 0;
	while (a < lengthA || b < lengthB) {
		if (left[a] !== 1 && right[b] !== 1) {
			a++;
			b++;
			continue;
		}
		const change = { aStart: a, aEnd: a, bStart: b, bEnd: b };
		while (left[a] === 1) a++;
		while (right[b] === 1) b++;
		change.aEnd = a;
		change.bEnd = b;
		changes.push(change);
	}
	return changes;
}
