/** Trees of a clone that nobody knows yet, read and linked; sources of all of them are read together. */
import type { FileFacts } from '../src/driver/facts.ts';
import { including, withIncluded } from '../src/driver/included.ts';
import { linkTree, type ModuleSources } from '../src/driver/link.ts';
import type { AnyDriver, Profile, SourceFile } from '../src/driver/profile.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { headersOf } from './headers.ts';
import { Includers } from './includers.ts';
import type { Remembered } from './remembered.ts';
import type { FileId, LinkedTree } from './source.ts';
import { readModules, sourcesOf, type TreePaths, treePaths } from './tree-files.ts';

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
			: await wantedOf(store, all, await reading, anyDriver);
	const [facts, modules] = await Promise.all([factsOf(wanted.flat()), reading]);
	const trees = wanted.map((sources) => treeOf(sources, facts));
	if (anyDriver !== undefined) await addIncludedSources(trees, all, factsOf);
	const headers =
		anyDriver === undefined ? undefined : await headersOf(store, remembered, commits, trees);
	return trees.map((tree, i) => {
		for (const header of headers?.[i] ?? []) tree.set(header.path, header);
		const listed = modules[i] ?? [];
		if (anyDriver === undefined) return { facts: linkTree(profile, tree, listed), modules: listed };
		const by = including(tree.values(), (path) => tree.has(path));
		const own = withIncluded(listed, by);
		const linked = { facts: linkTree(profile, tree, own), modules: own };
		const read = [...tree.values()].filter(({ path }) => path.endsWith('.h'));
		return { ...linked, headers: read.map(({ path, blob }) => ({ path, blob })) };
	});
}

/** The sources that are read of each tree, where drivers of some modules are asked for. */
function wantedOf(
	store: ObjectStore,
	trees: readonly TreePaths[],
	modules: readonly (readonly ModuleSources[])[],
	anyDriver: AnyDriver,
): Promise<FileId[][]> {
	const includers = new Includers(store);
	return Promise.all(
		trees.map((tree, i) => sourcesOf(tree, modules[i] ?? [], anyDriver, includers)),
	);
}

function treeOf(
	files: readonly FileId[],
	facts: ReadonlyMap<string, FileFacts>,
): Map<string, SourceFile> {
	const tree = new Map<string, SourceFile>();
	for (const { path, blob } of files) {
		const known = facts.get(blob);
		if (known !== undefined) tree.set(path, { path, blob, facts: known });
	}
	return tree;
}

/** Adds to trees what their sources include, as far as it is there. */
async function addIncludedSources(
	trees: readonly Map<string, SourceFile>[],
	all: readonly TreePaths[],
	factsOf: (files: readonly FileId[]) => Promise<ReadonlyMap<string, FileFacts>>,
): Promise<void> {
	const there = all.map(({ sources }) => new Map(sources.map((file) => [file.path, file])));
	const asked = all.map(() => new Set<string>());
	for (;;) {
		const missing = trees.map((tree, i) => {
			const by = including(tree.values(), (path) => there[i]?.has(path) === true);
			const paths = new Set([...by.values()].flat().map(({ path }) => path));
			return [...paths].flatMap((path) => {
				const file = there[i]?.get(path);
				if (file === undefined || tree.has(path) || asked[i]?.has(path) === true) return [];
				asked[i]?.add(path);
				return file;
			});
		});
		if (missing.every((files) => files.length === 0)) return;
		const facts = await factsOf(missing.flat());
		for (const [i, files] of missing.entries()) {
			for (const [path, file] of treeOf(files, facts)) trees[i]?.set(path, file);
		}
	}
}
