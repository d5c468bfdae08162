/**
 * Renames brought into the paths of a pick: a file that one side renamed is merged at its new path, and what
 * one side added to a folder that the other renamed is told of. As git's collect_renames() and
 * process_renames() (merge-ort.c) do it.
 */
import { isRegular, type TreePool } from '../../git/tree-pool.ts';
import { type Collected, infoOf, type ThreeTrees } from './collect.ts';
import { contentsNeeded, mergeFile } from './file-merge.ts';
import { inRenamed, renamedAbove } from './folder-renames.ts';
import {
	BASE,
	OURS,
	type PathInfo,
	type PickConflict,
	type Rename,
	type Side,
	THEIRS,
} from './model.ts';
import { type FoundRenames, findRenames, type SpanCache } from './renames.ts';

/** What becomes of files that one side put into a folder that the other side renamed. */
export type DirectoryRenames = 'conflict' | 'follow' | 'ignore';

export interface AppliedRenames {
	readonly conflicts: readonly PickConflict[];
	readonly renames: readonly Rename[];
	/** Ids of files that had to be compared and could not be. */
	readonly unread: readonly string[];
}

/** Finds the renames of both sides and brings them into `collected.paths`. */
export async function applyRenames(
	pool: TreePool,
	spans: SpanCache,
	collected: Collected,
	trees: ThreeTrees,
	mode: DirectoryRenames,
): Promise<AppliedRenames> {
	if (collected.sides[OURS].relevant.size + collected.sides[THEIRS].relevant.size === 0) {
		return { conflicts: [], renames: [], unread: [] };
	}
	const found = {
		[OURS]: await findRenames(collected.sides[OURS], spans),
		[THEIRS]: await findRenames(collected.sides[THEIRS], spans),
	};
	const application = new Application(pool, collected, trees, mode);
	if (mode !== 'ignore') application.takeFolders(found);
	const renames = [
		...(await application.follow(OURS, found[OURS])),
		...(await application.follow(THEIRS, found[THEIRS])),
	].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
	await application.process(renames);
	const unread = [...found[OURS].unread, ...found[THEIRS].unread, ...application.unread];
	return { conflicts: application.conflicts, renames, unread };
}

function otherSide(side: Side): Side {
	return side === OURS ? THEIRS : OURS;
}

class Application {
	readonly conflicts: PickConflict[] = [];
	readonly unread: string[] = [];
	readonly #pool: TreePool;
	readonly #collected: Collected;
	readonly #trees: ThreeTrees;
	readonly #mode: DirectoryRenames;
	/** Renamed folders, by the side that renamed them. */
	#folders: { [side in Side]: ReadonlyMap<string, string> } = {
		[OURS]: new Map(),
		[THEIRS]: new Map(),
	};

	/** How many paths of a side come to each path, by the folders that the other side renamed. */
	#arriving: { [side in Side]: ReadonlyMap<string, number> } = {
		[OURS]: new Map(),
		[THEIRS]: new Map(),
	};

	constructor(pool: TreePool, collected: Collected, trees: ThreeTrees, mode: DirectoryRenames) {
		this.#pool = pool;
		this.#collected = collected;
		this.#trees = trees;
		this.#mode = mode;
	}

	/** Settles where folders went; one that both sides renamed is none. */
	takeFolders(found: { [side in Side]: FoundRenames }): void {
		const settled = {
			[OURS]: found[OURS].folders.settled(),
			[THEIRS]: found[THEIRS].folders.settled(),
		};
		for (const { split } of [settled[OURS], settled[THEIRS]]) {
			for (const path of split) this.conflicts.push({ kind: 'directory rename split', path });
		}
		for (const folder of [...settled[OURS].renamed.keys()]) {
			if (!settled[THEIRS].renamed.has(folder)) continue;
			settled[OURS].renamed.delete(folder);
			settled[THEIRS].renamed.delete(folder);
		}
		this.#folders = { [OURS]: settled[OURS].renamed, [THEIRS]: settled[THEIRS].renamed };
		const { sides } = this.#collected;
		this.#arriving = {
			[OURS]: arrivals(sides[OURS].added.keys(), this.#folders[THEIRS]),
			[THEIRS]: arrivals(sides[THEIRS].added.keys(), this.#folders[OURS]),
		};
	}

	/** The renames of a side; what it put into folders that the other side renamed goes with them. */
	async follow(side: Side, { renames }: FoundRenames): Promise<Rename[]> {
		const sources = new Map([...renames].map(([from, to]) => [to, from]));
		const folders = this.#folders[otherSide(side)];
		if (folders.size === 0) return [...renames].map(([from, to]) => ({ side, from, to }));
		const found: Rename[] = [];
		const arriving = this.#arriving;
		const told = new Set<string>();
		for (const path of this.#collected.sides[side].added.keys()) {
			const from = sources.get(path);
			const renamed = renamedAbove(path, folders);
			const stays =
				renamed === undefined ||
				this.#folders[side].has(renamed[1]) ||
				arriving[otherSide(side)].has(path);
			if (stays) {
				if (from !== undefined) found.push({ side, from, to: path });
				continue;
			}
			const to = inRenamed(path, renamed);
			const crowded = (arriving[side].get(to) ?? 0) > 1;
			if (told.has(to) || crowded || (await this.#versionsAt(to))[side] !== undefined) {
				told.add(to);
				this.conflicts.push({ kind: 'implicit directory rename', path: to, otherPath: path });
				if (from !== undefined) found.push({ side, from, to: path });
				continue;
			}
			await this.#move(path, to, side);
			if (from !== undefined) found.push({ side, from, to });
		}
		return found;
	}

	/** What the sides have at a path, whether the walk came by or not. */
	async #infoAt(path: string): Promise<PathInfo | undefined> {
		const known = this.#collected.paths.get(path);
		if (known !== undefined) return known;
		const versions = await this.#versionsAt(path);
		if (versions.every((version) => version === undefined)) return undefined;
		const info = infoOf(path, versions);
		this.#collected.paths.set(path, info);
		return info;
	}

	async #versionsAt(path: string) {
		const [base, ours, theirs] = this.#trees;
		return Promise.all([
			base === undefined ? undefined : this.#pool.at(base, path),
			this.#pool.at(ours, path),
			this.#pool.at(theirs, path),
		]);
	}

	/** As git's apply_directory_rename_modifications(). */
	async #move(path: string, to: string, side: Side): Promise<void> {
		const info = await this.#infoAt(path);
		if (info === undefined) return;
		const version = info.stages[side];
		const there = await this.#infoAt(to);
		if (info.dirmask === 0 && info.filemask === 1 << side) info.gone = true;
		else {
			info.stages[side] = undefined;
			info.filemask &= ~(1 << side);
			if (info.filemask === 0) info.gone = true;
		}
		const moved = there ?? infoOf(to, [undefined, undefined, undefined]);
		moved.stages[side] = version;
		moved.pathnames[side] = path;
		moved.filemask |= 1 << side;
		moved.matchMask = 0;
		this.#collected.paths.set(to, moved);
		if (this.#mode === 'conflict') {
			moved.conflict = { kind: 'file location', path: to, theirPath: path };
		}
	}

	/** As git's process_renames(). `renames` are sorted by the old path. */
	async process(renames: readonly Rename[]): Promise<void> {
		for (let i = 0; i < renames.length; i++) {
			const rename = renames[i];
			const next = renames[i + 1];
			const source = rename && this.#collected.paths.get(rename.from);
			if (rename === undefined || source === undefined || source.gone) continue;
			if (next?.from === rename.from) {
				i++;
				await this.#bothRenamed(rename, next, source);
			} else await this.#oneRenamed(rename, source);
		}
	}

	async #bothRenamed(one: Rename, other: Rename, source: PathInfo): Promise<void> {
		if (one.to === other.to) {
			const target = await this.#infoAt(one.to);
			if (target === undefined) return;
			target.stages[BASE] = source.stages[BASE];
			target.pathnames[BASE] = one.from;
			target.filemask |= 1;
			source.gone = true;
			return;
		}
		const [ours, theirs] = one.side === OURS ? [one, other] : [other, one];
		this.conflicts.push({
			kind: 'rename/rename',
			path: ours.to,
			theirPath: one.from,
			otherPath: theirs.to,
		});
	}

	async #oneRenamed({ side, from, to }: Rename, source: PathInfo): Promise<void> {
		const target = await this.#infoAt(to);
		if (target === undefined) return;
		const other = otherSide(side);
		const sourceDeleted = source.filemask === 1;
		const typeChanged =
			!sourceDeleted && isRegular(source.stages[other]) !== isRegular(target.stages[side]);
		const collides = (target.filemask & (1 << other)) !== 0 && !typeChanged;
		const deletedBy = other === OURS ? 'target' : 'commit';
		const renameDelete: PickConflict = {
			kind: 'rename/delete',
			path: to,
			theirPath: from,
			deletedBy,
		};
		if (collides && !sourceDeleted) {
			await this.#collide(side, from, to, source, target);
		} else if (collides) target.conflict = renameDelete;
		else {
			target.stages[BASE] = source.stages[BASE];
			target.filemask |= 1;
			target.pathnames[BASE] = from;
			if (typeChanged) {
				source.stages[BASE] = undefined;
				source.filemask &= 6;
				return;
			}
			if (sourceDeleted) target.conflict = renameDelete;
			else {
				target.stages[other] = source.stages[other];
				target.filemask |= 1 << other;
				target.pathnames[other] = from;
			}
			target.matchMask = 0;
		}
		source.gone = true;
	}

	/** The other side has another file where one side renamed a file to. */
	async #collide(
		side: Side,
		from: string,
		to: string,
		source: PathInfo,
		target: PathInfo,
	): Promise<void> {
		const stages: PathInfo['stages'] = [...source.stages];
		stages[side] = target.stages[side];
		const merged = mergeFile(stages, await this.#pool.blobs(contentsNeeded(stages)));
		if (merged.result === 'clean') {
			target.stages[side] = merged.version;
			// It is merged once more, with what the other side has there.
			if (merged.content !== undefined) this.#pool.addBlob(merged.content, merged.version.oid);
		} else if (merged.result === 'unread') this.unread.push(merged.oid);
		else target.conflict = { kind: 'rename/add', path: to, theirPath: from };
	}
}

/** How many paths would come to each path where folders are renamed. */
function arrivals(
	paths: Iterable<string>,
	folders: ReadonlyMap<string, string>,
): Map<string, number> {
	const count = new Map<string, number>();
	for (const path of paths) {
		const renamed = renamedAbove(path, folders);
		if (renamed === undefined) continue;
		const to = inRenamed(path, renamed);
		count.set(to, (count.get(to) ?? 0) + 1);
	}
	return count;
}
