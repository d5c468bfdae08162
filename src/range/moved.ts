/**
 * Where a file of a patch is in a tree that has it under another name: the file whose lines are most
 * like those it was made from, among files of a like name below the same folders.
 */
import type { FileId } from '../../cache/source.ts';
import type { Lines } from '../patch/lines.ts';
import { type HunkIds, oldIds } from '../patch/search.ts';

/** So many folders of a path are kept when its file is searched: `drivers/iommu` of a driver. */
const FOLDERS = 2;
/** Files whose lines are compared, at most, for one path in one tree. */
const MOST = 16;
/** As alike as files are to git when it calls one the other renamed. */
const ALIKE = 0.5;

/** The folder below which a missing file is searched; no trailing slash, '' for a file of the root. */
export function searchFolder(path: string): string {
	return path.split('/').slice(0, -1).slice(0, FOLDERS).join('/');
}

/** The words of a name: letters and digits between slashes, dots and dashes, without the suffix. */
function wordsOf(name: string): string[] {
	return name
		.replace(/\.[^./]*$/, '')
		.split(/[^A-Za-z0-9]+/)
		.filter(Boolean);
}

function baseOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * The files that may be the one of a path: those of the same name, then those whose path has every
 * word of its name, or whose name has no other words than it (intel-iommu.c and intel/iommu.c).
 */
export function likelyFiles(path: string, files: readonly FileId[]): FileId[] {
	const base = baseOf(path);
	const suffix = /\.[^./]*$/.exec(base)?.[0] ?? '';
	const own = wordsOf(base);
	const whole = new Set(wordsOf(path.slice(searchFolder(path).length)));
	const renamed = (other: string): boolean => {
		const words = new Set(wordsOf(other));
		return (
			own.every((word) => words.has(word)) || wordsOf(baseOf(other)).every((w) => whole.has(w))
		);
	};
	const same = files.filter((file) => baseOf(file.path) === base);
	const like = files.filter(
		(file) => baseOf(file.path) !== base && file.path.endsWith(suffix) && renamed(file.path),
	);
	return [...same, ...like].slice(0, MOST);
}

/** The candidate most like a file: like its pre-image where that is known, else like its hunks. */
export function mostAlike(
	hunks: readonly HunkIds[],
	preimage: Lines | undefined,
	candidates: readonly FileId[],
	lines: ReadonlyMap<string, Lines>,
): FileId | undefined {
	const wanted = preimage?.exact ?? joined(hunks.map((hunk) => oldIds(hunk)));
	let best: FileId | undefined;
	let most = 0;
	for (const candidate of candidates) {
		const other = lines.get(candidate.blob)?.exact;
		if (other === undefined) continue;
		// Of a file of which only hunks are known, a part of the candidate is all there can be.
		const size = preimage === undefined ? wanted.length : Math.max(wanted.length, other.length);
		const alike = size === 0 ? 0 : sharedLines(wanted, other) / size;
		if (alike < ALIKE || alike <= most) continue;
		most = alike;
		best = candidate;
	}
	return best;
}

function joined(parts: readonly Int32Array[]): Int32Array {
	return Int32Array.from(parts.flatMap((part) => [...part]));
}

/** How many lines two files share, each as often as both have it. */
function sharedLines(a: Int32Array, b: Int32Array): number {
	const counts = new Map<number, number>();
	for (const id of a) counts.set(id, (counts.get(id) ?? 0) + 1);
	let shared = 0;
	for (const id of b) {
		const left = counts.get(id) ?? 0;
		if (left === 0) continue;
		counts.set(id, left - 1);
		shared++;
	}
	return shared;
}
