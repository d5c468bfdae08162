/** Answers `places(PATCHFILE)`: how a patch lands on a commit. */
import { createHash } from 'node:crypto';
import type { Asker } from '../../src/history/judge-predicate.ts';
import type { Test } from '../../src/history/predicate.ts';
import { searchFolder } from '../../src/range/moved.ts';
import { conflictText, place } from '../../src/range/placements.ts';
import { commitAsRelease } from '../releases.ts';
import type { AskerContext } from './askers.ts';

/**
 * An asker for a patch.
 * @throws RangefinderError as reading a patch does; several-patches
 */
export async function placesAsker(test: Test, { world, open }: AskerContext): Promise<Asker> {
	const { readInput, several } = await import('../input.ts');
	const { prepare } = await import('../../src/range/prepare.ts');
	const { source, store, interner, extractor } = open;
	const read = await readInput(test.args[0] ?? '', world, store);
	const [only] = read.patches;
	if (only === undefined || read.patches.length > 1) throw several(read.patches, read.where);
	const patch = await prepare(only, { source, interner, extractor, where: read.where });
	const files = patch.files.flatMap(({ path, renamesTo }) =>
		renamesTo === undefined ? [path] : [path, renamesTo],
	);
	// A file that is not there is looked for in the folders above.
	const folders = patch.files.map(({ path }) => searchFolder(path)).filter((path) => path !== '');
	const paths = [...files, ...new Set(folders)];
	return {
		reads: { paths, ancestry: false },
		dependsOn: createHash('sha256').update(JSON.stringify(only)).digest('hex'),
		async look(commit) {
			const [ids = []] = await store.objectIdsAt([commit], paths);
			const there = patch.files.every(
				({ path, isNew }) => isNew || ids[paths.indexOf(path)] !== undefined,
			);
			const key = there ? ids.slice(0, files.length).map(String) : ids.map(String);
			return {
				inputs: createHash('sha1').update(key.join(' ')).digest('hex'),
				async read() {
					const release = await commitAsRelease(store, commit, commit);
					const [placed] = await place(patch, source, [release]);
					if (placed === undefined) throw new RangeError('nothing was placed');
					const { result } = placed;
					const lands = result !== 'conflict' && result !== 'missing';
					const text = lands ? `lands: ${result}` : `${result}: ${conflictText(placed)}`;
					return { values: [result], holds: lands, sights: [{ text }] };
				},
			};
		},
	};
}
