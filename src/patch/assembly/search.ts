/**
 * The search of Myers' diff over the lines that are kept, with the split heuristics of git's xdl_recs_cmp()
 * and xdl_split().
 */
import { bogoSqrt } from './discard';
import { at, put, take } from './memory';
import { left, right } from './side';

const MIN_MAX_COST: i32 = 256;
const HEURISTIC_MIN_COST: i32 = 256;
const SNAKE: i32 = 20;
const HEURISTIC_GAIN: i32 = 4;
const FAR: i32 = 0x7fffffff;

/** The kept lines of the two sides. */
let a: usize = 0;
let b: usize = 0;
/** By diagonal, from negative ones on, the furthest line of the left side reached from the start and the end. */
let forward: usize = 0;
let backward: usize = 0;
let maxCost: i32 = 0;

/** Where the last search split its lines, and whether the parts are to be searched without heuristics. */
let split1: i32 = 0;
let split2: i32 = 0;
let minimalLow: bool = false;
let minimalHigh: bool = false;

/** Marks what changed of the lines that are kept. */
export function search(): void {
	const diagonals = left.keptLength + right.keptLength + 3;
	a = left.kept;
	b = right.kept;
	const origin = ((right.keptLength + 1) as usize) << 2;
	forward = take(((diagonals as u64) + 2) << 2) + origin;
	backward = take(((diagonals as u64) + 2) << 2) + origin;
	maxCost = max(bogoSqrt(diagonals), MIN_MAX_COST);
	compare(0, left.keptLength, 0, right.keptLength, false);
}

/** Marks what changed of the kept lines from `start1` to `end1` and from `start2` to `end2`. */
function compare(start1: i32, end1: i32, start2: i32, end2: i32, minimal: bool): void {
	let low1 = start1;
	let high1 = end1;
	let low2 = start2;
	let high2 = end2;
	let isMinimal = minimal;
	for (;;) {
		const same = runAhead(low1, high1, low2, high2);
		low1 += same;
		low2 += same;
		const alike = runBack(high1, low1, high2, low2);
		high1 -= alike;
		high2 -= alike;
		if (low1 === high1) {
			for (let i = low2; i < high2; i++) right.mark(at(right.index, i), true);
			return;
		}
		if (low2 === high2) {
			for (let i = low1; i < high1; i++) left.mark(at(left.index, i), true);
			return;
		}
		split(low1, high1, low2, high2, isMinimal);
		const middle1 = split1;
		const middle2 = split2;
		isMinimal = minimalHigh;
		compare(low1, middle1, low2, middle2, minimalLow);
		low1 = middle1;
		low2 = middle2;
	}
}

/** How many lines are equal from here on. */
function runAhead(i1: i32, lim1: i32, i2: i32, lim2: i32): i32 {
	const most = min(lim1 - i1, lim2 - i2);
	let run = 0;
	while (run < most && at(a, i1 + run) === at(b, i2 + run)) run++;
	return run;
}

/** How many lines are equal before here. */
function runBack(i1: i32, off1: i32, i2: i32, off2: i32): i32 {
	const most = min(i1 - off1, i2 - off2);
	let run = 0;
	while (run < most && at(a, i1 - run - 1) === at(b, i2 - run - 1)) run++;
	return run;
}

function splitAt(i1: i32, i2: i32, low: bool, high: bool): void {
	split1 = i1;
	split2 = i2;
	minimalLow = low;
	minimalHigh = high;
}

/** Finds where the ways from both ends meet; once that costs much, a good place to split at. */
function split(off1: i32, lim1: i32, off2: i32, lim2: i32, minimal: bool): void {
	const dmin = off1 - lim2;
	const dmax = lim1 - off2;
	const fmid = off1 - off2;
	const bmid = lim1 - lim2;
	const odd = ((fmid - bmid) & 1) !== 0;
	let fmin = fmid;
	let fmax = fmid;
	let bmin = bmid;
	let bmax = bmid;
	put(forward, fmid, off1);
	put(backward, bmid, lim1);
	for (let cost = 1; ; cost++) {
		let snake = false;
		if (fmin > dmin) put(forward, --fmin - 1, -1);
		else fmin++;
		if (fmax < dmax) put(forward, ++fmax + 1, -1);
		else fmax--;
		for (let d = fmax; d >= fmin; d -= 2) {
			const below = at(forward, d - 1);
			const above = at(forward, d + 1);
			const from = below >= above ? below + 1 : above;
			const i1 = from + runAhead(from, lim1, from - d, lim2);
			if (i1 - from > SNAKE) snake = true;
			put(forward, d, i1);
			if (odd && bmin <= d && d <= bmax && at(backward, d) <= i1) {
				splitAt(i1, i1 - d, true, true);
				return;
			}
		}
		if (bmin > dmin) put(backward, --bmin - 1, FAR);
		else bmin++;
		if (bmax < dmax) put(backward, ++bmax + 1, FAR);
		else bmax--;
		for (let d = bmax; d >= bmin; d -= 2) {
			const below = at(backward, d - 1);
			const above = at(backward, d + 1);
			const from = below < above ? below : above - 1;
			const i1 = from - runBack(from, off1, from - d, off2);
			if (from - i1 > SNAKE) snake = true;
			put(backward, d, i1);
			if (!odd && fmin <= d && d <= fmax && i1 <= at(forward, d)) {
				splitAt(i1, i1 - d, true, true);
				return;
			}
		}
		if (minimal) continue;
		if (
			snake &&
			cost > HEURISTIC_MIN_COST &&
			(snakeAhead(off1, lim1, off2, lim2, fmin, fmax, cost) ||
				snakeBack(off1, lim1, off2, lim2, bmin, bmax, cost))
		) {
			return;
		}
		if (cost >= maxCost) {
			furthest(off1, lim1, off2, lim2, fmin, fmax, bmin, bmax);
			return;
		}
	}
}

/** Splits behind a long run of equal lines far along from the start; says whether there is one. */
function snakeAhead(
	off1: i32,
	lim1: i32,
	off2: i32,
	lim2: i32,
	fmin: i32,
	fmax: i32,
	cost: i32,
): bool {
	let best = 0;
	for (let d = fmax; d >= fmin; d -= 2) {
		const i1 = at(forward, d);
		const i2 = i1 - d;
		const gain = i1 - off1 + (i2 - off2) - abs(d - (off1 - off2));
		if (gain <= HEURISTIC_GAIN * cost || gain <= best) continue;
		if (off1 + SNAKE > i1 || i1 >= lim1 || off2 + SNAKE > i2 || i2 >= lim2) continue;
		if (runBack(i1, i1 - SNAKE, i2, i2 - SNAKE) < SNAKE) continue;
		best = gain;
		splitAt(i1, i2, true, false);
	}
	return best > 0;
}

/** Splits before a long run of equal lines far along from the end; says whether there is one. */
function snakeBack(
	off1: i32,
	lim1: i32,
	off2: i32,
	lim2: i32,
	bmin: i32,
	bmax: i32,
	cost: i32,
): bool {
	let best = 0;
	for (let d = bmax; d >= bmin; d -= 2) {
		const i1 = at(backward, d);
		const i2 = i1 - d;
		const gain = lim1 - i1 + (lim2 - i2) - abs(d - (lim1 - lim2));
		if (gain <= HEURISTIC_GAIN * cost || gain <= best) continue;
		if (off1 >= i1 || i1 > lim1 - SNAKE || off2 >= i2 || i2 > lim2 - SNAKE) continue;
		if (runAhead(i1, i1 + SNAKE, i2, i2 + SNAKE) < SNAKE) continue;
		best = gain;
		splitAt(i1, i2, false, true);
	}
	return best > 0;
}

/** Splits at the furthest point reached from either end, when the search has cost enough. */
function furthest(
	off1: i32,
	lim1: i32,
	off2: i32,
	lim2: i32,
	fmin: i32,
	fmax: i32,
	bmin: i32,
	bmax: i32,
): void {
	let ahead = -1;
	let ahead1 = -1;
	for (let d = fmax; d >= fmin; d -= 2) {
		let i1 = min(at(forward, d), lim1);
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
	for (let d = bmax; d >= bmin; d -= 2) {
		let i1 = max(off1, at(backward, d));
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
	if (lim1 + lim2 - back < ahead - (off1 + off2)) splitAt(ahead1, ahead - ahead1, true, false);
	else splitAt(back1, back - back1, false, true);
}
