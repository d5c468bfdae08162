/**
 * Names the commits that changed the lines at which hunks conflict. It asks the history of a clone,
 * so it is done for releases that somebody wants to know all about.
 */
import type { ReleaseSource } from '../../cache/source.ts';
import { type FailureCode, RangefinderError } from '../errors.ts';
import type { LineRange } from '../git/store.ts';
import type { HunkPlacement } from '../patch/placement.ts';
import type { PlacedFile, PlacedRelease } from './placements.ts';

/** Failures of a walk through a history that is not all there. */
const UNKNOWN: ReadonlySet<FailureCode> = new Set(['object-missing', 'git-failed']);

/** Hunks of one file whose history is asked for, at most: each is a walk through it. */
const MOST = 8;

/**
 * Puts `changedBy` on the conflicting hunks of releases. Where the release that the patch was made
 * from is among those placed and comes later, its own lines are asked for, which the other has not
 * yet; else the lines that stand where the hunk's do not.
 * @param wanted whether a release is one to be told about
 */
export async function nameChanges(
	placed: readonly PlacedRelease[],
	source: ReleaseSource,
	wanted: (placed: PlacedRelease) => boolean,
): Promise<void> {
	if (source.lastChanged === undefined) return;
	for (const [i, one] of placed.entries()) {
		if (!wanted(one)) continue;
		for (const [j, file] of one.files.entries()) {
			const home = placed.slice(i + 1).find(({ files }) => isPreimage(files[j]));
			const from = home?.files[j];
			for (const hunk of conflictsOf(file)) {
				const [at, path, ranges] =
					home !== undefined && from !== undefined && hunk.differ !== undefined
						? [home.release, from.path, rangesOf(hunk.differ)]
						: [one.release, file.path, hunk.standing ?? []];
				if (ranges.length === 0) continue;
				try {
					hunk.changedBy = await source.lastChanged(at, path, ranges);
				} catch (error) {
					// A partial clone may lack what a walk needs; the placement stands without it.
					if (!(error instanceof RangefinderError)) throw error;
					if (!UNKNOWN.has(error.failure.code)) throw error;
				}
			}
		}
	}
}

function isPreimage(file: PlacedFile | undefined): boolean {
	return file !== undefined && file.blob !== undefined && file.blob === file.file.preimage;
}

function conflictsOf({ placement, blob }: PlacedFile): HunkPlacement[] {
	if (blob === undefined) return [];
	return placement.hunks.filter(({ result }) => result === 'conflict').slice(0, MOST);
}

/** Line numbers in order as ranges. */
function rangesOf(lines: readonly number[]): LineRange[] {
	const ranges: LineRange[] = [];
	for (const line of lines) {
		const last = ranges.at(-1);
		if (last !== undefined && last[1] === line - 1) last[1] = line;
		else ranges.push([line, line]);
	}
	return ranges;
}
