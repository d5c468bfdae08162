/**
 * What is the same change as a commit: its original, its copies, and what takes them back. Found by
 * what messages say, then by comparing diffs of those that look alike. Says how each is known and how
 * far to believe it.
 */
import { RangefinderError } from '../errors.ts';
import { hashOf } from './columns.ts';
import { diffSignatures } from './diffs.ts';
import type { History } from './history.ts';
import { lookAlikes } from './look-alikes.ts';
import type { DiffSignature } from './patch-id.ts';
import type { SaidWord } from './words.ts';

export type Confidence = 'certain' | 'likely' | 'possible';

/** How a commit is known to be the same change. */
export type How =
	| 'itself'
	| 'upstream-line'
	| 'cherry-pick-line'
	| 'patch-id'
	| 'same-subject-and-author';

/** A commit that is the same change. */
export interface Member {
	/** Its number; -1 for an id that this clone has not, or not any more. */
	readonly commit: number;
	/** Its id; of one that is not here, as many digits as are known. */
	readonly id: string;
	readonly how: How;
	/** The id of the commit that it was found by. */
	readonly of: string;
	readonly confidence: Confidence;
	/** Why, in words. */
	readonly reason: string;
}

/** A commit that takes a change back, or brings it again. */
export interface Reversal {
	readonly commit: number;
	readonly id: string;
	/** The id of what it reverts. */
	readonly of: string;
	/** `removes` a change, `restores` one (reverts a revert). */
	readonly effect: 'removes' | 'restores';
	/** True where its message says that it reverts a part only; it then changes no answer. */
	readonly partly: boolean;
	readonly confidence: Confidence;
	readonly reason: string;
}

export interface Identity {
	/** The first is the commit that was asked about, where it was a commit. */
	readonly members: readonly Member[];
	readonly reversals: readonly Reversal[];
}

/** What is looked for: a commit, or a patch that is at hand. */
export interface Wanted {
	/** A whole id, or the digits of one that is not here. */
	readonly id?: string;
	/** Of a patch that is no commit. */
	readonly patch?: {
		readonly subject: string;
		/** The name alone. */
		readonly author: string;
		readonly signature: DiffSignature;
	};
}

/** More commits than these are not followed from one: a message may name any number. */
const MOST = 256;

const ORDER: readonly Confidence[] = ['certain', 'likely', 'possible'];

/** The weaker of two. */
export function weaker(one: Confidence, other: Confidence): Confidence {
	return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}

/**
 * Finds what is the same change.
 * @throws RangefinderError ambiguous-commit for digits that several commits have; git-failed
 */
export async function identify(history: History, wanted: Wanted): Promise<Identity> {
	const search = new Search(history);
	if (wanted.id !== undefined) {
		const known = history.words.withDigits(wanted.id);
		if (known.length > 1) throw ambiguous(history, wanted.id, known);
		const [commit = -1] = known;
		const id = commit < 0 ? wanted.id : history.graph.id(commit);
		search.add({ commit, id, how: 'itself', of: id, confidence: 'certain', reason: '' });
		search.followWords();
	}
	// What a message says is worth more than a likeness: it goes first.
	const alike = await search.compare(wanted.patch);
	for (const confidence of ORDER) {
		for (const one of alike) if (one.confidence === confidence) search.add(one);
		search.followWords();
	}
	return { members: search.members, reversals: reversalsOf(history, search.members) };
}

/** The same by what messages say alone: no diff is read. */
export function identifyByWords(history: History, commit: number): Identity {
	const search = new Search(history);
	const id = history.graph.id(commit);
	search.add({ commit, id, how: 'itself', of: id, confidence: 'certain', reason: '' });
	search.followWords();
	return { members: search.members, reversals: reversalsOf(history, search.members) };
}

/** Whether a commit says that it is a copy of another. */
export function isCopy(history: History, commit: number): boolean {
	return copyWords(history, commit).length > 0;
}

function ambiguous(
	{ git, graph }: History,
	revision: string,
	known: readonly number[],
): RangefinderError {
	const candidates = known.map((commit) => graph.id(commit));
	return new RangefinderError({
		code: 'ambiguous-commit',
		revision,
		where: git.where,
		candidates,
	});
}

class Search {
	readonly #history: History;
	readonly members: Member[] = [];
	readonly #known = new Set<string>();
	#followed = 0;

	constructor(history: History) {
		this.#history = history;
	}

	add(member: Member): void {
		if (this.#known.has(member.id) || this.members.length >= MOST) return;
		this.#known.add(member.id);
		this.members.push(member);
	}

	/** Adds what the messages say of the members, and of what they lead to. */
	followWords(): void {
		for (; this.#followed < this.members.length; this.#followed++) {
			const member = this.members[this.#followed];
			if (member === undefined) return;
			this.#originals(member);
			for (const word of this.#history.words.saidOf(member.id)) this.#copy(member, word);
		}
	}

	/** The commits that a member says it is a copy of. */
	#originals(member: Member): void {
		if (member.commit < 0) return;
		const named = copyWords(this.#history, member.commit);
		// A backport of several commits in one says nothing of what they have to do with each other.
		if (isBundle(named)) return;
		for (const word of named) {
			const [commit = -1, another] = this.#history.words.withDigits(word.id);
			if (another !== undefined) continue;
			const id = commit < 0 ? word.id : this.#history.graph.id(commit);
			this.add({
				commit,
				id,
				...howOf(word),
				of: member.id,
				confidence: weaker(member.confidence, this.#lineConfidence(member.commit, commit)),
				reason: `${member.id.slice(0, 12)} says ${wordText(word)}`,
			});
		}
	}

	#copy(member: Member, word: SaidWord): void {
		const { graph, words } = this.#history;
		if (word.kind !== 'upstream' && word.kind !== 'cherry-pick') return;
		if (member.commit >= 0 && words.meant(word) !== member.commit) return;
		if (member.commit < 0 && word.id.length < member.id.length) return;
		const bundle = isBundle(copyWords(this.#history, word.by));
		const own = bundle ? 'likely' : this.#lineConfidence(word.by, member.commit);
		this.add({
			commit: word.by,
			id: graph.id(word.by),
			...howOf(word),
			of: member.id,
			confidence: weaker(member.confidence, own),
			reason: `its message says ${wordText(word)}`,
		});
	}

	/** A line with another subject may be about a backport that became something else. */
	#lineConfidence(one: number, other: number): Confidence {
		if (one < 0 || other < 0) return 'certain';
		const { words } = this.#history;
		return words.subject(one) === words.subject(other) ? 'certain' : 'likely';
	}

	/** Commits whose diffs are alike, of those that look as if they might be. */
	async compare(patch: Wanted['patch']): Promise<Member[]> {
		const { graph } = this.#history;
		const base = this.members.find(({ commit }) => commit >= 0);
		if (base === undefined && patch === undefined) return [];
		const signature =
			patch?.signature ??
			(base === undefined
				? undefined
				: (await diffSignatures(this.#history, [base.id])).get(base.id));
		if (signature === undefined) return [];
		const subjects = new Set(this.members.map(({ commit }) => this.#subject(commit)));
		if (patch !== undefined) subjects.add(hashOf(patch.subject));
		const author =
			base === undefined ? hashOf(patch?.author ?? '') : this.#history.words.author(base.commit);
		const like = { signature, subjects, author, commit: base?.commit ?? -1 };
		const taken = new Set(this.members.map(({ commit }) => commit));
		const found = await lookAlikes(this.#history, like, taken);
		return found.map((one) => ({ ...one, id: graph.id(one.commit), of: base?.id ?? '' }));
	}

	#subject(commit: number): number {
		return commit < 0 ? 0 : this.#history.words.subject(commit);
	}
}

function copyWords({ words }: History, commit: number): SaidWord[] {
	return words.said(commit).filter(({ kind }) => kind === 'upstream' || kind === 'cherry-pick');
}

/** Whether several commits are named as upstream ones; a chain of cherry-picks is about one. */
function isBundle(named: readonly SaidWord[]): boolean {
	return named.filter(({ kind }) => kind === 'upstream').length > 1;
}

function howOf({ kind }: SaidWord): { how: How } {
	return { how: kind === 'upstream' ? 'upstream-line' : 'cherry-pick-line' };
}

function wordText({ kind, id }: SaidWord): string {
	return kind === 'upstream'
		? `commit ${id.slice(0, 12)} upstream`
		: `cherry picked from commit ${id.slice(0, 12)}`;
}

interface Reverted {
	readonly commit: number;
	readonly id: string;
	readonly effect: Reversal['effect'];
	readonly confidence: Confidence;
}

/** Reverts of the members, reverts of these, and the copies of all of them. */
function reversalsOf(history: History, members: readonly Member[]): Reversal[] {
	const { graph, words } = history;
	const found = new Map<number, Reversal>();
	const known = new Set(members.map(({ commit }) => commit));
	const queue: Reverted[] = members.map((one) => ({ ...one, effect: 'restores' }));
	const add = (reversal: Reversal): void => {
		if (known.has(reversal.commit) || found.size >= MOST) return;
		known.add(reversal.commit);
		found.set(reversal.commit, reversal);
		if (!reversal.partly) queue.push(reversal);
	};
	for (const one of queue) {
		const effect = one.effect === 'restores' ? 'removes' : 'restores';
		const subject = one.commit < 0 ? 0 : words.subject(one.commit);
		for (const word of [...words.saidOf(one.id), ...words.saidOfSubject(subject)]) {
			const base = { commit: word.by, id: graph.id(word.by), of: one.id };
			if (word.kind === 'upstream' && found.has(one.commit)) {
				const { partly = false } = found.get(one.commit) ?? {};
				const reason = `its message says ${wordText(word)}`;
				add({ ...base, effect: one.effect, partly, confidence: one.confidence, reason });
			}
			if (word.kind !== 'reverts' && word.kind !== 'reverts-partly') continue;
			const how = revertOf(history, one, word);
			if (how === undefined) continue;
			const confidence = weaker(one.confidence, how.confidence);
			const partly = word.kind === 'reverts-partly';
			add({ ...base, effect, partly, confidence, reason: how.reason });
		}
	}
	return [...found.values()];
}

/** How a word is known to be about a commit. */
function revertOf(
	{ words }: History,
	one: Reverted,
	word: SaidWord,
): { confidence: Confidence; reason: string } | undefined {
	const named = word.id !== '' && (one.id.startsWith(word.id) || word.id.startsWith(one.id));
	if (named && (one.commit < 0 || words.meant(word) === one.commit)) {
		return {
			confidence: 'certain',
			reason: `its message says that it reverts ${word.id.slice(0, 12)}`,
		};
	}
	if (one.commit < 0 || word.by < one.commit || word.subject !== words.subject(one.commit)) {
		return undefined;
	}
	// An id that is nobody's: the subject is all there is.
	if (word.id !== '' && words.withDigits(word.id).length > 0) return undefined;
	return { confidence: 'likely', reason: 'its subject says that it reverts a commit of this name' };
}
