/** Every subsystem there is a profile for, and which of them paths need. */
import type { Profile } from '../profile.ts';
import { iommu } from './iommu.ts';

export const PROFILES: readonly Profile[] = [iommu];

/**
 * The profiles that say something about files or folders (no trailing slash) of the tree; all of them for
 * no path.
 */
export function profilesFor(paths: readonly string[]): Profile[] {
	if (paths.length === 0) return [...PROFILES];
	const under = (path: string, folder: string): boolean =>
		path === folder || path.startsWith(`${folder}/`);
	return PROFILES.filter(({ covers, folders }) =>
		paths.some(
			(path) =>
				covers(path) || folders.some((folder) => under(path, folder) || under(folder, path)),
		),
	);
}
