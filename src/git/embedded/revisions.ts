/**
 * Names of gitrevisions to objects: ids and their abbreviations, refs, `git describe` output, and the
 * suffixes ^, ~ and ^{type}. What asks for the reflog or searches messages is left to git.
 */
import { join } from 'node:path';
import type { GitObject } from '../cat-file.ts';
import { isRevision } from '../names.ts';
import { parseCommit } from '../objects.ts';
import { damaged, needsGit, readFileUpTo } from './files.ts';
import type { Objects } from './objects.ts';
import type { Refs } from './refs.ts';

const SHALLOW_LIMIT = 64 * 1024 * 1024;
/** No name that anybody types is longer; characters. */
const LONGEST = 4096;
const SUFFIX = /(?:\^\{[a-z]*\}|\^\d*|~\d*)$/;

export interface RevisionsOptions {
	readonly where: string;
	readonly commonDir: string;
	readonly objects: Objects;
	readonly refs: Refs;
}

export class Revisions {
	readonly #options: RevisionsOptions;
	#shallow: Promise<ReadonlySet<string>> | undefined;

	constructor(options: RevisionsOptions) {
		this.#options = options;
	}

	/** The commit that a revision names. Throws needs-git, git-failed. */
	async commit(revision: string): Promise<GitObject | undefined> {
		const object = await this.object(revision);
		return object && this.#peelTo(object, 'commit');
	}

	/** The object that a revision names, whatever it is. Throws needs-git, git-failed. */
	async object(revision: string): Promise<GitObject | undefined> {
		if (!isRevision(revision) || revision.length > LONGEST) return undefined;
		if (/@\{|^:\/|\^\{\//.test(revision)) {
			throw needsGit(this.#options.where, `the revision ${revision} asks for more than objects`);
		}
		let base = revision;
		const suffixes: string[] = [];
		for (;;) {
			const suffix = SUFFIX.exec(base.slice(-32))?.[0];
			if (suffix === undefined) break;
			suffixes.unshift(suffix);
			base = base.slice(0, -suffix.length);
		}
		let object = await this.#named(base);
		for (const suffix of suffixes) {
			if (object === undefined) return undefined;
			object = await this.#step(object, suffix);
		}
		return object;
	}

	/** A tag's object, or the tag of a tag's, until it is none. */
	async peel(object: GitObject): Promise<GitObject | undefined> {
		let found: GitObject | undefined = object;
		while (found?.type === 'tag') {
			const target = /^object ([0-9a-f]{40})\n/.exec(latin1(found.content.subarray(0, 64)))?.[1];
			if (target === undefined) {
				throw damaged(this.#options.where, `the tag ${found.oid} is damaged`);
			}
			found = await this.#options.objects.read(target);
		}
		return found;
	}

	async #named(name: string): Promise<GitObject | undefined> {
		const { objects, refs } = this.#options;
		const hex = name.toLowerCase();
		if (/^[0-9a-f]{40}$/.test(hex)) return objects.read(hex);
		const oid = await refs.resolve(name);
		if (oid !== undefined) return objects.read(oid);
		const short = /(?:^|-g)([0-9a-f]{4,39})$/.exec(hex)?.[1];
		if (short === undefined) return undefined;
		// Of several objects with that beginning a commit is meant.
		const candidates = await objects.withPrefix(short);
		if (candidates.length === 1) return objects.read(candidates[0] ?? '');
		const commits = new Map<string, GitObject>();
		for await (const object of objects.readMany(candidates)) {
			if ((await this.#peelTo(object, 'commit')) !== undefined) commits.set(object.oid, object);
		}
		const [single] = commits.values();
		return commits.size === 1 ? single : undefined;
	}

	async #step(object: GitObject, suffix: string): Promise<GitObject | undefined> {
		const type = /^\^\{(.*)\}$/.exec(suffix)?.[1];
		if (type === 'object') return object;
		if (type === '') return this.peel(object);
		if (type === 'commit' || type === 'tree' || type === 'tag' || type === 'blob') {
			return this.#peelTo(object, type);
		}
		if (type !== undefined) return undefined;
		const number = suffix.length === 1 ? 1 : Number(suffix.slice(1));
		let commit = await this.#peelTo(object, 'commit');
		if (suffix.startsWith('^')) return commit && this.#parent(commit, number);
		for (let i = 0; i < number && commit !== undefined; i++) commit = await this.#parent(commit, 1);
		return commit;
	}

	/** A commit's parent, counted from 1; itself for 0. */
	async #parent(commit: GitObject, number: number): Promise<GitObject | undefined> {
		if (number === 0) return commit;
		this.#shallow ??= this.#readShallow();
		if ((await this.#shallow).has(commit.oid)) return undefined;
		const parent = this.#parse(commit).parents[number - 1];
		return parent === undefined ? undefined : this.#options.objects.read(parent);
	}

	async #peelTo(object: GitObject, type: GitObject['type']): Promise<GitObject | undefined> {
		if (object.type === type) return object;
		const peeled = await this.peel(object);
		if (peeled?.type === 'commit' && type === 'tree') {
			return this.#options.objects.read(this.#parse(peeled).tree);
		}
		return peeled?.type === type ? peeled : undefined;
	}

	#parse(commit: GitObject) {
		const info = parseCommit(commit.oid, commit.content);
		if (info !== undefined) return info;
		throw damaged(this.#options.where, `the commit ${commit.oid} is damaged`);
	}

	/** Commits whose parents a shallow clone left out. */
	async #readShallow(): Promise<ReadonlySet<string>> {
		const { commonDir, where } = this.#options;
		const bytes = await readFileUpTo(join(commonDir, 'shallow'), SHALLOW_LIMIT, where);
		return new Set(bytes?.toString().split('\n'));
	}
}

function latin1(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('latin1');
}
