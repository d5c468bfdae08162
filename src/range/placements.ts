/** How every file of a patch lands on every release; placement is asked once per blob. */
import type { FileId, ReleaseSource } from '../../cache/source.ts';
import { RangefinderError } from '../errors.ts';
import type { Release } from '../kernel/releases.ts';
import type { Lines } from '../patch/lines.ts';
import { type FilePlacement, placeFile, worstResult } from '../patch/placement.ts';
import { likelyFiles, mostAlike, searchFolder } from './moved.ts';
import type { PreparedFile, PreparedPatch } from './prepare.ts';
import type { PlacementResult, ReleaseReport } from './report.ts';

/** One file of the patch on one release. */
export interface PlacedFile {
	file: PreparedFile;
	/** Where the release has it; the path of the patch where it has not. */
	path: string;
	/** The blob it lands on; undefined when the file is not there. */
	blob: string | undefined;
	target: Lines | undefined;
	placement: FilePlacement;
	/** Why the file cannot be read, where that is so; its placement is `unknown` then. */
	unread?: string;
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
	const renames = patch.files
		.map(({ renamesTo }) => renamesTo)
		.filter((path) => path !== undefined);
	const ids = await source.blobIds(releases, [...paths, ...renames]);
	const preimages = patch.files.map(({ preimage }) => preimage).filter((id) => id !== null);
	const blobs = new Set(ids.flat().filter((id) => id !== undefined));
	const lines = await source.lines([...new Set([...blobs, ...preimages])]);
	const blobAtNewName = ({ renamesTo }: PreparedFile, release: number): string | undefined =>
		renamesTo === undefined ? undefined : ids[release]?.[paths.length + renames.indexOf(renamesTo)];
	const moved = await movedFiles(patch, source, releases, ids, blobAtNewName, lines);
	const known = new Map<string, FilePlacement>();
	return releases.map((release, i) => {
		const files = patch.files.map((file, j): PlacedFile => {
			const found = moved.get(`${i}:${j}`);
			const { path, blob } = found ?? { path: file.path, blob: ids[i]?.[j] };
			const target = blob === undefined ? undefined : lines.get(blob);
			if (blob !== undefined && target === undefined) {
				// Not to be mistaken for a release without the file.
				const why = source.whyMissing?.(blob);
				if (why !== undefined) return unreadFile(file, path, blob, why);
				const where = `${release.name}:${path}`;
				const what = `the blob ${blob} is not there or is damaged`;
				throw new RangefinderError({ code: 'object-missing', where, what });
			}
			const taken = path === file.renamesTo ? undefined : blobAtNewName(file, i);
			const key = `${j}:${blob ?? ''}:${taken ?? ''}:${path === file.renamesTo}`;
			let placement = known.get(key);
			if (placement === undefined) {
				const preimage = file.preimage === null ? undefined : lines.get(file.preimage);
				placement = renamed(file, path, taken, placeFile(target, file, preimage));
				known.set(key, placement);
			}
			return { file, path, blob, target, placement };
		});
		return { release, files, result: worstResult(files.map(({ placement }) => placement.result)) };
	});
}

/** A file that a partial clone has not, and that could not be had. */
function unreadFile(file: PreparedFile, path: string, blob: string, why: string): PlacedFile {
	const unread = `${path} is not in this partial clone (${blob.slice(0, 12)}): ${why}`;
	return {
		file,
		path,
		blob,
		target: undefined,
		placement: { result: 'unknown', hunks: [] },
		unread,
	};
}

/** Why a release cannot be placed on; undefined where it can. */
export function whyUnread({ files }: PlacedRelease): string | undefined {
	return files.find(({ unread }) => unread !== undefined)?.unread;
}

/** The placement of a file that the patch renames: `git apply` wants the new name free. */
function renamed(
	file: PreparedFile,
	path: string,
	taken: string | undefined,
	placement: FilePlacement,
): FilePlacement {
	if (path === file.renamesTo && file.hunks.length === 0)
		return { ...placement, result: 'already' };
	if (taken === undefined || placement.result === 'missing') return placement;
	const does = file.copies === true ? 'copies' : 'renames';
	const why = `the patch ${does} the file to ${file.renamesTo}, and there is another of this name`;
	const hunks = placement.hunks.map((hunk) => ({ ...hunk, result: 'conflict' as const, why }));
	return { result: 'conflict', hunks };
}

/** Where releases have files of the patch that they have not where it says; by `release:file` number. */
async function movedFiles(
	patch: PreparedPatch,
	source: ReleaseSource,
	releases: readonly Release[],
	ids: readonly (readonly (string | undefined)[])[],
	blobAtNewName: (file: PreparedFile, release: number) => string | undefined,
	lines: Map<string, Lines>,
): Promise<Map<string, FileId>> {
	const moved = new Map<string, FileId>();
	const wanted: { key: string; file: PreparedFile; candidates: FileId[] }[] = [];
	for (const [i, release] of releases.entries()) {
		for (const [j, file] of patch.files.entries()) {
			if (ids[i]?.[j] !== undefined || file.isNew || file.isDeleted) continue;
			const key = `${i}:${j}`;
			const blob = blobAtNewName(file, i);
			const folder = searchFolder(file.path);
			if (blob !== undefined && file.renamesTo !== undefined && file.copies !== true) {
				moved.set(key, { path: file.renamesTo, blob });
			} else if (folder !== '') {
				const candidates = likelyFiles(file.path, await source.filesBelow(release, folder));
				wanted.push({ key, file, candidates });
			}
		}
	}
	const blobs = new Set(wanted.flatMap(({ candidates }) => candidates.map(({ blob }) => blob)));
	const unread = [...blobs].filter((blob) => !lines.has(blob));
	if (unread.length > 0) for (const [id, one] of await source.lines(unread)) lines.set(id, one);
	for (const { key, file, candidates } of wanted) {
		const preimage = file.preimage === null ? undefined : lines.get(file.preimage);
		const unread = candidates.find(({ blob }) => source.whyMissing?.(blob) !== undefined);
		const found = mostAlike(file.hunks, preimage, candidates, lines) ?? unread;
		if (found !== undefined) moved.set(key, found);
	}
	return moved;
}

/** A placement in the words of the contract. */
export function placementReport(placed: PlacedRelease): ReleaseReport['placement'] {
	return {
		result: placed.result,
		files: placed.files.map(({ file, path, placement }) => ({
			path: file.path,
			movedTo: path === file.path ? null : path,
			result: placement.result,
			hunks: placement.hunks.map(({ result, offset, fuzz, at, why, changedBy }) => ({
				result,
				offset,
				fuzz,
				at: at === 0 ? null : at,
				why: why === '' ? null : why,
				changedBy: changedBy ?? null,
			})),
		})),
	};
}

/** What a placement that does not land says of it, in one line. */
export function conflictText(placed: PlacedRelease): string {
	for (const { path, placement } of placed.files) {
		if (placement.result === 'missing') return `${path} is not there`;
		const hunks = placement.hunks.filter(({ result }) => result === 'conflict');
		const [first] = hunks;
		const already = placement.hunks.filter(({ result }) => result === 'already');
		if (first === undefined && placement.result === 'conflict' && already.length > 0) {
			const part = `${already.length} of ${placement.hunks.length} hunks`;
			return `${part} of ${path} ${already.length === 1 ? 'is' : 'are'} there already, and git takes all or none`;
		}
		if (first === undefined) continue;
		const count = `${hunks.length} of ${placement.hunks.length} hunks`;
		return `${count} of ${path} conflict${hunks.length === 1 ? 's' : ''}; ${first.why}`;
	}
	return '';
}
