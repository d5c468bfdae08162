/**
 * The object store that asks git itself: for real clones, bare and partial ones and worktrees.
 * Objects are read through long-lived `git cat-file` processes; the repository is never written.
 */

import { basename, dirname, resolve } from 'node:path';
import { RangefinderError } from '../errors.ts';
import { blame } from './blame.ts';
import { CatFile } from './cat-file.ts';
import { formatPatch } from './format-patch.ts';
import { isRevision } from './names.ts';
import { demandId, parseCommit } from './objects.ts';
import { CloneWithout } from './partial/clone-without.ts';
import type { FetchOptions } from './partial/partial-objects.ts';
import { PROMISOR_CONFIG, partialSettings } from './partial/promisor.ts';
import {
	type Environment,
	GitRunner,
	gitFailure,
	PATIENCE,
	type SpawnGit,
	spawnGit,
} from './process.ts';
import { cutOff, readShallow } from './shallow.ts';
import type {
	CommitInfo,
	LineChange,
	LineRange,
	ObjectStore,
	PartialClone,
	TagRef,
} from './store.ts';
import { TreeWalk } from './tree-walk.ts';
import { WalkedStore } from './walked-store.ts';

export interface NativeStoreOptions {
	/** The environment of the caller; PATH and HOME are what matters in it. */
	readonly env: Environment;
	/** How git is started; the real one when left out. */
	readonly spawn?: SpawnGit;
	/** How long git may be silent while it is asked something, milliseconds; two minutes when left out. */
	readonly patience?: number;
	/** Make no folder beside a partial clone: what it has not is not read. */
	readonly looksOnly?: boolean;
	/** How what a partial clone has not is fetched; nothing is without it. */
	readonly fetch?: FetchOptions;
}

/**
 * What a store found out about its repository, as plain data: another thread opens it by this without asking
 * git again. Not of a partial clone, of which one store fetches what is not there.
 */
export interface KnownRepository {
	readonly where: string;
	readonly env: Environment;
	readonly patience: number;
	/** Whether git has `cat-file --batch-command`. */
	readonly batchCommand: boolean;
	/** The file that says where a shallow clone ends. */
	readonly shallow: string;
}

/** Opens a repository that another store knows. */
export function openKnownRepository(known: KnownRepository): ObjectStore {
	const { where, env, patience, batchCommand, shallow } = known;
	const git = new GitRunner(where, env, spawnGit, patience);
	return new NativeStore(git, {
		env,
		batchCommand,
		firstTags: undefined,
		partial: undefined,
		shallow,
		spawnsGit: true,
	});
}

const FOLDERS = ['rev-parse', '--git-dir', '--show-object-format', '--git-path', 'objects'];

/** The oldest git whose options are used here. */
const FLOOR: readonly [number, number] = [2, 30];
/** The first git with `cat-file --batch-command`. */
const BATCH_COMMAND: readonly [number, number] = [2, 36];

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
	const [answer, folder, tags, config] = await Promise.all([
		git.run(['version']),
		git.run([...FOLDERS, '--git-path', 'shallow']),
		git.run(TAGS),
		git.run(['config', '-z', '--get-regexp', PROMISOR_CONFIG]),
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
	const [gitDir = '.', objectFormat = 'sha1', objects = '', shallow = ''] = folder.stdout
		.toString()
		.split('\n');
	const folderOfGit = resolve(where, gitDir);
	const base = basename(folderOfGit) === '.git' ? dirname(folderOfGit) : folderOfGit;
	const settings = partialSettings(config.stdout.toString(), base);
	const batchCommand = atLeast(found, BATCH_COMMAND);
	const partial =
		settings === undefined || options.looksOnly === true
			? undefined
			: await CloneWithout.open({
					where,
					objects: resolve(where, objects),
					format: objectFormat,
					settings,
					fetch: options.fetch,
					env: options.env,
					spawn: options.spawn ?? spawnGit,
					patience: options.patience ?? PATIENCE,
					batchCommand,
				});
	return new NativeStore(partial?.git ?? git, {
		env: options.env,
		batchCommand,
		firstTags: tags.code === 0 ? tags.stdout : undefined,
		partial,
		shallow: resolve(where, shallow),
		spawnsGit: options.spawn === undefined,
	});
}

interface Traits {
	readonly env: Environment;
	readonly batchCommand: boolean;
	/** What the repository said of its tags when it was opened. */
	readonly firstTags: Buffer | undefined;
	/** The file that says where a shallow clone ends. */
	readonly shallow: string;
	/** Of a partial clone, what reads its objects. */
	readonly partial: CloneWithout | undefined;
	/** Whether git is started as it is everywhere. */
	readonly spawnsGit: boolean;
}

class NativeStore extends WalkedStore implements ObjectStore {
	readonly where: string;
	readonly git: GitRunner;
	readonly partial?: PartialClone;
	readonly #cat: CatFile;
	protected readonly walk: TreeWalk;
	readonly #traits: Traits;
	/** Where objects are asked for that may not be here. */
	readonly #objects: Pick<CatFile, 'info' | 'contents'>;

	constructor(git: GitRunner, traits: Traits) {
		super();
		this.where = git.where;
		this.git = git;
		this.#cat = new CatFile(git, traits.batchCommand);
		if (traits.partial !== undefined) this.partial = traits.partial;
		this.#objects = traits.partial ?? this.#cat;
		this.walk = new TreeWalk(this.#objects, git.where);
		this.#traits = traits;
	}

	get known(): KnownRepository | undefined {
		const { env, batchCommand, shallow, partial, spawnsGit } = this.#traits;
		if (partial !== undefined || !spawnsGit) return undefined;
		const { where, patience } = this.git;
		return { where, env, patience, batchCommand, shallow };
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
		const cat = OID.test(revision) ? this.#objects : this.#cat;
		const [header] = await cat.info([`${revision}^{commit}`]);
		return typeof header === 'object' && header.type === 'commit' ? header.oid : undefined;
	}

	async blobs(oids: readonly string[]): Promise<Map<string, Uint8Array>> {
		const names = [...new Set(oids)].filter((oid) => OID.test(oid));
		const found = new Map<string, Uint8Array>();
		if (names.length === 0) return found;
		for (const object of await this.#objects.contents(names)) {
			if (typeof object === 'object' && object.type === 'blob') {
				demandId(this.where, object);
				found.set(object.oid, object.content);
			}
		}
		return found;
	}

	async blobSizes(oids: readonly string[]): Promise<Map<string, number>> {
		const names = [...new Set(oids)].filter((oid) => OID.test(oid));
		const sizes = new Map<string, number>();
		for (const header of await this.#objects.info(names)) {
			if (typeof header === 'object' && header.type === 'blob') sizes.set(header.oid, header.size);
		}
		return sizes;
	}

	async expandBlob(abbreviation: string): Promise<string | undefined> {
		const prefix = abbreviation.toLowerCase();
		if (!/^[0-9a-f]{4,64}$/.test(prefix)) return undefined;
		const [header] = await this.#objects.info([prefix]);
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
		const headers = await this.#objects.info([...new Set(oids)]);
		const blobs = headers.filter((one) => typeof one === 'object' && one.type === 'blob');
		const [single] = blobs;
		return blobs.length === 1 && typeof single === 'object' ? single.oid : undefined;
	}

	async commitInfo(oid: string): Promise<CommitInfo> {
		this.demandRevision(oid);
		const [object] = await (OID.test(oid) ? this.#objects : this.#cat).contents([oid]);
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
		await this.#traits.partial?.fetchHistory(commit, path);
		const cut = new Set(await readShallow(this.#traits.shallow));
		const found = await blame(this.git, commit, path, ranges);
		// All that is older than a shallow clone is laid to where it ends.
		return found.filter((one) => !cut.has(one.commit));
	}

	async patchOf(commit: string): Promise<Uint8Array> {
		const oid = await this.resolveCommit(commit);
		if (oid === undefined) {
			const where = this.where;
			throw new RangefinderError({ code: 'unknown-revision', revision: commit, where });
		}
		const { partial, env, shallow } = this.#traits;
		// format-patch would make a patch of the whole tree.
		if ((await readShallow(shallow)).includes(oid)) throw cutOff(this.where, oid);
		await partial?.fetchChanges([oid]);
		return formatPatch(this.where, oid, env, partial?.variables);
	}

	async close(): Promise<void> {
		await Promise.all([this.#cat.close(), this.#traits.partial?.close()]);
	}
}

function atLeast(version: readonly [number, number], floor: readonly [number, number]): boolean {
	return version[0] > floor[0] || (version[0] === floor[0] && version[1] >= floor[1]);
}

/** Why git does not take the folder for a repository. */
function notARepository(where: string, stderr: string): RangefinderError {
	const said = /^(?:fatal|error): (.*)$/m.exec(stderr)?.[1] ?? stderr.trim();
	const first = said === '' ? 'git cannot read it, and says nothing' : said;
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
