/**
 * Where folders went, counted from the renames of the files in them; as git's diffcore-rename.c and
 * merge-ort.c count: most files decide.
 */
import type { FolderRelevance } from './model.ts';

/** The folder of a path; '' for the root. */
export function folderOf(path: string): string {
	const slash = path.lastIndexOf('/');
	return slash < 0 ? '' : path.slice(0, slash);
}

export function baseName(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}

/** Stands for where files went of which nobody knows yet. No folder is called so. */
const UNKNOWN = '/';

/** How often files of a folder were found in others. */
export class FolderCounts {
	readonly #foldersGone: Map<string, FolderRelevance>;
	readonly #counts = new Map<string, Map<string, number>>();

	/** @param foldersGone the folders a side removed; what is settled here is marked in it */
	constructor(foldersGone: Map<string, FolderRelevance>) {
		this.#foldersGone = foldersGone;
	}

	/** Counts one renamed file, for its folder and for those above that went the same way. */
	add(from: string, to: string): void {
		let oldFolder = from;
		let newFolder = to;
		for (let first = true; ; first = false) {
			const oldRest = oldFolder;
			const newRest = newFolder;
			oldFolder = folderOf(oldFolder);
			newFolder = folderOf(newFolder);
			const relevance = this.#foldersGone.get(oldFolder);
			if (relevance === undefined) return;
			if (!first && baseName(oldRest) !== baseName(newRest)) return;
			if (relevance === 'self' || first) this.#increment(oldFolder, newFolder);
			if (relevance === 'none' || oldFolder === '' || newFolder === '') return;
		}
	}

	/** Where most files of each folder went so far. */
	guesses(): Map<string, string> {
		const guesses = new Map<string, string>();
		for (const [folder, counts] of this.#counts) {
			let most = 0;
			for (const [target, count] of counts) {
				if (count <= most) continue;
				most = count;
				guesses.set(folder, target);
			}
		}
		return guesses;
	}

	/**
	 * Marks folders whose way is settled, whatever becomes of the files still to be found; and says of a
	 * file, that matters for its folder only, whether it need not be looked for.
	 * @param left deleted files that no rename was found for yet
	 */
	settleEarly(left: Iterable<string>): (path: string) => boolean {
		for (const path of left) {
			let folder = folderOf(path);
			while (folder !== '' && (this.#foldersGone.get(folder) ?? 'none') !== 'none') {
				this.#increment(folder, UNKNOWN);
				folder = folderOf(folder);
			}
		}
		for (const [folder, counts] of this.#counts) {
			if (this.#foldersGone.get(folder) === 'self' && isDecided(counts)) {
				this.#foldersGone.set(folder, 'ancestor');
			}
		}
		return (path) => {
			for (let folder = folderOf(path); ; folder = folderOf(folder)) {
				const relevance = this.#foldersGone.get(folder) ?? 'none';
				if (relevance !== 'ancestor') return relevance === 'none';
				if (folder === '') return true;
			}
		};
	}

	/** Folders that went somewhere as a whole; and those of which the files went to several in equal numbers. */
	settled(): { renamed: Map<string, string>; split: string[] } {
		const renamed = new Map<string, string>();
		const split: string[] = [];
		for (const [folder, counts] of this.#counts) {
			if ((this.#foldersGone.get(folder) ?? 'none') === 'none') continue;
			let most = 0;
			let tied = 0;
			let best = '';
			for (const [target, count] of counts) {
				if (target === UNKNOWN) continue;
				if (count === most) tied = most;
				else if (count > most) {
					most = count;
					best = target;
				}
			}
			if (most === 0) continue;
			if (tied === most) split.push(folder);
			else renamed.set(folder, best);
		}
		return { renamed, split };
	}

	#increment(folder: string, target: string): void {
		let counts = this.#counts.get(folder);
		if (counts === undefined) {
			counts = new Map();
			this.#counts.set(folder, counts);
		}
		counts.set(target, (counts.get(target) ?? 0) + 1);
	}
}

function isDecided(counts: ReadonlyMap<string, number>): boolean {
	let first = 0;
	let second = 0;
	let unknown = 0;
	for (const [target, count] of counts) {
		if (target === UNKNOWN) unknown = count;
		else if (count >= first) {
			second = first;
			first = count;
		} else if (count >= second) second = count;
	}
	return first > second + unknown;
}

/** The renamed folder that a path is in, the nearest first; undefined for none. */
export function renamedAbove(
	path: string,
	renamed: ReadonlyMap<string, string>,
): [from: string, to: string] | undefined {
	for (let folder = path; folder.includes('/'); ) {
		folder = folderOf(folder);
		const to = renamed.get(folder);
		if (to !== undefined) return [folder, to];
	}
	return undefined;
}

/** The path with the folder it is in renamed. */
export function inRenamed(path: string, [from, to]: readonly [string, string]): string {
	return to === '' ? path.slice(from.length + 1) : to + path.slice(from.length);
}
