/** Every subsystem there is a profile for, and which of them paths need. */
import type { Profile } from '../profile.ts';
import { genericProfile, isSourceOrFolder } from './generic.ts';
import { iommu } from './iommu.ts';

/** The profiles of single subsystems; what ships in the release index. */
export const PROFILES: readonly Profile[] = [iommu];

/**
 * The profiles that say something about files or folders (no trailing slash) of the tree: those of their
 * subsystems, and for what these do not cover, the one of drivers of any kind. The subsystems' for no path.
 */
export function profilesFor(paths: readonly string[]): Profile[] {
	if (paths.length === 0) return [...PROFILES];
	const under = (path: string, folder: string): boolean =>
		path === folder || path.startsWith(`${folder}/`);
	const found = PROFILES.filter(({ covers, folders }) =>
		paths.some(
			(path) =>
				covers(path) || folders.some((folder) => under(path, folder) || under(folder, path)),
		),
	);
	const others = paths.filter(
		(path) =>
			isSourceOrFolder(path) &&
			!PROFILES.some(
				({ covers, folders }) => covers(path) || folders.some((folder) => under(path, folder)),
			),
	);
	return others.length === 0 ? found : [...found, genericProfile(others)];
}
