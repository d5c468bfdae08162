/**
 * A repository together with trees and files that were made on top of it in memory (tree-pool.ts): such a
 * tree is asked for by its id, wherever a commit may be named, and is read as any other.
 */
import type { GitObject, NoObject } from './cat-file.ts';
import type { GitRunner } from './process.ts';
import type {
	CommitInfo,
	LineChange,
	LineRange,
	ObjectStore,
	PartialClone,
	TagRef,
} from './store.ts';
import type { TreePool } from './tree-pool.ts';
import { TreeWalk } from './tree-walk.ts';
import { WalkedStore } from './walked-store.ts';

const TREE_OF = /^(.*)\^\{tree\}$/;

export class OverlayStore extends WalkedStore implements ObjectStore {
	readonly where: string;
	readonly partial?: PartialClone;
	readonly git?: GitRunner;
	protected readonly walk: TreeWalk;
	readonly #below: ObjectStore;
	readonly #pool: TreePool;

	/** @param below is closed with this store */
	constructor(below: ObjectStore, pool: TreePool) {
		super();
		this.where = below.where;
		if (below.partial !== undefined) this.partial = below.partial;
		if (below.git !== undefined) this.git = below.git;
		this.#below = below;
		this.#pool = pool;
		this.walk = new TreeWalk({ contents: (names) => this.#contents(names) }, below.where);
	}

	/** What a name stands for: a tree, a commit's tree, or a tree that was made. */
	async #contents(names: readonly string[]): Promise<(GitObject | NoObject)[]> {
		const roots = new Map<string, string>();
		for (const name of names) {
			const commit = TREE_OF.exec(name)?.[1];
			if (commit === undefined || this.#pool.madeTree(commit) !== undefined) continue;
			const [[root] = []] = await this.#below.objectIdsAt([commit], ['']);
			if (root !== undefined) roots.set(name, root);
		}
		const ids = names.map((name) => roots.get(name) ?? name.replace(TREE_OF, '$1'));
		const others = ids.filter((oid) => this.#pool.madeTree(oid) === undefined);
		const found: ReadonlyMap<string, Uint8Array> =
			others.length === 0 ? new Map() : await this.#below.trees(others);
		return ids.map((oid): GitObject | NoObject => {
			const content = this.#pool.madeTree(oid) ?? found.get(oid);
			if (content === undefined) return 'missing';
			return { oid, type: 'tree', size: content.length, content };
		});
	}

	tags(): Promise<TagRef[]> {
		return this.#below.tags();
	}

	resolveCommit(revision: string): Promise<string | undefined> {
		return this.#below.resolveCommit(revision);
	}

	blobs(oids: readonly string[]): Promise<Map<string, Uint8Array>> {
		return this.#pool.blobs(oids);
	}

	blobSizes(oids: readonly string[]): Promise<Map<string, number>> {
		return this.#pool.sizes(oids);
	}

	expandBlob(abbreviation: string): Promise<string | undefined> {
		return this.#below.expandBlob(abbreviation);
	}

	commitInfo(oid: string): Promise<CommitInfo> {
		return this.#below.commitInfo(oid);
	}

	async lastChanged(
		commit: string,
		path: string,
		ranges: readonly LineRange[],
	): Promise<LineChange[]> {
		return (await this.#below.lastChanged?.(commit, path, ranges)) ?? [];
	}

	patchOf(commit: string): Promise<Uint8Array> {
		return this.#below.patchOf(commit);
	}

	close(): Promise<void> {
		return this.#below.close();
	}
}
