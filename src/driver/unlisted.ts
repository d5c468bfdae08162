/** Sources that no Makefile says how to link: of lists that Kbuild does not have, or built by rules of make. */
import type { ModuleSources } from './link.ts';

/**
 * Those of some sources that no module has, each as a module of its own behind them.
 * @param paths of sources, in the order in which they are to be
 */
export function unlisted(
	paths: Iterable<string>,
	listed: readonly ModuleSources[],
): ModuleSources[] {
	const known = new Set(listed.flatMap((module) => module.sources.map(({ path }) => path)));
	const last = Math.max(0, ...listed.map(({ position }) => position));
	const found: ModuleSources[] = [];
	for (const path of paths) {
		if (!path.endsWith('.c') || known.has(path)) continue;
		const position = last + 1 + found.length;
		const at = { path, line: 1 };
		found.push({ symbol: '', sources: [{ path, when: '' }], position, at });
	}
	return found;
}
