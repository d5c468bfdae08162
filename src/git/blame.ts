/** Which commits gave lines of a file their present form, as `git blame` says. */
import type { GitRunner } from './process.ts';
import type { LineChange, LineRange } from './store.ts';

const HEAD = /^([0-9a-f]{40}|[0-9a-f]{64}) \d+ \d+/;

/**
 * The commits that last changed lines of `path` as it is at `commit`, in the order of the lines, each
 * once. One walk of history, however many ranges.
 * @throws RangefinderError git-failed, for lines that the file has not
 */
export async function blame(
	git: GitRunner,
	commit: string,
	path: string,
	ranges: readonly LineRange[],
): Promise<LineChange[]> {
	const lines = ranges.flatMap(([from, to]) => ['-L', `${from},${to}`]);
	// A repository's settings neither run a program here nor hide a commit.
	const words = ['blame', '--porcelain', '--no-textconv', '--ignore-revs-file', ''];
	const out = await git.output([...words, ...lines, commit, '--', path]);
	const found = new Map<string, string>();
	let oid = '';
	for (const line of out.toString('utf8').split('\n')) {
		oid = HEAD.exec(line)?.[1] ?? oid;
		if (!found.has(oid)) found.set(oid, '');
		if (line.startsWith('summary ')) found.set(oid, line.slice('summary '.length));
	}
	return [...found].map(([id, subject]) => ({ commit: id, subject }));
}
