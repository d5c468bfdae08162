/** Joins what `range` asks of a patch to the framework to the trees of a clone; loaded when it is asked. */
import type { FrameworkDemands } from '../../src/range/brought.ts';
import type { Progress } from '../engine.ts';
import type { OpenSource } from '../sources.ts';

/** The demands over the trees of an opened source; none where it has no trees that git can search. */
export function frameworkDemands(
	open: OpenSource,
	progress: Progress,
): { demands?: FrameworkDemands } {
	if (open.store?.git === undefined) return {};
	const brought: FrameworkDemands['brought'] = async (placed, source) => {
		const { changedFiles, keyOf, rememberedSweep, treeOf } = await import('./demands.ts');
		const { ChangedTreeText } = await import('../../src/git/tree-text.ts');
		const { DEMANDS } = await import('../../src/range/demands/index.ts');
		const { checkDemands, readCapability } = await import('../../src/range/demands/over-tree.ts');
		const { Overlay } = await import('../../src/range/overlay.ts');
		const overlay = new Overlay(source);
		await overlay.add([placed]);
		const paths = placed.files.flatMap(({ path, file }) => [path, file.renamesTo ?? path]);
		const changed = await changedFiles(overlay, placed.release, [...new Set(paths)]);
		const tree = await treeOf(open, placed.release);
		if ((await readCapability(tree.text)).value === true) return [];
		const text = new ChangedTreeText(tree.text, changed);
		const sweep = () => rememberedSweep(text, keyOf(tree.id, changed), open.helpers, progress);
		return (await checkDemands({ tree: text, demands: DEMANDS, assume: [], sweep })).demands;
	};
	return { demands: { brought } };
}
