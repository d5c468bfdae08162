/**
 * Where hunks land: the search of `git apply` (exact lines, any offset) and that of GNU patch
 * (context dropped from the ends, up to a fuzz). Both work on line ids only.
 */
import type { HunkLine } from './diff.ts';
import { type Image, imageOf } from './edits.ts';
import type { Interner } from './lines.ts';

/** A hunk whose lines have ids. */
export interface HunkIds {
	oldStart: number;
	oldCount: number;
	newStart: number;
	newCount: number;
	lines: readonly HunkLine[];
	/** Ids of `lines`. */
	exact: Int32Array;
	loose: Int32Array;
	/** True when the white space of added lines is a guess: they then compare without it. */
	approximate?: boolean;
}

/** Gives the lines of hunks their ids. */
export function internHunks(
	interner: Interner,
	hunks: readonly {
		oldStart: number;
		oldCount: number;
		newStart: number;
		newCount: number;
		lines: readonly HunkLine[];
	}[],
): HunkIds[] {
	return hunks.map(({ oldStart, oldCount, newStart, newCount, lines }) => {
		const ids = lines.map((line) => interner.line(line.text, line.noNewline === true));
		const exact = Int32Array.from(ids, (id) => id.exact);
		const loose = Int32Array.from(ids, (id) => id.loose);
		return { oldStart, oldCount, newStart, newCount, lines, exact, loose };
	});
}

/** The hunk that undoes a hunk. */
export function reverseHunk(hunk: HunkIds): HunkIds {
	return {
		...hunk,
		oldStart: hunk.newStart,
		oldCount: hunk.newCount,
		newStart: hunk.oldStart,
		newCount: hunk.oldCount,
		lines: hunk.lines.map((line) => ({
			...line,
			kind: line.kind === '+' ? '-' : line.kind === '-' ? '+' : ' ',
		})),
	};
}

/** Ids of the pre-image lines of a hunk. */
export function oldIds(hunk: HunkIds, key: 'exact' | 'loose' = 'exact'): Int32Array {
	return hunk[key].filter((_, i) => hunk.lines[i]?.kind !== '+');
}

/** How many context lines open (`leading`) and close (`trailing`) a hunk. */
function contextOf(hunk: HunkIds): { leading: number; trailing: number } {
	const first = hunk.lines.findIndex((line) => line.kind !== ' ');
	if (first < 0) return { leading: hunk.lines.length, trailing: hunk.lines.length };
	const last = hunk.lines.findLastIndex((line) => line.kind !== ' ');
	return { leading: first, trailing: hunk.lines.length - 1 - last };
}

export interface Found {
	/** 0-based line of the target on which the first pre-image line of the hunk lands. */
	at: number;
	/** Lines between there and where the hunk expects to land. */
	offset: number;
	fuzz: number;
}

export interface Applied {
	/** Per hunk; undefined where it found no place and was left out. */
	found: (Found | undefined)[];
	image: Image;
}

/** Applies hunks as `git apply` does; a hunk that finds no place is left out, and the rest go on. */
export function gitApply(
	target: Int32Array,
	hunks: readonly HunkIds[],
	key: 'exact' | 'loose' = 'exact',
): Applied {
	const image = imageOf(target);
	let patched = new Array<boolean>(target.length).fill(false);
	const found = hunks.map((hunk) => {
		const old = oldIds(hunk, key);
		const expected = Math.max(hunk.newStart - 1, 0);
		const pos = findPosition(image, patched, old, {
			expected,
			matchBeginning: hunk.oldStart <= 1,
			matchEnd: contextOf(hunk).trailing === 0,
		});
		if (pos === undefined) return undefined;
		const at = lineAt(image, pos);
		const ids: number[] = [];
		const origin: number[] = [];
		let next = pos;
		hunk.lines.forEach((line, i) => {
			if (line.kind === '+') {
				image.added.push(line);
				ids.push(hunk[key][i] ?? 0);
				origin.push(-image.added.length);
			} else {
				if (line.kind === ' ') {
					ids.push(image.ids[next] ?? 0);
					origin.push(image.origin[next] ?? 0);
				}
				next++;
			}
		});
		image.ids = replaced(image.ids, pos, old.length, ids);
		image.origin = replaced(image.origin, pos, old.length, origin);
		const marks = new Array<boolean>(ids.length).fill(true);
		patched = replaced(patched, pos, old.length, marks);
		return { at, offset: pos - expected, fuzz: 0 };
	});
	return { found, image };
}

/** Array.splice() on a copy; a hunk may have more lines than a call may have arguments. */
function replaced<T>(list: readonly T[], at: number, count: number, by: readonly T[]): T[] {
	return list.slice(0, at).concat(by, list.slice(at + count));
}

/** The target line at or after a position of the image. */
function lineAt(image: Image, pos: number): number {
	for (let i = pos; i < image.origin.length; i++) {
		const origin = image.origin[i] ?? -1;
		if (origin >= 0) return origin;
	}
	for (let i = Math.min(pos, image.origin.length) - 1; i >= 0; i--) {
		const origin = image.origin[i] ?? -1;
		if (origin >= 0) return origin + 1;
	}
	return 0;
}

interface Anchor {
	expected: number;
	/** The hunk starts on the first line, so it must match there. */
	matchBeginning: boolean;
	/** The hunk has no trailing context, so it must match at the end. */
	matchEnd: boolean;
}

/** git's find_pos(): the nearest match, later lines before earlier ones. */
function findPosition(
	image: Image,
	patched: readonly boolean[],
	old: Int32Array,
	anchor: Anchor,
): number | undefined {
	const length = image.ids.length;
	const matches = (pos: number): boolean => {
		if (pos < 0 || pos + old.length > length) return false;
		if (anchor.matchEnd && pos + old.length !== length) return false;
		if (anchor.matchBeginning && pos !== 0) return false;
		for (let i = 0; i < old.length; i++) {
			if (patched[pos + i] === true || image.ids[pos + i] !== old[i]) return false;
		}
		return true;
	};
	const start = anchor.matchBeginning
		? 0
		: anchor.matchEnd
			? length - old.length
			: Math.min(anchor.expected, length);
	if (matches(start)) return start;
	if (anchor.matchBeginning || anchor.matchEnd) return undefined;
	for (let step = 1; start + step <= length || start - step >= 0; step++) {
		if (matches(start + step)) return start + step;
		if (matches(start - step)) return start - step;
	}
	return undefined;
}

/** Applies hunks as GNU patch does with `-F maxFuzz`; a hunk that finds no place is left out. */
export function gnuPatch(target: Int32Array, hunks: readonly HunkIds[], maxFuzz: number): Applied {
	const state: GnuState = { target, shift: 0, frozen: 0 };
	const origin: number[] = [];
	const added: Image['added'] = [];
	const copyTo = (line: number): void => {
		while (state.frozen < line) origin.push(state.frozen++);
	};
	const found = hunks.map((hunk) => {
		const { leading, trailing } = contextOf(hunk);
		const most = Math.min(maxFuzz, Math.max(leading, trailing));
		for (let fuzz = 0; fuzz <= most; fuzz++) {
			const where = locate(state, hunk, leading, trailing, fuzz);
			if (where === undefined) continue;
			let old = where - 1;
			for (const line of hunk.lines) {
				if (line.kind === ' ') old++;
				else if (line.kind === '-') {
					copyTo(old);
					state.frozen = ++old;
				} else {
					copyTo(old);
					added.push(line);
					origin.push(-added.length);
				}
			}
			return { at: where - 1, offset: where - firstLine(hunk), fuzz };
		}
		return undefined;
	});
	copyTo(target.length);
	return { found, image: { ids: [], origin, added } };
}

interface GnuState {
	target: Int32Array;
	/** By how much the last hunk was off. */
	shift: number;
	/** Number of target lines that are already written out. */
	frozen: number;
}

/** A hunk without pre-image lines goes after the line it names. */
function firstLine(hunk: HunkIds): number {
	return hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart;
}

/** GNU patch's locate_hunk(): the 1-based line, nearest first, later before earlier. */
function locate(
	state: GnuState,
	hunk: HunkIds,
	leading: number,
	trailing: number,
	fuzz: number,
): number | undefined {
	const old = oldIds(hunk);
	const guess = firstLine(hunk) + state.shift;
	if (old.length === 0) return guess - 1 <= state.target.length ? Math.max(guess, 1) : undefined;
	const context = Math.max(leading, trailing);
	const prefix = fuzz + leading - context;
	const suffix = fuzz + trailing - context;
	const total = state.target.length;
	const highest = total - (old.length - suffix) + 1;
	const lowest = state.frozen + 1;
	const matches = (where: number, dropFirst: number, dropLast: number): boolean => {
		for (let i = dropFirst; i < old.length - dropLast; i++) {
			if (where - 1 + i < 0 || state.target[where - 1 + i] !== old[i]) return false;
		}
		return true;
	};
	const land = (where: number): number => {
		state.shift += where - guess;
		return where;
	};
	if (prefix < 0 && firstLine(hunk) <= 1) {
		if (suffix < 0 && (old.length !== total || leading < state.frozen)) return undefined;
		const fits = state.frozen <= leading && 1 <= highest;
		return fits && matches(1, 0, Math.max(suffix, 0)) ? land(1) : undefined;
	}
	const drop = Math.max(prefix, 0);
	if (suffix < 0) {
		const where = total - old.length + 1;
		return where >= lowest && where >= 1 && matches(where, drop, 0) ? land(where) : undefined;
	}
	const after = highest - guess;
	const before = Math.min(guess - lowest, guess - 1);
	for (let step = 0; step <= Math.max(after, before); step++) {
		if (step <= after && guess + step >= 1 && matches(guess + step, drop, suffix)) {
			return land(guess + step);
		}
		if (step > 0 && step <= before && matches(guess - step, drop, suffix)) {
			return land(guess - step);
		}
	}
	return undefined;
}
