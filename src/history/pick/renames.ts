/**
 * The files that one side renamed, as git's merge finds them (diffcore-rename.c): the same contents first,
 * then the same name and alike, then alike; only for deleted files that matter.
 *
 * Where files are alike to the same degree git takes the first in an order that is partly that of its
 * hash tables; here it is the order of the walk.
 */
import { LRUCache } from 'lru-cache';
import { isRegular, type TreePool, type Version } from '../../git/tree-pool.ts';
import type { SideRecord } from './collect.ts';
import { baseName, FolderCounts, folderOf } from './folder-renames.ts';
import {
	MAX_SCORE,
	mayBeAlike,
	RENAME_SCORE,
	type Spans,
	similarity,
	spansOf,
} from './similarity.ts';

/** Files of the same name are renamed where they are so alike. */
const SAME_NAME_SCORE = RENAME_SCORE + (MAX_SCORE - RENAME_SCORE) / 2;
/** git's merge.renameLimit: more pairs than its square are not compared. */
const LIMIT = 7000;
/** Candidates that are kept for each added file. */
const CANDIDATES = 4;
/** Sources of the same contents that are looked at. */
const MOST_IDENTICAL = 100;
/** Files that are read at once to be compared. */
const BATCH = 256;
/** Pairs of files that are compared by what is in them. git goes on to 49 million, which takes a minute. */
const MOST_COMPARED = 4_000_000;
/** Larger files are not compared: they are no source. Bytes. */
const LARGEST = 10 * 1024 * 1024;
/** Bytes of line hashes that are kept. */
const KEPT = 64 * 1024 * 1024;

export interface FoundRenames {
	/** The new path by the old one. */
	readonly renames: ReadonlyMap<string, string>;
	readonly folders: FolderCounts;
	/** Files that could not be compared: too large, too many, or not in this repository. */
	readonly unread: readonly string[];
}

interface Source {
	readonly path: string;
	readonly version: Version;
	used: boolean;
}

interface Target {
	readonly path: string;
	readonly version: Version;
	from?: Source;
}

interface Score {
	readonly target: number;
	readonly source: number;
	readonly score: number;
	readonly sameName: boolean;
}

/** Line hashes of files, by id. */
export class SpanCache {
	readonly #pool: TreePool;
	readonly #spans = new LRUCache<string, Spans>({
		maxSize: KEPT,
		sizeCalculation: ({ hashes }) => hashes.length * 8 + 64,
	});
	readonly #sizes = new LRUCache<string, number>({ max: 200_000 });

	constructor(pool: TreePool) {
		this.#pool = pool;
	}

	/** Sizes of files, bytes; absent where one is missing. */
	async sizes(oids: readonly string[]): Promise<Map<string, number>> {
		const sizes = new Map<string, number>();
		const unknown: string[] = [];
		for (const oid of new Set(oids)) {
			const size = this.#sizes.get(oid);
			if (size === undefined) unknown.push(oid);
			else sizes.set(oid, size);
		}
		if (unknown.length === 0) return sizes;
		for (const [oid, size] of await this.#pool.sizes(unknown)) {
			sizes.set(oid, size);
			this.#sizes.set(oid, size);
		}
		return sizes;
	}

	/** Line hashes of files; absent where one is missing. */
	async of(oids: readonly string[]): Promise<Map<string, Spans>> {
		const found = new Map<string, Spans>();
		const unknown: string[] = [];
		for (const oid of new Set(oids)) {
			const spans = this.#spans.get(oid);
			if (spans === undefined) unknown.push(oid);
			else found.set(oid, spans);
		}
		for (let at = 0; at < unknown.length; at += BATCH) {
			for (const [oid, content] of await this.#pool.blobs(unknown.slice(at, at + BATCH))) {
				const spans = spansOf(content);
				found.set(oid, spans);
				this.#spans.set(oid, spans);
			}
		}
		return found;
	}
}

/** Finds what a side renamed. Marks in `side.foldersGone` what is settled. Throws git-failed. */
export async function findRenames(side: SideRecord, spans: SpanCache): Promise<FoundRenames> {
	const search = new RenameSearch(side, spans);
	await search.run();
	return {
		renames: new Map(
			search.targets.flatMap(({ path, from }) => (from === undefined ? [] : [[from.path, path]])),
		),
		folders: search.folders,
		unread: [...search.unread],
	};
}

class RenameSearch {
	readonly targets: Target[];
	readonly folders: FolderCounts;
	readonly unread = new Set<string>();
	#sources: Source[];
	readonly #relevant: SideRecord['relevant'];
	readonly #spans: SpanCache;

	constructor({ added, deleted, relevant, foldersGone }: SideRecord, spans: SpanCache) {
		// An empty file is like any other.
		const files = (paths: ReadonlyMap<string, Version>): { path: string; version: Version }[] =>
			[...paths]
				.filter(([, { oid }]) => !EMPTY.has(oid))
				.map(([path, version]) => ({ path, version }));
		this.targets = files(added);
		this.#sources = files(deleted).map((file) => ({ ...file, used: false }));
		this.#relevant = relevant;
		this.folders = new FolderCounts(foldersGone);
		this.#spans = spans;
	}

	async run(): Promise<void> {
		if (this.#relevant.size === 0 || this.targets.length === 0 || this.#sources.length === 0)
			return;
		this.#sameContents();
		await this.#sameNames();
		this.#sources = this.#sources.filter(({ path, used }) => !used && this.#relevant.has(path));
		const needless = this.folders.settleEarly(this.#sources.map(({ path }) => path));
		this.#sources = this.#sources.filter(
			({ path }) => this.#relevant.get(path) === 'content' || !needless(path),
		);
		await this.#alike();
	}

	#take(target: Target, source: Source): void {
		source.used = true;
		target.from = source;
	}

	/** As find_exact_renames(); and counts the folders, as initialize_dir_rename_info(). */
	#sameContents(): void {
		const byId = new Map<string, Source[]>();
		for (const source of this.#sources) {
			const same = byId.get(source.version.oid);
			if (same === undefined) byId.set(source.version.oid, [source]);
			else same.push(source);
		}
		for (const target of this.targets) {
			const { version, path } = target;
			let best: Source | undefined;
			let looked = 0;
			for (const source of byId.get(version.oid) ?? []) {
				const regular = isRegular(source.version) && isRegular(version);
				if (source.used || (!regular && source.version.mode !== version.mode)) continue;
				if (baseName(source.path) === baseName(path)) {
					best = source;
					break;
				}
				best ??= source;
				if (++looked === MOST_IDENTICAL) break;
			}
			if (best !== undefined) this.#take(target, best);
		}
		for (const { path, from } of this.targets) {
			if (from !== undefined) this.folders.add(from.path, path);
		}
		this.#sources = this.#sources.filter(({ used }) => !used);
	}

	/** As find_basename_matches(): a name that only one deleted and only one added file has. */
	async #sameNames(): Promise<void> {
		const guesses = this.folders.guesses();
		const sources = uniqueNames(this.#sources, () => false);
		const targets = uniqueNames(this.targets, ({ from }) => from !== undefined);
		const byPath = new Map(
			this.targets.flatMap((target) => (target.from === undefined ? [[target.path, target]] : [])),
		);
		const pairs: [Source, Target][] = [];
		for (const source of this.#sources) {
			if (!this.#relevant.has(source.path)) continue;
			const name = baseName(source.path);
			if (!targets.has(name)) continue;
			let target = targets.get(name);
			if (sources.get(name) === undefined || target === undefined) {
				const folder = guesses.get(folderOf(source.path));
				// As git, which joins with a slash even at the root.
				target = folder === undefined ? undefined : byPath.get(`${folder}/${name}`);
			}
			if (target !== undefined) pairs.push([source, target]);
		}
		const spans = await this.#spansOf(pairs, SAME_NAME_SCORE);
		for (const [source, target] of pairs) {
			if (target.from !== undefined) continue;
			const score = scoreOf(spans, source, target, SAME_NAME_SCORE);
			if (score < SAME_NAME_SCORE) continue;
			this.#take(target, source);
			this.folders.add(source.path, target.path);
		}
	}

	/** Everything that is left against everything else. */
	async #alike(): Promise<void> {
		const left = this.targets.filter(({ from }) => from === undefined);
		if (left.length * this.#sources.length > LIMIT * LIMIT) return;
		if (this.#sources.length === 0) return;
		const sizes = await this.#sizesOf([...this.#sources, ...left]);
		const ordered = this.#sources
			.filter(({ version }) => isRegular(version))
			.map(({ version }) => sizes.get(version.oid) ?? -1)
			.sort((a, b) => a - b);
		const possible = left.filter(
			({ version }) =>
				isRegular(version) && nearSome(ordered, sizes.get(version.oid) ?? -1, RENAME_SCORE),
		);
		if (possible.length * this.#sources.length > MOST_COMPARED) {
			for (const { version } of this.#sources) this.unread.add(version.oid);
			return;
		}
		const spans = await this.#read([...this.#sources, ...possible], sizes);
		const scores: Score[] = [];
		for (const [i, target] of possible.entries()) {
			const best: Score[] = [];
			for (const [j, source] of this.#sources.entries()) {
				const score = scoreOf(spans, source, target, RENAME_SCORE);
				const sameName = baseName(source.path) === baseName(target.path);
				keepBest(best, { target: i, source: j, score, sameName });
			}
			scores.push(...best.filter(({ score }) => score >= RENAME_SCORE));
		}
		scores.sort(compareScores);
		for (const { target: i, source: j } of scores) {
			const target = possible[i];
			const source = this.#sources[j];
			if (target === undefined || source === undefined) continue;
			if (target.from !== undefined || source.used) continue;
			this.#take(target, source);
			this.folders.add(source.path, target.path);
		}
	}

	async #spansOf(
		pairs: readonly (readonly [Source, Target])[],
		minimum: number,
	): Promise<Map<string, Spans>> {
		const sizes = await this.#sizesOf(pairs.flat());
		const near = pairs.filter(([{ version: one }, { version: other }]) =>
			mayBeAlike(sizes.get(one.oid) ?? 0, sizes.get(other.oid) ?? 0, minimum),
		);
		return this.#read(near.flat(), sizes);
	}

	/** Sizes of regular files, by id. */
	async #sizesOf(files: readonly { version: Version }[]): Promise<Map<string, number>> {
		const oids = files.flatMap(({ version }) => (isRegular(version) ? [version.oid] : []));
		const sizes = await this.#spans.sizes(oids);
		for (const oid of oids) if (!sizes.has(oid)) this.unread.add(oid);
		return sizes;
	}

	async #read(
		files: readonly { version: Version }[],
		sizes: ReadonlyMap<string, number>,
	): Promise<Map<string, Spans>> {
		const oids = files.flatMap(({ version: { oid } }) => {
			const size = sizes.get(oid);
			if (size !== undefined && size > LARGEST) this.unread.add(oid);
			return size !== undefined && size <= LARGEST ? [oid] : [];
		});
		const spans = await this.#spans.of(oids);
		for (const oid of oids) if (!spans.has(oid)) this.unread.add(oid);
		return spans;
	}
}

/** The ids of the empty file, by both hashes. */
const EMPTY: ReadonlySet<string> = new Set([
	'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
	'473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
]);

/** Files by name; undefined for a name that several have. */
function uniqueNames<T extends { path: string }>(
	files: readonly T[],
	isOut: (file: T) => boolean,
): Map<string, T | undefined> {
	const names = new Map<string, T | undefined>();
	for (const file of files) {
		if (isOut(file)) continue;
		const name = baseName(file.path);
		names.set(name, names.has(name) ? undefined : file);
	}
	return names;
}

function scoreOf(
	spans: ReadonlyMap<string, Spans>,
	{ version: from }: Source,
	{ version: to }: Target,
	minimum: number,
): number {
	const one = spans.get(from.oid);
	const other = spans.get(to.oid);
	if (one === undefined || other === undefined || !isRegular(from) || !isRegular(to)) return 0;
	return mayBeAlike(one.size, other.size, minimum) ? similarity(one, other) : 0;
}

/** Whether one of the sizes, ascending, is so near to another that files of them may be alike. */
function nearSome(sizes: readonly number[], size: number, minimum: number): boolean {
	return size >= 0 && sizes.some((one) => one >= 0 && mayBeAlike(one, size, minimum));
}

function compareScores(a: Score, b: Score): number {
	return b.score - a.score || Number(b.sameName) - Number(a.sameName);
}

/**
 * Keeps the best candidates, each in the place of the worst before it, as record_if_better(). Those that are
 * too little alike are kept for a while, too: which of two that are alike to the same degree comes first
 * hangs on the places they leave.
 */
function keepBest(best: Score[], score: Score): void {
	if (best.length < CANDIDATES) {
		best.push(score);
		return;
	}
	let worst = 0;
	for (let i = 1; i < best.length; i++) {
		const [one, other] = [best[i], best[worst]];
		if (one !== undefined && other !== undefined && compareScores(one, other) > 0) worst = i;
	}
	const last = best[worst];
	if (last !== undefined && compareScores(last, score) > 0) best[worst] = score;
}
