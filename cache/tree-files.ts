/**
 * Which files of a commit a profile reads, and what the Makefiles and Kconfig files among them say.
 * Reads through the object store; links and judges nothing.
 */
import type { ModuleSources } from '../src/driver/link.ts';
import type { Profile } from '../src/driver/profile.ts';
import type { ObjectStore, TreeEntry } from '../src/git/store.ts';
import { kconfigFilesNeeded, kconfigRoots } from '../src/kernel/config.ts';
import { type KconfigFacts, parseKconfig } from '../src/kernel/kconfig.ts';
import { linkOrder, modules } from '../src/kernel/link-order.ts';
import { type MakefileFacts, parseMakefile } from '../src/kernel/makefile.ts';
import { demandBlobs } from './demand-blobs.ts';
import type { FileId } from './source.ts';

/** The files of one commit that a profile reads. */
export interface TreePaths {
	/** C sources and headers. */
	sources: FileId[];
	makefiles: FileId[];
	/** Folders whose modules are linked, top folders first. */
	folders: readonly string[];
}

/** Finds the files of a commit that a profile reads. */
export async function treePaths(
	store: ObjectStore,
	commit: string,
	profile: Profile,
): Promise<TreePaths> {
	const sources: FileId[] = [];
	const makefiles: FileId[] = [];
	for (const folder of profile.folders) {
		for (const entry of await store.list(commit, folder, true)) {
			if (entry.path.endsWith('.c')) sources.push(fileId(entry));
			else if (/\/(Makefile|Kbuild)$/.test(entry.path)) makefiles.push(fileId(entry));
		}
	}
	for (const folder of profile.callers) {
		const entries = await store.list(commit, folder, true);
		sources.push(...(await mentioning(store, entries, profile.callersMention)));
	}
	const above = [...new Set(profile.folders.flatMap(makefilesAbove))];
	const singles = [...profile.files, ...above];
	const ids = await store.blobIds(commit, singles);
	for (const [i, path] of singles.entries()) {
		const blob = ids[i];
		if (blob === undefined) continue;
		(i < profile.files.length ? sources : makefiles).push({ path, blob });
	}
	return { sources, makefiles, folders: profile.folders };
}

/** The C sources among entries that mention something. */
async function mentioning(
	store: ObjectStore,
	entries: readonly TreeEntry[],
	pattern: RegExp,
): Promise<FileId[]> {
	const files = entries.filter(({ path }) => path.endsWith('.c')).map(fileId);
	const texts = await demandBlobs(
		store,
		files.map(({ blob }) => blob),
	);
	return files.filter(({ blob }) => {
		const bytes = texts.get(blob);
		return bytes !== undefined && pattern.test(Buffer.from(bytes).toString('latin1'));
	});
}

function fileId({ path, oid }: TreeEntry): FileId {
	return { path, blob: oid };
}

/** `drivers/iommu` → `drivers/Makefile`: those that say where the folder itself is linked. */
function makefilesAbove(folder: string): string[] {
	const parts = folder.split('/');
	return parts.slice(0, -1).map((_, i) => `${parts.slice(0, i + 1).join('/')}/Makefile`);
}

/** The modules below the profile's folders in link order. */
export async function readModules(store: ObjectStore, paths: TreePaths): Promise<ModuleSources[]> {
	const texts = await demandBlobs(
		store,
		paths.makefiles.map(({ blob }) => blob),
	);
	const parsed = new Map<string, MakefileFacts>();
	for (const { path, blob } of paths.makefiles) {
		const bytes = texts.get(blob);
		if (bytes !== undefined) parsed.set(path, parseMakefile(Buffer.from(bytes).toString('latin1')));
	}
	return modules(linkOrder(parsed, paths.folders));
}

/**
 * What the Kconfig files of a commit say about the drivers, and no more of them than that takes.
 * @param memo files parsed before, by blob id
 */
export async function readKconfig(
	store: ObjectStore,
	commit: string,
	profile: Profile,
	memo: Map<string, KconfigFacts>,
): Promise<KconfigFacts[]> {
	const archs = (await store.list(commit, 'arch', false))
		.filter(({ type }) => type === 'tree')
		.map(({ path }) => path.slice('arch/'.length));
	const parsed: KconfigFacts[] = [];
	const missing = new Set<string>();
	const folders = [...profile.folders, ...profile.kconfigFolders];
	let wanted = kconfigRoots(archs, folders);
	while (wanted.length > 0) {
		const ids = await store.blobIds(commit, wanted);
		const unknown = ids.filter((id): id is string => id !== undefined && !memo.has(id));
		const texts = await demandBlobs(store, unknown);
		for (const [i, path] of wanted.entries()) {
			const id = ids[i];
			const bytes = id === undefined ? undefined : texts.get(id);
			if (id !== undefined && bytes !== undefined) {
				memo.set(id, parseKconfig(Buffer.from(bytes).toString('latin1'), path));
			}
			const facts = id === undefined ? undefined : memo.get(id);
			if (facts === undefined) missing.add(path);
			// The same text under another path (a copied file) is read under the path it is asked for by.
			else parsed.push(facts.path === path ? facts : { ...facts, path });
		}
		wanted = kconfigFilesNeeded(parsed, { folders, missing });
	}
	return parsed;
}
