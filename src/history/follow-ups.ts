/**
 * What came after a change because of it: commits that say `Fixes:` of it, and those of these in turn;
 * what reverts it, and what reverts the revert. One entry for a commit and its copies together.
 */
import type { History } from './history.ts';
import { type Confidence, type Identity, identifyByWords, isCopy, weaker } from './identity.ts';
import type { SaidWord } from './words.ts';

export type FollowUpKind = 'fixes' | 'reverts' | 'reverts-partly' | 'restores';

export interface FollowUp {
	/** The commit that its copies name, by number and id. */
	readonly commit: number;
	readonly id: string;
	readonly kind: FollowUpKind;
	/** The id of what it follows up: the change, or another follow-up. */
	readonly of: string;
	/** 1 for what follows up the change itself. */
	readonly depth: number;
	readonly confidence: Confidence;
	readonly reason: string;
	/** It and its copies, and what reverts them. */
	readonly identity: Identity;
}

/** Follow-ups of one change, at most; and how far a chain of them is followed. */
const MOST = 256;
const DEEPEST = 16;

/** The follow-ups of a change, nearest first, older first. */
export function followUpsOf(history: History, identity: Identity): FollowUp[] {
	const found: FollowUp[] = [];
	const known = new Set(identity.members.map(({ commit }) => commit));
	const add = (one: Omit<FollowUp, 'id' | 'identity'>): void => {
		if (known.has(one.commit) || found.length >= MOST) return;
		const own = identifyByWords(history, one.commit);
		for (const { commit } of own.members) known.add(commit);
		const original = own.members.find(({ commit }) => commit >= 0 && !isCopy(history, commit));
		const commit = original?.commit ?? one.commit;
		found.push({ ...one, commit, id: history.graph.id(commit), identity: own });
	};
	for (const { commit, of, effect, partly, confidence, reason } of identity.reversals) {
		const kind = partly ? 'reverts-partly' : effect === 'removes' ? 'reverts' : 'restores';
		add({ commit, kind, of, depth: 1, confidence, reason });
	}
	let level: readonly { identity: Identity; id: string }[] = [
		{ identity, id: identity.members[0]?.id ?? '' },
	];
	for (let depth = 1; level.length > 0 && depth <= DEEPEST; depth++) {
		const before = found.length;
		for (const one of level) {
			for (const fix of fixesOf(history, one.identity)) {
				add({ ...fix, kind: 'fixes', of: one.id, depth });
			}
		}
		level = found.slice(depth === 1 ? 0 : before);
	}
	return found.sort((a, b) => a.depth - b.depth || a.commit - b.commit);
}

/** The commits that say `Fixes:` of a change or its copies. */
function fixesOf(
	{ words, graph }: History,
	{ members }: Identity,
): { commit: number; confidence: Confidence; reason: string }[] {
	return members.flatMap((member) => {
		const subject = member.commit < 0 ? 0 : words.subject(member.commit);
		const said = [...words.saidOf(member.id), ...words.saidOfSubject(subject)];
		return said.flatMap((word) => {
			if (word.kind !== 'fixes') return [];
			const how = meantBy(word, member.commit, member.id);
			if (how === undefined) return [];
			const confidence = weaker(member.confidence, how.confidence);
			return [{ commit: word.by, confidence, reason: how.reason }];
		});
	});

	function meantBy(
		word: SaidWord,
		commit: number,
		id: string,
	): { confidence: Confidence; reason: string } | undefined {
		if (commit >= 0 && words.meant(word) !== commit) return undefined;
		if (commit < 0 && (word.id === '' || !id.startsWith(word.id))) return undefined;
		const digits = word.id.slice(0, 12);
		if (commit >= 0 && !graph.id(commit).startsWith(word.id)) {
			return {
				confidence: 'likely',
				reason: `it says Fixes: ${digits}, which is not here, with the subject of this`,
			};
		}
		const other = commit >= 0 && word.subject !== 0 && word.subject !== words.subject(commit);
		return {
			confidence: other ? 'likely' : 'certain',
			reason: `it says Fixes: ${digits}${other ? ', with another subject' : ''}`,
		};
	}
}
