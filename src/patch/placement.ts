/**
 * How the hunks of one file land on a target: the first that holds of already, exact, offset,
 * merge, fuzz, conflict; missing when the file is not there. Each stands for a tool, and agrees with
 * it: `git apply -R --check`, `git apply --check`, `git merge-file`, `patch -F2`. In which ways it may
 * differ is said in test/patch/agreement/reasons.ts.
 */
import {
	baseStart,
	explain,
	type HunkPlacement,
	PLACEMENT_ORDER,
	type PlacementResult,
	toOurs,
} from './conflict.ts';
import { applyEdits, type Edit, editsOf } from './edits.ts';
import { gnuPatch } from './gnu-patch.ts';
import type { Lines } from './lines.ts';
import type { MergeChunk } from './merge.ts';
import {
	type Applied,
	type Found,
	gitApply,
	type HunkIds,
	type LineKey,
	reverseHunk,
} from './search.ts';
import { mergeHunks } from './three-way.ts';

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
	if (file.isNew === true) return placeOverFile(target, file.hunks);
	if (file.isDeleted === true) return placeDeletion(target, file.hunks);
	const { hunks } = file;
	if (hunks.length === 0) return { result: 'exact', hunks: [], edits: [] };
	const already = reverseApply(target, hunks);
	if (all(already.found)) return landed(already.found.map(undone), []);

	const applied = gitApply(target.exact, hunks);
	if (all(applied.found)) return landing(target, hunks, applied.found, applied.found.map(direct));

	const landsAlone = (i: number): boolean => (applied.found[i] ?? already.found[i]) !== undefined;
	const merged = mergeHunks(target, hunks, preimage, landsAlone);
	if (merged?.chunks !== undefined && merged.edits !== undefined) {
		const { chunks, edits } = merged;
		const placed = hunks.map((hunk, i) => {
			const alone = applied.found[i] ?? already.found[i];
			if (alone === undefined) return viaMerge(hunk, chunks);
			return applied.found[i] === undefined ? undone(alone) : direct(alone);
		});
		return { result: 'merge', hunks: placed, edits };
	}
	const fuzzed = gnuPatch(target.exact, hunks, MAX_FUZZ);
	if (all(fuzzed.found)) {
		const placement = landing(target, hunks, fuzzed.found, fuzzed.found.map(viaFuzz));
		return { ...placement, result: 'fuzz' };
	}
	return conflicting(target, hunks, { applied, already, fuzzed, chunks: merged?.chunks });
}

function all(found: readonly (Found | undefined)[]): found is readonly Found[] {
	return !found.includes(undefined);
}

/** The text of the target with the patch in it; undefined when it does not land. */
export function applyPlacement(text: string, placement: FilePlacement): string | undefined {
	return placement.edits === undefined ? undefined : applyEdits(text, placement.edits);
}

/** The hunks that undo hunks: the same for every target. */
const REVERSED = new WeakMap<readonly HunkIds[], HunkIds[]>();

function reverseApply(target: Lines, hunks: readonly HunkIds[]): Applied {
	const key: LineKey = hunks.some((hunk) => hunk.approximate === true) ? 'loose' : 'exact';
	const reversed = REVERSED.get(hunks) ?? hunks.map(reverseHunk);
	REVERSED.set(hunks, reversed);
	return gitApply(target[key], reversed, key);
}

function placeOnNothing({ isNew, isDeleted, hunks }: FileHunks): FilePlacement {
	const result = isNew === true ? 'exact' : isDeleted === true ? 'already' : 'missing';
	const at = isNew === true ? 1 : 0;
	const placement: FilePlacement = {
		result,
		hunks: hunks.map(() => ({ result, offset: 0, fuzz: 0, at, why: '' })),
	};
	if (isNew === true) placement.edits = created(hunks);
	else if (isDeleted === true) placement.edits = [];
	return placement;
}

function created(hunks: readonly HunkIds[]): Edit[] {
	return editsOf(
		hunks,
		hunks.map(() => ({ at: 0 })),
		0,
	);
}

/** A patch that creates a file where there is one. */
function placeOverFile(target: Lines, hunks: readonly HunkIds[]): FilePlacement {
	const { found } = reverseApply(target, hunks);
	const lines = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
	if (all(found) && lines === target.exact.length) return landed(found.map(undone), []);
	if (target.exact.length > 0) {
		return refuse(hunks, 'the patch creates the file, and there is another of this name');
	}
	// An empty file is as good as none to GNU patch, and not to git.
	const placed = hunks.map(() => viaFuzz({ at: 0, offset: 0, fuzz: 0 }));
	return { result: 'fuzz', hunks: placed, edits: created(hunks) };
}

function placeDeletion(target: Lines, hunks: readonly HunkIds[]): FilePlacement {
	const { found } = gitApply(target.exact, hunks);
	const lines = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
	if (all(found) && lines === target.exact.length) {
		const edits = editsOf(hunks, found, lines);
		return { result: 'exact', hunks: found.map(direct), edits };
	}
	return refuse(hunks, 'the patch deletes the file, and the file has lines that it does not know');
}

function refuse(hunks: readonly HunkIds[], why: string): FilePlacement {
	return {
		result: 'conflict',
		hunks: hunks.map(() => ({ result: 'conflict', offset: 0, fuzz: 0, at: 1, why })),
	};
}

function direct({ at, offset }: Found): HunkPlacement {
	const result = offset === 0 ? 'exact' : 'offset';
	return { result, offset, fuzz: 0, at: at + 1, why: '' };
}

function undone({ at, offset }: Found): HunkPlacement {
	return { result: 'already', offset, fuzz: 0, at: at + 1, why: '' };
}

/** GNU patch may take without fuzz what git refuses; then the fuzz is 0. */
function viaFuzz({ at, offset, fuzz }: Found): HunkPlacement {
	return { result: 'fuzz', offset, fuzz, at: at + 1, why: '' };
}

function viaMerge(hunk: HunkIds, chunks: readonly MergeChunk[]): HunkPlacement {
	const line = baseStart(hunk);
	const at = toOurs(line, chunks);
	return { result: 'merge', offset: at - line, fuzz: 0, at: at + 1, why: '' };
}

function landing(
	target: Lines,
	hunks: readonly HunkIds[],
	found: readonly Found[],
	placed: HunkPlacement[],
): FilePlacement {
	return landed(placed, editsOf(hunks, found, target.exact.length));
}

function landed(hunks: HunkPlacement[], edits: Edit[]): FilePlacement {
	return { result: worstResult(hunks.map(({ result }) => result)), hunks, edits };
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
	const alone = (i: number): HunkPlacement | undefined => {
		const [applied, already] = [tried.applied.found[i], tried.already.found[i]];
		if (applied !== undefined) return direct(applied);
		return already === undefined ? undefined : undone(already);
	};
	const placed = hunks.map((hunk, i) => {
		const known = alone(i);
		if (known !== undefined) return known;
		if (!clash(hunk)) return viaMerge(hunk, tried.chunks ?? []);
		const fuzzed = tried.fuzzed.found[i];
		return fuzzed === undefined ? explain(target, hunk, tried.chunks) : viaFuzz(fuzzed);
	});
	// Each hunk lands in some way, but no one way lands them all: those not as they are, are to blame.
	if (!placed.some((hunk) => hunk.result === 'conflict' || hunk.result === 'already')) {
		hunks.forEach((hunk, i) => {
			if (tried.applied.found[i] === undefined) placed[i] = explain(target, hunk, tried.chunks);
		});
	}
	return { result: 'conflict', hunks: placed };
}
