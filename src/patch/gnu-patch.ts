/**
 * Where GNU patch (2.7) puts hunks: its locate_hunk(), which drops context lines from the ends of a
 * hunk up to a fuzz, and as much of its apply_hunk() as decides whether a hunk it found lands.
 */
import { nearest, standsAt } from './nearest.ts';
import {
	type Applied,
	contextOf,
	type Found,
	type HunkIds,
	oldIds,
	reverseHunk,
} from './search.ts';

/** Applies hunks as `patch -F maxFuzz` does; a hunk that finds no place is left out. */
export function gnuPatch(target: Int32Array, hunks: readonly HunkIds[], maxFuzz: number): Applied {
	const file = new GnuFile(target);
	return { found: hunks.map((hunk) => file.apply(hunk, maxFuzz)) };
}

/** A hunk without pre-image lines goes after the line it names. */
function firstLine(hunk: HunkIds): number {
	return hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart;
}

/** What locate_hunk() knows of a hunk; line numbers count from 1. */
interface Pattern {
	old: Int32Array;
	first: number;
	leading: number;
	trailing: number;
}

function patternOf(hunk: HunkIds): Pattern {
	return { old: oldIds(hunk), first: firstLine(hunk), ...contextOf(hunk) };
}

/** Whether GNU patch, given this hunk alone, would find it in the target already. */
function isThere(target: Int32Array, hunk: HunkIds): boolean {
	return new GnuFile(target).locate(patternOf(reverseHunk(hunk)), 0) !== undefined;
}

class GnuFile {
	readonly #target: Int32Array;
	/** By how much the last hunk was off. */
	#shift = 0;
	/** Number of target lines that are already written out. */
	#frozen = 0;

	constructor(target: Int32Array) {
		this.#target = target;
	}

	apply(hunk: HunkIds, maxFuzz: number): Found | undefined {
		const pattern = patternOf(hunk);
		const most = Math.min(maxFuzz, Math.max(pattern.leading, pattern.trailing));
		for (let fuzz = 0; fuzz <= most; fuzz++) {
			// Where it is there already, dropping context would put it in a second time. GNU patch asks this
			// of the first hunk only ("Reversed (or previously applied) patch detected").
			if (fuzz === 1 && isThere(this.#target, hunk)) break;
			const where = this.locate(pattern, fuzz);
			if (where === undefined) continue;
			const offset = where - pattern.first;
			this.#shift = offset;
			return this.#write(hunk, where) ? { at: where - 1, offset, fuzz } : undefined;
		}
		return undefined;
	}

	/** Writes the file out up to the last change of a hunk; false when that is written out already. */
	#write(hunk: HunkIds, where: number): boolean {
		let line = where - 1;
		for (const { kind } of hunk.lines) {
			if (kind !== ' ') {
				if (line < this.#frozen) return false;
				this.#frozen = line;
			}
			if (kind !== '+') line++;
			if (kind === '-') this.#frozen = line;
		}
		return true;
	}

	/** The line (from 1) on which a hunk lands with so much fuzz. */
	locate({ old, first, leading, trailing }: Pattern, fuzz: number): number | undefined {
		const guess = first + this.#shift;
		if (old.length === 0) return guess === 0 ? undefined : guess;
		const context = Math.max(leading, trailing);
		const prefix = fuzz + leading - context;
		const suffix = fuzz + trailing - context;
		const total = this.#target.length;
		const highest = total - (old.length - suffix) + 1;
		const lowest = this.#frozen + 1;
		if (prefix < 0 && first <= 1) {
			// It starts the file.
			if (suffix < 0 && (old.length !== total || leading < this.#frozen)) return undefined;
			const fits = this.#frozen <= leading && 1 <= highest;
			return fits && this.#matches(old, 1, 0, Math.max(suffix, 0)) ? 1 : undefined;
		}
		const drop = Math.max(prefix, 0);
		if (suffix < 0) {
			// It ends the file.
			const where = total - old.length + 1;
			return where >= lowest && this.#matches(old, where, drop, 0) ? where : undefined;
		}
		if (highest >= guess && guess < lowest) {
			return this.#upwards(old, guess, lowest, highest, drop, suffix);
		}
		if (lowest > highest) return undefined;
		const run = old.subarray(drop, old.length - suffix);
		if (run.length === 0) return Math.min(Math.max(guess, lowest), highest);
		const skip = drop - 1;
		const found = nearest(this.#target, run, lowest + skip, highest + skip, guess + skip);
		return found === undefined ? undefined : found - skip;
	}

	/**
	 * Behind what is written out, locate_hunk() starts as far before its guess as it should after it,
	 * looks at the first line that is free second, and goes on upwards.
	 */
	#upwards(
		old: Int32Array,
		guess: number,
		lowest: number,
		highest: number,
		drop: number,
		suffix: number,
	): number | undefined {
		const start = 2 * guess - lowest;
		if (this.#matches(old, start, drop, suffix)) return start;
		if (this.#matches(old, lowest, drop, suffix)) return lowest;
		for (let where = start + 1; where <= highest; where++) {
			if (this.#matches(old, where, drop, suffix)) return where;
		}
		return undefined;
	}

	#matches(old: Int32Array, where: number, dropFirst: number, dropLast: number): boolean {
		const run = old.subarray(dropFirst, Math.max(dropFirst, old.length - dropLast));
		return run.length === 0 || standsAt(this.#target, run, where - 1 + dropFirst);
	}
}
