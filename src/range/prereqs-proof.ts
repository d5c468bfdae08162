/** The proof of a list: git itself picks it and the patch, in a folder of our own. */

import { failureOf } from '../errors.ts';
import type { GitRunner } from '../git/process.ts';
import {
	type MadeChange,
	type Proof,
	type ProofOptions,
	type ProofStep,
	prove,
} from '../git/proof.ts';
import type { Release } from '../kernel/releases.ts';
import type { PrereqsInput } from './prereqs.ts';

/** What git is to pick: the commits of a list, and the patch. */
export function stepsOf(
	{ change, patch, picker }: PrereqsInput,
	members: readonly string[],
): (ProofStep | MadeChange)[] {
	const before = members.map((commit) => ({ commit }));
	if (change === undefined) return before;
	if (change.commit !== undefined) return [...before, { commit: change.commit }];
	return [
		...before,
		{
			parent: change.from,
			tree: change.theirs,
			objects: picker.pool.madeBelow(change.theirs),
			author: patch.author,
			message: `${patch.subject}\n\n${patch.text?.message ?? ''}`,
		},
	];
}

/** What git makes of it; where it cannot be asked, why. */
export async function proofOf(
	{ git, world }: PrereqsInput,
	{ commit }: Release,
	steps: readonly (ProofStep | MadeChange)[],
	picked?: ProofOptions['picked'],
): Promise<Proof | { result: 'failed'; why: string }> {
	try {
		return await prove(git, commit, steps, world, picked === undefined ? {} : { picked });
	} catch (error) {
		const failure = failureOf(error);
		// A proof that cannot be had (a full disk, an object that is not here) leaves the answer unproved.
		if (failure === undefined) throw error;
		return { result: 'failed', why: 'what' in failure ? failure.what : failure.code };
	}
}

/** Why a list is not proved, in one sentence. */
export function unproved(proof: Awaited<ReturnType<typeof proofOf>>): string {
	switch (proof.result) {
		case 'applied':
			return `not proved: git makes another tree of it, ${proof.tree}`;
		case 'conflict':
			return `not proved: git does not merge ${proof.at.slice(0, 12)} in ${proof.paths.join(', ')}`;
		case 'empty':
			return `not proved: git finds nothing new in ${proof.at.slice(0, 12)}`;
		case 'refused':
		case 'failed':
			return `not proved: ${proof.why}`;
	}
}

/** What git range-diff says of the last commit picked against the one it was. */
export async function rangeDiffOf(
	git: GitRunner,
	[from, commit]: readonly [from: string, commit: string],
): Promise<string> {
	const words = ['range-diff', '--no-color', '--no-notes', '--creation-factor=999'];
	const out = await git.output([...words, `${from}..${commit}`, 'HEAD~1..HEAD']);
	return out.toString();
}
