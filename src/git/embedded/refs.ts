/**
 * The refs of a repository, read once: packed-refs and the files below refs/, which go before it.
 * isomorphic-git would read packed-refs again for every ref that it resolves.
 */
import { join } from 'node:path';
import { damaged, readFileUpTo, readFolder } from './files.ts';

const PACKED_REFS_LIMIT = 256 * 1024 * 1024;
const REF_LIMIT = 4 * 1024;
/** How often a ref may name another (SYMREF_MAXDEPTH in git). */
const SYMBOLIC_DEPTH = 5;
/** Where git looks for a name, in this order (gitrevisions). */
const PLACES: readonly ((name: string) => string)[] = [
	(name) => name,
	(name) => `refs/${name}`,
	(name) => `refs/tags/${name}`,
	(name) => `refs/heads/${name}`,
	(name) => `refs/remotes/${name}`,
	(name) => `refs/remotes/${name}/HEAD`,
];

export interface Ref {
	/** Full, `refs/tags/v4.14`. */
	readonly name: string;
	readonly oid: string;
	/** What the tag points at in the end, where packed-refs says so. */
	readonly peeled: string | undefined;
}

type Target = { readonly oid: string; readonly peeled?: string } | { readonly symbolic: string };

export class Refs {
	readonly #where: string;
	readonly #gitDir: string;
	readonly #commonDir: string;
	#all: Promise<Map<string, Target>> | undefined;

	/** `where` is the repository in messages; HEAD is in `gitDir`, refs are in `commonDir`. */
	constructor(where: string, gitDir: string, commonDir: string) {
		this.#where = where;
		this.#gitDir = gitDir;
		this.#commonDir = commonDir;
	}

	/** Refs below a folder like `refs/tags`, unsorted; broken ones are left out, as git does. */
	async under(folder: string): Promise<Ref[]> {
		const refs: Ref[] = [];
		for (const [name, target] of await this.#read()) {
			if (!name.startsWith(`${folder}/`)) continue;
			const found = await this.#follow(target, SYMBOLIC_DEPTH);
			if (found !== undefined) refs.push({ name, oid: found.oid, peeled: found.peeled });
		}
		return refs;
	}

	/** The id that a name of gitrevisions stands for (`v4.14`, `origin`, `HEAD`), if it is a ref. */
	async resolve(name: string): Promise<string | undefined> {
		for (const place of PLACES) {
			const target = await this.#target(place(name === '@' ? 'HEAD' : name));
			const found = target && (await this.#follow(target, SYMBOLIC_DEPTH));
			if (found !== undefined) return found.oid;
		}
		return undefined;
	}

	async #follow(
		target: Target,
		depth: number,
	): Promise<Exclude<Target, { symbolic: string }> | undefined> {
		if ('oid' in target) return target;
		const next = depth > 0 ? await this.#target(target.symbolic) : undefined;
		return next && this.#follow(next, depth - 1);
	}

	async #target(name: string): Promise<Target | undefined> {
		if (name.startsWith('refs/')) return (await this.#read()).get(name);
		if (!/^[A-Z_]+$/.test(name)) return undefined;
		return targetOf(await readFileUpTo(join(this.#gitDir, name), REF_LIMIT, this.#where));
	}

	#read(): Promise<Map<string, Target>> {
		this.#all ??= this.#readAll();
		return this.#all;
	}

	async #readAll(): Promise<Map<string, Target>> {
		const path = join(this.#commonDir, 'packed-refs');
		const packed = await readFileUpTo(path, PACKED_REFS_LIMIT, this.#where);
		const refs = parsePackedRefs(packed?.toString() ?? '');
		if (refs === undefined) throw damaged(this.#where, 'unexpected line in packed-refs');
		await this.#readLoose(this.#commonDir, 'refs', refs);
		// A linked worktree has a few of its own.
		if (this.#gitDir !== this.#commonDir) await this.#readLoose(this.#gitDir, 'refs', refs);
		return refs;
	}

	async #readLoose(base: string, folder: string, into: Map<string, Target>): Promise<void> {
		for (const { name, isFolder } of await readFolder(join(base, folder), this.#where)) {
			if (name.startsWith('.') || name.endsWith('.lock')) continue;
			const full = `${folder}/${name}`;
			if (isFolder) await this.#readLoose(base, full, into);
			else {
				const path = join(base, full);
				const target = targetOf(await readFileUpTo(path, REF_LIMIT, this.#where));
				if (target !== undefined) into.set(full, target);
			}
		}
	}
}

function targetOf(bytes: Buffer | undefined): Target | undefined {
	const text = bytes?.toString() ?? '';
	const symbolic = /^ref:[ \t]*(\S+)\s*$/.exec(text)?.[1];
	if (symbolic !== undefined) return { symbolic };
	const oid = /^([0-9a-f]{40})(?:\s|$)/.exec(text)?.[1];
	return oid === undefined ? undefined : { oid };
}

/** The lines of packed-refs; `^` after a tag says what it peels to. Undefined when it is damaged. */
function parsePackedRefs(text: string): Map<string, Target> | undefined {
	const refs = new Map<string, Target>();
	let last = '';
	for (const line of text.split('\n')) {
		const oid = /^\^?([0-9a-f]{40})(?: |$)/.exec(line)?.[1];
		if (oid === undefined) {
			if (line === '' || line.startsWith('#')) continue;
			return undefined;
		}
		if (!line.startsWith('^')) {
			last = line.slice(oid.length + 1);
			refs.set(last, { oid });
		} else {
			const ref = refs.get(last);
			if (ref !== undefined && 'oid' in ref) refs.set(last, { ...ref, peeled: oid });
		}
	}
	return refs;
}
