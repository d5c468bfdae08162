/**
 * Hunks as line ids, and where `git apply` puts them: exact lines at any offset. It works on line
 * ids only; gnu-patch.ts is the search of GNU patch.
 */
import type { HunkLine } from './diff.ts';
import type { Interner } from './lines.ts';
import { nearest } from './nearest.ts';

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
	/** Where it ends with a context line that has no newline: the ids of that line with one. */
	ended?: Readonly<Record<LineKey, number>>;
}

/** Which ids of a line: those of its text, or those without white space. */
export type LineKey = 'exact' | 'loose';

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
		const hunk: HunkIds = { oldStart, oldCount, newStart, newCount, lines, exact, loose };
		const last = lines.at(-1);
		if (last?.kind === ' ' && last.noNewline === true) hunk.ended = interner.line(last.text);
		return hunk;
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
export function oldIds(hunk: HunkIds, key: LineKey = 'exact'): Int32Array {
	return hunk[key].filter((_, i) => hunk.lines[i]?.kind !== '+');
}

/** How many context lines open (`leading`) and close (`trailing`) a hunk. */
export function contextOf(hunk: HunkIds): { leading: number; trailing: number } {
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
}

/** Applies hunks as `git apply` does; a hunk that finds no place is left out, and the rest go on. */
export function gitApply(
	target: Int32Array,
	hunks: readonly HunkIds[],
	key: LineKey = 'exact',
): Applied {
	const patched = new PatchedFile(target);
	return { found: hunks.map((hunk) => patched.apply(hunk, key)) };
}

/** Where a hunk goes. */
interface Place {
	/** Line of the target. */
	at: number;
	/** Line of the file as patched so far. */
	position: number;
}

/** Whether a place is nearer to a wanted position than another; of two as near, the later is. */
function isNearer(one: Place, other: Place | undefined, wanted: number): boolean {
	if (other === undefined) return true;
	const [near, far] = [Math.abs(one.position - wanted), Math.abs(other.position - wanted)];
	return near < far || (near === far && one.position > other.position);
}

/** A stretch of the target that a hunk has taken. */
interface Taken {
	at: number;
	old: number;
	/** How many lines stand there instead. */
	new: number;
}

/**
 * A file while `git apply` patches it (apply.c, find_pos() and match_fragment()): a line that a hunk
 * has been at, its context too, matches no further hunk, so only the stretches between are searched.
 */
class PatchedFile {
	readonly #target: Int32Array;
	/** In order of the target. */
	readonly #taken: Taken[] = [];
	/** How many lines the file has by now. */
	#length: number;

	constructor(target: Int32Array) {
		this.#target = target;
		this.#length = target.length;
	}

	apply(hunk: HunkIds, key: LineKey): Found | undefined {
		const old = oldIds(hunk, key);
		const expected = Math.max(hunk.newStart - 1, 0);
		const place = this.#find(hunk, old, expected, hunk.ended?.[key]);
		if (place === undefined) return undefined;
		const { at, position } = place;
		const lines = hunk.lines.filter(({ kind }) => kind !== '-').length;
		const next = this.#taken.findLastIndex((one) => one.at <= at) + 1;
		this.#taken.splice(next, 0, { at, old: old.length, new: lines });
		this.#length += lines - old.length;
		return { at, offset: position - expected, fuzz: 0 };
	}

	#find(
		hunk: HunkIds,
		old: Int32Array,
		expected: number,
		ended: number | undefined,
	): Place | undefined {
		// A hunk that starts on the first line must match there; one without trailing context, at the end.
		const atStart = hunk.oldStart <= 1;
		const atEnd = contextOf(hunk).trailing === 0;
		const end = this.#length - old.length;
		if (end < 0 || (atStart && atEnd && end !== 0)) return undefined;
		if (old.length === 0) return { at: this.#target.length, position: end };
		const wanted = atStart ? 0 : atEnd ? end : Math.min(expected, this.#length);
		const only = atStart || atEnd;
		const place = this.#nearest(old, wanted, only);
		if (ended === undefined || atEnd) return place;
		// git compares bytes as far as the hunk goes: a last line without newline matches one with it.
		const twin = this.#nearest(old.with(-1, ended), wanted, only);
		return twin !== undefined && isNearer(twin, place, wanted) ? twin : place;
	}

	/** The place of lines nearest to a wanted position, or only there. */
	#nearest(old: Int32Array, wanted: number, only: boolean): Place | undefined {
		let best: Place | undefined;
		for (const { from, to, shift } of this.#open()) {
			const low = only ? Math.max(from, wanted - shift) : from;
			const high = only ? Math.min(to - old.length, wanted - shift) : to - old.length;
			const at = nearest(this.#target, old, low, high, wanted - shift);
			if (at === undefined) continue;
			const place = { at, position: at + shift };
			if (isNearer(place, best, wanted)) best = place;
			if (place.position === wanted) break;
		}
		return best;
	}

	/** The stretches that no hunk has taken, `[from, to)`, and by how much they have moved. */
	*#open(): Generator<{ from: number; to: number; shift: number }> {
		let from = 0;
		let shift = 0;
		for (const taken of this.#taken) {
			if (taken.at > from) yield { from, to: taken.at, shift };
			from = taken.at + taken.old;
			shift += taken.new - taken.old;
		}
		yield { from, to: this.#target.length, shift };
	}
}
