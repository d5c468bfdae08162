/**
 * Hunks on a target by a three-way merge: the file that the patch was made from is the base, the
 * target is our side, and the base with the hunks in it is theirs.
 */
import { baseStart } from './conflict.ts';
import { type AddedLine, type Edit, editsOf } from './edits.ts';
import type { Lines } from './lines.ts';
import { type MergeChunk, merge } from './merge.ts';
import { type Change, diff } from './myers.ts';
import { standsAt } from './nearest.ts';
import { gitApply, type HunkIds, oldIds } from './search.ts';

export interface MergedHunks {
	/** Absent when every hunk that does not land alone is known to conflict without a merge. */
	chunks?: MergeChunk[];
	/** What the merge does to the target; absent when there are conflicts. */
	edits?: Edit[];
}

/**
 * Merges hunks into a target; undefined where the pre-image is not known or is not theirs.
 * @param landsAlone whether a hunk, by its number, lands without a merge
 */
export function mergeHunks(
	target: Lines,
	hunks: readonly HunkIds[],
	preimage: Lines | undefined,
	landsAlone: (hunk: number) => boolean,
): MergedHunks | undefined {
	const theirs = preimage === undefined ? undefined : patchedPreimage(preimage, hunks);
	if (preimage === undefined || theirs === undefined) return undefined;
	const left = hunks.filter((_, i) => !landsAlone(i));
	if (left.length > 0 && left.every((hunk) => mustClash(hunk, target, theirs))) return {};
	const chunks = merge(preimage.exact, target.exact, theirs.ids, theirs.changes);
	if (chunks.some((chunk) => chunk.side === 'conflict')) return { chunks };
	const edits = mergedEdits(target, theirs, chunks);
	return edits === undefined ? { chunks } : { chunks, edits };
}

/** As many lines of a change are looked up in the target to tell a conflict. */
const PROBES = 64;

/**
 * Whether a hunk surely conflicts. A line of the base that the target has nowhere is one that our
 * side changed; where it is in or beside a change of theirs, the two touch, and they are not the
 * same change when the target has nowhere a line that theirs adds. This spares the diff of a target
 * that is far from the base, the longest part of placing a patch.
 */
function mustClash(hunk: HunkIds, { exact }: Lines, theirs: PatchedPreimage): boolean {
	const base = theirs.preimage.exact;
	const start = baseStart(hunk);
	return theirs.changes.some(({ aStart, aEnd, bStart, bEnd }) => {
		if (aStart > start + hunk.oldCount || aEnd < start) return false;
		const touched = base.subarray(Math.max(0, aStart - 1), aEnd + 1).subarray(0, PROBES);
		const added = theirs.ids.subarray(bStart, bEnd).subarray(0, PROBES);
		const isGone = (id: number): boolean => !exact.includes(id);
		return touched.some(isGone) && added.some(isGone);
	});
}

/** The pre-image with the patch in it: the side of a merge that is the same for every target. */
interface PatchedPreimage {
	preimage: Lines;
	ids: Int32Array;
	/** Of each line, the hunk line it is; undefined for one that no hunk has. */
	lines: readonly (AddedLine | undefined)[];
	changes: readonly Change[];
}

const PATCHED = new WeakMap<readonly HunkIds[], PatchedPreimage>();

function patchedPreimage(preimage: Lines, hunks: readonly HunkIds[]): PatchedPreimage | undefined {
	const known = PATCHED.get(hunks);
	if (known?.preimage === preimage) return known;
	const found = placesIn(preimage, hunks);
	if (found === undefined) return undefined;
	const edits = editsOf(hunks, found, preimage.exact.length);
	const idOf = new Map<AddedLine, number>();
	for (const { lines, exact } of hunks) {
		for (const [i, line] of lines.entries()) idOf.set(line, exact[i] ?? -1);
	}
	const ids: number[] = [];
	const lines: (AddedLine | undefined)[] = [];
	let next = 0;
	const copyTo = (line: number): void => {
		for (; next < line; next++) {
			ids.push(preimage.exact[next] ?? -1);
			lines.push(undefined);
		}
	};
	for (const { at, removed, added } of edits) {
		copyTo(at);
		for (const line of added) {
			ids.push(idOf.get(line) ?? -1);
			lines.push(line);
		}
		next = at + removed;
	}
	copyTo(preimage.exact.length);
	const theirs = Int32Array.from(ids);
	const patched = { preimage, ids: theirs, lines, changes: diff(preimage.exact, theirs) };
	PATCHED.set(hunks, patched);
	return patched;
}

/** Where hunks stand in the file they were made from: where they say, else where git finds them. */
function placesIn(
	{ exact }: Lines,
	hunks: readonly HunkIds[],
): readonly { at: number }[] | undefined {
	const said = hunks.map((hunk) => ({ at: baseStart(hunk) }));
	if (hunks.every((hunk, i) => standsAt(exact, oldIds(hunk), said[i]?.at ?? -1))) return said;
	const found = gitApply(exact, hunks).found.filter((one) => one !== undefined);
	return found.length === hunks.length ? found : undefined;
}

function mergedEdits(
	target: Lines,
	theirs: PatchedPreimage,
	chunks: readonly MergeChunk[],
): Edit[] | undefined {
	const edits: Edit[] = [];
	for (const { side, ours, theirs: range } of chunks) {
		if (side !== 'theirs') continue;
		const added: AddedLine[] = [];
		for (let i = range[0]; i < range[1]; i++) {
			const line = theirs.lines[i] ?? sameLine(target, theirs, theirs.ids[i] ?? -1);
			if (line === undefined) return undefined;
			added.push(line);
		}
		edits.push({ at: ours[0], removed: ours[1] - ours[0], added });
	}
	return edits;
}

/**
 * A line in known words. The diff may take a line for added that the hunk kept (it moved another
 * instead): a line of the target or of a hunk with the same id says it.
 */
function sameLine(target: Lines, theirs: PatchedPreimage, id: number): AddedLine | undefined {
	const inTarget = target.exact.indexOf(id);
	if (inTarget >= 0) return { target: inTarget };
	return theirs.lines.find((line, i) => line !== undefined && theirs.ids[i] === id);
}
