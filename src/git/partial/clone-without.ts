/**
 * A partial clone as the native store reads it: objects by id through {@link PartialObjects}, and git itself
 * in the clone with what was fetched as an alternate, after what a command is about to read was fetched.
 */
import { CatFile, type GitObject, type NoObject, type ObjectHeader } from '../cat-file.ts';
import { GitRunner } from '../process.ts';
import type { PartialClone } from '../store.ts';
import { PartialObjects, type PartialOptions } from './partial-objects.ts';

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** A line of `--raw -z`: modes, ids and status, before the path. */
const RAW = /:(\d{6}) (\d{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [A-Z]/g;
/** Modes of what is not there, and of a submodule, whose commit is in another repository. */
const NO_BLOB: ReadonlySet<string> = new Set(['000000', '160000']);

/** Merges too: what was merged by content is in no other commit. */
const LOG: readonly string[] = [
	'log',
	'--raw',
	'-z',
	'-m',
	'--no-abbrev',
	'--no-renames',
	'--format=',
];

export class CloneWithout implements PartialClone {
	/** git in the clone, which has there what was fetched. */
	readonly git: GitRunner;
	/** The variables that make it so. */
	readonly variables: Readonly<Record<string, string>>;
	readonly #objects: PartialObjects;
	/** What the clone calls things by. */
	readonly #names: CatFile;

	private constructor(options: PartialOptions, objects: PartialObjects) {
		const { where, env, spawn, patience, batchCommand } = options;
		this.#objects = objects;
		this.variables = { GIT_ALTERNATE_OBJECT_DIRECTORIES: objects.received };
		this.git = new GitRunner(where, env, spawn, patience, this.variables);
		this.#names = new CatFile(this.git, batchCommand);
	}

	/** Throws disk-full. */
	static async open(options: PartialOptions): Promise<CloneWithout> {
		return new CloneWithout(options, await PartialObjects.open(options));
	}

	/** The header of each object, by id or abbreviation; nothing is fetched. */
	info(names: readonly string[]): Promise<(ObjectHeader | NoObject)[]> {
		return this.#objects.info(names);
	}

	/** Each object whole, by full id or as `REVISION^{tree}`; what is missing is fetched. */
	async contents(names: readonly string[]): Promise<(GitObject | NoObject)[]> {
		const revisions = names.filter((name) => name.endsWith('^{tree}'));
		const trees = await this.#treesOf(revisions);
		const oids = names.map((name) => trees.get(name) ?? name);
		const known = [...new Set(oids)].filter((oid) => OID.test(oid));
		const contents = await this.#objects.contents(known);
		const found = new Map(known.map((oid, i) => [oid, contents[i]]));
		return oids.map((oid) => found.get(oid) ?? 'missing');
	}

	/** The root trees of `REVISION^{tree}`: the commit names it, and git would look whether it is there. */
	async #treesOf(names: readonly string[]): Promise<Map<string, string>> {
		const trees = new Map<string, string>();
		const asked = names.map((name) => name.replace(/\{tree\}$/, '{commit}'));
		for (const [i, commit] of (await this.#names.contents(asked)).entries()) {
			const name = names[i] ?? '';
			if (typeof commit !== 'object') {
				const other = await this.#treeItself(name);
				if (other !== undefined) trees.set(name, other);
				continue;
			}
			const tree = /^tree ([0-9a-f]+)\n/.exec(Buffer.from(commit.content).toString('latin1'))?.[1];
			if (tree !== undefined) trees.set(name, tree);
		}
		return trees;
	}

	/** The tree that `NAME^{tree}` is where NAME is no commit: a tree's id, or a tag of one. */
	async #treeItself(name: string): Promise<string | undefined> {
		const id = name.replace(/\^\{tree\}$/, '');
		if (OID.test(id)) {
			const [header] = await this.#objects.info([id]);
			if (header === 'missing') return id;
		}
		const [tree] = await this.#names.info([name]);
		return typeof tree === 'object' ? tree.oid : undefined;
	}

	fetch(oids: readonly string[]): Promise<void> {
		return this.#objects.fetch(oids.filter((oid) => OID.test(oid)));
	}

	why(oid: string): string | undefined {
		return this.#objects.why(oid);
	}

	everAt(paths: readonly string[]): Promise<Set<string>> {
		return this.#changed([...LOG, '--all', '--', ...paths]);
	}

	async fetchChanges(commits: readonly string[]): Promise<void> {
		if (commits.length === 0) return;
		// Where trees are missing too, they come with all below them.
		await this.contents(commits.flatMap((one) => [`${one}^{tree}`, `${one}^1^{tree}`]));
		const words = ['diff-tree', '--stdin', '-r', '--root', '--raw', '-z', '--no-abbrev'];
		const names = commits.map((commit) => `${commit}\n`).join('');
		await this.fetch([...(await this.#changed([...words, '--no-renames'], names))]);
	}

	/** Fetches what a path was in the history of a commit, which git blame reads. */
	async fetchHistory(commit: string, path: string): Promise<void> {
		await this.fetch([...(await this.#changed([...LOG, commit, '--', path]))]);
	}

	async close(): Promise<void> {
		await Promise.all([this.#names.close(), this.#objects.close()]);
	}

	/** Ids on both sides of what git lists in its raw form. */
	async #changed(args: readonly string[], input = ''): Promise<Set<string>> {
		const oids = new Set<string>();
		const out: Buffer[] = [];
		const take = (chunk: Buffer): undefined => void out.push(chunk);
		await this.git.stream(args, take, input);
		for (const [, was = '', is = '', before = '', after = ''] of Buffer.concat(out)
			.toString('latin1')
			.matchAll(RAW)) {
			if (!NO_BLOB.has(was)) oids.add(before);
			if (!NO_BLOB.has(is)) oids.add(after);
		}
		return oids;
	}
}
