/** Keys under which the trees of releases are known to the index and the cache. */
import { createHash } from 'node:crypto';
import type { Profile } from '../src/driver/profile.ts';
import type { ObjectStore } from '../src/git/store.ts';
import type { Release } from '../src/kernel/releases.ts';
import type { Remembered } from './remembered.ts';

/** A key that two trees share when everything a profile reads of them is the same. */
export function treeKey(ids: readonly { path: string; id: string | undefined }[]): string {
	const hash = createHash('sha1');
	for (const { path, id } of ids) hash.update(`${path}\0${id ?? ''}\n`);
	return hash.digest('hex');
}

/** The key of several trees together. */
export function jointKey(treeKeys: readonly string[]): string {
	return createHash('sha1').update(treeKeys.join('\n')).digest('hex');
}

/** What a profile reads of a tree, as a digest: a key that was made of other paths says nothing. */
export function readsOf(profile: Profile): string {
	return createHash('sha1').update(pathsReadBy(profile).join('\n')).digest('hex');
}

/** What the release index knows: the key of a root tree, for a profile that reads these paths. */
export type KeyOf = (profile: string, reads: string, root: string) => Promise<string | undefined>;

/**
 * Finds tree keys, each once. For the same paths a root tree has one key for ever, so a known root
 * costs nothing.
 */
export class TreeKeys {
	readonly #store: ObjectStore;
	readonly #remembered: Remembered;
	readonly #keyOf: KeyOf;
	readonly #keys = new Map<string, string>();

	constructor(store: ObjectStore, remembered: Remembered, keyOf: KeyOf) {
		this.#store = store;
		this.#remembered = remembered;
		this.#keyOf = keyOf;
	}

	/** The keys of releases, in order. */
	async of(releases: readonly Release[], profile: Profile): Promise<string[]> {
		const reads = readsOf(profile);
		const name = ({ commit }: Release): string => `${profile.id}:${reads}:${commit}`;
		const rootName = (tree: string | undefined): string =>
			tree === undefined ? '' : `${profile.id}:${reads}:${tree}`;
		for (const release of releases) {
			if (release.tree === undefined || this.#keys.has(name(release))) continue;
			const key = await this.#keyOf(profile.id, reads, release.tree);
			if (key !== undefined) this.#keys.set(name(release), key);
		}
		const unknown = releases.filter((release) => !this.#keys.has(name(release)));
		const roots = unknown.map(({ tree }) => rootName(tree));
		const recalled = await this.#remembered.recall<string>(
			'root:',
			roots.filter((root) => root !== ''),
		);
		const todo: Release[] = [];
		for (const [i, release] of unknown.entries()) {
			const key = recalled.get(roots[i] ?? '');
			if (key === undefined) todo.push(release);
			else this.#keys.set(name(release), key);
		}
		const paths = pathsReadBy(profile);
		const ids = await this.#store.objectIdsAt(
			todo.map(({ commit }) => commit),
			paths,
		);
		const fresh = new Map<string, string>();
		for (const [i, release] of todo.entries()) {
			const key = treeKey(paths.map((path, j) => ({ path, id: ids[i]?.[j] })));
			this.#keys.set(name(release), key);
			if (release.tree !== undefined) fresh.set(rootName(release.tree), key);
		}
		await this.#remembered.keep('root:', fresh);
		return releases.map((release) => this.#keys.get(name(release)) ?? '');
	}
}

/** All that a profile reads of a tree. */
function pathsReadBy(profile: Profile): string[] {
	return [
		...profile.folders,
		...profile.callers,
		...profile.kconfigFolders,
		...profile.files,
		...(profile.anyDriver === undefined ? [] : ['include', ...profile.anyDriver.focus]),
		'arch',
		'drivers/Makefile',
	];
}
