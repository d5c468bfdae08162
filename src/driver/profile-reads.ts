/** Which paths of a tree a profile reads, and as what; the same for one tree and for history. */
import type { Profile } from './profile.ts';

/** As what a profile reads a path: `caller` only where its text mentions the subsystem. */
export type ReadAs = 'source' | 'makefile' | 'caller';

/** `drivers/iommu` → `drivers/Makefile`: those that say where the folder itself is linked. */
export function makefilesAbove(folder: string): string[] {
	const parts = folder.split('/');
	return parts.slice(0, -1).map((_, i) => `${parts.slice(0, i + 1).join('/')}/Makefile`);
}

/** Everything below which a profile reads: folders and single files, without trailing slash. */
export function pathsRead({ folders, files, callers }: Profile): string[] {
	return [...new Set([...folders, ...files, ...callers, ...folders.flatMap(makefilesAbove)])];
}

/** A function that says as what the profile reads a path; undefined for one that it does not read. */
export function readerOf(profile: Profile): (path: string) => ReadAs | undefined {
	const files = new Set(profile.files);
	const above = new Set(profile.folders.flatMap(makefilesAbove));
	const folders = profile.folders.map((folder) => `${folder}/`);
	const callers = profile.callers.map((folder) => `${folder}/`);
	return (path) => {
		if (files.has(path)) return 'source';
		if (above.has(path)) return 'makefile';
		if (folders.some((folder) => path.startsWith(folder))) {
			if (path.endsWith('.c')) return 'source';
			if (/\/(Makefile|Kbuild)$/.test(path)) return 'makefile';
		}
		return path.endsWith('.c') && callers.some((folder) => path.startsWith(folder))
			? 'caller'
			: undefined;
	};
}
