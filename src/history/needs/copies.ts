/**
 * Commits of one history that another has as copies: by what a copy's message says (`commit <id>
 * upstream.`, `[ Upstream commit <id> ]`, `(cherry picked from commit <id>)`, see kernel/trailers.ts), or by author
 * and subject. Read once, when first asked for.
 */
import { commitWords } from '../../kernel/trailers.ts';
import { labels } from '../history.ts';
import type { Stretch } from './change.ts';

interface CopiesOfTarget {
	/** Ids in the target by the ids that their messages name. */
	readonly byId: ReadonlyMap<string, string>;
	/** Ids in the target by author and subject. */
	readonly byWords: ReadonlyMap<string, string>;
}

/** Digits of an id by which a message is found; as many as any of them says at least. */
const DIGITS = 12;

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
		const known = await labels(this.#stretch.git, commits);
		for (const commit of commits) {
			const label = known.get(commit);
			const copy =
				byId.get(commit.slice(0, DIGITS)) ??
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
		const format = '--format=%H%x00%an%x00%s%x00%b';
		const words = [
			'log',
			'-z',
			'--topo-order',
			'--encoding=UTF-8',
			'--no-color',
			'--no-merges',
			format,
		];
		const out = await git.output([...words, target, `^${upstream}`]);
		const fields = out.toString().split('\0');
		// What a revert took back is not there; the log gives the revert first, and what reverted that before it.
		const reverted = new Set<string>();
		for (let i = 0; i + 3 < fields.length; i += 4) {
			const [oid = '', author = '', subject = '', body = ''] = fields.slice(i, i + 4);
			if (reverted.has(oid.slice(0, DIGITS))) continue;
			for (const { kind, id } of commitWords(subject, body)) {
				if (kind === 'reverts') reverted.add(id.slice(0, DIGITS));
				else if ((kind === 'upstream' || kind === 'cherry-pick') && id.length >= DIGITS) {
					byId.set(id.slice(0, DIGITS), oid);
				}
			}
			byWords.set(`${author}\0${subject}`, oid);
		}
		return { byId, byWords };
	}
}
