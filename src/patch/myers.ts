/**
 * Myers' diff on line ids, as git's xdiff does it: the same trimming, the same discarding of lines
 * without a match, the same split heuristics, the same sliding of changes. A three-way merge is
 * clean or not depending on these, so they follow xdiff step by step.
 */

import { compact } from './compact.ts';
import { bogoSqrt, prepare, type Side } from './discard.ts';

/** Lines `[aStart, aEnd)` of the one become lines `[bStart, bEnd)` of the other; 0-based. */
export interface Change {
	aStart: number;
	aEnd: number;
	bStart: number;
	bEnd: number;
}

const MIN_MAX_COST = 256;
const HEURISTIC_MIN_COST = 256;
const SNAKE = 20;
const HEURISTIC_GAIN = 4;
const FAR = 0x7fffffff;

/** The changes that turn `a` into `b`, in order. */
export function diff(a: Int32Array, b: Int32Array): Change[] {
	const [left, right] = searched(a, b);
	compact(left, right);
	compact(right, left);
	return scriptOf(left.changed, right.changed);
}

/** The two sides with their changes marked where the search found them, not slid yet. */
export function searched(a: Int32Array, b: Int32Array): [Side, Side] {
	const sides = prepare(a, b);
	new Search(...sides).run();
	return sides;
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
		const same = runAhead(a, low1, high1, b, low2, high2);
		const off1 = low1 + same;
		const off2 = low2 + same;
		const alike = runBack(a, high1, off1, b, high2, off2);
		const lim1 = high1 - alike;
		const lim2 = high2 - alike;
		if (off1 === lim1) {
			for (let i = off2; i < lim2; i++) this.#right.changed[this.#right.index[i] ?? 0] = 1;
		} else if (off2 === lim2) {
			for (let i = off1; i < lim1; i++) this.#left.changed[this.#left.index[i] ?? 0] = 1;
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
		let fmin = fmid;
		let fmax = fmid;
		let bmin = bmid;
		let bmax = bmid;
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
			if (minimal || (cost < this.#maxCost && !(snake && cost > HEURISTIC_MIN_COST))) continue;
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

/** The changes that marks on the lines of two sides stand for. */
export function scriptOf(left: Uint8Array, right: Uint8Array): Change[] {
	const { length: lengthA } = left;
	const { length: lengthB } = right;
	const changes: Change[] = [];
	let a = 0;
	let b = 0;
	for (;;) {
		const nextA = left.indexOf(1, a);
		const nextB = right.indexOf(1, b);
		if (nextA < 0 && nextB < 0) return changes;
		const equal = Math.min(
			nextA < 0 ? Number.POSITIVE_INFINITY : nextA - a,
			nextB < 0 ? Number.POSITIVE_INFINITY : nextB - b,
		);
		a += equal;
		b += equal;
		const change = { aStart: a, aEnd: a, bStart: b, bEnd: b };
		while (a < lengthA && left[a] === 1) a++;
		while (b < lengthB && right[b] === 1) b++;
		change.aEnd = a;
		change.bEnd = b;
		changes.push(change);
	}
}
