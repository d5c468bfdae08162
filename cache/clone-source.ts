/**
 * Releases from a clone. Facts come, in this order, from the release index (blobs and whole trees it
 * knows), from the user's cache, and from parsing; what was parsed goes into the cache.
 */
import type { Extractor } from '../src/driver/extract.ts';
import type { FileFacts } from '../src/driver/facts.ts';
import type { FactsPool } from '../src/driver/facts-pool.ts';
import { defaultInterest, type Interest } from '../src/driver/interest.ts';
import { headerFacts } from '../src/driver/meanings.ts';
import type { Profile } from '../src/driver/profile.ts';
import type { LineChange, LineRange, ObjectStore } from '../src/git/store.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import type { KconfigOutline } from '../src/kernel/kconfig-outline.ts';
import type { Release } from '../src/kernel/releases.ts';
import { gitBlobId } from '../src/patch/apply.ts';
import type { Interner, Lines } from '../src/patch/lines.ts';
import { restoreAnswers, type StoredAnswers, storeAnswers } from './answers.ts';
import { CloneUsers, type StartThreads } from './clone-users.ts';
import { demandBlobs } from './demand-blobs.ts';
import type { FactsCache } from './facts-cache.ts';
import { FactsReader, type ReadBlobs } from './facts-reader.ts';
import { readMacros } from './headers.ts';
import { kconfigRootsOf, pruneKconfig } from './index-kconfig.ts';
import { KconfigSymbols } from './kconfig-symbols.ts';
import { linkTrees } from './linked-trees.ts';
import { kindOf, Remembered } from './remembered.ts';
import type {
	Answers,
	ArchitectureUsers,
	FileId,
	LinkedTree,
	ProfiledTree,
	ReleaseSource,
	RememberedAnswers,
} from './source.ts';
import { type KconfigMemo, readKconfig } from './tree-files.ts';
import { jointKey, readsOf, TreeKeys } from './tree-keys.ts';

/** What the release index can tell a clone. */
export interface KnownFacts {
	/** Facts of a blob, wherever it is. */
	byBlob(file: FileId): FileFacts | undefined;
	/** The {@link treeKey} of a root tree, where it was made of what the profile reads; see readsOf. */
	keyOf(profile: string, reads: string, root: string): string | undefined;
	/** The blob of a file in a root tree: null when it has none; undefined when that is not known. */
	blobAt(root: string, path: string): string | null | undefined;
	/** A whole linked tree, by {@link treeKey}. */
	byTree(key: string): ProfiledTree | undefined;
	/** Answers about what can be built in a tree. */
	answersOf(profile: string, key: string): StoredAnswers | undefined;
	/** Who uses the drivers of a tree, on every architecture that does. */
	usersOf?(profile: string, key: string): readonly ArchitectureUsers[] | undefined;
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
	/** Starts threads for the parser, where there are any; says whether this one works at the same time. */
	pool?(callerWorks: boolean): Promise<FactsPool | undefined>;
	/** Starts threads that read device trees of a repository; none where they would take the only core. */
	boardThreads?: StartThreads;
	/** Told how many files are about to be parsed, and of each one. */
	progress?: { start(label: string, total: number): void; step(): void; end(): void };
}

export class CloneSource implements ReleaseSource {
	readonly kind = 'clone';
	readonly releases: readonly Release[];
	readonly #options: CloneSourceOptions;
	readonly #lines = new Map<string, Lines>();
	readonly #remembered: Remembered;
	readonly #keys: TreeKeys;
	readonly #reader: FactsReader;
	readonly #trees = new Map<string, LinkedTree>();
	readonly #kconfigFiles: KconfigMemo = new Map();
	readonly #kconfigSymbols = new KconfigSymbols();
	/** What bears on the profile's modules, by tree key. */
	readonly #kconfigs = new Map<string, readonly KconfigFacts[]>();
	/** Kconfig files of commits that are being read, before anybody waits for them. */
	readonly #ahead = new Map<string, Promise<KconfigOutline[]>>();
	/** How many answers about a tree are kept. */
	readonly #answered = new Map<string, number>();
	readonly #users: CloneUsers;
	#index: Promise<KnownFacts | undefined> | undefined;

	constructor(options: CloneSourceOptions) {
		this.#options = options;
		this.releases = options.releases;
		this.#remembered = new Remembered(options.cache);
		this.#reader = new FactsReader(options, this.#remembered, () => this.#known());
		this.#keys = new TreeKeys(options.store, this.#remembered, async (...asked) =>
			(await this.#known())?.keyOf(...asked),
		);
		this.#users = new CloneUsers({
			store: options.store,
			remembered: this.#remembered,
			treeKeys: (...asked) => this.treeKeys(...asked),
			known: async (...asked) => (await this.#known())?.usersOf?.(...asked),
			tree: async (release, profile) => {
				const [tree] = await this.profiled([release], profile);
				const [kconfig] = await this.kconfig([release], profile);
				if (tree === undefined || kconfig === undefined) throw new RangeError('no tree was read');
				return [tree, kconfig];
			},
			threads: options.boardThreads,
		});
	}

	async blobIds(
		releases: readonly Release[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]> {
		const known = await this.#known();
		const rows = releases.map(({ tree }) => {
			const row = paths.map((path) => (tree === undefined ? undefined : known?.blobAt(tree, path)));
			return row.includes(undefined) ? undefined : row.map((blob) => blob ?? undefined);
		});
		const others = releases.filter((_, i) => rows[i] === undefined);
		const found = await this.#options.store.blobIdsAt(
			others.map(({ commit }) => commit),
			paths,
		);
		return rows.map((row) => row ?? found.shift() ?? []);
	}

	async filesBelow(release: Release, folder: string): Promise<FileId[]> {
		const entries = await this.#options.store.list(release.commit, folder, true);
		return entries
			.filter(({ type }) => type === 'blob')
			.map(({ path, oid }) => ({ path, blob: oid }));
	}

	async lastChanged(
		release: Release,
		path: string,
		ranges: readonly LineRange[],
	): Promise<LineChange[]> {
		return (await this.#options.store.lastChanged?.(release.commit, path, ranges)) ?? [];
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

	async fileFacts(files: readonly FileId[], want?: Interest): Promise<Map<string, FileFacts>> {
		const read: ReadBlobs = (blobs) => demandBlobs(this.#options.store, blobs);
		return this.#reader.facts(files, read, want);
	}

	async headers(files: readonly FileId[]): Promise<Map<string, FileFacts>> {
		const found = new Map<string, FileFacts>();
		for (const [blob, macros] of await readMacros(this.#options.store, this.#remembered, files)) {
			found.set(blob, headerFacts(macros));
		}
		return found;
	}

	/**
	 * Facts of versions from history, by blob id: as {@link fileFacts}, but a blob that the clone lacks is left
	 * out, and threads stay for the next call.
	 */
	versionFacts(files: readonly FileId[], want?: Interest): Promise<Map<string, FileFacts>> {
		return this.#reader.facts(files, (blobs) => this.#options.store.blobs(blobs), want, true);
	}

	prepare(): void {
		this.#reader.prepare();
	}

	async factsOfTexts(
		texts: readonly Uint8Array[],
		want: Interest = defaultInterest,
		paths: readonly string[] = [],
	): Promise<FileFacts[]> {
		const kind = kindOf(want);
		const ids = texts.map((text) => gitBlobId(text));
		// A few texts are parsed sooner than a cache is opened for them.
		const keeps = this.#remembered.isOpen || texts.length >= WORTH_CACHE;
		const known = keeps ? [...new Set(ids)] : [];
		const found = await this.#remembered.recall<FileFacts>(kind, known);
		const fresh = new Map<string, FileFacts>();
		const todo = new Map<string, number>();
		for (const [i, id] of ids.entries()) if (!found.has(id) && !todo.has(id)) todo.set(id, i);
		const read = await this.#readTexts(
			[...todo.values()].map((i) => demandAt(texts, i)),
			[...todo.values()].map((i) => paths[i] ?? ''),
			want,
		);
		for (const [i, id] of [...todo.keys()].entries()) {
			const facts = demandAt(read, i);
			found.set(id, facts);
			fresh.set(id, facts);
		}
		if (keeps) await this.#remembered.keep(kind, fresh);
		return ids.map((id) => demand(found, id));
	}

	/** Facts of texts that nobody knows, from threads that have just read what they were made of, or from here. */
	async #readTexts(
		texts: readonly Uint8Array[],
		paths: readonly string[],
		want: Interest,
	): Promise<FileFacts[]> {
		if (texts.length === 0) return [];
		const read = await this.#reader.texts(texts, paths, want);
		if (read !== undefined) return read.map((json) => JSON.parse(Buffer.from(json).toString()));
		const extractor = await this.#options.extractor();
		return texts.map((text) => extractor.extract(text, want));
	}

	async profiled(
		releases: readonly Release[],
		profile: Profile,
		{ withKconfig = false }: { withKconfig?: boolean } = {},
	): Promise<LinkedTree[]> {
		const keys = await this.treeKeys(releases, profile);
		const trees = this.#trees;
		const known = await this.#known();
		for (const key of keys) {
			const tree = trees.has(key) ? undefined : known?.byTree(key);
			if (tree !== undefined) trees.set(key, tree);
		}
		const unknown = keys.filter((key) => !trees.has(key));
		for (const [key, tree] of await this.#remembered.recall<LinkedTree>('tree:', unknown)) {
			trees.set(key, tree);
		}
		const todo = releases.filter((_, i) => !trees.has(keys[i] ?? ''));
		if (withKconfig) for (const release of todo) void this.#readKconfig(release, profile);
		const fresh = new Map<string, LinkedTree>();
		const linked = await linkTrees(
			this.#options.store,
			this.#remembered,
			todo.map(({ commit }) => commit),
			profile,
			(files) => this.fileFacts(files, profile.interest),
		);
		for (const [i, tree] of linked.entries()) {
			const release = todo[i];
			const key = release === undefined ? undefined : keys[releases.indexOf(release)];
			if (key === undefined) continue;
			trees.set(key, tree);
			fresh.set(key, tree);
		}
		await this.#remembered.keep('tree:', fresh);
		return keys.map((key) => demand(trees, key));
	}

	async kconfig(
		releases: readonly Release[],
		profile: Profile,
	): Promise<(readonly KconfigFacts[])[]> {
		const keys = await this.treeKeys(releases, profile);
		const found = this.#kconfigs;
		const known = await this.#known();
		for (const key of keys) {
			const kconfig = found.has(key) ? undefined : known?.byTree(key)?.kconfig;
			if (kconfig !== undefined) found.set(key, kconfig);
		}
		const unknown = keys.filter((key) => !found.has(key));
		for (const [key, facts] of await this.#remembered.recall<KconfigFacts[]>('kconfig:', unknown)) {
			found.set(key, facts);
		}
		const fresh = new Map<string, readonly KconfigFacts[]>();
		const todo = releases.filter((_, i) => !found.has(keys[i] ?? ''));
		const trees = await this.profiled(todo, profile);
		// Whoever asks for Kconfig has the facts of the sources.
		await this.#reader.rest();
		const all = await Promise.all(todo.map((release) => this.#readKconfig(release, profile)));
		for (const [i, files] of all.entries()) {
			const [release, tree] = [todo[i], trees[i]];
			if (release === undefined || tree === undefined) continue;
			const key = keys[releases.indexOf(release)] ?? '';
			const kconfig = pruneKconfig(files, kconfigRootsOf(tree), this.#kconfigSymbols);
			found.set(key, kconfig);
			fresh.set(key, kconfig);
		}
		await this.#remembered.keep('kconfig:', fresh);
		return keys.map((key) => demand(found, key));
	}

	/** The Kconfig files of a release; those of a release are read once. */
	#readKconfig({ commit }: Release, profile: Profile): Promise<KconfigOutline[]> {
		const name = `${profile.id} ${readsOf(profile)} ${commit}`;
		let reading = this.#ahead.get(name);
		if (reading === undefined) {
			reading = readKconfig(this.#options.store, commit, profile, this.#kconfigFiles);
			// Whoever waits for it says what is wrong; perhaps nobody does.
			reading.catch(() => undefined);
			this.#ahead.set(name, reading);
		}
		return reading;
	}

	async answers(releases: readonly Release[], profile: Profile): Promise<RememberedAnswers> {
		const keys = await this.treeKeys(releases, profile);
		const known = await this.#known();
		const found = new Map<string, Answers>();
		for (const key of keys) {
			found.set(key, restoreAnswers(known?.answersOf(profile.id, key)));
		}
		const unknown = keys.filter((key) => found.get(key)?.size === 0);
		const together = jointKey(keys);
		found.set(together, restoreAnswers(known?.jointAnswers(profile.id, keys)));
		if (found.get(together)?.size === 0) unknown.push(together);
		for (const [key, one] of await this.#remembered.recall<StoredAnswers>('answers:', unknown)) {
			found.set(key, restoreAnswers(one));
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
		const grown = new Map<string, StoredAnswers>();
		for (const [key, one] of all) {
			if (one === undefined || one.size === this.#answered.get(key)) continue;
			grown.set(key, storeAnswers(one));
			this.#answered.set(key, one.size);
		}
		await this.#remembered.keep('answers:', grown);
	}

	users(
		releases: readonly Release[],
		profile: Profile,
		archs: readonly string[],
	): Promise<Map<string, ArchitectureUsers>[]> {
		return this.#users.of(releases, profile, archs);
	}

	/** The users of a profile's drivers on every architecture of a release that has any. */
	allUsers(release: Release, profile: Profile): Promise<ArchitectureUsers[]> {
		return this.#users.all(release, profile);
	}

	#known(): Promise<KnownFacts | undefined> {
		this.#index ??= this.#options.known();
		return this.#index;
	}

	/** The keys under which the trees of releases are known to caches and the index. */
	treeKeys(releases: readonly Release[], profile: Profile): Promise<string[]> {
		return this.#keys.of(releases, profile);
	}

	async close(): Promise<void> {
		await this.#reader.rest();
		await this.#users.close();
		await this.#remembered.close();
		await this.#options.store.close();
	}
}

/** From how many patched texts on the cache is worth opening. */
const WORTH_CACHE = 64;

function demandAt<T>(list: readonly T[], at: number): T {
	const value = list[at];
	if (value === undefined) throw new RangeError(`nothing was read for ${at}`);
	return value;
}

function demand<T>(map: ReadonlyMap<string, T>, key: string): T {
	const value = map.get(key);
	if (value === undefined) throw new RangeError(`nothing was read for ${key}`);
	return value;
}
