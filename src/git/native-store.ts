/**
 * The object store that asks git itself: for real clones, bare and partial ones and worktrees.
 * Objects are read through long-lived `git cat-file` processes; the repository is never written.
 */

import { resolve } from 'node:path';
import { RangefinderError } from '../errors.ts';
import { blame } from './blame.ts';
import { CatFile } from './cat-file.ts';
import { type DetachedFolder, makeDetachedFolder } from './detached.ts';
import { formatPatch } from './format-patch.ts';
import { isRevision } from './names.ts';
import { demandId, parseCommit } from './objects.ts';
import { type Environment, GitRunner, gitFailure, type SpawnGit, spawnGit } from './process.ts';
import type { CommitInfo, LineChange, LineRange, ObjectStore, TagRef } from './store.ts';
import { TreeWalk } from './tree-walk.ts';
import { WalkedStore } from './walked-store.ts';

export interface NativeStoreOptions {
	/** The environment of the caller; PATH and HOME are what matters in it. */
	readonly env: Environment;
	/** How git is started; the real one when left out. */
	readonly spawn?: SpawnGit;
	/** How long git may be silent while it is asked something, milliseconds; two minutes when left out. */
	readonly patience?: number;
}

/** The oldest git whose options are used here. */
const FLOOR: readonly [number, number] = [2, 30];
/** The first git with `cat-file --batch-command`. */
const BATCH_COMMAND: readonly [number, number] = [2, 36];
/** The first git that GIT_NO_LAZY_FETCH keeps from fetching what a partial clone leaves out. */
const NO_LAZY_FETCH: readonly [number, number] = [2, 45];
const PARTIAL_CLONE = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const TAG_FORMAT = [
	'%(refname:lstrip=2)',
	'%(objecttype)',
	'%(objectname)',
	'%(committerdate:unix)',
	'%(tree)',
	'%(*objecttype)',
	'%(*objectname)',
	'%(*committerdate:unix)',
	'%(*tree)',
].join('%00');
const TAGS = ['for-each-ref', `--format=${TAG_FORMAT}`, 'refs/tags'];

/**
 * Opens the repository that `dir` is, or is in.
 * Throws not-a-repository, git-missing (also for a git older than 2.30), git-failed.
 */
export async function openNativeStore(
	dir: string,
	options: NativeStoreOptions,
): Promise<ObjectStore> {
	const where = resolve(dir);
	const git = new GitRunner(where, options.env, options.spawn ?? spawnGit, options.patience);
	// Each costs a process, so they run together; whoever opens a repository asks for its tags.
	const [answer, folder, tags] = await Promise.all([
		git.run(['version']),
		git.run(['rev-parse', '--git-dir', '--show-object-format', '--git-path', 'objects']),
		git.run(TAGS),
	]);
	// Neither runs in a folder that is not there.
	if (answer.code !== 0) throw notARepository(where, answer.stderr);
	const version = answer.stdout.toString().trim();
	const known = /(\d+)\.(\d+)/.exec(version);
	const found: [number, number] = [Number(known?.[1] ?? 0), Number(known?.[2] ?? 0)];
	if (!atLeast(found, FLOOR)) {
		throw new RangefinderError({
			code: 'git-missing',
			what: `${version} is too old`,
		});
	}
	if (folder.code !== 0) throw notARepository(where, folder.stderr);
	if (tags.code === 0 && tags.stdout.length === 0 && /ignoring broken ref/.test(tags.stderr)) {
		throw gitFailure(where, tags.stderr, tags.code);
	}
	const [, objectFormat = 'sha1', objects = ''] = folder.stdout.toString().split('\n');
	const spawnProcess = options.spawn ?? spawnGit;
	return new NativeStore(git, {
		env: options.env,
		batchCommand: atLeast(found, BATCH_COMMAND),
		fetchesAlone: !atLeast(found, NO_LAZY_FETCH),
		firstTags: tags.code === 0 ? tags.stdout : undefined,
		detach: async () => {
			const detached = await makeDetachedFolder(resolve(where, objects), objectFormat);
			const runner = new GitRunner(detached.dir, options.env, spawnProcess, options.patience);
			return { detached, cat: new CatFile(runner, atLeast(found, BATCH_COMMAND)) };
		},
	});
}

interface Detached {
	readonly detached: DetachedFolder;
	readonly cat: CatFile;
}

interface Traits {
	readonly env: Environment;
	readonly batchCommand: boolean;
	/** Whether this git fetches the missing objects of a partial clone without being asked. */
	readonly fetchesAlone: boolean;
	/** What the repository said of its tags when it was opened. */
	readonly firstTags: Buffer | undefined;
	/** Opens the objects alone, without the configuration that makes a clone partial. */
	detach(): Promise<Detached>;
}

class NativeStore extends WalkedStore implements ObjectStore {
	readonly where: string;
	readonly git: GitRunner;
	readonly #cat: CatFile;
	protected readonly walk: TreeWalk;
	readonly #traits: Traits;
	/** For a partial clone its objects alone, for others undefined; found out at the first need. */
	#detached: Promise<Detached | undefined> | undefined;

	constructor(git: GitRunner, traits: Traits) {
		super();
		this.where = git.where;
		this.git = git;
		this.#cat = new CatFile(git, traits.batchCommand);
		this.walk = new TreeWalk(this.#cat, git.where);
		this.#traits = traits;
	}

	async tags(): Promise<TagRef[]> {
		const out = this.#traits.firstTags ?? (await this.git.output(TAGS));
		const tags: TagRef[] = [];
		const nested: string[] = [];
		for (const line of out.toString().split('\n')) {
			const [name = '', type, oid = '', date, tree = '', ...peeled] = line.split('\0');
			const [peeledType, peeledOid = '', peeledDate, peeledTree = ''] = peeled;
			if (type === 'commit') tags.push({ name, commit: oid, date: Number(date), tree });
			else if (peeledType === 'commit') {
				tags.push({ name, commit: peeledOid, date: Number(peeledDate), tree: peeledTree });
			} else if (peeledType === 'tag') nested.push(name);
		}
		for (const { commit, tree } of tags) if (tree) this.walk.knowRoot(commit, tree);
		return nested.length === 0 ? tags : [...tags, ...(await this.#nestedTags(nested))];
	}

	/** Tags of tags: for-each-ref follows only the first step. */
	async #nestedTags(names: readonly string[]): Promise<TagRef[]> {
		const replies = await this.#cat.contents(names.map((name) => `refs/tags/${name}^{commit}`));
		return replies.flatMap((reply, i) => {
			if (typeof reply === 'string') return [];
			const header = Buffer.from(reply.content).toString('latin1');
			const date = /^committer .* (\d+) [+-]\d{4}$/m.exec(header)?.[1];
			const tree = /^tree ([0-9a-f]+)$/m.exec(header)?.[1] ?? '';
			return [{ name: names[i] ?? '', commit: reply.oid, date: Number(date ?? 0), tree }];
		});
	}

	async resolveCommit(revision: string): Promise<string | undefined> {
		if (!isRevision(revision)) return undefined;
		const [header] = await this.#cat.info([`${revision}^{commit}`]);
		return typeof header === 'object' && header.type === 'commit' ? header.oid : undefined;
	}

	async blobs(oids: readonly string[]): Promise<Map<string, Uint8Array>> {
		const names = [...new Set(oids)].filter((oid) => OID.test(oid));
		const found = new Map<string, Uint8Array>();
		if (names.length === 0) return found;
		const cat = await this.#objects();
		for (const object of await cat.contents(names)) {
			if (typeof object === 'object' && object.type === 'blob') {
				demandId(this.where, object);
				found.set(object.oid, object.content);
			}
		}
		return found;
	}

	async blobSizes(oids: readonly string[]): Promise<Map<string, number>> {
		const names = [...new Set(oids)].filter((oid) => OID.test(oid));
		const cat = await this.#objects();
		const sizes = new Map<string, number>();
		for (const header of await cat.info(names)) {
			if (typeof header === 'object' && header.type === 'blob') sizes.set(header.oid, header.size);
		}
		return sizes;
	}

	/**
	 * Where objects are asked for that may not be here: of a partial clone in the objects alone, since
	 * git would fetch them, or end.
	 */
	async #objects(): Promise<CatFile> {
		this.#detached ??= this.#detachIfPartial();
		return (await this.#detached)?.cat ?? this.#cat;
	}

	async #detachIfPartial(): Promise<Detached | undefined> {
		if (!this.#traits.fetchesAlone) return undefined;
		const config = await this.git.run(['config', '--get-regexp', PARTIAL_CLONE]);
		return config.code === 0 ? this.#traits.detach() : undefined;
	}

	async expandBlob(abbreviation: string): Promise<string | undefined> {
		const prefix = abbreviation.toLowerCase();
		if (!/^[0-9a-f]{4,64}$/.test(prefix)) return undefined;
		const cat = await this.#objects();
		const [header] = await cat.info([prefix]);
		if (header === undefined || header === 'missing') return undefined;
		if (typeof header === 'object' && header.type === 'blob' && header.oid.startsWith(prefix)) {
			return header.oid;
		}
		// Objects of other types, or a branch with that name, may be in the way of a single blob.
		const out = await this.git.output(['rev-parse', `--disambiguate=${prefix}`]);
		const oids = out
			.toString()
			.split('\n')
			.filter((line) => OID.test(line));
		const headers = await cat.info([...new Set(oids)]);
		const blobs = headers.filter((one) => typeof one === 'object' && one.type === 'blob');
		const [single] = blobs;
		return blobs.length === 1 && typeof single === 'object' ? single.oid : undefined;
	}

	async commitInfo(oid: string): Promise<CommitInfo> {
		this.demandRevision(oid);
		const [object] = await this.#cat.contents([oid]);
		if (object === undefined || typeof object === 'string') {
			const what = `there is no commit ${oid}`;
			throw new RangefinderError({ code: 'object-missing', where: this.where, what });
		}
		demandId(this.where, object);
		const info = object.type === 'commit' ? parseCommit(object.oid, object.content) : undefined;
		if (info !== undefined) return info;
		throw new RangefinderError({ code: 'unknown-revision', revision: oid, where: this.where });
	}

	async lastChanged(
		commit: string,
		path: string,
		ranges: readonly LineRange[],
	): Promise<LineChange[]> {
		this.demandRevision(commit);
		return blame(this.git, commit, path, ranges);
	}

	async patchOf(commit: string): Promise<Uint8Array> {
		const oid = await this.resolveCommit(commit);
		if (oid === undefined) {
			const where = this.where;
			throw new RangefinderError({ code: 'unknown-revision', revision: commit, where });
		}
		return formatPatch(this.where, oid, this.#traits.env);
	}

	async close(): Promise<void> {
		const detached = await this.#detached;
		await Promise.all([this.#cat.close(), detached?.cat.close()]);
		await detached?.detached.remove();
	}
}

function atLeast(version: readonly [number, number], floor: readonly [number, number]): boolean {
	return version[0] > floor[0] || (version[0] === floor[0] && version[1] >= floor[1]);
}

/** Why git does not take the folder for a repository. */
function notARepository(where: string, stderr: string): RangefinderError {
	const first = /^(?:fatal|error): (.*)$/m.exec(stderr)?.[1] ?? stderr.trim();
	if (/dubious ownership/.test(first)) {
		const what =
			'the repository belongs to another user and git refuses it ' +
			`(git config --global --add safe.directory ${where} says that you trust it)`;
		return new RangefinderError({ code: 'not-a-repository', where, what });
	}
	const what = /cannot change to/.test(first)
		? 'there is no such folder'
		: first.replace(/ \(or any .*/, '');
	return new RangefinderError({ code: 'not-a-repository', where, what });
}
