/**
 * The object store that needs no git: packs are unpacked by isomorphic-git. For plain, bare and
 * shallow repositories and linked worktrees, with packs up to 200 MiB; what it does not read is
 * refused when the repository is opened.
 */
import { resolve } from 'node:path';
import { RangefinderError } from '../errors.ts';
import type { GitObject, NoObject } from './cat-file.ts';
import { needsGit } from './embedded/files.ts';
import { Objects } from './embedded/objects.ts';
import { Refs } from './embedded/refs.ts';
import { findRepository, packsIn } from './embedded/repository.ts';
import { Revisions } from './embedded/revisions.ts';
import { parseCommit } from './objects.ts';
import type { CommitInfo, ObjectStore, TagRef } from './store.ts';
import { TreeWalk } from './tree-walk.ts';
import { WalkedStore } from './walked-store.ts';

/**
 * Opens the repository that `dir` is, or is in.
 * Throws not-a-repository, needs-git for what only git reads, git-failed.
 */
export async function openEmbeddedStore(dir: string): Promise<ObjectStore> {
	const where = resolve(dir);
	const { gitDir, commonDir, objectFolders, packs } = await findRepository(where);
	const objects = new Objects(where, objectFolders, packs, () => packsIn(objectFolders, where));
	const refs = new Refs(where, gitDir, commonDir);
	const revisions = new Revisions({ where, commonDir, objects, refs });
	return new EmbeddedStore(where, objects, refs, revisions);
}

class EmbeddedStore extends WalkedStore implements ObjectStore {
	readonly where: string;
	readonly #objects: Objects;
	readonly #refs: Refs;
	readonly #revisions: Revisions;
	protected readonly walk: TreeWalk;

	constructor(where: string, objects: Objects, refs: Refs, revisions: Revisions) {
		super();
		this.where = where;
		this.#objects = objects;
		this.#refs = refs;
		this.#revisions = revisions;
		this.walk = new TreeWalk({ contents: (names) => contents(revisions, names) }, where);
	}

	async tags(): Promise<TagRef[]> {
		const refs = await this.#refs.under('refs/tags');
		const dates = new Map<string, number>();
		const targets = new Map<string, GitObject>();
		for await (const object of this.#objects.readMany(refs.map((ref) => ref.peeled ?? ref.oid))) {
			// Commits may be many; their dates are all that is kept of them.
			if (object.type === 'commit') dates.set(object.oid, committerDate(object));
			else if (object.type === 'tag') targets.set(object.oid, object);
			else dates.set(object.oid, NaN);
		}
		const tags: TagRef[] = [];
		let broken: string | undefined;
		for (const { name, oid, peeled } of refs) {
			let commit = peeled ?? oid;
			const tag = targets.get(commit);
			if (tag !== undefined) {
				const target = await this.#revisions.peel(tag);
				if (target !== undefined) {
					commit = target.oid;
					dates.set(commit, target.type === 'commit' ? committerDate(target) : NaN);
				}
			}
			const date = dates.get(commit);
			if (date === undefined) broken = name;
			else if (!Number.isNaN(date))
				tags.push({ name: name.slice('refs/tags/'.length), commit, date });
		}
		// As git, leaves out a tag without its object; a repository without any is damaged.
		if (tags.length > 0 || broken === undefined) return tags;
		throw this.#missing(`the object of ${broken}`);
	}

	async resolveCommit(revision: string): Promise<string | undefined> {
		return (await this.#revisions.commit(revision))?.oid;
	}

	async blobs(oids: readonly string[]): Promise<Map<string, Uint8Array>> {
		const found = new Map<string, Uint8Array>();
		const names = oids.filter((oid) => /^[0-9a-f]{40}$/.test(oid));
		for await (const { oid, type, content } of this.#objects.readMany(names)) {
			if (type === 'blob') found.set(oid, content);
		}
		return found;
	}

	async expandBlob(abbreviation: string): Promise<string | undefined> {
		const prefix = abbreviation.toLowerCase();
		if (!/^[0-9a-f]{4,40}$/.test(prefix)) return undefined;
		const blobs = await this.blobs(await this.#objects.withPrefix(prefix));
		const [single] = blobs.keys();
		return blobs.size === 1 ? single : undefined;
	}

	async commitInfo(oid: string): Promise<CommitInfo> {
		this.demandRevision(oid);
		const object = await this.#revisions.object(oid);
		if (object === undefined) throw this.#missing(`the commit ${oid}`);
		const info = object.type === 'commit' ? parseCommit(object.oid, object.content) : undefined;
		if (info !== undefined) return info;
		throw new RangefinderError({ code: 'unknown-revision', revision: oid, where: this.where });
	}

	async patchOf(commit: string): Promise<Uint8Array> {
		if ((await this.resolveCommit(commit)) === undefined) {
			const where = this.where;
			throw new RangefinderError({ code: 'unknown-revision', revision: commit, where });
		}
		throw needsGit(this.where, `${commit} is a commit, and git format-patch makes a patch of it`);
	}

	async close(): Promise<void> {}

	#missing(what: string): RangefinderError {
		const where = this.where;
		return new RangefinderError({ code: 'object-missing', where, what: `${what} is not here` });
	}
}

/** The objects that some names stand for, in order. */
async function contents(
	revisions: Revisions,
	names: readonly string[],
): Promise<(GitObject | NoObject)[]> {
	const found: (GitObject | NoObject)[] = [];
	for (const name of names) found.push((await revisions.object(name)) ?? 'missing');
	return found;
}

/** Seconds since the epoch; 0 where the commit does not say. */
function committerDate({ content }: GitObject): number {
	const header = Buffer.from(content).toString('latin1');
	return Number(/^committer .* (\d+) [+-]\d{4}$/m.exec(header)?.[1] ?? 0);
}
