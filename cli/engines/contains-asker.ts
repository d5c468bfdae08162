/** Answers `contains(COMMIT)`: whether a commit descends from another, or from a copy of it that stayed. */
import { createHash } from 'node:crypto';
import { failureOf } from '../../src/errors.ts';
import { demandGit } from '../../src/git/store.ts';
import { namedCommit, openHistory, unreadText } from '../../src/history/history.ts';
import { type Identity, identify } from '../../src/history/identity.ts';
import type { Asker, Reading } from '../../src/history/judge-predicate.ts';
import { type Test, wrong } from '../../src/history/predicate.ts';
import { type Presence, PresenceEverywhere } from '../../src/history/presence.ts';
import type { AskerContext } from './askers.ts';
import { historyMemory } from './history-memory.ts';

/**
 * An asker for a commit. What is the same change is found once; what every commit has of it is then known in
 * one pass over the history, so that to ask about one more costs nothing.
 * @throws RangefinderError bad-predicate where neither the commit nor a copy is known; ambiguous-commit,
 * needs-git, git-failed, object-missing
 */
export async function containsAsker(test: Test, context: AskerContext): Promise<Asker> {
	const [revision = ''] = test.args;
	const { open, ends } = context;
	const git = demandGit(open.store, 'contains()');
	const named = await namedCommit(git, revision).catch((error: unknown) => {
		if (failureOf(error)?.code !== 'unknown-revision') throw error;
		throw wrong(test, `there is no commit ${revision}`);
	});
	const { helpers } = open;
	const history = await openHistory(git, {
		...(helpers === undefined ? {} : { memory: historyMemory(helpers) }),
		also: named.here ? [named.id, ...ends] : ends,
		partial: open.store.partial,
	});
	const { graph } = history;
	const identity = believed(await identify(history, { id: named.id }));
	if (graph.shallow.size === 0 && identity.members.every(({ commit }) => commit < 0)) {
		throw wrong(test, `there is no commit ${revision}, and none says that it is a copy of it`);
	}
	const everywhere = new PresenceEverywhere(graph, identity);
	return {
		reads: { paths: [], ancestry: true },
		dependsOn: digest(identity),
		async look(commit) {
			const presence = everywhere.at(graph.find(commit));
			const { by, has, reversal, open: isOpen } = presence;
			return {
				inputs: [by?.id, has, reversal?.id, isOpen].join(' '),
				read: async () => reading(named.id.slice(0, 12), presence, unreadText(history)),
			};
		},
	};
}

/** Without what is only possible, which counts for nothing in verdicts either. */
function believed({ members, reversals }: Identity): Identity {
	const isBelieved = ({ confidence }: { confidence: string }): boolean => confidence !== 'possible';
	return { members: members.filter(isBelieved), reversals: reversals.filter(isBelieved) };
}

function digest({ members, reversals }: Identity): string {
	const ids = [members, reversals].map((some) => some.map(({ id }) => id));
	return createHash('sha256').update(JSON.stringify(ids)).digest('hex');
}

function reading(
	asked: string,
	{ has, by, reversal, open }: Presence,
	unseen: readonly string[],
): Reading {
	if (open) {
		const text = `the history of this shallow clone ends before it can be told whether ${asked} is there`;
		return { values: undefined, holds: false, sights: [{ text }] };
	}
	const text = presenceText(asked, { has, by, reversal });
	const lines = has ? [text] : [text, ...unseen];
	return { values: [], holds: has, sights: lines.map((line) => ({ text: line })) };
}

function presenceText(
	asked: string,
	{ has, by, reversal }: Pick<Presence, 'has' | 'by' | 'reversal'>,
): string {
	if (by === undefined) return `neither ${asked} nor a copy of it is an ancestor`;
	const id = by.id.slice(0, 12);
	const there =
		by.how === 'itself'
			? `${id} is an ancestor`
			: `${id} is an ancestor, a copy of ${asked} (${by.reason}; ${by.confidence})`;
	if (reversal === undefined) return there;
	const what = has ? 'reverted and restored' : 'reverted';
	return `${there}, ${what} by ${reversal.id.slice(0, 12)}`;
}
