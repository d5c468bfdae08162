/** Whether a clone has history at all; apart from what reads it, since every run asks. */
import type { ObjectStore } from '../git/store.ts';
import type { Release } from '../kernel/releases.ts';

/** Newest releases that are looked at for commits between releases. */
const LOOKED_AT = 3;

/**
 * Whether a clone has history between its releases. One whose newest releases follow directly on each
 * other, or on nothing, has trees only: there is nothing to be found between them.
 */
export async function hasHistory(
	store: Pick<ObjectStore, 'commitInfo'>,
	releases: readonly Release[],
): Promise<boolean> {
	const tagged = new Set(releases.map(({ commit }) => commit));
	const newest = releases.slice(-LOOKED_AT);
	const infos = await Promise.all(newest.map(({ commit }) => store.commitInfo(commit)));
	return infos.some(({ parents }) => parents.some((parent) => !tagged.has(parent)));
}
