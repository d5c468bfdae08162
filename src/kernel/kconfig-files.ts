/**
 * Which Kconfig files of a tree have to be read to know on which architectures a driver can be
 * built. A partial clone pays for every blob, so files are asked for in rounds: the roots first,
 * then what they source, and of an architecture only while the driver may still be built there.
 */

import type { KconfigFacts } from './kconfig.ts';
import { kconfigModel } from './kconfig-model.ts';
import { canBuild } from './kconfig-solver.ts';

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
	/** The symbols of the drivers that are asked about. */
	readonly symbols: readonly string[];
	/** Folders in which sourced files are followed (`drivers/iommu`); arch/ always is. */
	readonly folders: readonly string[];
	/** Paths that were asked for and are not in the tree. */
	readonly missing?: ReadonlySet<string>;
}

/**
 * The files to read next; [] when nothing more is needed.
 * @param parsed the files read so far, {@link kconfigRoots} among them.
 */
export function kconfigFilesNeeded(
	parsed: readonly KconfigFacts[],
	{ symbols, folders, missing }: WantedKconfig,
): string[] {
	const known = new Set(parsed.map((file) => file.path));
	const inFolders = new Set<string>();
	const inArch = new Map<string, Set<string>>();
	for (const file of parsed) {
		for (const { path } of file.sources) {
			if (known.has(path) || missing?.has(path) || /[$*?]/.test(path)) continue;
			if (folders.some((folder) => path.startsWith(`${folder}/`))) inFolders.add(path);
			// A file below arch/ is read for the architecture that asks for it.
			const arch = /^arch\/([^/]+)\//.exec(file.path)?.[1];
			if (arch === undefined || !path.startsWith('arch/')) continue;
			const paths = inArch.get(arch) ?? new Set();
			inArch.set(arch, paths.add(path));
		}
	}
	// What the driver depends on is worth knowing before any architecture is looked into.
	if (inFolders.size > 0) return [...inFolders];
	const model = kconfigModel(parsed, { incomplete: new Set(inArch.keys()) });
	const needed = new Set<string>();
	for (const [arch, paths] of inArch) {
		if (symbols.some((symbol) => canBuild(model, arch, symbol) !== 'no')) {
			for (const path of paths) needed.add(path);
		}
	}
	return [...needed];
}
