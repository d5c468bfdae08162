/** Where picks in memory and git's differ, and neither is wrong: each class with its reason. */
import type { Disagreement } from './cherry-pick.ts';

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
];

/** Why a disagreement is none of a mistake; undefined where nothing explains it. */
export function explain(one: Disagreement): string | undefined {
	return REASONS.find(({ holds }) => holds(one))?.why;
}
