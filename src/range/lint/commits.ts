/** What a repository knows of the ids that messages name: asked of git in a few exchanges, whatever their number. */
import type { GitRunner } from '../../git/process.ts';
import { labels } from '../../history/history.ts';
import type { CommitFact } from './model.ts';

/** Ids of one message that are looked up; nobody names more. */
const MOST = 200;

/**
 * Looks ids up.
 * @param ids digits, lower case
 * @param base the commit in whose history they have to be
 * @throws RangefinderError git-failed
 */
export async function lookUpCommits(
	git: GitRunner,
	ids: readonly string[],
	base: string,
): Promise<Map<string, CommitFact>> {
	const asked = ids.slice(0, MOST);
	const found = new Map<string, CommitFact>();
	if (asked.length === 0) return found;
	const answers = await checked(git, asked);
	const known = asked.flatMap((_, i) => answers[i] ?? []);
	const [said, outside] = await Promise.all([labels(git, known), notIn(git, known, base)]);
	for (const [i, id] of asked.entries()) {
		const oid = answers[i];
		if (oid !== undefined) {
			found.set(id, {
				state: 'known',
				id: oid,
				subject: said.get(oid)?.subject ?? '',
				ancestor: !outside.has(oid),
			});
		} else {
			const candidates = await candidatesOf(git, id);
			found.set(
				id,
				candidates.length > 1 ? { state: 'ambiguous', candidates } : { state: 'unknown' },
			);
		}
	}
	return found;
}

/** By place: the one commit that digits name. */
async function checked(git: GitRunner, ids: readonly string[]): Promise<(string | undefined)[]> {
	const chunks: Buffer[] = [];
	await git.stream(
		['cat-file', '--batch-check'],
		(chunk) => {
			chunks.push(chunk);
			return undefined;
		},
		ids.map((id) => `${id}^{commit}\n`).join(''),
	);
	const lines = Buffer.concat(chunks).toString().split('\n');
	return ids.map((id, i) => {
		const [oid = '', type] = (lines[i] ?? '').split(' ');
		// A branch may have a name of digits.
		return type === 'commit' && oid.startsWith(id) ? oid : undefined;
	});
}

/** The commits whose ids begin with digits. */
async function candidatesOf(git: GitRunner, id: string): Promise<string[]> {
	if (id.length >= 40) return [];
	const lines = (await git.output(['rev-parse', `--disambiguate=${id}`])).toString().split('\n');
	const whole = lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line));
	const answers = await checked(git, whole);
	return whole.filter((oid, i) => answers[i] === oid).sort();
}

/** Those of some commits that are not in the history of another. */
async function notIn(
	git: GitRunner,
	commits: readonly string[],
	base: string,
): Promise<Set<string>> {
	const outside = new Set<string>();
	const answers = await Promise.all(
		commits.map((oid) => git.run(['merge-base', '--is-ancestor', oid, base])),
	);
	for (const [i, { code }] of answers.entries()) {
		const oid = commits[i];
		if (code === 1 && oid !== undefined) outside.add(oid);
	}
	return outside;
}
