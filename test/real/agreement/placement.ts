/** Placement of real diffs on real releases against git apply, git merge-file and GNU patch. */
import { resolve } from 'node:path';
import type { PlacementCase } from '../../patch/agreement/cases.ts';
import { compareCases } from '../../patch/agreement/compare.ts';
import { REASONS } from '../../patch/agreement/reasons.ts';
import { casesBetween, changedPaths, drawnPaths, releasesOf } from '../placement-cases.ts';
import { type Inputs, type Part, Tally } from './part.ts';

/** Files whose diffs are placed in a slice. */
const SLICE = 20;
const FOLDER = 'drivers/iommu/';

export function placementPart(ladder: string, { files, seed }: Inputs): Part {
	const repo = resolve(ladder);
	return {
		name: 'placement',
		what: `diffs between neighbouring releases, of all files of ${FOLDER} and of ${files} files a pair drawn from the whole tree, on every other release, with and without the pre-image`,
		oracle: '`git apply`, `git merge-file`, GNU `patch`',
		async *slices() {
			const releases = releasesOf(repo);
			for (const i of releases.slice(1).keys()) {
				const sets = [
					[FOLDER, changedPaths(repo, releases, i, FOLDER)],
					[`seed ${seed}`, drawnPaths(repo, releases, i, { count: files, seed })],
				] as const;
				for (const [of, paths] of sets) {
					for (let at = 0; at < paths.length; at += SLICE) {
						const some = paths.slice(at, at + SLICE);
						const id = `${releases[i]}..${releases[i + 1]} ${of}, ${at} to ${at + some.length - 1}`;
						yield { id, run: async () => place([...casesBetween(repo, releases, i, some)], id) };
					}
				}
			}
		},
	};
}

function place(cases: readonly PlacementCase[], id: string): Tally {
	const tally = new Tally();
	if (cases.length === 0) return tally;
	const { results, disagreements } = compareCases(cases);
	for (const [result, count] of results) {
		const kind = result.replace(/, pre-image unknown$/, '');
		tally.kinds[kind] = (tally.kinds[kind] ?? 0) + count;
		tally.compared += count;
	}
	const differ = new Map(disagreements.map((one) => [`${one.name} ${one.preimage}`, one] as const));
	tally.agree = tally.compared - differ.size;
	for (const [key, { what, reason }] of differ) {
		if (reason === undefined) tally.open.push(`${id}, ${key}: ${what}`);
		else tally.explained[REASONS[reason]] = (tally.explained[REASONS[reason]] ?? 0) + 1;
	}
	return tally;
}
