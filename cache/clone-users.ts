/** Who uses drivers in the trees of a clone: what the index or the cache knows of it, else what is read. */
import type { Profile } from '../src/driver/profile.ts';
import type { KnownRepository } from '../src/git/native-store.ts';
import type { ObjectStore } from '../src/git/store.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import type { Release } from '../src/kernel/releases.ts';
import type { BoardThread } from './board-thread.ts';
import type { BoardReader } from './device-trees.ts';
import type { Remembered } from './remembered.ts';
import type { ArchitectureUsers, LinkedTree } from './source.ts';
import type { TreeUsersReader } from './tree-users.ts';

/** Architectures of releases that are asked for ahead of each thread: one that it reads, one that waits. */
const AT_ONCE = 2;

/** Starts threads that read device trees of a repository; none where they would take the only core. */
export type StartThreads = (repository: KnownRepository) => Promise<readonly BoardThread[]>;

/** What it takes besides the store. */
export interface CloneUsersOptions {
	store: ObjectStore;
	remembered: Remembered;
	/** The keys of the trees of releases, in order; they hang on all of arch/. */
	treeKeys(releases: readonly Release[], profile: Profile): Promise<string[]>;
	/** What the release index knows of a tree, by key. */
	known(profile: string, key: string): Promise<readonly ArchitectureUsers[] | undefined>;
	/** A tree, and what its Kconfig says. */
	tree(release: Release, profile: Profile): Promise<[LinkedTree, readonly KconfigFacts[]]>;
	/** Without it device trees are read here. */
	threads: StartThreads | undefined;
}

export class CloneUsers {
	readonly #options: CloneUsersOptions;
	/** By tree key and architecture. */
	readonly #found = new Map<string, ArchitectureUsers>();
	#reader: Promise<TreeUsersReader> | undefined;
	#here: Promise<BoardReader> | undefined;
	#threads: Promise<readonly BoardThread[]> | undefined;

	constructor(options: CloneUsersOptions) {
		this.#options = options;
	}

	/** As ReleaseSource.users. An architecture without device trees that builds no driver is left out. */
	async of(
		releases: readonly Release[],
		profile: Profile,
		archs: readonly string[],
	): Promise<Map<string, ArchitectureUsers>[]> {
		const { treeKeys, known, remembered } = this.#options;
		const keys = await treeKeys(releases, profile);
		for (const key of keys) {
			for (const one of (await known(profile.id, key)) ?? []) {
				this.#found.set(`${key}:${one.boards.arch}`, one);
			}
		}
		const names = keys.flatMap((key) => archs.map((arch) => `${key}:${arch}`));
		const unknown = names.filter((name) => !this.#found.has(name));
		for (const [name, one] of await remembered.recall<ArchitectureUsers>('users:', unknown)) {
			this.#found.set(name, one);
		}
		const fresh = new Map<string, ArchitectureUsers>();
		const todo = new Map<string, [Release, string]>();
		for (const [i, release] of releases.entries()) {
			for (const arch of archs) {
				const name = `${keys[i]}:${arch}`;
				if (!this.#found.has(name)) todo.set(name, [release, arch]);
			}
		}
		await this.#inTurn([...todo], async ([name, [release, arch]], trees) => {
			const one = await this.#read(release, profile, arch, trees);
			this.#found.set(name, one);
			fresh.set(name, one);
		});
		await remembered.keep('users:', fresh);
		return keys.map((key) => {
			const all = archs.flatMap((arch) => this.#found.get(`${key}:${arch}`) ?? []);
			return new Map(all.filter(hasAny).map((one) => [one.boards.arch, one]));
		});
	}

	/** Every architecture of a release that has any. */
	async all(release: Release, profile: Profile): Promise<ArchitectureUsers[]> {
		const archs = await (await this.#open()).architectures(release.commit);
		const [users] = await this.of([release], profile, archs);
		return [...(users?.values() ?? [])];
	}

	async #read(
		release: Release,
		profile: Profile,
		arch: string,
		trees: BoardReader,
	): Promise<ArchitectureUsers> {
		const reader = await this.#open();
		const [tree, kconfig] = await this.#options.tree(release, profile);
		return reader.read(release.commit, arch, tree, kconfig, trees);
	}

	/**
	 * Does work on items, with who reads their device trees. Each thread has items that follow each other, as
	 * releases share most of their sources with the next one.
	 */
	async #inTurn<T>(
		items: readonly T[],
		work: (item: T, trees: BoardReader) => Promise<void>,
	): Promise<void> {
		const threads = items.length < 2 ? [] : await this.#start();
		let failed = false;
		const lane = async (some: Iterable<T>, trees: BoardReader): Promise<void> => {
			try {
				for (const item of some) if (!failed) await work(item, trees);
			} catch (error) {
				failed = true;
				throw error;
			}
		};
		if (threads.length === 0) {
			this.#here ??= this.#openHere();
			return lane(items, await this.#here);
		}
		const share = Math.ceil(items.length / threads.length);
		const lanes = threads.flatMap((thread, i) => {
			// What one of them takes is gone for the other.
			const some = items.slice(i * share, (i + 1) * share).values();
			return Array.from({ length: AT_ONCE }, () => lane(some, thread));
		});
		await Promise.all(lanes);
	}

	#start(): Promise<readonly BoardThread[]> {
		const { store, threads } = this.#options;
		this.#threads ??=
			(store.known === undefined ? undefined : threads?.(store.known)) ?? Promise.resolve([]);
		return this.#threads;
	}

	/** Ends the threads, if there are any. */
	async close(): Promise<void> {
		await Promise.all(((await this.#threads) ?? []).map((thread) => thread.close()));
	}

	#open(): Promise<TreeUsersReader> {
		this.#reader ??= import('./tree-users.ts').then(
			({ TreeUsersReader }) => new TreeUsersReader(this.#options.store),
		);
		return this.#reader;
	}

	async #openHere(): Promise<BoardReader> {
		const { DeviceTrees } = await import('./device-trees.ts');
		return new DeviceTrees(this.#options.store);
	}
}

function hasAny({ boards, builds }: ArchitectureUsers): boolean {
	return boards.boards > 0 || builds.length > 0;
}
