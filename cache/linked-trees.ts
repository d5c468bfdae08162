/** Trees of a clone that nobody knows yet, read and linked; sources of all of them are read together. */
import type { FileFacts } from '../src/driver/facts.ts';
import { linkTree } from '../src/driver/link.ts';
import type { Profile, SourceFile } from '../src/driver/profile.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { headersOf } from './headers.ts';
import type { Remembered } from './remembered.ts';
import type { FileId, LinkedTree } from './source.ts';
import { readModules, sourcesOf, treePaths } from './tree-files.ts';

/**
 * Reads and links the trees of commits, in order.
 * @param factsOf reads the facts of files, as the profile wants them, by blob id
 */
export async function linkTrees(
	store: ObjectStore,
	remembered: Remembered,
	commits: readonly string[],
	profile: Profile,
	factsOf: (files: readonly FileId[]) => Promise<ReadonlyMap<string, FileFacts>>,
): Promise<LinkedTree[]> {
	if (commits.length === 0) return [];
	const all = await treePaths(store, commits, profile);
	const { anyDriver } = profile;
	const reading = readModules(store, all, profile);
	// Where all sources are wanted, they need not wait for the Makefiles.
	const wanted =
		anyDriver === undefined
			? all.map(({ sources }) => sources)
			: (await reading).map((modules, i) => sourcesOf(all[i], modules, anyDriver));
	const [facts, modules] = await Promise.all([factsOf(wanted.flat()), reading]);
	const trees = wanted.map((sources) => {
		const tree = new Map<string, SourceFile>();
		for (const { path, blob } of sources) {
			const known = facts.get(blob);
			if (known !== undefined) tree.set(path, { path, blob, facts: known });
		}
		return tree;
	});
	const headers =
		anyDriver === undefined ? undefined : await headersOf(store, remembered, commits, trees);
	return trees.map((tree, i) => {
		for (const header of headers?.[i] ?? []) tree.set(header.path, header);
		const own = modules[i] ?? [];
		const linked = { facts: linkTree(profile, tree, own), modules: own };
		if (anyDriver === undefined) return linked;
		const read = [...tree.values()].filter(({ path }) => path.endsWith('.h'));
		return { ...linked, headers: read.map(({ path, blob }) => ({ path, blob })) };
	});
}
