/**
 * The files that one tree has and another has not, folder by folder. Remembered by pairs of trees: commits
 * picked one after the other onto one target share nearly all of theirs.
 */
import { LRUCache } from 'lru-cache';
import { RangefinderError } from '../../errors.ts';
import { type Entries, isFolder, type TreePool, type Version } from '../../git/tree-pool.ts';

/** What a folder lost and got, below it; paths from the folder on. */
export interface TreeDifference {
	readonly added: readonly (readonly [string, Version])[];
	readonly deleted: readonly (readonly [string, Version])[];
	/** Folders that are gone. */
	readonly foldersGone: readonly string[];
}

/** Paths that are remembered. */
const KEPT = 600_000;
/** Files that two trees may differ in: a whole kernel has 90,000. */
const MOST_PATHS = 1_000_000;
/** As many folders in each other as git itself goes down (core.maxTreeDepth). */
const DEEPEST = 2048;
const NO_ENTRIES: Entries = new Map();

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

	/**
	 * What changed from the one tree to the other; undefined is one without entries.
	 * @throws RangefinderError object-missing; git-failed for trees nested or repeated beyond all measure
	 */
	async between(from: string | undefined, to: string | undefined): Promise<TreeDifference> {
		const known = this.#known.get(keyOf(from, to));
		return known ?? this.#difference(from, to, await this.#read(from, to));
	}

	/** Reads every tree in which the two differ, level by level. */
	async #read(from: string | undefined, to: string | undefined): Promise<Read> {
		const read: Read = { trees: new Map(), differences: new Map() };
		let pairs: [string | undefined, string | undefined][] = [[from, to]];
		for (let depth = 0; pairs.length > 0; depth++) {
			if (depth > DEEPEST) throw this.#tooLarge();
			const unknown = pairs.filter(([one, other]) => {
				const known = this.#known.get(keyOf(one, other));
				if (known !== undefined) read.differences.set(keyOf(one, other), known);
				return known === undefined;
			});
			const oids = unknown.flat();
			const entries = await this.#pool.entries(oids);
			for (const [i, oid] of oids.entries()) {
				if (oid !== undefined) read.trees.set(oid, entries[i] ?? NO_ENTRIES);
			}
			const below = new Map<string, [string | undefined, string | undefined]>();
			for (const i of unknown.keys()) {
				const [one, other] = [entries[2 * i] ?? NO_ENTRIES, entries[2 * i + 1] ?? NO_ENTRIES];
				for (const pair of foldersOf(one, other)) below.set(keyOf(...pair), pair);
			}
			pairs = [...below.values()];
		}
		return read;
	}

	/** As {@link between}, of trees that were read. */
	#difference(from: string | undefined, to: string | undefined, read: Read): TreeDifference {
		const key = keyOf(from, to);
		const known = read.differences.get(key);
		if (known !== undefined) return known;
		const before = (from === undefined ? undefined : read.trees.get(from)) ?? NO_ENTRIES;
		const after = (to === undefined ? undefined : read.trees.get(to)) ?? NO_ENTRIES;
		const added: [string, Version][] = [];
		const deleted: [string, Version][] = [];
		const foldersGone: string[] = [];
		for (const name of namesOf(before, after)) {
			const old = before.get(name);
			const now = after.get(name);
			if (old?.oid === now?.oid && old?.mode === now?.mode) continue;
			const [oldFile, nowFile] = [isFolder(old) ? undefined : old, isFolder(now) ? undefined : now];
			if (oldFile !== undefined && nowFile === undefined) deleted.push([name, oldFile]);
			if (nowFile !== undefined && oldFile === undefined) added.push([name, nowFile]);
			if (!isFolder(old) && !isFolder(now)) continue;
			if (!isFolder(now)) foldersGone.push(name);
			const below = this.#difference(folderOf(old), folderOf(now), read);
			for (const [path, version] of below.added) added.push([`${name}/${path}`, version]);
			for (const [path, version] of below.deleted) deleted.push([`${name}/${path}`, version]);
			for (const path of below.foldersGone) foldersGone.push(`${name}/${path}`);
			if (added.length + deleted.length > MOST_PATHS) throw this.#tooLarge();
		}
		const difference = { added, deleted, foldersGone };
		read.differences.set(key, difference);
		this.#known.set(key, difference);
		return difference;
	}

	#tooLarge(): RangefinderError {
		const what = `trees deeper than ${DEEPEST} folders, or with more than ${MOST_PATHS} files`;
		return new RangefinderError({ code: 'git-failed', where: this.#pool.where, what });
	}
}

/** What was read for one answer. */
interface Read {
	readonly trees: Map<string, Entries>;
	readonly differences: Map<string, TreeDifference>;
}

function folderOf(version: Version | undefined): string | undefined {
	return isFolder(version) ? version?.oid : undefined;
}

function keyOf(from: string | undefined, to: string | undefined): string {
	return `${from ?? ''} ${to ?? ''}`;
}

function foldersOf(before: Entries, after: Entries): [string | undefined, string | undefined][] {
	const pairs: [string | undefined, string | undefined][] = [];
	for (const name of namesOf(before, after)) {
		const one = folderOf(before.get(name));
		const other = folderOf(after.get(name));
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
