/**
 * The commits that touch some paths, oldest first, as git's history simplification leaves them, each with
 * what it changed against its first rewritten parent. From these the state of the paths after every commit
 * follows (state.ts); no tree is ever listed but that of a merge whose parents have none of the paths.
 */
import type { GitRunner } from '../git/process.ts';
import {
	fileName,
	LOG_FORMAT,
	type LoggedCommit,
	LogParser,
	NulFields,
	RawEntries,
	Strings,
} from './log-parser.ts';

/** A commit of a walk. */
export interface WalkedCommit extends Omit<LoggedCommit, 'parents'> {
	/**
	 * Its parents after simplification, by their number in the walk; smaller than its own. None where every
	 * parent had nothing at the paths.
	 */
	readonly parents: readonly number[];
}

export interface WalkOptions {
	/** Commits, tags or branches to start from. */
	readonly revisions: readonly string[];
	/** Files and folders, without trailing slash; all of the tree when empty. */
	readonly paths: readonly string[];
}

/**
 * Walks history: the same commits in the same order as `git log --topo-order --reverse` prints for the paths.
 * Where simplification leaves a merge, its changes are those against the first parent that is left.
 * @throws RangefinderError git-failed, object-missing, git-missing
 */
export async function walkCommits(git: GitRunner, options: WalkOptions): Promise<WalkedCommit[]> {
	const { revisions, paths } = options;
	if (revisions.length === 0) return [];
	const strings = new Strings();
	const commits: WalkedCommit[] = [];
	const numbers = new Map<string, number>();
	const unsaid: number[] = [];
	const parser = new LogParser((commit) => {
		const number = commits.length;
		const parents: number[] = [];
		for (const oid of commit.parents) {
			const parent = numbers.get(oid);
			if (parent !== undefined) parents.push(parent);
		}
		numbers.set(commit.oid, number);
		commits.push({ ...commit, parents });
		// git log prints no difference for a merge; every other commit is here because it has one.
		if (commit.changes.length === 0) unsaid.push(number);
	}, strings);
	await git.stream(
		[
			'log',
			'--raw',
			'-z',
			'--no-abbrev',
			'--no-renames',
			'--topo-order',
			'--reverse',
			'--parents',
			// Settings of a user would follow one path (log.follow) and keep quiet about roots (log.showRoot).
			'--no-follow',
			'--root',
			'--diff-merges=off',
			'--encoding=UTF-8',
			`--format=${LOG_FORMAT}`,
			'--stdin',
			'--',
			...paths,
		],
		(chunk) => {
			parser.add(chunk);
			return undefined;
		},
		revisions.map((revision) => `${revision}\n`).join(''),
	);
	parser.end();
	await readMerges(git, commits, unsaid, paths, strings);
	return commits;
}

/** Fills in what commits for which the log says nothing changed against their first parent that is left. */
async function readMerges(
	git: GitRunner,
	commits: readonly WalkedCommit[],
	merges: readonly number[],
	paths: readonly string[],
	strings: Strings,
): Promise<void> {
	const pairs = new Map<string, WalkedCommit>();
	const rootless: WalkedCommit[] = [];
	for (const number of merges) {
		const commit = commits[number];
		if (commit === undefined) continue;
		if (commit.parents.length === 0) rootless.push(commit);
		else pairs.set(commit.oid, commit);
	}
	if (pairs.size > 0) {
		let current: WalkedCommit | undefined;
		const entries = new RawEntries(strings);
		const fields = new NulFields((field) => {
			if (current !== undefined && entries.take(field, current.changes)) return;
			current = pairs.get(field.toString('latin1').trim());
		});
		// A commit with parents behind it is compared with the first of those (see git-diff-tree).
		const input = [...pairs.values()].map(
			({ oid, parents }) => `${oid} ${commits[parents[0] ?? 0]?.oid}\n`,
		);
		await git.stream(
			['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--', ...paths],
			(chunk) => {
				fields.add(chunk);
				return undefined;
			},
			input.join(''),
		);
	}
	for (const commit of rootless) await readWhole(git, commit, paths, strings);
}

/** Everything that a commit has at the paths, as what it added. */
async function readWhole(
	git: GitRunner,
	commit: WalkedCommit,
	paths: readonly string[],
	strings: Strings,
): Promise<void> {
	const fields = new NulFields((field) => {
		const tab = field.indexOf(9);
		const [, type = '', oid = ''] = field.toString('latin1', 0, tab).split(' ');
		if (type !== 'blob') return;
		const path = strings.one(fileName(field.subarray(tab + 1)));
		commit.changes.push({ path, before: undefined, after: strings.one(oid) });
	});
	fields.add(await git.output(['ls-tree', '-r', '-z', commit.oid, '--', ...paths]));
}
