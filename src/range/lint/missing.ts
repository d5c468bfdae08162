/** What fixes or reverts a commit, and where the commit is without it. */
import { followUpsOf } from '../../history/follow-ups.ts';
import { type History, labels } from '../../history/history.ts';
import { identify } from '../../history/identity.ts';
import { presenceOf, ReleaseMarks } from '../../history/presence.ts';
import type { MissingFix } from './model.ts';

/** A place in history that a fix may be missing in. */
export interface FixTarget {
	/** As it is said: a series, a branch. */
	readonly name: string;
	readonly commit: string;
}

/**
 * The follow-ups of a commit that targets lack.
 * @param everywhere true for a commit that is about to be applied: it counts as in every target
 * @throws RangefinderError ambiguous-commit, git-failed
 */
export async function missingFixes(
	history: History,
	id: string,
	targets: readonly FixTarget[],
	everywhere: boolean,
): Promise<MissingFix[]> {
	const identity = await identify(history, { id });
	const follow = followUpsOf(history, identity).filter(
		({ kind, confidence }) => (kind === 'fixes' || kind === 'reverts') && confidence !== 'possible',
	);
	if (follow.length === 0) return [];
	const marks = new ReleaseMarks(history, targets);
	const has = presenceOf(identity, marks, targets.length).map((one) => one.by !== undefined);
	const said = await labels(
		history.git,
		follow.map((one) => one.id),
	);
	return follow.flatMap((one): MissingFix[] => {
		const there = presenceOf(one.identity, marks, targets.length);
		const missingIn = targets.filter(
			(_, i) => (everywhere || has[i] === true) && there[i]?.by === undefined,
		);
		if (missingIn.length === 0) return [];
		return [
			{
				commit: one.id,
				subject: said.get(one.id)?.subject ?? '',
				kind: one.kind === 'reverts' ? 'reverts' : 'fixes',
				of: one.of,
				missingIn: missingIn.map(({ name }) => name),
			},
		];
	});
}
