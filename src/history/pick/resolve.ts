/** What becomes of each path of a pick, as git's process_entry() (merge-ort.c) says it. */
import { isFolder, type TreePool, type Version } from '../../git/tree-pool.ts';
import type { Collected } from './collect.ts';
import { contentsNeeded, mergeFile, sameType } from './file-merge.ts';
import { BASE, OURS, type PathInfo, type PickConflict, THEIRS } from './model.ts';

export interface Resolution {
	readonly conflicts: readonly PickConflict[];
	/** Ids of files whose contents were needed and are not here, or too large. */
	readonly unread: readonly string[];
	/** What changes in the target. */
	readonly changes: ReadonlyMap<string, Version | undefined>;
	/** Merged files that are not in the pool yet. */
	readonly made: readonly Uint8Array[];
}

/** Settles every path; `target` is the tree that is picked onto. Throws object-missing, git-failed. */
export async function resolvePaths(
	pool: TreePool,
	{ paths, taken }: Collected,
	target: string,
): Promise<Resolution> {
	const resolver = new Resolver(taken);
	const late: [string, PathInfo][] = [];
	const now: [string, PathInfo][] = [];
	for (const one of paths) {
		const beside = one[1].dirmask !== 0 && one[1].filemask !== 0 && !one[1].gone;
		(beside ? late : now).push(one);
	}
	const needed = [...paths.values()].flatMap((info) =>
		info.gone || info.matchMask !== 0 ? [] : contentsNeeded(info.stages),
	);
	resolver.contents = needed.length === 0 ? new Map() : await pool.blobs([...new Set(needed)]);
	for (const [path, info] of now) resolver.settle(path, info);
	// A file where some side has a folder: whether the folder stays is known when all below it is.
	late.sort(([a], [b]) => (a < b ? 1 : -1));
	for (const [path, info] of late) {
		const tree = await pool.withChanges(target, resolver.changes);
		if (isFolder(await pool.at(tree, path))) resolver.settleBesideFolder(path, info);
		else resolver.settle(path, info);
	}
	return resolver;
}

class Resolver implements Resolution {
	readonly conflicts: PickConflict[] = [];
	readonly unread: string[] = [];
	readonly changes: Map<string, Version | undefined>;
	readonly made: Uint8Array[] = [];
	contents: ReadonlyMap<string, Uint8Array> = new Map();

	constructor(taken: ReadonlyMap<string, Version | undefined>) {
		this.changes = new Map(taken);
	}

	settle(path: string, info: PathInfo): void {
		const [, ours, theirs] = info.stages;
		if (info.gone) {
			this.#set(path, info, undefined);
			return;
		}
		if (info.matchMask !== 0) {
			const version = info.matchMask === 3 ? theirs : ours;
			if (version !== undefined) this.#conflictOf(info);
			this.#set(path, info, version);
			return;
		}
		this.#conflictOf(info);
		switch (info.filemask) {
			case 1:
				this.#set(path, info, undefined);
				break;
			case 2:
			case 4:
				this.#set(path, info, ours ?? theirs);
				break;
			case 3:
			case 5:
				this.#changedAndDeleted(path, info);
				break;
			default:
				this.#merge(path, info);
		}
	}

	/** A folder that stays is at the path of a file. */
	settleBesideFolder(path: string, info: PathInfo): void {
		if (info.filemask === 1) return;
		if (info.matchMask !== 0 && info.stages[info.matchMask === 3 ? THEIRS : OURS] === undefined) {
			return;
		}
		this.conflicts.push({ kind: 'file/directory', path, ...theirName(path, info) });
	}

	#conflictOf({ conflict }: PathInfo): void {
		if (conflict !== undefined) this.conflicts.push(conflict);
	}

	#changedAndDeleted(path: string, info: PathInfo): void {
		// A rename that the other side deleted is told as that, unless it was changed as well.
		const side = info.filemask === 5 ? THEIRS : OURS;
		const unchanged = info.stages[side]?.oid === info.stages[BASE]?.oid;
		if (info.conflict !== undefined && unchanged) return;
		this.conflicts.push({
			kind: 'modify/delete',
			path,
			...theirName(path, info),
			deletedBy: side === THEIRS ? 'target' : 'commit',
		});
	}

	#merge(path: string, info: PathInfo): void {
		const { stages } = info;
		if (!sameType(stages[OURS], stages[THEIRS])) {
			this.conflicts.push({ kind: 'distinct types', path, ...theirName(path, info) });
			return;
		}
		const merged = mergeFile(stages, this.contents);
		switch (merged.result) {
			case 'clean':
				this.#set(path, info, merged.version);
				if (merged.content !== undefined) this.made.push(merged.content);
				break;
			case 'unread':
				this.unread.push(merged.oid);
				break;
			case 'conflict': {
				const hunks = merged.hunks === undefined ? {} : { hunks: merged.hunks };
				this.conflicts.push({ kind: merged.kind, path, ...theirName(path, info), ...hunks });
			}
		}
	}

	#set(path: string, { target }: PathInfo, version: Version | undefined): void {
		if (target?.oid === version?.oid && target?.mode === version?.mode) return;
		this.changes.set(path, version);
	}
}

function theirName(path: string, { pathnames }: PathInfo): { theirPath?: string } {
	const theirs = pathnames[THEIRS];
	return theirs === path ? {} : { theirPath: theirs };
}
