/**
 * Commits of one history that another has as copies: by what a copy's message says (`commit <id>
 * upstream.`, `[ Upstream commit <id> ]`, `(cherry picked from commit <id>)`, see kernel/trailers.ts), or by author
 * and subject. Read once, when first asked for. history/identity.ts knows more ways, and reads all history for
 * them; here only what is not in both histories is read.
 */
import { labels } from '../history.ts';
import type { Stretch } from './change.ts';
import { known, type Messages, readMessages } from './messages.ts';

interface CopiesOfTarget {
	/** Ids in the target by the ids that their messages name. */
	readonly byId: ReadonlyMap<string, string>;
	/** Ids in the target by author and subject. */
	readonly byWords: ReadonlyMap<string, string>;
}

export class Copies {
	readonly #stretch: Stretch;
	readonly #met = new Map<string, string>();
	#read: Promise<CopiesOfTarget> | undefined;

	constructor(stretch: Stretch) {
		this.#stretch = stretch;
	}

	/** Copies in the target of some commits, by the commits' ids. @throws RangefinderError git-failed */
	async of(commits: readonly string[]): Promise<Map<string, string>> {
		this.#read ??= this.#readTarget();
		const { byId, byWords } = await this.#read;
		const found = new Map<string, string>();
		if (byWords.size === 0) return found;
		const all = await labels(this.#stretch.git, commits);
		for (const commit of commits) {
			const label = all.get(commit);
			const copy =
				byId.get(known(commit)) ??
				(label === undefined ? undefined : byWords.get(`${label.author}\0${label.subject}`));
			if (copy === undefined) continue;
			found.set(commit, copy);
			this.#met.set(commit, copy);
		}
		return found;
	}

	/** The copies that were found so far. */
	met(): { commit: string; as: string }[] {
		return [...this.#met].map(([commit, as]) => ({ commit, as }));
	}

	async #readTarget(): Promise<CopiesOfTarget> {
		const { git, target, upstream } = this.#stretch;
		const byId = new Map<string, string>();
		const byWords = new Map<string, string>();
		const { standing } = await readMessages(git, [target, `^${upstream}`]);
		for (const { oid, author, subject, words } of standing) {
			for (const { kind, id } of words) {
				if (kind === 'upstream' || kind === 'cherry-pick') byId.set(known(id), oid);
			}
			byWords.set(`${author}\0${subject}`, oid);
		}
		return { byId, byWords };
	}
}

/**
 * Commits of a stretch that it took back itself: they bring nothing that what comes later still has. Told by
 * `This reverts commit <id>`, the words of git revert. Read once, when first asked for.
 */
export class TakenBack {
	readonly #stretch: Stretch;
	#read: Promise<Messages> | undefined;

	constructor(stretch: Stretch) {
		this.#stretch = stretch;
	}

	/** Whether each of some commits was taken back, and not brought again. @throws RangefinderError git-failed */
	async of(commits: readonly string[]): Promise<Set<string>> {
		const { git, revisions } = this.#stretch;
		this.#read ??= readMessages(git, [
			'--fixed-strings',
			'--grep=This reverts commit',
			...revisions,
		]);
		const { takenBack } = await this.#read;
		return new Set(commits.filter((commit) => takenBack.has(known(commit))));
	}
}
