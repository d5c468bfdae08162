/**
 * Which files of a commit a profile reads, and what the Makefiles and Kconfig files among them say.
 * Reads through the object store; links and judges nothing.
 */
import { isUnlisted } from '../src/driver/included.ts';
import type { ModuleSources } from '../src/driver/link.ts';
import type { AnyDriver, Profile } from '../src/driver/profile.ts';
import { makefilesAbove } from '../src/driver/profile-reads.ts';
import { unlisted } from '../src/driver/unlisted.ts';
import type { ObjectStore, TreeEntry } from '../src/git/store.ts';
import { kconfigFilesNeeded, kconfigRoots } from '../src/kernel/config.ts';
import { type KconfigOutline, outlineKconfig } from '../src/kernel/kconfig-outline.ts';
import { linkOrder, modules } from '../src/kernel/link-order.ts';
import { type MakefileFacts, parseMakefile } from '../src/kernel/makefile.ts';
import { demandBlobs } from './demand-blobs.ts';
import type { Includers } from './includers.ts';
import type { FileId } from './source.ts';

/** The files of one commit that a profile reads. */
export interface TreePaths {
	/** C sources and headers. */
	sources: FileId[];
	makefiles: FileId[];
	/** Folders whose modules are linked, top folders first. */
	folders: readonly string[];
}

/** Finds the files of each commit that a profile reads. */
export async function treePaths(
	store: ObjectStore,
	commits: readonly string[],
	profile: Profile,
): Promise<TreePaths[]> {
	const { folders } = profile;
	const trees = commits.map((): TreePaths => ({ sources: [], makefiles: [], folders }));
	const callers = profile.callers.map((folder) => callersBelow(store, commits, folder, profile));
	for (const folder of folders) {
		const lists = await store.listAt(commits, folder, true);
		for (const [i, tree] of trees.entries()) {
			for (const entry of lists[i] ?? []) {
				if (entry.path.endsWith('.c')) tree.sources.push(fileId(entry));
				else if (/\/(Makefile|Kbuild)$/.test(entry.path)) tree.makefiles.push(fileId(entry));
			}
		}
	}
	for (const lists of callers) {
		for (const [i, files] of (await lists).entries()) trees[i]?.sources.push(...files);
	}
	const above = [...new Set(folders.flatMap(makefilesAbove))];
	const singles = [...profile.files, ...above];
	for (const [i, ids] of (await store.blobIdsAt(commits, singles)).entries()) {
		for (const [j, path] of singles.entries()) {
			const blob = ids[j];
			if (blob === undefined) continue;
			(j < profile.files.length ? trees[i]?.sources : trees[i]?.makefiles)?.push({ path, blob });
		}
	}
	return trees;
}

/** The C sources below a folder of each commit that mention what makes them callers. */
async function callersBelow(
	store: ObjectStore,
	commits: readonly string[],
	folder: string,
	{ callersMention }: Profile,
): Promise<FileId[][]> {
	const lists = await store.listAt(commits, folder, true);
	const files = lists.map((list) => list.filter(({ path }) => path.endsWith('.c')).map(fileId));
	const blobs = [...new Set(files.flat().map(({ blob }) => blob))];
	const mentioning = new Set<string>();
	for (const [blob, bytes] of await demandBlobs(store, blobs)) {
		if (callersMention.test(Buffer.from(bytes).toString('latin1'))) mentioning.add(blob);
	}
	return files.map((list) => list.filter(({ blob }) => mentioning.has(blob)));
}

function fileId({ path, oid }: TreeEntry): FileId {
	return { path, blob: oid };
}

/**
 * The sources of the modules that a profile of drivers of any kind was asked for, and its headers.
 * @param includers who else includes sources that no Makefile lists, of those that are asked about
 */
export async function sourcesOf(
	{ sources }: TreePaths,
	modules: readonly ModuleSources[],
	{ focus }: AnyDriver,
	includers: Includers,
): Promise<FileId[]> {
	const wanted = new Set<string>();
	const want = (isWanted: (path: string) => boolean): void => {
		for (const module of modules) {
			if (!module.sources.some(({ path }) => isWanted(path))) continue;
			for (const { path } of module.sources) wanted.add(path);
		}
	};
	want((path) => isFocus(path, focus));
	const there = new Set(sources.map(({ path }) => path));
	let asked = new Set(
		modules
			.filter(isUnlisted)
			.map(({ at }) => at.path)
			.filter((path) => wanted.has(path)),
	);
	while (asked.size > 0) {
		const others = sources.filter(({ path }) => path.endsWith('.c') && !wanted.has(path));
		const by = await includers.of(others, [...asked], there);
		const found = new Set<string>();
		for (const [path, all] of by) if (all.some((one) => asked.has(one.path))) found.add(path);
		want((path) => found.has(path));
		asked = found;
	}
	return sources.filter(({ path }) => wanted.has(path) || path.endsWith('.h'));
}

function isFocus(path: string, focus: readonly string[]): boolean {
	const folder = (of: string): string => of.slice(0, of.lastIndexOf('/'));
	return focus.some((one) =>
		// Who includes a header is beside it.
		one.endsWith('.h') ? folder(one) === folder(path) : path === one || path.startsWith(`${one}/`),
	);
}

/** The modules below the profile's folders in link order, of each tree. */
export async function readModules(
	store: ObjectStore,
	trees: readonly TreePaths[],
	{ anyDriver }: Profile,
): Promise<ModuleSources[][]> {
	const blobs = trees.flatMap(({ makefiles }) => makefiles.map(({ blob }) => blob));
	const parsed = new Map<string, MakefileFacts>();
	for (const [blob, bytes] of await demandBlobs(store, [...new Set(blobs)])) {
		parsed.set(blob, parseMakefile(Buffer.from(bytes).toString('latin1')));
	}
	return trees.map((tree) => {
		const own = new Map<string, MakefileFacts>();
		for (const { path, blob } of tree.makefiles) {
			const facts = parsed.get(blob);
			if (facts !== undefined) own.set(path, facts);
		}
		const listed = modules(linkOrder(own, tree.folders));
		if (anyDriver === undefined) return listed;
		const paths = tree.sources.map(({ path }) => path);
		return [...listed, ...unlisted(paths, listed)];
	});
}

/** Kconfig files by blob id and path, read or being read. */
export type KconfigMemo = Map<string, Promise<KconfigOutline>>;

/**
 * What the Kconfig files of a commit say about the drivers, and no more of them than that takes.
 * @param memo files parsed before; commits that are read at the same time share it
 */
export async function readKconfig(
	store: ObjectStore,
	commit: string,
	profile: Profile,
	memo: KconfigMemo,
): Promise<KconfigOutline[]> {
	const archs = (await store.list(commit, 'arch', false))
		.filter(({ type }) => type === 'tree')
		.map(({ path }) => path.slice('arch/'.length));
	const parsed: KconfigOutline[] = [];
	const missing = new Set<string>();
	const folders = [...profile.folders, ...profile.kconfigFolders];
	let wanted = kconfigRoots(archs, folders);
	while (wanted.length > 0) {
		const ids = await store.blobIds(commit, wanted);
		const files: FileId[] = [];
		for (const [i, path] of wanted.entries()) {
			const blob = ids[i];
			if (blob === undefined) missing.add(path);
			else files.push({ path, blob });
		}
		parseUnknown(store, files, memo);
		const before = parsed.length;
		for (const file of files) {
			const facts = await memo.get(kconfigKey(file));
			if (facts === undefined) throw new RangeError(`nothing was read for ${file.path}`);
			parsed.push(facts);
		}
		wanted = kconfigFilesNeeded(parsed, { folders, missing }, parsed.slice(before));
	}
	return parsed;
}

/** Begins to read those files that nobody has asked for, in one batch. */
function parseUnknown(store: ObjectStore, files: readonly FileId[], memo: KconfigMemo): void {
	const fresh = files.filter((file) => !memo.has(kconfigKey(file)));
	const texts = demandBlobs(
		store,
		fresh.map(({ blob }) => blob),
	);
	for (const file of fresh) {
		const { path, blob } = file;
		const facts = texts.then((all) =>
			outlineKconfig(Buffer.from(all.get(blob) ?? []).toString('latin1'), path),
		);
		// Whoever waits for it says what is wrong; nobody may.
		facts.catch(() => undefined);
		memo.set(kconfigKey(file), facts);
	}
}

function kconfigKey({ path, blob }: FileId): string {
	return `${blob} ${path}`;
}
