/** What both stores say of paths in commits: the same walk of trees, whoever reads the objects. */
import { RangefinderError } from '../errors.ts';
import { isRevision } from './names.ts';
import type { ObjectStore, TreeEntry } from './store.ts';
import type { TreeWalk } from './tree-walk.ts';

/** The part of a store that looks up paths. */
export abstract class WalkedStore
	implements
		Pick<
			ObjectStore,
			'where' | 'blobIds' | 'blobIdsAt' | 'objectIdsAt' | 'list' | 'listAt' | 'trees'
		>
{
	abstract readonly where: string;
	protected abstract readonly walk: TreeWalk;

	async blobIds(commit: string, paths: readonly string[]): Promise<(string | undefined)[]> {
		const [ids] = await this.blobIdsAt([commit], paths);
		return ids ?? [];
	}

	blobIdsAt(
		commits: readonly string[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]> {
		return this.#idsAt(commits, paths, (type) => type === 'blob');
	}

	objectIdsAt(
		commits: readonly string[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]> {
		return this.#idsAt(commits, paths, () => true);
	}

	/** Ids of what is at the paths and of a wanted type, for many commits. */
	async #idsAt(
		commits: readonly string[],
		paths: readonly string[],
		wanted: (type: string) => boolean,
	): Promise<(string | undefined)[][]> {
		for (const commit of commits) this.demandRevision(commit);
		// Through the trees, not the blobs: in a partial clone a blob that is not here has an id too.
		const found = await this.walk.find(commits, paths);
		return found.map((row) =>
			row.map((one) => (one !== undefined && wanted(one.type) ? one.oid : undefined)),
		);
	}

	async list(commit: string, folder: string, recursive: boolean): Promise<TreeEntry[]> {
		const [entries] = await this.listAt([commit], folder, recursive);
		return entries ?? [];
	}

	async listAt(
		commits: readonly string[],
		folder: string,
		recursive: boolean,
	): Promise<TreeEntry[][]> {
		for (const commit of commits) this.demandRevision(commit);
		return this.walk.list(commits, folder, recursive);
	}

	trees(oids: readonly string[]): Promise<Map<string, Uint8Array>> {
		return this.walk.contents(oids);
	}

	/** Throws unknown-revision for what cannot be asked for as a revision. */
	protected demandRevision(revision: string): void {
		if (isRevision(revision)) return;
		throw new RangefinderError({ code: 'unknown-revision', revision, where: this.where });
	}
}
