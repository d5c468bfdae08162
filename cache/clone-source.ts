/**
 * Releases from a clone. Facts come, in this order, from the release index (blobs and whole trees it
 * knows), from the user's cache, and from parsing; what was parsed goes into the cache.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Extractor } from '../src/driver/extract.ts';
import type { FileFacts } from '../src/driver/facts.ts';
import { linkTree } from '../src/driver/link.ts';
import type { Profile, SourceFile } from '../src/driver/profile.ts';
import type { ObjectStore } from '../src/git/store.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import type { Release } from '../src/kernel/releases.ts';
import { gitBlobId } from '../src/patch/apply.ts';
import type { Interner, Lines } from '../src/patch/lines.ts';
import { restoreAnswers, type StoredAnswers, storeAnswers } from './answers.ts';
import { demandBlobs } from './demand-blobs.ts';
import type { FactsCache } from './facts-cache.ts';
import { kconfigRootsOf, pruneKconfig } from './index-kconfig.ts';
import type {
	Answers,
	FileId,
	LinkedTree,
	ProfiledTree,
	ReleaseSource,
	RememberedAnswers,
} from './source.ts';
import { readKconfig, readModules, type TreePaths, treePaths } from './tree-files.ts';

/** What the release index can tell a clone. */
export interface KnownFacts {
	/** Facts of a blob, wherever it is. */
	byBlob(file: FileId): FileFacts | undefined;
	/** A whole linked tree, by {@link treeKey}. */
	byTree(key: string): ProfiledTree | undefined;
	/** Answers about what can be built in a tree. */
	answersOf(profile: string, key: string): StoredAnswers | undefined;
	/** Answers about several trees together. */
	jointAnswers(profile: string, keys: readonly string[]): StoredAnswers | undefined;
}

export interface CloneSourceOptions {
	store: ObjectStore;
	/** The releases that may be asked for, in kernel order. */
	releases: readonly Release[];
	interner: Interner;
	/** Opens the user's cache; called when something is not known otherwise. */
	cache(): Promise<FactsCache>;
	/** Opens the release index, where one may be used; called when facts are asked for. */
	known(): Promise<KnownFacts | undefined>;
	/** Loads the parser; called only when something has to be parsed. */
	extractor(): Promise<Extractor>;
	/** Told how many files are about to be parsed, and of each one. */
	progress?: { start(label: string, total: number): void; step(): void; end(): void };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A key that two trees share when everything a profile reads of them is the same. */
export function treeKey(ids: readonly { path: string; id: string | undefined }[]): string {
	const hash = createHash('sha1');
	for (const { path, id } of ids) hash.update(`${path}\0${id ?? ''}\n`);
	return hash.digest('hex');
}

/** The key of several trees together. */
function jointKey(treeKeys: readonly string[]): string {
	return createHash('sha1').update(treeKeys.join('\n')).digest('hex');
}

export class CloneSource implements ReleaseSource {
	readonly kind = 'clone';
	readonly releases: readonly Release[];
	readonly #options: CloneSourceOptions;
	readonly #lines = new Map<string, Lines>();
	readonly #keys = new Map<string, string>();
	readonly #trees = new Map<string, LinkedTree>();
	readonly #kconfig = new Map<string, KconfigFacts>();
	/** How many answers about a tree are kept. */
	readonly #answered = new Map<string, number>();
	#opened: Promise<FactsCache> | undefined;
	#index: Promise<KnownFacts | undefined> | undefined;

	constructor(options: CloneSourceOptions) {
		this.#options = options;
		this.releases = options.releases;
	}

	blobIds(
		releases: readonly Release[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]> {
		return this.#options.store.blobIdsAt(
			releases.map(({ commit }) => commit),
			paths,
		);
	}

	expandBlob(abbreviation: string): Promise<string | undefined> {
		return this.#options.store.expandBlob(abbreviation);
	}

	async lines(blobs: readonly string[]): Promise<Map<string, Lines>> {
		const missing = blobs.filter((blob) => !this.#lines.has(blob));
		for (const [blob, bytes] of await this.#options.store.blobs(missing)) {
			this.#lines.set(blob, this.#options.interner.lines(bytes));
		}
		const found = new Map<string, Lines>();
		for (const blob of blobs) {
			const lines = this.#lines.get(blob);
			if (lines !== undefined) found.set(blob, lines);
		}
		return found;
	}

	text(blobs: readonly string[]): Promise<Map<string, Uint8Array>> {
		return this.#options.store.blobs(blobs);
	}

	async fileFacts(files: readonly FileId[]): Promise<Map<string, FileFacts>> {
		const known = await this.#known();
		const { store } = this.#options;
		const found = new Map<string, FileFacts>();
		const unknown = new Set<string>();
		for (const file of files) {
			if (found.has(file.blob)) continue;
			const facts = known?.byBlob(file);
			if (facts === undefined) unknown.add(file.blob);
			else found.set(file.blob, facts);
		}
		await this.#recall<FileFacts>([...unknown], '', (blob, facts) => {
			found.set(blob, facts);
			unknown.delete(blob);
		});
		if (unknown.size === 0) return found;
		const extractor = await this.#options.extractor();
		const { progress } = this.#options;
		progress?.start('reading sources', unknown.size);
		const parsed: [string, Uint8Array][] = [];
		for (const [blob, bytes] of await demandBlobs(store, [...unknown])) {
			const facts = extractor.extract(bytes);
			found.set(blob, facts);
			parsed.push([blob, toJson(facts)]);
			progress?.step();
			// Parsing does not wait for anything; without this nobody could interrupt it.
			if (parsed.length % 16 === 0) await setImmediate();
		}
		progress?.end();
		await (await this.#cache()).putMany(parsed);
		return found;
	}

	async factsOfTexts(texts: readonly Uint8Array[]): Promise<FileFacts[]> {
		const ids = texts.map((text) => gitBlobId(text));
		const found = new Map<string, FileFacts>();
		await this.#recall<FileFacts>([...new Set(ids)], '', (id, facts) => found.set(id, facts));
		const fresh: [string, Uint8Array][] = [];
		for (const [i, id] of ids.entries()) {
			const text = texts[i];
			if (found.has(id) || text === undefined) continue;
			const facts = (await this.#options.extractor()).extract(text);
			found.set(id, facts);
			fresh.push([id, toJson(facts)]);
		}
		if (fresh.length > 0) await (await this.#cache()).putMany(fresh);
		return ids.map((id) => demand(found, id));
	}

	async profiled(releases: readonly Release[], profile: Profile): Promise<LinkedTree[]> {
		const keys = await this.treeKeys(releases, profile);
		const trees = this.#trees;
		const known = await this.#known();
		for (const key of keys) {
			const tree = trees.has(key) ? undefined : known?.byTree(key);
			if (tree !== undefined) trees.set(key, tree);
		}
		const unknown = keys.filter((key) => !trees.has(key));
		await this.#recall<LinkedTree>(unknown, TREE, (key, tree) => trees.set(key, tree));
		const todo = releases.filter((_, i) => !trees.has(keys[i] ?? ''));
		const fresh: [string, Uint8Array][] = [];
		for (const [i, tree] of (await this.#link(todo, profile)).entries()) {
			const release = todo[i];
			const key = release === undefined ? undefined : keys[releases.indexOf(release)];
			if (key === undefined) continue;
			trees.set(key, tree);
			fresh.push([`${TREE}${key}`, toJson(tree)]);
		}
		if (fresh.length > 0) await (await this.#cache()).putMany(fresh);
		return keys.map((key) => demand(trees, key));
	}

	async kconfig(
		releases: readonly Release[],
		profile: Profile,
	): Promise<(readonly KconfigFacts[])[]> {
		const keys = await this.treeKeys(releases, profile);
		const found = new Map<string, readonly KconfigFacts[]>();
		const known = await this.#known();
		for (const key of keys) {
			const kconfig = known?.byTree(key)?.kconfig;
			if (kconfig !== undefined) found.set(key, kconfig);
		}
		const unknown = keys.filter((key) => !found.has(key));
		await this.#recall<KconfigFacts[]>(unknown, KCONFIG, (key, facts) => found.set(key, facts));
		const fresh: [string, Uint8Array][] = [];
		const todo = releases.filter((_, i) => !found.has(keys[i] ?? ''));
		const trees = await this.profiled(todo, profile);
		for (const [i, release] of todo.entries()) {
			const key = keys[releases.indexOf(release)] ?? '';
			const { store } = this.#options;
			const tree = trees[i];
			const files = await readKconfig(store, release.commit, profile, this.#kconfig);
			const kconfig = tree === undefined ? [] : pruneKconfig(files, kconfigRootsOf(tree));
			found.set(key, kconfig);
			fresh.push([`${KCONFIG}${key}`, toJson(kconfig)]);
		}
		if (fresh.length > 0) await (await this.#cache()).putMany(fresh);
		return keys.map((key) => demand(found, key));
	}

	async answers(releases: readonly Release[], profile: Profile): Promise<RememberedAnswers> {
		const keys = await this.treeKeys(releases, profile);
		const known = await this.#known();
		const found = new Map<string, Answers>();
		for (const key of keys) {
			found.set(key, restoreAnswers(known?.answersOf(profile.id, key)));
		}
		const unknown = keys.filter((key) => found.get(key)?.size === 0);
		const add = (key: string, stored: StoredAnswers): void => {
			found.set(key, restoreAnswers(stored));
		};
		await this.#recall<StoredAnswers>(unknown, ANSWERS, add);
		const together = jointKey(keys);
		found.set(together, restoreAnswers(known?.jointAnswers(profile.id, keys)));
		if (found.get(together)?.size === 0) {
			await this.#recall<StoredAnswers>([together], ANSWERS, add);
		}
		for (const [key, answers] of found) this.#answered.set(key, answers.size);
		return { trees: keys.map((key) => demand(found, key)), joint: demand(found, together) };
	}

	async remember(
		releases: readonly Release[],
		profile: Profile,
		answers: RememberedAnswers,
	): Promise<void> {
		const keys = await this.treeKeys(releases, profile);
		const all = new Map(keys.map((key, i) => [key, answers.trees[i]]));
		all.set(jointKey(keys), answers.joint);
		const grown: [string, Uint8Array][] = [];
		for (const [key, one] of all) {
			if (one === undefined || one.size === this.#answered.get(key)) continue;
			grown.push([`${ANSWERS}${key}`, toJson(storeAnswers(one))]);
			this.#answered.set(key, one.size);
		}
		if (grown.length > 0) await (await this.#cache()).putMany(grown);
	}

	/** What the cache has of `keys` under a kind of entry. */
	async #recall<T>(
		keys: readonly string[],
		kind: string,
		put: (key: string, value: T) => void,
	): Promise<void> {
		if (keys.length === 0) return;
		const cache = await this.#cache();
		for (const [key, bytes] of cache.getMany(keys.map((one) => `${kind}${one}`))) {
			const value = fromJson<T>(bytes);
			if (value !== undefined) put(key.slice(kind.length), value);
		}
	}

	#known(): Promise<KnownFacts | undefined> {
		this.#index ??= this.#options.known();
		return this.#index;
	}

	#cache(): Promise<FactsCache> {
		this.#opened ??= this.#options.cache();
		return this.#opened;
	}

	/** The keys under which the trees of releases are known to caches and the index. */
	async treeKeys(releases: readonly Release[], profile: Profile): Promise<string[]> {
		const unknown = releases.filter(({ commit }) => !this.#keys.has(`${profile.id} ${commit}`));
		const keys = await this.#findKeys(unknown, profile);
		for (const [i, { commit }] of unknown.entries()) {
			this.#keys.set(`${profile.id} ${commit}`, keys[i] ?? '');
		}
		return releases.map(({ commit }) => demand(this.#keys, `${profile.id} ${commit}`));
	}

	async #findKeys(releases: readonly Release[], profile: Profile): Promise<string[]> {
		if (releases.length === 0) return [];
		const paths = [
			...profile.folders,
			...profile.callers,
			...profile.kconfigFolders,
			...profile.files,
			'arch',
			'drivers/Makefile',
		];
		const ids = await this.#options.store.objectIdsAt(
			releases.map(({ commit }) => commit),
			paths,
		);
		return ids.map((row) => treeKey(paths.map((path, i) => ({ path, id: row[i] }))));
	}

	/** Reads and links trees that nobody knows yet; sources of all of them are read together. */
	async #link(releases: readonly Release[], profile: Profile): Promise<LinkedTree[]> {
		if (releases.length === 0) return [];
		const { store } = this.#options;
		const all: TreePaths[] = [];
		for (const { commit } of releases) all.push(await treePaths(store, commit, profile));
		const facts = await this.fileFacts(all.flatMap(({ sources }) => sources));
		const trees: LinkedTree[] = [];
		for (const paths of all) {
			const tree = new Map<string, SourceFile>();
			for (const { path, blob } of paths.sources) {
				const known = facts.get(blob);
				if (known !== undefined) tree.set(path, { path, blob, facts: known });
			}
			const modules = await readModules(store, paths);
			trees.push({ facts: linkTree(profile, tree, modules), modules });
		}
		return trees;
	}

	async close(): Promise<void> {
		await (await this.#opened)?.close();
		await this.#options.store.close();
	}
}

const TREE = 'tree:';
const KCONFIG = 'kconfig:';
const ANSWERS = 'answers:';

function demand<T>(map: ReadonlyMap<string, T>, key: string): T {
	const value = map.get(key);
	if (value === undefined) throw new RangeError(`nothing was read for ${key}`);
	return value;
}

function toJson(value: unknown): Uint8Array {
	return encoder.encode(JSON.stringify(value));
}

/** Our own JSON back; a value that does not parse is as good as absent. */
function fromJson<T>(bytes: Uint8Array): T | undefined {
	try {
		return JSON.parse(decoder.decode(bytes));
	} catch {
		return undefined;
	}
}
