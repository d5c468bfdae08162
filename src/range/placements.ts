/** How every file of a patch lands on every release; placement is asked once per blob. */
import type { ReleaseSource } from '../../cache/source.ts';
import { RangefinderError } from '../errors.ts';
import type { Release } from '../kernel/releases.ts';
import type { Lines } from '../patch/lines.ts';
import { type FilePlacement, placeFile, worstResult } from '../patch/placement.ts';
import type { PreparedFile, PreparedPatch } from './prepare.ts';
import type { PlacementResult, ReleaseReport } from './report.ts';

/** One file of the patch on one release. */
export interface PlacedFile {
	file: PreparedFile;
	/** The blob it lands on; undefined when the file is not there. */
	blob: string | undefined;
	target: Lines | undefined;
	placement: FilePlacement;
}

export interface PlacedRelease {
	release: Release;
	files: PlacedFile[];
	result: PlacementResult;
}

/** Places a patch on releases, in their order. */
export async function place(
	patch: PreparedPatch,
	source: ReleaseSource,
	releases: readonly Release[],
): Promise<PlacedRelease[]> {
	const paths = patch.files.map(({ path }) => path);
	const ids = await source.blobIds(releases, paths);
	const preimages = patch.files.map(({ preimage }) => preimage).filter((id) => id !== null);
	const blobs = new Set(ids.flat().filter((id) => id !== undefined));
	const lines = await source.lines([...new Set([...blobs, ...preimages])]);
	const known = new Map<string, FilePlacement>();
	return releases.map((release, i) => {
		const files = patch.files.map((file, j): PlacedFile => {
			const blob = ids[i]?.[j];
			const target = blob === undefined ? undefined : lines.get(blob);
			if (blob !== undefined && target === undefined) {
				// Not to be mistaken for a release without the file.
				const where = `${release.name}:${file.path}`;
				const what = `the blob ${blob} is not there or is damaged`;
				throw new RangefinderError({ code: 'object-missing', where, what });
			}
			const key = `${j}:${blob ?? ''}`;
			let placement = known.get(key);
			if (placement === undefined) {
				const preimage = file.preimage === null ? undefined : lines.get(file.preimage);
				placement = placeFile(target, file, preimage);
				known.set(key, placement);
			}
			return { file, blob, target, placement };
		});
		return { release, files, result: worstResult(files.map(({ placement }) => placement.result)) };
	});
}

/** A placement in the words of the contract. */
export function placementReport(placed: PlacedRelease): ReleaseReport['placement'] {
	return {
		result: placed.result,
		files: placed.files.map(({ file, placement }) => ({
			path: file.path,
			result: placement.result,
			hunks: placement.hunks.map(({ result, offset, fuzz, at, why }) => ({
				result,
				offset,
				fuzz,
				at: at === 0 ? null : at,
				why: why === '' ? null : why,
			})),
		})),
	};
}

/** What a placement that does not land says of it, in one line. */
export function conflictText(placed: PlacedRelease): string {
	for (const { file, placement } of placed.files) {
		if (placement.result === 'missing') return `${file.path} is not there`;
		const hunks = placement.hunks.filter(({ result }) => result === 'conflict');
		const [first] = hunks;
		if (first === undefined) continue;
		const count = `${hunks.length} of ${placement.hunks.length} hunks`;
		return `${count} of ${file.path} conflict${hunks.length === 1 ? 's' : ''}; ${first.why}`;
	}
	return '';
}
