/** What messages of commits that git walks say of other commits, without those that later ones took back. */
import type { GitRunner } from '../../git/process.ts';
import { type CommitWord, commitWords } from '../../kernel/trailers.ts';

export interface Message {
	readonly oid: string;
	readonly author: string;
	readonly subject: string;
	readonly words: readonly CommitWord[];
}

/** Digits of an id by which messages name a commit; as many as any of them gives at least. */
const DIGITS = 12;

/** The digits by which a commit is known in messages. */
export function known(oid: string): string {
	return oid.slice(0, DIGITS);
}

export interface Messages {
	/** Newest first. */
	readonly standing: readonly Message[];
	/** Commits that were taken back, and not brought again: their {@link known} digits. */
	readonly takenBack: ReadonlySet<string>;
}

/**
 * Reads the messages of commits, merges left out.
 * @param which further words of git log: revisions, `--grep`
 * @throws RangefinderError git-failed
 */
export async function readMessages(git: GitRunner, which: readonly string[]): Promise<Messages> {
	const format = '--format=%H%x00%an%x00%s%x00%b';
	const plain = ['--encoding=UTF-8', '--no-color', '--no-merges', format];
	const out = await git.output(['log', '-z', '--topo-order', ...plain, ...which]);
	const fields = out.toString().split('\0');
	const standing: Message[] = [];
	const takenBack = new Set<string>();
	for (let i = 0; i + 3 < fields.length; i += 4) {
		const [oid = '', author = '', subject = '', body = ''] = fields.slice(i, i + 4);
		// The log gives a revert before what it reverts, and what reverted that before it.
		if (takenBack.has(known(oid))) continue;
		const words = commitWords(subject, body);
		for (const { kind, id } of words) if (kind === 'reverts') takenBack.add(known(id));
		standing.push({ oid, author, subject, words });
	}
	return { standing, takenBack };
}
