/**
 * What a profile reads of releases, as blobs, before any of them is read: of a partial clone they are
 * fetched together. Goes through trees only.
 */
import type { Profile } from '../src/driver/profile.ts';
import { makefilesAbove } from '../src/driver/profile-reads.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { kconfigRoots } from '../src/kernel/config.ts';
import type { FileId } from './source.ts';

/** The files of one commit that a profile reads. */
export interface WantedFiles {
	/** Parsed where nobody knows their facts. */
	readonly sources: FileId[];
	/** Read whatever is known of facts: callers to look into, Makefiles and Kconfig files. */
	readonly texts: FileId[];
}

/**
 * Finds the files of each commit that linking it for a profile and its Kconfig answers read; Kconfig files
 * below the architectures and the profile's folders all, since only their contents say which are sourced.
 */
export async function wantedFiles(
	store: ObjectStore,
	commits: readonly string[],
	profile: Profile,
): Promise<WantedFiles[]> {
	const found = commits.map((): WantedFiles => ({ sources: [], texts: [] }));
	const { folders, callers, kconfigFolders, files } = profile;
	for (const folder of new Set([...folders, ...callers, ...kconfigFolders, 'arch'])) {
		for (const [i, entries] of (await store.listAt(commits, folder, true)).entries()) {
			for (const { path, type, oid } of entries) {
				if (type !== 'blob') continue;
				const file = { path, blob: oid };
				const reads = folders.includes(folder);
				if (reads && path.endsWith('.c')) found[i]?.sources.push(file);
				else if (callers.includes(folder) && path.endsWith('.c')) found[i]?.texts.push(file);
				else if (reads && /\/(Makefile|Kbuild)$/.test(path)) found[i]?.texts.push(file);
				else if (/\/Kconfig[^/]*$/.test(path)) found[i]?.texts.push(file);
			}
		}
	}
	const singles = [...folders.flatMap(makefilesAbove), ...kconfigRoots([], folders)];
	const rows = await store.blobIdsAt(commits, [...files, ...singles]);
	for (const [i, row] of rows.entries()) {
		for (const [j, blob] of row.entries()) {
			const path = [...files, ...singles][j];
			if (blob === undefined || path === undefined) continue;
			(j < files.length ? found[i]?.sources : found[i]?.texts)?.push({ path, blob });
		}
	}
	return found;
}
