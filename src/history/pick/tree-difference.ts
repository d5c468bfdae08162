/**
 * The files that one tree has and another has not, folder by folder. Remembered by pairs of trees: commits
 * picked one after the other onto one target share nearly all of theirs.
 */
import { LRUCache } from 'lru-cache';
import { isFolder, type TreePool, type Version } from '../../git/tree-pool.ts';

/** What a folder lost and got, below it; paths from the folder on. */
export interface TreeDifference {
	readonly added: readonly (readonly [string, Version])[];
	readonly deleted: readonly (readonly [string, Version])[];
	/** Folders that are gone. */
	readonly foldersGone: readonly string[];
}

/** Paths that are remembered. */
const KEPT = 2_000_000;

export class TreeDifferences {
	readonly #pool: TreePool;
	readonly #known = new LRUCache<string, TreeDifference>({
		maxSize: KEPT,
		sizeCalculation: ({ added, deleted, foldersGone }) =>
			added.length + deleted.length + foldersGone.length + 1,
	});

	constructor(pool: TreePool) {
		this.#pool = pool;
	}

	/** What changed from the one tree to the other; undefined is one without entries. */
	async between(from: string | undefined, to: string | undefined): Promise<TreeDifference> {
		await this.#readAll(from, to);
		return this.#difference(from, to);
	}

	/** Reads every tree in which the two differ, level by level. */
	async #readAll(from: string | undefined, to: string | undefined): Promise<void> {
		let pairs: [string | undefined, string | undefined][] = [[from, to]];
		while (pairs.length > 0) {
			const unknown = pairs.filter(([one, other]) => !this.#known.has(keyOf(one, other)));
			const entries = await this.#pool.entries(unknown.flat());
			pairs = unknown.flatMap((_, i) =>
				foldersOf(entries[2 * i] ?? new Map(), entries[2 * i + 1] ?? new Map()),
			);
		}
	}

	/** As {@link between}, from trees that are in memory. */
	#difference(from: string | undefined, to: string | undefined): TreeDifference {
		const key = keyOf(from, to);
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const before = (from === undefined ? undefined : this.#pool.known(from)) ?? new Map();
		const after = (to === undefined ? undefined : this.#pool.known(to)) ?? new Map();
		const added: [string, Version][] = [];
		const deleted: [string, Version][] = [];
		const foldersGone: string[] = [];
		const take = (name: string, one: string | undefined, other: string | undefined): void => {
			const below = this.#difference(one, other);
			for (const [path, version] of below.added) added.push([`${name}/${path}`, version]);
			for (const [path, version] of below.deleted) deleted.push([`${name}/${path}`, version]);
			for (const path of below.foldersGone) foldersGone.push(`${name}/${path}`);
		};
		for (const name of namesOf(before, after)) {
			const old: Version | undefined = before.get(name);
			const now: Version | undefined = after.get(name);
			if (old?.oid === now?.oid && old?.mode === now?.mode) continue;
			if (old !== undefined && !isFolder(old) && (now === undefined || isFolder(now))) {
				deleted.push([name, old]);
			}
			if (now !== undefined && !isFolder(now) && (old === undefined || isFolder(old))) {
				added.push([name, now]);
			}
			if (!isFolder(old) && !isFolder(now)) continue;
			if (isFolder(old) && !isFolder(now)) foldersGone.push(name);
			take(name, isFolder(old) ? old?.oid : undefined, isFolder(now) ? now?.oid : undefined);
		}
		const difference = { added, deleted, foldersGone };
		this.#known.set(key, difference);
		return difference;
	}
}

function keyOf(from: string | undefined, to: string | undefined): string {
	return `${from ?? ''} ${to ?? ''}`;
}

type Folders = [string | undefined, string | undefined][];

function foldersOf(
	before: ReadonlyMap<string, Version>,
	after: ReadonlyMap<string, Version>,
): Folders {
	const pairs: Folders = [];
	for (const name of namesOf(before, after)) {
		const old = before.get(name);
		const now = after.get(name);
		const one = isFolder(old) ? old?.oid : undefined;
		const other = isFolder(now) ? now?.oid : undefined;
		if (one !== other) pairs.push([one, other]);
	}
	return pairs;
}

/** The names of all, sorted by bytes. */
export function namesOf(...trees: ReadonlyMap<string, unknown>[]): string[] {
	const names = new Set<string>();
	for (const tree of trees) for (const name of tree.keys()) names.add(name);
	return [...names].sort();
}
