/**
 * Opens what the engine reads from: the clone the user named or stands in, or the release index.
 * Everything heavy is imported when it is needed.
 */
import { statfs } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { BoardThread } from '../cache/board-thread.ts';
import type { FactsCache } from '../cache/facts-cache.ts';
import type { IndexFile } from '../cache/index-reader.ts';
import type { ReleaseSource } from '../cache/source.ts';
import type { Extractor } from '../src/driver/extract.ts';
import { EXTRACTOR_VERSION } from '../src/driver/facts.ts';
import type { FactsPool } from '../src/driver/facts-pool.ts';
import { LINKER_VERSION } from '../src/driver/link.ts';
import { failureOf, RangefinderError } from '../src/errors.ts';
import type { KnownRepository } from '../src/git/native-store.ts';
import type { StoreKind } from '../src/git/open-store.ts';
import type { FetchOptions } from '../src/git/partial/partial-objects.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { DEVICE_TREE_VERSION } from '../src/kernel/device-tree-scan.ts';
import { KCONFIG_VERSION } from '../src/kernel/kconfig.ts';
import { type Release, releasesFromTags } from '../src/kernel/releases.ts';
import { FingerprintInterner, type Interner, TextInterner } from '../src/patch/lines.ts';
import type { EngineWorld, Progress } from './engine.ts';
import { packageFile } from './package-file.ts';

/** Where the index is that ships with the program. */
export const SHIPPED_INDEX = 'cache/kernels.rfx';

export interface SourceOptions {
	repo?: string;
	/** What reads the clone; git if there is one when left out. */
	store?: StoreKind;
	/** Fetch nothing that a partial clone has not. */
	offline?: boolean;
	index?: string;
	noIndex?: boolean;
	noCache?: boolean;
	/** Lines of a clone have to compare with fingerprints, as those of the example do. */
	fingerprints?: boolean;
	progress?: Progress;
	/** What facts take besides git (index, cache, parser) is made ready while git is still answering. */
	ahead?: boolean;
}

/** An opened source, with what else came of opening it. */
export interface OpenSource {
	source: ReleaseSource;
	interner: Interner;
	/** All releases it knows; a clone's source may be asked for any of them. */
	releases: readonly Release[];
	/** Absent for the index. */
	store: ObjectStore | undefined;
	index: IndexFile | undefined;
	extractor(): Promise<Extractor>;
	/** What helps a clone; absent for the index. */
	helpers?: Helpers;
}

/** Threads that read device trees: each reads what the others have read before its first release. */
const MOST_BOARD_THREADS = 2;

/** One parser, loaded when first asked for. */
export function lazyExtractor({ readingBegins }: EngineWorld): () => Promise<Extractor> {
	let loading: Promise<Extractor> | undefined;
	const load = async (): Promise<Extractor> => {
		readingBegins?.();
		const { createExtractor } = await import('../src/driver/extract.ts');
		return createExtractor();
	};
	return () => {
		loading ??= load();
		return loading;
	};
}

/** The index that was named, or the one that ships; undefined when that one is not there. */
export async function openNamedIndex(
	world: EngineWorld,
	named: string | undefined,
): Promise<IndexFile> {
	const { openIndex } = await import('../cache/index-reader.ts');
	return openIndex(named === undefined ? packageFile(SHIPPED_INDEX) : resolve(world.cwd, named));
}

/**
 * The clone named with --repo; without it the repository of the current folder if it has kernel
 * releases; else the index.
 */
export async function openSource(world: EngineWorld, options: SourceOptions): Promise<OpenSource> {
	const opening =
		options.repo !== undefined
			? openClone(resolve(world.cwd, options.repo), world, options)
			: options.index === undefined && options.noIndex !== true
				? cloneHere(world, options)
				: undefined;
	const helpers = new Helpers(world, options);
	if (opening !== undefined && options.ahead === true) helpers.start();
	const clone = await opening;
	if (clone !== undefined) return cloneSource(clone, helpers, options);
	if (options.noIndex === true) {
		throw new RangefinderError({
			code: 'usage',
			what: '--no-index without a clone leaves nothing to read',
			hint: 'give a clone with --repo',
		});
	}
	return indexSource(world, options.index);
}

/** The release index as the source: the one that was named, or the one that ships. */
export async function indexSource(
	world: EngineWorld,
	named: string | undefined,
): Promise<OpenSource> {
	const index = await openNamedIndex(world, named);
	const { IndexSource } = await import('../cache/index-source.ts');
	const interner = new FingerprintInterner();
	const source = new IndexSource(index, interner);
	const { releases } = source;
	return { source, interner, releases, store: undefined, index, extractor: lazyExtractor(world) };
}

/** What is fetched for partial clones, in the cache folder. */
export const FETCHED = 'objects';

/** How a clone is opened. */
export type CloneOptions = Pick<SourceOptions, 'store' | 'noCache' | 'offline' | 'progress'>;

interface OpenClone {
	store: ObjectStore;
	releases: Release[];
}

/**
 * Opens a repository, with git if there is one unless the options say otherwise.
 * @throws RangefinderError not-a-repository, no-releases, git-missing, needs-git, disk-full
 */
export async function openClone(
	folder: string,
	world: EngineWorld,
	options: CloneOptions,
): Promise<OpenClone> {
	const { openStore } = await import('../src/git/open-store.ts');
	const { store: kind } = options;
	const store = await openStore(folder, {
		env: world.env,
		...(kind === undefined ? {} : { kind }),
		fetch: await fetchOptions(world, options),
	});
	const releases = releasesFromTags(await store.tags());
	if (releases.length > 0) return { store, releases };
	await store.close();
	throw new RangefinderError({ code: 'no-releases', where: folder });
}

/** How what a partial clone lacks is fetched, and where it is kept. */
export async function fetchOptions(
	world: EngineWorld,
	{ noCache, offline, progress }: CloneOptions,
): Promise<FetchOptions> {
	const { cacheFolder } = await import('../cache/facts-cache.ts');
	return {
		...(noCache === true
			? {}
			: { folder: resolve(world.cwd, cacheFolder(world.env, homedir()), FETCHED) }),
		...(offline === true ? { offline } : {}),
		...(progress === undefined ? {} : { progress }),
	};
}

/** The current folder's repository, if it is one with kernel releases. */
async function cloneHere(
	world: EngineWorld,
	options: CloneOptions,
): Promise<OpenClone | undefined> {
	try {
		return await openClone(world.cwd, world, options);
	} catch (error) {
		if (failureOf(error) !== undefined) return undefined;
		throw error;
	}
}

/** Under which version values are kept in the user's cache: what they are made by. */
export function cacheVersion(): string {
	return `${EXTRACTOR_VERSION}.${LINKER_VERSION}.${KCONFIG_VERSION}.${DEVICE_TREE_VERSION}`;
}

/** What helps a clone, each opened when it is first asked for. */
export class Helpers {
	readonly #world: EngineWorld;
	readonly #options: SourceOptions;
	#index: Promise<IndexFile | undefined> | undefined;
	#cache: Promise<FactsCache> | undefined;
	readonly extractor: () => Promise<Extractor>;

	constructor(world: EngineWorld, options: SourceOptions) {
		this.#world = world;
		this.#options = options;
		this.extractor = lazyExtractor(world);
	}

	/** Opens what will be needed; whoever asks for it says what is wrong with it. */
	start(): void {
		if (this.#options.noIndex === true) {
			this.cache().catch(() => undefined);
		} else {
			this.index().catch(() => undefined);
			this.extractor().catch(() => undefined);
		}
	}

	/** Starts threads that read sources. */
	async pool(callerWorks: boolean): Promise<FactsPool | undefined> {
		const { openFactsPool, threadsFor } = await import('../src/driver/facts-pool.ts');
		this.#world.readingBegins?.();
		return openFactsPool(threadsFor(availableParallelism(), callerWorks));
	}

	/** Starts threads that read device trees of a repository; none where they would take the only core. */
	async boardThreads(repository: KnownRepository): Promise<BoardThread[]> {
		const { openBoardThread } = await import('../cache/board-thread.ts');
		const threads = Math.min(availableParallelism(), MOST_BOARD_THREADS);
		if (threads < 2) return [];
		return Array.from({ length: threads }, () => openBoardThread(repository) ?? []).flat();
	}

	/** An index that was named must open; the one that ships may be missing. */
	index(): Promise<IndexFile | undefined> {
		this.#index ??= this.#openIndex();
		return this.#index;
	}

	async #openIndex(): Promise<IndexFile | undefined> {
		if (this.#options.noIndex === true) return undefined;
		const named = this.#options.index;
		try {
			return await openNamedIndex(this.#world, named);
		} catch (error) {
			if (named === undefined && error instanceof RangefinderError) return undefined;
			throw error;
		}
	}

	cache(): Promise<FactsCache> {
		this.#cache ??= this.#openCache();
		return this.#cache;
	}

	async #openCache(): Promise<FactsCache> {
		const { cacheFolder, NULL_CACHE, openFactsCache } = await import('../cache/facts-cache.ts');
		if (this.#options.noCache === true) return NULL_CACHE;
		const folder = cacheFolder(this.#world.env, homedir());
		if (!(await hasRoom(folder))) return NULL_CACHE;
		return openFactsCache({ folder, version: cacheVersion() });
	}
}

/** Bytes that a disk has to have left for a cache: writing to a mapped file on a full one kills the process. */
const ROOM = 16 << 20;

/** Whether there is room for a cache in a folder that may not be there yet. */
async function hasRoom(folder: string): Promise<boolean> {
	const found = await statfs(folder).catch(() => undefined);
	if (found !== undefined) return found.bavail * found.bsize >= ROOM;
	return dirname(folder) === folder || hasRoom(dirname(folder));
}

/** A clone as the source, helped by index and cache. */
export async function cloneSource(
	{ store, releases }: OpenClone,
	helpers: Helpers,
	options: SourceOptions,
): Promise<OpenSource> {
	const Source =
		store.partial === undefined
			? (await import('../cache/clone-source.ts')).CloneSource
			: (await import('../cache/partial-source.ts')).PartialSource;
	const interner = options.fingerprints === true ? new FingerprintInterner() : new TextInterner();
	const { extractor } = helpers;
	const source = new Source({
		store,
		releases,
		interner,
		cache: () => helpers.cache(),
		known: async () => {
			const index = await helpers.index();
			return index === undefined ? undefined : knownFacts(index);
		},
		extractor,
		pool: (callerWorks) => helpers.pool(callerWorks),
		boardThreads: (repository) => helpers.boardThreads(repository),
		...(options.progress === undefined ? {} : { progress: options.progress }),
	});
	return { source, interner, releases, store, index: undefined, extractor, helpers };
}

async function knownFacts(index: IndexFile) {
	const { indexFacts } = await import('../cache/index-reader.ts');
	return indexFacts(index);
}
