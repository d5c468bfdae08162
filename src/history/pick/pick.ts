/**
 * A commit picked onto a tree in memory, as `git cherry-pick` does it with its default options (merge-ort,
 * the default since git 2.34, as 2.39 has it): the commit's parent is the base, the tree ours, the commit
 * theirs. Nothing is written.
 *
 * What differs from git: attributes are not read (a `merge` driver, `binary` set by hand, line ends
 * to be converted); files over 10 MiB are not merged (`unknown`); submodules that both sides moved
 * always conflict. What git makes of a pick in the end is asked by git/proof.ts.
 */
import { LRUCache } from 'lru-cache';
import type { CommitInfo, ObjectStore } from '../../git/store.ts';
import { isFolder, TreePool, textPath, type Version } from '../../git/tree-pool.ts';
import { applyRenames, type DirectoryRenames } from './apply-renames.ts';
import { collect, type ThreeTrees } from './collect.ts';
import { type ChangedPath, OURS, type PickConflict, type Rename } from './model.ts';
import { SpanCache } from './renames.ts';
import { resolvePaths } from './resolve.ts';
import { TreeDifferences } from './tree-difference.ts';

export interface PickOptions {
	/**
	 * For a merge: the parent whose difference to the merge is picked, from 1, as `git cherry-pick -m`
	 * takes it. Without it a merge is refused.
	 */
	readonly mainline?: number;
	/** What becomes of files put into a folder that the other side renamed; git's default is `conflict`. */
	readonly directoryRenames?: DirectoryRenames;
}

export type Picked =
	/** It lands; `tree` is the overlay with it. Paths are text, in order. */
	| {
			readonly result: 'clean';
			readonly tree: string;
			readonly changed: readonly ChangedPath[];
			readonly renames: readonly Rename[];
	  }
	/** All of it is there already, or it changes nothing: git stops there, too. */
	| { readonly result: 'empty' }
	| { readonly result: 'conflict'; readonly conflicts: readonly PickConflict[] }
	| { readonly result: 'refused'; readonly why: string }
	/** Files that are needed are not here, or are too large or too many to compare. */
	| { readonly result: 'unknown'; readonly why: string; readonly blobs: readonly string[] };

/** Picks commits onto trees; what it read and compared is kept for the next pick. */
export class Picker {
	readonly pool: TreePool;
	readonly #store: ObjectStore;
	readonly #spans: SpanCache;
	readonly #differences: TreeDifferences;
	/** Trees and parents of commits. */
	readonly #commits = new LRUCache<string, Pick<CommitInfo, 'tree' | 'parents'>>({ max: 50_000 });

	constructor(store: ObjectStore) {
		this.#store = store;
		this.pool = new TreePool(store);
		this.#spans = new SpanCache(this.pool);
		this.#differences = new TreeDifferences(this.pool);
	}

	/** The tree of a commit. Throws object-missing, unknown-revision. */
	async treeOf(commit: string): Promise<string> {
		return (await this.#commit(commit)).tree;
	}

	/**
	 * Picks a commit onto a tree.
	 * @param onto a tree: of a commit, or what an earlier pick made
	 * @param commit the full id
	 * @throws RangefinderError object-missing where a commit or a tree is not there; git-failed for damage
	 */
	async pick(onto: string, commit: string, options: PickOptions = {}): Promise<Picked> {
		const { tree, parents } = await this.#commit(commit);
		const { mainline } = options;
		const short = commit.slice(0, 12);
		if (parents.length > 1 && mainline === undefined) {
			return { result: 'refused', why: `${short} is a merge: it takes a mainline parent` };
		}
		if (mainline !== undefined && parents.length < 2) {
			return { result: 'refused', why: `${short} is no merge: it has no mainline parent` };
		}
		const parent = parents[(mainline ?? 1) - 1];
		if (mainline !== undefined && parent === undefined) {
			return { result: 'refused', why: `${short} has no parent ${mainline}` };
		}
		const base = parent === undefined ? undefined : await this.treeOf(parent);
		return this.merge([base, onto, tree], options.directoryRenames);
	}

	async #commit(oid: string): Promise<Pick<CommitInfo, 'tree' | 'parents'>> {
		const known = this.#commits.get(oid);
		if (known !== undefined) return known;
		const { tree, parents } = await this.#store.commitInfo(oid);
		this.#commits.set(oid, { tree, parents });
		return { tree, parents };
	}

	/** Merges the difference from a base tree (none: nothing) to another into a tree. Throws as `pick`. */
	async merge(trees: ThreeTrees, mode: DirectoryRenames = 'conflict'): Promise<Picked> {
		const [base, ours, theirs] = trees;
		if (base === theirs || ours === theirs) return { result: 'empty' };
		const collected = await collect(this.pool, this.#differences, trees);
		const applied = await applyRenames(this.pool, this.#spans, collected, trees, mode);
		const resolved = await resolvePaths(this.pool, collected, ours);
		const conflicts = [...applied.conflicts, ...resolved.conflicts];
		// What could not be compared may have been a rename: then there may be no conflict.
		if (applied.unread.length > 0) return unknown(applied.unread);
		if (conflicts.length > 0) {
			return { result: 'conflict', conflicts: conflicts.map(inText) };
		}
		if (resolved.unread.length > 0) return unknown(resolved.unread);
		for (const content of resolved.made) this.pool.addBlob(content, ours);
		const tree = await this.pool.withChanges(ours, resolved.changes);
		if (tree === ours) return { result: 'empty' };
		const theirNames = new Map(
			applied.renames.flatMap(({ side, from, to }) => (side === OURS ? [[to, from]] : [])),
		);
		const changed: ChangedPath[] = [];
		for (const [path] of resolved.changes) {
			const before = await this.pool.at(ours, path);
			const after = await this.pool.at(tree, path);
			for (const one of await this.#files(path, before, after)) {
				const theirPath = theirNames.get(one.path);
				changed.push(theirPath === undefined ? one : { ...one, theirPath });
			}
		}
		changed.sort((a, b) => (a.path < b.path ? -1 : 1));
		return {
			result: 'clean',
			tree,
			changed: changed.map((one) => ({
				...one,
				path: textPath(one.path),
				...(one.theirPath === undefined ? {} : { theirPath: textPath(one.theirPath) }),
			})),
			renames: applied.renames.map(({ side, from, to }) => ({
				side,
				from: textPath(from),
				to: textPath(to),
			})),
		};
	}

	/** The changed files at a path, or below it where it is a folder. */
	async #files(
		path: string,
		before: Version | undefined,
		after: Version | undefined,
	): Promise<ChangedPath[]> {
		if (before?.oid === after?.oid && before?.mode === after?.mode) return [];
		const files = new Map<string, { before?: Version; after?: Version }>();
		await this.#list(path, before, (at, version) => files.set(at, { before: version }));
		await this.#list(path, after, (at, version) =>
			files.set(at, { ...files.get(at), after: version }),
		);
		return [...files].flatMap(([at, { before: old, after: now }]) =>
			old?.oid === now?.oid && old?.mode === now?.mode
				? []
				: [{ path: at, before: old, after: now }],
		);
	}

	async #list(
		path: string,
		version: Version | undefined,
		take: (path: string, version: Version) => void,
	): Promise<void> {
		if (version === undefined) return;
		if (!isFolder(version)) {
			take(path, version);
			return;
		}
		const { added } = await this.#differences.between(undefined, version.oid);
		for (const [name, file] of added) take(`${path}/${name}`, file);
	}
}

function unknown(blobs: readonly string[]): Picked {
	const why = 'files that are needed are not here, or are too large or too many to compare';
	return { result: 'unknown', why, blobs: [...new Set(blobs)] };
}

function inText(conflict: PickConflict): PickConflict {
	const { path, theirPath, otherPath } = conflict;
	return {
		...conflict,
		path: textPath(path),
		...(theirPath === undefined ? {} : { theirPath: textPath(theirPath) }),
		...(otherPath === undefined ? {} : { otherPath: textPath(otherPath) }),
	};
}
