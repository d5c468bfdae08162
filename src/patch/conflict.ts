/** Results of placement, and the explanation of a conflict: where a hunk would land, and what differs there. */
import type { Lines } from './lines.ts';
import type { MergeChunk } from './merge.ts';
import { diff } from './myers.ts';
import { type HunkIds, oldIds } from './search.ts';

/** From best to worst; `unknown` where the file cannot be read. */
export const PLACEMENT_ORDER = [
	'already',
	'exact',
	'offset',
	'merge',
	'fuzz',
	'conflict',
	'missing',
	'unknown',
] as const;

export type PlacementResult = (typeof PLACEMENT_ORDER)[number];

export interface HunkPlacement {
	result: PlacementResult;
	/** Lines between where it lands and where it says it would. */
	offset: number;
	/** Context lines dropped at either end. */
	fuzz: number;
	/** 1-based target line of its first pre-image line; of the best guess for a conflict; 0 for none. */
	at: number;
	/** A sentence for a conflict, else ''. */
	why: string;
	/** For a conflict: lines of the pre-image that the target has not, 1-based. */
	differ?: number[];
	/** For a conflict: lines of the target that stand where those are not, 1-based, both ends included. */
	standing?: [number, number][];
	/** For a conflict: commits that changed the lines that differ, where that was asked for. */
	changedBy?: { commit: string; subject: string }[];
}

/** How far around the best guess a conflict looks for the lines it misses. */
const WINDOW = 20;

/** 0-based line of the pre-image on which a hunk starts. */
export function baseStart(hunk: HunkIds): number {
	return hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
}

/** The 0-based line of our side for one of the base. */
export function toOurs(line: number, chunks: readonly MergeChunk[]): number {
	let shift = 0;
	for (const { base, ours } of chunks) {
		if (base[0] > line) break;
		if (line < base[1]) return Math.min(ours[0] + line - base[0], ours[1]);
		shift = ours[1] - base[1];
	}
	return line + shift;
}

/** Which pre-image lines of a hunk are not where it would land best. */
export function explain(
	target: Lines,
	hunk: HunkIds,
	chunks: readonly MergeChunk[] | undefined,
): HunkPlacement {
	const old = oldIds(hunk);
	const start = baseStart(hunk);
	const guess = chunks === undefined ? bestStart(target.exact, old, start) : toOurs(start, chunks);
	const from = Math.max(0, guess - WINDOW);
	const here = target.exact.subarray(from, guess + old.length + WINDOW);
	const { missing, between, instead } = compareLines(old, here);
	const differ = missing.map((line) => line + start + 1);
	const placement = {
		result: 'conflict' as const,
		offset: guess - start,
		fuzz: 0,
		at: guess + 1,
		differ,
		standing: instead.map(([start, end]): [number, number] => [start + from + 1, end + from]),
	};
	const first = differ[0];
	if (first === undefined) {
		const line = (between ?? 0) + from + 1;
		return {
			...placement,
			why: `all ${old.length} lines are there, with others between them, first line ${line} of the target`,
		};
	}
	if (differ.length === old.length) {
		return { ...placement, why: `none of its ${old.length} lines is there` };
	}
	const verb = differ.length === 1 ? 'differs, at' : 'differ, first at';
	return {
		...placement,
		why: `${differ.length} of ${old.length} lines ${verb} line ${first} of the pre-image`,
	};
}

/** A line with more occurrences than this says little about where a hunk belongs. */
const COMMON = 256;

/** The 0-based line at which most lines of a hunk match, the nearest to `expected` of equals. */
function bestStart(target: Int32Array, old: Int32Array, expected: number): number {
	const votes = new Int32Array(target.length + 1);
	for (let i = 0; i < old.length; i++) {
		const id = old[i] ?? -1;
		let at = target.indexOf(id);
		for (let count = 0; at >= 0 && count < COMMON; count++) {
			if (at >= i) votes[at - i] = (votes[at - i] ?? 0) + 1;
			at = target.indexOf(id, at + 1);
		}
	}
	let best = Math.min(expected, target.length);
	let most = -1;
	for (let at = 0; at < votes.length; at++) {
		const same = votes[at] ?? 0;
		const nearer = Math.abs(at - expected) < Math.abs(best - expected);
		if (same > most || (same === most && nearer)) {
			most = same;
			best = at;
		}
	}
	return best;
}

interface Compared {
	/** Lines of the one that are not in the other. */
	missing: number[];
	/** The first line of the other that stands between lines of the one. */
	between?: number;
	/** Lines of the other, `[start, end)`, in place of missing ones or between those that are there. */
	instead: [number, number][];
}

function compareLines(a: Int32Array, b: Int32Array): Compared {
	const missing: number[] = [];
	const instead: [number, number][] = [];
	let between: number | undefined;
	for (const { aStart, aEnd, bStart, bEnd } of diff(a, b)) {
		for (let i = aStart; i < aEnd; i++) missing.push(i);
		const inside = aStart > 0 && aEnd < a.length;
		if (inside && bEnd > bStart) between ??= bStart;
		// What the window has before and after the hunk is no part of it.
		const lost = aEnd - aStart;
		const start = aStart === 0 ? Math.max(bStart, bEnd - lost) : bStart;
		const end = aEnd === a.length ? Math.min(bEnd, start + lost) : bEnd;
		if (end > start) instead.push([start, end]);
	}
	return between === undefined ? { missing, instead } : { missing, between, instead };
}
