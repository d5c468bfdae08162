/** Who uses drivers in the trees of a clone: what the index or the cache knows of it, else what is read. */
import type { Profile } from '../src/driver/profile.ts';
import type { ObjectStore } from '../src/git/store.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import type { Release } from '../src/kernel/releases.ts';
import type { Remembered } from './remembered.ts';
import type { ArchitectureUsers, LinkedTree } from './source.ts';
import type { TreeUsersReader } from './tree-users.ts';

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
}

export class CloneUsers {
	readonly #options: CloneUsersOptions;
	/** By tree key and architecture. */
	readonly #found = new Map<string, ArchitectureUsers>();
	#reader: Promise<TreeUsersReader> | undefined;

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
		for (const [i, release] of releases.entries()) {
			for (const arch of archs) {
				const name = `${keys[i]}:${arch}`;
				if (this.#found.has(name)) continue;
				const one = await this.#read(release, profile, arch);
				this.#found.set(name, one);
				fresh.set(name, one);
			}
		}
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

	async #read(release: Release, profile: Profile, arch: string): Promise<ArchitectureUsers> {
		const reader = await this.#open();
		const [tree, kconfig] = await this.#options.tree(release, profile);
		return reader.read(release.commit, arch, tree, kconfig);
	}

	#open(): Promise<TreeUsersReader> {
		this.#reader ??= import('./tree-users.ts').then(
			({ TreeUsersReader }) => new TreeUsersReader(this.#options.store),
		);
		return this.#reader;
	}
}

function hasAny({ boards, builds }: ArchitectureUsers): boolean {
	return boards.boards > 0 || builds.length > 0;
}
