/**
 * Three-way merge on line ids, as `git merge-file` does it (xdiff, level zealous): changes of the
 * two sides that overlap or touch conflict, unless both sides end up with the same lines.
 */
import { histogramDiff } from './histogram.ts';
import { type Change, diff } from './myers.ts';

/** A stretch of the base and what the two sides have there; `[start, end)`, 0-based. */
export interface MergeChunk {
	base: [number, number];
	ours: [number, number];
	theirs: [number, number];
	/** Who changed it; `same` when both did alike, `conflict` when they did not. */
	side: 'ours' | 'theirs' | 'same' | 'conflict';
}

/**
 * The changed stretches of the merge, in order; what lies between is common to all three.
 * @param changes of `theirs`, where they are known already
 */
export function merge(
	base: Int32Array,
	ours: Int32Array,
	theirs: Int32Array,
	changes: readonly Change[] = diff(base, theirs),
): MergeChunk[] {
	return settled(pair(known(base, ours), changes, ours, theirs), ours, theirs);
}

/** What leads from one file to another, as long as both are in memory: patches of one file are placed on the same ones. */
const KNOWN = new WeakMap<Int32Array, WeakMap<Int32Array, readonly Change[]>>();

function known(base: Int32Array, ours: Int32Array): readonly Change[] {
	let to = KNOWN.get(base);
	if (to === undefined) {
		to = new WeakMap();
		KNOWN.set(base, to);
	}
	let changes = to.get(ours);
	if (changes === undefined) {
		changes = diff(base, ours);
		to.set(ours, changes);
	}
	return changes;
}

/** As {@link merge}, compared as git compares when it merges or picks commits (merge-ort: histogram). */
export function mergeAsOrt(base: Int32Array, ours: Int32Array, theirs: Int32Array): MergeChunk[] {
	const chunks = pair(histogramDiff(base, ours), histogramDiff(base, theirs), ours, theirs);
	return settled(chunks, ours, theirs);
}

/** Chunks of which both sides made the same are no conflicts. */
function settled(chunks: MergeChunk[], ours: Int32Array, theirs: Int32Array): MergeChunk[] {
	for (const chunk of chunks) {
		if (chunk.side === 'conflict' && alike(chunk, ours, theirs)) chunk.side = 'same';
	}
	return chunks;
}

function alike(chunk: MergeChunk, ours: Int32Array, theirs: Int32Array): boolean {
	const length = chunk.ours[1] - chunk.ours[0];
	// git leaves a conflict standing where one side is empty, even if both are.
	if (length === 0 || length !== chunk.theirs[1] - chunk.theirs[0]) return false;
	return sameLines(ours, chunk.ours[0], theirs, chunk.theirs[0], length);
}

function sameLines(
	a: Int32Array,
	aStart: number,
	b: Int32Array,
	bStart: number,
	length: number,
): boolean {
	for (let i = 0; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false;
	return true;
}

function append(chunks: MergeChunk[], chunk: MergeChunk): void {
	const last = chunks.at(-1);
	if (last !== undefined && (chunk.ours[0] <= last.ours[1] || chunk.theirs[0] <= last.theirs[1])) {
		if (last.side !== chunk.side) last.side = 'conflict';
		last.base[1] = chunk.base[1];
		last.ours[1] = chunk.ours[1];
		last.theirs[1] = chunk.theirs[1];
	} else chunks.push(chunk);
}

function pair(
	left: readonly Change[],
	right: readonly Change[],
	ours: Int32Array,
	theirs: Int32Array,
): MergeChunk[] {
	const chunks: MergeChunk[] = [];
	const mine = (change: Change, shift: number): void =>
		append(chunks, {
			base: [change.aStart, change.aEnd],
			ours: [change.bStart, change.bEnd],
			theirs: [change.aStart + shift, change.aEnd + shift],
			side: 'ours',
		});
	const yours = (change: Change, shift: number): void =>
		append(chunks, {
			base: [change.aStart, change.aEnd],
			ours: [change.aStart + shift, change.aEnd + shift],
			theirs: [change.bStart, change.bEnd],
			side: 'theirs',
		});
	let i = 0;
	let j = 0;
	for (;;) {
		const a = left[i];
		const b = right[j];
		if (a === undefined || b === undefined) break;
		if (a.aEnd < b.aStart) {
			mine(a, b.bStart - b.aStart);
			i++;
			continue;
		}
		if (b.aEnd < a.aStart) {
			yours(b, a.bStart - a.aStart);
			j++;
			continue;
		}
		const length = a.bEnd - a.bStart;
		const same =
			a.aStart === b.aStart &&
			a.aEnd === b.aEnd &&
			length === b.bEnd - b.bStart &&
			sameLines(ours, a.bStart, theirs, b.bStart, length);
		if (!same) {
			const start = Math.min(a.aStart, b.aStart);
			const end = Math.max(a.aEnd, b.aEnd);
			append(chunks, {
				base: [start, end],
				ours: [a.bStart - (a.aStart - start), a.bEnd + (end - a.aEnd)],
				theirs: [b.bStart - (b.aStart - start), b.bEnd + (end - b.aEnd)],
				side: 'conflict',
			});
		}
		if (a.aEnd >= b.aEnd) j++;
		if (b.aEnd >= a.aEnd) i++;
	}
	for (; i < left.length; i++) {
		const a = left[i];
		const last = right.at(-1);
		if (a !== undefined) mine(a, last === undefined ? 0 : last.bEnd - last.aEnd);
	}
	for (; j < right.length; j++) {
		const b = right[j];
		const last = left.at(-1);
		if (b !== undefined) yours(b, last === undefined ? 0 : last.bEnd - last.aEnd);
	}
	return chunks;
}
