/** Files that commits gave a new name: those of the same content, and those that git takes for similar. */
import type { GitRunner } from '../git/process.ts';
import { type FileChange, fileName, NulFields } from './log-parser.ts';
import type { WalkedCommit } from './walk.ts';

/** Of one commit, the new name of each file and the old. */
export type Renames = ReadonlyMap<string, string>;

/**
 * Files that were given a new name without a change, of the changes of one commit. Where several have the same
 * content, names are paired in order.
 */
export function exactRenames(changes: readonly FileChange[]): Renames {
	const gone = new Map<string, string[]>();
	for (const { path, before, after } of changes) {
		if (before === undefined || after !== undefined) continue;
		const paths = gone.get(before);
		if (paths === undefined) gone.set(before, [path]);
		else paths.push(path);
	}
	const renames = new Map<string, string>();
	if (gone.size === 0) return renames;
	for (const { path, before, after } of changes) {
		if (before !== undefined || after === undefined) continue;
		const from = gone.get(after)?.shift();
		if (from !== undefined) renames.set(path, from);
	}
	return renames;
}

/** Files up to which git compares all that came with all that went, whatever a user's diff.renameLimit says. */
const RENAME_LIMIT = 1000;

const NO_RENAMES: Renames = new Map();

/**
 * Files that git takes for renamed between commits and their parents, changed or not. All commits that may have any
 * are asked for at once, by a git that works while drivers are linked.
 */
export class SimilarRenames {
	readonly #git: GitRunner;
	readonly #commits: readonly WalkedCommit[];
	readonly #paths: readonly string[];
	/** By commit; undefined where git failed, as it does at the first blob that is missing. */
	readonly #found: Promise<ReadonlyMap<string, Renames> | undefined>;

	/**
	 * @param commits a whole walk
	 * @param paths that are looked at
	 */
	constructor(git: GitRunner, commits: readonly WalkedCommit[], paths: readonly string[]) {
		this.#git = git;
		this.#commits = commits;
		this.#paths = paths;
		this.#found = this.#renames(commits).catch(() => undefined);
	}

	/** The renames of a commit against its first parent; undefined where a blob that git has to compare is missing. */
	async of(commit: WalkedCommit): Promise<Renames | undefined> {
		if (!mayRename(commit)) return NO_RENAMES;
		const found = (await this.#found) ?? (await this.#renames([commit]).catch(() => undefined));
		return found && (found.get(commit.oid) ?? NO_RENAMES);
	}

	/** Ends when git has. */
	async end(): Promise<void> {
		await this.#found;
	}

	/** @throws RangefinderError git-failed, object-missing, git-missing */
	async #renames(some: readonly WalkedCommit[]): Promise<Map<string, Renames>> {
		const found = new Map<string, Map<string, string>>();
		const pairs: string[] = [];
		for (const commit of some.filter(mayRename)) {
			found.set(commit.oid, new Map());
			pairs.push(`${commit.oid} ${this.#commits[commit.parents[0] ?? 0]?.oid}\n`);
		}
		if (pairs.length === 0) return found;
		let current: Map<string, string> | undefined;
		let names: string[] | undefined;
		// A commit's id, then three fields for each file: what became of it, its old name and its new one.
		const fields = new NulFields((field) => {
			if (names === undefined) {
				const word = field.toString('latin1').trim();
				if (/^R\d+$/.test(word)) names = [];
				else current = found.get(word);
			} else if (names.push(fileName(field)) === 2) {
				const [old = '', now = ''] = names;
				current?.set(now, old);
				names = undefined;
			}
		});
		const options = ['-r', '-z', '--name-status', '--find-renames', `-l${RENAME_LIMIT}`];
		await this.#git.stream(
			['diff-tree', '--stdin', ...options, '--diff-filter=R', '--', ...this.#paths],
			(chunk) => {
				fields.add(chunk);
				return undefined;
			},
			pairs.join(''),
		);
		return found;
	}
}

/** Whether files came and others went since a parent. */
function mayRename({ parents, changes }: WalkedCommit): boolean {
	if (parents.length === 0) return false;
	const came = changes.some(({ before }) => before === undefined);
	return came && changes.some(({ after }) => after === undefined);
}
