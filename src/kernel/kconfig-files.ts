/**
 * Which Kconfig files of a tree have to be read to know on which architectures a driver can be
 * built. A partial clone fetches blobs in batches, so files are asked for in rounds: the roots first, then
 * what they source.
 */

import type { KconfigOutline } from './kconfig-outline.ts';

/**
 * Common files that define what some architectures also define for themselves (HAS_DMA, HAS_IOMEM,
 * PM, SWAP), without which such a symbol would look like another architecture's; and those of what
 * drivers most often ask for.
 */
const COMMON = [
	'arch/Kconfig',
	'drivers/acpi/Kconfig',
	'drivers/of/Kconfig',
	'drivers/pci/Kconfig',
	'init/Kconfig',
	'kernel/dma/Kconfig',
	'kernel/power/Kconfig',
	'lib/Kconfig',
	'mm/Kconfig',
] as const;

/**
 * The files to begin with.
 * @param archs folder names below arch/.
 * @param folders of the patched files (`drivers/iommu/arm`): their Kconfig files are read, and
 * those of the folders above, up to the first below the root.
 */
export function kconfigRoots(archs: readonly string[], folders: readonly string[]): string[] {
	const roots = new Set<string>(COMMON);
	for (const arch of archs) roots.add(`arch/${arch}/Kconfig`);
	for (const folder of folders) {
		const parts = folder.split('/').filter((part) => part !== '');
		for (let n = parts.length; n > 0; n--) roots.add(`${parts.slice(0, n).join('/')}/Kconfig`);
	}
	return [...roots];
}

export interface WantedKconfig {
	/** Folders in which sourced files are followed (`drivers/iommu`); arch/ always is. */
	readonly folders: readonly string[];
	/** Paths that were asked for and are not in the tree. */
	readonly missing?: ReadonlySet<string>;
}

/**
 * The files to read next; [] when nothing more is needed. Every architecture is followed: which of
 * them matters costs more to find out than its files cost to read, and a symbol that is defined in a file
 * that was not read would look like one that anybody may set.
 * @param parsed the files read so far, {@link kconfigRoots} among them.
 * @param latest those of them that were read since this was asked last.
 */
export function kconfigFilesNeeded(
	parsed: readonly Pick<KconfigOutline, 'path' | 'sources'>[],
	{ folders, missing }: WantedKconfig,
	latest: readonly Pick<KconfigOutline, 'path' | 'sources'>[] = parsed,
): string[] {
	const known = new Set(parsed.map((file) => file.path));
	const needed = new Set<string>();
	for (const file of latest) {
		for (const { path } of file.sources) {
			if (known.has(path) || missing?.has(path) || /[$*?]/.test(path)) continue;
			const inArch = file.path.startsWith('arch/') && path.startsWith('arch/');
			if (inArch || folders.some((folder) => path.startsWith(`${folder}/`))) needed.add(path);
		}
	}
	return [...needed];
}
