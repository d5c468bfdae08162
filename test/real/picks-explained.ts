/** Where picks in memory and git's differ, and neither is wrong: each class with its reason. */
import type { Disagreement } from './picks-compare.ts';

interface Reason {
	why: string;
	holds(one: Disagreement): boolean;
}

const REASONS: readonly Reason[] = [
	{
		why: 'git cannot read an object that the repository has not',
		holds: ({ ours, git }) =>
			ours.result === 'unknown' &&
			git.result === 'refused' &&
			/unable to read|missing|bad object/.test(git.why),
	},
	{
		why: 'of files alike to the same degree git takes the first in the order of its hash tables',
		holds: ({ what, ours, git }) => {
			if (what !== 'paths' || ours.result !== 'conflict' || git.result !== 'conflict') return false;
			const mine = ours.conflicts.map(({ path }) => path);
			const renamed = new Set(
				ours.conflicts.filter(({ kind }) => /^rename/.test(kind)).map(({ path }) => nameOf(path)),
			);
			const alone = [
				...mine.filter((path) => !git.paths.includes(path)),
				...git.paths.filter((path) => !mine.includes(path)),
			];
			return alone.every((path) => renamed.has(nameOf(path)));
		},
	},
];

function nameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}

/** Why a disagreement is none of a mistake; undefined where nothing explains it. */
export function explain(one: Disagreement): string | undefined {
	return REASONS.find(({ holds }) => holds(one))?.why;
}
