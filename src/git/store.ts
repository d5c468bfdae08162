/**
 * The one interface through which git objects are read. Nothing here writes to a repository.
 * Implementations: native-store.ts (git itself) and embedded-store.ts (no git needed);
 * open-store.ts chooses.
 */
import { RangefinderError } from '../errors.ts';
import type { KnownRepository } from './native-store.ts';
import type { GitRunner } from './process.ts';

export interface TagRef {
	readonly name: string;
	/** The commit the tag points at, peeled. */
	readonly commit: string;
	/** Committer date of that commit, seconds since the epoch. */
	readonly date: number;
	/** The id of that commit's root tree, where it came without asking. */
	readonly tree?: string;
}

export interface TreeEntry {
	/** Path from the root of the tree. */
	readonly path: string;
	readonly mode: string;
	readonly type: 'blob' | 'tree' | 'commit';
	readonly oid: string;
}

export interface CommitInfo {
	readonly oid: string;
	readonly tree: string;
	readonly parents: readonly string[];
	readonly author: string;
	/** Author date, seconds since the epoch. */
	readonly authorDate: number;
	readonly subject: string;
	readonly message: string;
}

/** Lines from the first to the second, both included, from 1. */
export type LineRange = [from: number, to: number];

/** A commit that gave lines their present form. */
export interface LineChange {
	readonly commit: string;
	readonly subject: string;
}

/** What a partial clone has besides its objects: others that can be had. */
export interface PartialClone {
	/**
	 * Fetches those of the objects that are not here, in one request, where that is allowed. Blobs and trees
	 * that are read and missing are fetched without it; asked for ahead they come together.
	 * @throws RangefinderError disk-full
	 */
	fetch(oids: readonly string[]): Promise<void>;
	/** Why an object that was asked for is not here; undefined where it is, or nobody asked. */
	why(oid: string): string | undefined;
	/**
	 * Ids that blobs at paths have or had anywhere in history, from its trees.
	 * @throws RangefinderError git-failed, object-missing
	 */
	everAt(paths: readonly string[]): Promise<Set<string>>;
	/**
	 * Fetches what commits change, before and after, which their diffs are made of; the blobs in one request.
	 * @throws RangefinderError git-failed, object-missing, disk-full
	 */
	fetchChanges(commits: readonly string[]): Promise<void>;
}

export interface ObjectStore {
	/** The folder the user named. */
	readonly where: string;
	/** Every tag that peels to a commit, unsorted. */
	tags(): Promise<TagRef[]>;
	/** The commit a revision names; undefined when there is none. */
	resolveCommit(revision: string): Promise<string | undefined>;
	/** Blob ids of `paths` at `commit` (or tree), in order; undefined where there is no such blob. */
	blobIds(commit: string, paths: readonly string[]): Promise<(string | undefined)[]>;
	/** The same for many commits, in one exchange with git. */
	blobIdsAt(
		commits: readonly string[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]>;
	/** Ids of whatever is at `paths` (folders too), for many commits; undefined where nothing is. */
	objectIdsAt(
		commits: readonly string[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]>;
	/** Entries under a folder (no trailing slash; '' for the root); [] when it is not there. */
	list(commit: string, folder: string, recursive: boolean): Promise<TreeEntry[]>;
	/** The same for many commits, read together. */
	listAt(commits: readonly string[], folder: string, recursive: boolean): Promise<TreeEntry[][]>;
	/** Trees by id as git wrote them, asked for in one batch. Throws object-missing. */
	trees(oids: readonly string[]): Promise<Map<string, Uint8Array>>;
	/** Contents by id, asked for in one batch; a missing object is absent from the map. */
	blobs(oids: readonly string[]): Promise<Map<string, Uint8Array>>;
	/** Sizes of blobs in bytes, by id, without reading them; absent where a store has to read them. */
	blobSizes?(oids: readonly string[]): Promise<Map<string, number>>;
	/** The full id of the blob with this abbreviation; undefined when none or several. */
	expandBlob(abbreviation: string): Promise<string | undefined>;
	commitInfo(oid: string): Promise<CommitInfo>;
	/**
	 * The commits that last changed lines of a file at a commit, without those at which a shallow clone ends;
	 * absent where history is not walked.
	 */
	lastChanged?(commit: string, path: string, ranges: readonly LineRange[]): Promise<LineChange[]>;
	/** The commit as a mail (git format-patch). Throws needs-git where the store makes none. */
	patchOf(commit: string): Promise<Uint8Array>;
	/** Present for a partial clone. */
	readonly partial?: PartialClone;
	/** git itself, where this store asks it: history is walked through it. */
	readonly git?: GitRunner;
	/** By which another thread may open the same repository; absent where that cannot be. */
	readonly known?: KnownRepository | undefined;
	close(): Promise<void>;
}

/**
 * git itself, for what only it can do.
 * @param what the doing, for the message: `walking history`
 * @throws RangefinderError needs-git where the store is read without git
 */
export function demandGit(store: ObjectStore, what: string): GitRunner {
	if (store.git !== undefined) return store.git;
	throw new RangefinderError({ code: 'needs-git', where: store.where, what });
}
