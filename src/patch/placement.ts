/**
 * How the hunks of one file land on a target: the first that holds of already, exact, offset,
 * merge, fuzz, conflict; missing when the file is not there.
 */
import {
	baseStart,
	explain,
	type HunkPlacement,
	PLACEMENT_ORDER,
	type PlacementResult,
	toOurs,
} from './conflict.ts';
import { type AddedLine, applyEdits, type Edit, editsOf, type Image, imageOf } from './edits.ts';
import type { Lines } from './lines.ts';
import { type MergeChunk, merge } from './merge.ts';
import { type Change, diff } from './myers.ts';
import {
	type Applied,
	type Found,
	gitApply,
	gnuPatch,
	type HunkIds,
	oldIds,
	reverseHunk,
} from './search.ts';

export { type HunkPlacement, PLACEMENT_ORDER, type PlacementResult };

export interface FilePlacement {
	result: PlacementResult;
	hunks: HunkPlacement[];
	/** What it does to the target; absent when it does not land. */
	edits?: Edit[];
}

/** What a patch does to one file, with line ids. */
export interface FileHunks {
	isNew?: boolean;
	isDeleted?: boolean;
	hunks: readonly HunkIds[];
}

/** As much fuzz as the stable maintainers' scripts allow. */
const MAX_FUZZ = 2;

/** The worst of several results; `already` only when all are. */
export function worstResult(results: readonly PlacementResult[]): PlacementResult {
	let worst = 0;
	for (const result of results) worst = Math.max(worst, PLACEMENT_ORDER.indexOf(result));
	return PLACEMENT_ORDER[worst] ?? 'conflict';
}

/**
 * Places a file patch on `target` (undefined when the file is not there). `preimage` is the file
 * that the patch was made from, where it is known; without it there is no merge.
 */
export function placeFile(
	target: Lines | undefined,
	file: FileHunks,
	preimage?: Lines,
): FilePlacement {
	if (target === undefined) return placeOnNothing(file);
	const { hunks } = file;
	const already = reverseApply(target, hunks);
	if (already.found.every((found) => found !== undefined)) {
		const whole = file.isNew !== true || already.image.ids.length === 0;
		if (whole) return uniform(already.found, 'already', []);
	}
	if (file.isNew === true) return notNew(hunks);

	const applied = gitApply(target.exact, hunks);
	if (applied.found.every((found) => found !== undefined)) {
		if (file.isDeleted === true && applied.image.ids.length > 0) {
			return refuse(
				hunks,
				'the patch deletes the file, and the file has lines that it does not know',
			);
		}
		return finish(
			hunks.map((_, i) => direct(applied.found[i])),
			target,
			applied.image,
		);
	}
	const merged = mergeFile(target, hunks, preimage);
	if (merged?.image !== undefined && file.isDeleted !== true) {
		const placed = hunks.map((hunk, i) => {
			const alone = direct(applied.found[i] ?? undefined) ?? undo(already.found[i]);
			return alone ?? viaMerge(hunk, merged.chunks);
		});
		return finish(placed, target, merged.image);
	}
	const partly = skipAlready(target, hunks, applied, already);
	if (partly !== undefined) return partly;
	const fuzzed = gnuPatch(target.exact, hunks, MAX_FUZZ);
	if (fuzzed.found.every((found) => found !== undefined) && file.isDeleted !== true) {
		return finish(
			hunks.map((_, i) => viaFuzz(fuzzed.found[i])),
			target,
			fuzzed.image,
		);
	}
	return conflicting(target, hunks, { applied, already, fuzzed, chunks: merged?.chunks });
}

/** The text of the target with the patch in it; undefined when it does not land. */
export function applyPlacement(text: string, placement: FilePlacement): string | undefined {
	return placement.edits === undefined ? undefined : applyEdits(text, placement.edits);
}

function reverseApply(target: Lines, hunks: readonly HunkIds[]): Applied {
	const key = hunks.some((hunk) => hunk.approximate === true) ? 'loose' : 'exact';
	const reversed = hunks.map(reverseHunk);
	const ids = new Set(target[key]);
	// Mostly the target has none of the added lines, and nothing has to be searched to know.
	const there = (hunk: HunkIds): boolean => oldIds(hunk, key).every((id) => ids.has(id));
	if (reversed.some(there)) return gitApply(target[key], reversed, key);
	return { found: hunks.map(() => undefined), image: imageOf(target[key]) };
}

function placeOnNothing(file: FileHunks): FilePlacement {
	if (file.isNew === true) {
		const image: Image = imageOf(new Int32Array(0));
		for (const hunk of file.hunks) {
			for (const line of hunk.lines) {
				image.added.push(line);
				image.origin.push(-image.added.length);
			}
		}
		return {
			result: 'exact',
			hunks: file.hunks.map(() => ({ result: 'exact', offset: 0, fuzz: 0, at: 1, why: '' })),
			edits: editsOf(image, 0),
		};
	}
	const result = file.isDeleted === true ? 'already' : 'missing';
	const placement: FilePlacement = {
		result,
		hunks: file.hunks.map(() => ({ result, offset: 0, fuzz: 0, at: 0, why: '' })),
	};
	if (result === 'already') placement.edits = [];
	return placement;
}

function refuse(hunks: readonly HunkIds[], why: string): FilePlacement {
	return {
		result: 'conflict',
		hunks: hunks.map(() => ({ result: 'conflict', offset: 0, fuzz: 0, at: 1, why })),
	};
}

function notNew(hunks: readonly HunkIds[]): FilePlacement {
	return refuse(hunks, 'the patch creates the file, and there is another of this name');
}

function uniform(
	found: readonly (Found | undefined)[],
	result: PlacementResult,
	edits: Edit[],
): FilePlacement {
	const hunks = found.map((one) => ({
		result,
		offset: one?.offset ?? 0,
		fuzz: 0,
		at: (one?.at ?? -1) + 1,
		why: '',
	}));
	return { result, hunks, edits };
}

function direct(found: Found | undefined): HunkPlacement | undefined {
	if (found === undefined) return undefined;
	const result = found.offset === 0 ? 'exact' : 'offset';
	return { result, offset: found.offset, fuzz: 0, at: found.at + 1, why: '' };
}

function undo(found: Found | undefined): HunkPlacement | undefined {
	if (found === undefined) return undefined;
	return { result: 'already', offset: found.offset, fuzz: 0, at: found.at + 1, why: '' };
}

function viaFuzz(found: Found | undefined): HunkPlacement | undefined {
	if (found === undefined) return undefined;
	if (found.fuzz === 0) return direct(found);
	return { result: 'fuzz', offset: found.offset, fuzz: found.fuzz, at: found.at + 1, why: '' };
}

function viaMerge(hunk: HunkIds, chunks: readonly MergeChunk[]): HunkPlacement {
	const line = baseStart(hunk);
	const at = toOurs(line, chunks);
	return { result: 'merge', offset: at - line, fuzz: 0, at: at + 1, why: '' };
}

function finish(
	placed: readonly (HunkPlacement | undefined)[],
	target: Lines,
	image: Image,
): FilePlacement {
	const hunks = placed.filter((one) => one !== undefined);
	return {
		result: worstResult(hunks.map((hunk) => hunk.result)),
		hunks,
		edits: editsOf(image, target.exact.length),
	};
}

interface Merged {
	chunks: MergeChunk[];
	/** Absent when there are conflicts. */
	image?: Image;
}

function mergeFile(
	target: Lines,
	hunks: readonly HunkIds[],
	preimage: Lines | undefined,
): Merged | undefined {
	const theirs = preimage === undefined ? undefined : patchedPreimage(preimage, hunks);
	if (preimage === undefined || theirs === undefined) return undefined;
	const chunks = merge(preimage.exact, target.exact, theirs.ids, theirs.changes);
	if (chunks.some((chunk) => chunk.side === 'conflict')) return { chunks };
	const image = mergedImage(target, theirs.image, chunks);
	return image === undefined ? undefined : { chunks, image };
}

/** The pre-image with the patch in it: the side of a merge that is the same for every target. */
interface PatchedPreimage {
	preimage: Lines;
	image: Image;
	ids: Int32Array;
	changes: readonly Change[];
}

const PATCHED = new WeakMap<readonly HunkIds[], PatchedPreimage>();

function patchedPreimage(preimage: Lines, hunks: readonly HunkIds[]): PatchedPreimage | undefined {
	const known = PATCHED.get(hunks);
	if (known?.preimage === preimage) return known;
	const { found, image } = gitApply(preimage.exact, hunks);
	if (found.some((one) => one === undefined)) return undefined;
	const ids = Int32Array.from(image.ids);
	const patched = { preimage, image, ids, changes: diff(preimage.exact, ids) };
	PATCHED.set(hunks, patched);
	return patched;
}

function mergedImage(
	target: Lines,
	patched: Image,
	chunks: readonly MergeChunk[],
): Image | undefined {
	const origin: number[] = [];
	const added: AddedLine[] = [];
	let next = 0;
	for (const chunk of chunks) {
		if (chunk.side !== 'theirs') continue;
		while (next < chunk.ours[0]) origin.push(next++);
		for (let i = chunk.theirs[0]; i < chunk.theirs[1]; i++) {
			const line = lineOf(target, patched, i);
			if (line === undefined) return undefined;
			added.push(line);
			origin.push(-added.length);
		}
		next = chunk.ours[1];
	}
	while (next < target.exact.length) origin.push(next++);
	return { ids: [], origin, added };
}

/**
 * A line of the patched pre-image in known words. The diff may take a line for added that the hunk
 * kept (it moved another instead): a line of a hunk or of the target with the same id says it.
 */
function lineOf(target: Lines, patched: Image, index: number): AddedLine | undefined {
	const origin = patched.origin[index] ?? 0;
	if (origin < 0) return patched.added[-1 - origin];
	const id = patched.ids[index] ?? -1;
	const inTarget = target.exact.indexOf(id);
	if (inTarget >= 0) return { target: inTarget };
	const twin = patched.ids.findIndex((other, i) => other === id && (patched.origin[i] ?? 0) < 0);
	return twin < 0 ? undefined : patched.added[-1 - (patched.origin[twin] ?? 0)];
}

/** Some hunks are there already, and all the others land as they are. */
function skipAlready(
	target: Lines,
	hunks: readonly HunkIds[],
	applied: Applied,
	already: Applied,
): FilePlacement | undefined {
	const placed = hunks.map((_, i) => direct(applied.found[i]) ?? undo(already.found[i]));
	return placed.includes(undefined) ? undefined : finish(placed, target, applied.image);
}

interface Attempts {
	applied: Applied;
	already: Applied;
	fuzzed: Applied;
	chunks: readonly MergeChunk[] | undefined;
}

function conflicting(target: Lines, hunks: readonly HunkIds[], tried: Attempts): FilePlacement {
	const clash = (hunk: HunkIds): boolean => {
		const start = baseStart(hunk);
		const overlap = (chunk: MergeChunk): boolean =>
			chunk.side === 'conflict' && chunk.base[0] <= start + hunk.oldCount && chunk.base[1] >= start;
		return tried.chunks === undefined || tried.chunks.some(overlap);
	};
	const placed = hunks.map((hunk, i) => {
		const alone = direct(tried.applied.found[i]) ?? undo(tried.already.found[i]);
		if (alone !== undefined) return alone;
		if (!clash(hunk)) return viaMerge(hunk, tried.chunks ?? []);
		return viaFuzz(tried.fuzzed.found[i]) ?? explain(target, hunk, tried.chunks);
	});
	// Each hunk lands in some way, but no one way lands them all: those not as they are, are to blame.
	if (!placed.some((hunk) => hunk.result === 'conflict')) {
		hunks.forEach((hunk, i) => {
			if (tried.applied.found[i] === undefined) placed[i] = explain(target, hunk, tried.chunks);
		});
	}
	return { result: 'conflict', hunks: placed };
}
