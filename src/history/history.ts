/**
 * A clone's history as this room asks it: the graph of all commits that its tags, branches and HEAD
 * reach, and what the messages say, by the numbers of the graph.
 */
import { resolve } from 'node:path';
import { RangefinderError } from '../errors.ts';
import type { GitRunner } from '../git/process.ts';
import type { DiffSource } from './diffs.ts';
import { type CommitGraph, readGraph } from './graph.ts';
import {
	joinTables,
	restoreTable,
	storeTable,
	WORDS_FORMAT,
	type WordTable,
	WordTableBuilder,
} from './word-table.ts';
import { CommitWords } from './words.ts';

/** Where what was read of a clone is kept from run to run; nothing depends on it. */
export interface HistoryMemory {
	recall(key: string): Promise<Uint8Array | undefined>;
	keep(key: string, value: Uint8Array): Promise<void>;
}

export interface History {
	readonly git: GitRunner;
	readonly graph: CommitGraph;
	readonly words: CommitWords;
	/** Of a partial clone: what fetches that which diffs are made of. */
	readonly partial: DiffSource['partial'];
	/** Ids of commits whose diffs were wanted and cannot be read. */
	readonly unread: Set<string>;
}

export interface HistoryOptions {
	readonly memory?: HistoryMemory;
	/** Commits to read besides those that tags, branches and HEAD reach. */
	readonly also?: readonly string[];
	/** Of a partial clone. */
	readonly partial?: DiffSource['partial'];
}

/**
 * Reads the history of a clone; of the messages only those that are new since the last time.
 * @throws RangefinderError git-failed, object-missing, git-missing
 */
export async function openHistory(git: GitRunner, options: HistoryOptions = {}): Promise<History> {
	const tips = [...new Set([...(await tipsOf(git)), ...(options.also ?? [])])].sort();
	const [graph, table] = await Promise.all([
		readGraph(git, tips),
		readTable(git, tips, options.memory),
	]);
	const words = new CommitWords(graph, table);
	return { git, graph, words, partial: options.partial, unread: new Set() };
}

/** What it means that diffs cannot be read, in one sentence; [] where all were. */
export function unreadText({ unread }: History): string[] {
	if (unread.size === 0) return [];
	const whose = unread.size === 1 ? 'a commit' : `${unread.size} commits`;
	return [
		`the diff of ${whose} cannot be read, objects are missing: copies that do not say that they are copies may be overlooked`,
	];
}

/** Ids of all commits (or tags of commits) that tags, branches and HEAD point at. */
async function tipsOf(git: GitRunner): Promise<string[]> {
	const format = '--format=%(objectname) %(objecttype) %(*objecttype)';
	const [refs, head] = await Promise.all([
		git.output(['for-each-ref', format, 'refs/tags', 'refs/heads', 'refs/remotes']),
		git.run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
	]);
	const tips = head.code === 0 ? [head.stdout.toString().trim()] : [];
	for (const line of refs.toString().split('\n')) {
		const [oid = '', type, peeled] = line.split(' ');
		// A tag may point at a tree (v2.6.11-tree does); git sees to a tag of a tag.
		if (type === 'commit' || peeled === 'commit' || peeled === 'tag') tips.push(oid);
	}
	return tips;
}

async function readTable(
	git: GitRunner,
	tips: readonly string[],
	memory: HistoryMemory | undefined,
): Promise<WordTable> {
	const known = memory === undefined ? undefined : await recallTable(git, memory);
	if (known !== undefined && known.tips.join() === tips.join()) return known.table;
	const table =
		known === undefined ? await readWords(git, tips, []) : await readMore(git, tips, known);
	await memory?.keep(await keyOf(git), storeTable(table, tips));
	return table;
}

/** What was known, with what is new. */
async function readMore(
	git: GitRunner,
	tips: readonly string[],
	known: { table: WordTable; tips: readonly string[] },
): Promise<WordTable> {
	const before = new Set(known.tips);
	const fresh = tips.filter((oid) => !before.has(oid));
	if (fresh.length === 0) return known.table;
	try {
		return joinTables(known.table, await readWords(git, fresh, known.tips));
	} catch (error) {
		// A tip of the last time may be gone, and it is not known then what it reached.
		if (!(error instanceof RangefinderError)) throw error;
		return readWords(git, tips, []);
	}
}

async function readWords(
	git: GitRunner,
	tips: readonly string[],
	without: readonly string[],
): Promise<WordTable> {
	const format = (await git.output(['rev-parse', '--show-object-format'])).toString().trim();
	const builder = new WordTableBuilder(format === 'sha256' ? 32 : 20);
	if (tips.length > 0) {
		await git.stream(
			['log', '--encoding=UTF-8', '--no-color', WORDS_FORMAT, '--stdin'],
			(chunk) => {
				builder.add(chunk);
				return undefined;
			},
			[...tips, ...without.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join(''),
		);
	}
	return builder.table();
}

async function recallTable(git: GitRunner, memory: HistoryMemory) {
	const bytes = await memory.recall(await keyOf(git));
	return bytes === undefined ? undefined : restoreTable(bytes);
}

/** The name of a clone for {@link HistoryMemory}: where its objects and refs are. */
async function keyOf(git: GitRunner): Promise<string> {
	const folder = (await git.output(['rev-parse', '--git-common-dir'])).toString().trim();
	return `words:${resolve(git.where, folder)}`;
}

/** What is said of a commit to people. */
export interface CommitLabel {
	readonly commit: string;
	readonly subject: string;
	readonly author: string;
	/** Author date, YYYY-MM-DD. */
	readonly date: string;
}

/** Subjects and authors of commits of the graph, by id, in one exchange with git. */
export async function labels(
	git: GitRunner,
	commits: readonly string[],
): Promise<Map<string, CommitLabel>> {
	const found = new Map<string, CommitLabel>();
	if (commits.length === 0) return found;
	const chunks: Buffer[] = [];
	const format = '--format=%H%x00%an%x00%at%x00%s';
	await git.stream(
		['log', '--no-walk=unsorted', '--encoding=UTF-8', '--no-color', '-z', format, '--stdin'],
		(chunk) => {
			chunks.push(chunk);
			return undefined;
		},
		commits.map((oid) => `${oid}\n`).join(''),
	);
	const fields = Buffer.concat(chunks).toString().split('\0');
	for (let i = 0; i + 3 < fields.length; i += 4) {
		const [commit = '', author = '', time = '', subject = ''] = fields.slice(i, i + 4);
		const date = new Date((Number(time) || 0) * 1000).toISOString().slice(0, 10);
		found.set(commit, { commit, author, subject, date });
	}
	return found;
}

/**
 * The commit that a text names: a revision, or the digits of an id that is not here any more.
 * @returns its id in hex, whole where it is here; `here` says that
 * @throws RangefinderError unknown-revision; ambiguous-commit for digits that several have
 */
export async function namedCommit(
	git: GitRunner,
	text: string,
): Promise<{ id: string; here: boolean }> {
	const digits = /^[0-9a-f]{6,64}$/i.test(text) ? text.toLowerCase() : undefined;
	if (!text.startsWith('-') && text !== '') {
		const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${text}^{commit}`];
		const { code, stdout } = await git.run(args);
		if (code === 0) return { id: stdout.toString().trim().split('\n').at(-1) ?? '', here: true };
	}
	if (digits === undefined) {
		throw new RangefinderError({ code: 'unknown-revision', revision: text, where: git.where });
	}
	return { id: digits, here: false };
}
