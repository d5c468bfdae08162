/**
 * Trees that are in a repository, and trees and files made on top of them, which are in memory only: an
 * overlay of a tree is the id git gives the whole, exactly. Nothing is written to the repository.
 *
 * Paths are bytes to git. Here a path is a string of one character a byte (latin1), so that none is
 * lost or taken for another; see {@link bytePath} and {@link textPath}.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { RangefinderError } from '../errors.ts';
import type { ObjectStore } from './store.ts';

/** Modes as git writes them into trees. */
export const MODE = {
	file: 0o100644,
	executable: 0o100755,
	symlink: 0o120000,
	folder: 0o040000,
	submodule: 0o160000,
} as const;

/** What a tree has at a name or path. */
export interface Version {
	readonly mode: number;
	readonly oid: string;
}

/** The entries of one tree, by name, in git's order. */
export type Entries = ReadonlyMap<string, Version>;

/** What becomes of paths: another version, or undefined for what goes (a folder with all below it). */
export type TreeChanges = ReadonlyMap<string, Version | undefined>;

/** A file or tree that is in memory only. */
export interface MadeObject {
	readonly type: 'blob' | 'tree';
	readonly oid: string;
	readonly content: Uint8Array;
}

/** Entries of trees that are kept. */
const KEPT_ENTRIES = 500_000;
const NO_ENTRIES: Entries = new Map();

/** The path a string names (UTF-8), a character a byte. */
export function bytePath(path: string): string {
	return Buffer.from(path).toString('latin1');
}

/** A path as text; bytes that are no UTF-8 become replacement characters. */
export function textPath(path: string): string {
	return Buffer.from(path, 'latin1').toString();
}

export function isFolder(version: Version | undefined): boolean {
	return version?.mode === MODE.folder;
}

/** Whether it is a regular file, executable or not. */
export function isRegular(version: Version | undefined): boolean {
	return version !== undefined && (version.mode & 0o170000) === 0o100000;
}

/** The id git gives a file; `like` is any id of the repository: it tells the hash. */
export function blobId(content: Uint8Array, like: string): string {
	return hashOf('blob', content, like);
}

export class TreePool {
	readonly #store: ObjectStore;
	readonly #entries = new LRUCache<string, Entries>({
		maxSize: KEPT_ENTRIES,
		sizeCalculation: (entries) => entries.size + 1,
	});
	/** Trees and files made here; they are nowhere else. */
	readonly #madeTrees = new Map<string, Entries>();
	readonly #madeContents = new Map<string, Uint8Array>();
	readonly #madeBlobs = new Map<string, Uint8Array>();

	constructor(store: ObjectStore) {
		this.#store = store;
	}

	/** The folder of the repository, for messages. */
	get where(): string {
		return this.#store.where;
	}

	/** The entries of trees by id, read in one exchange; none for undefined. Throws object-missing, git-failed. */
	async entries(oids: readonly (string | undefined)[]): Promise<Entries[]> {
		const found = new Map<string, Entries>();
		const wanted = new Set<string>();
		for (const oid of oids) {
			if (oid === undefined) continue;
			const known = this.known(oid);
			if (known !== undefined) found.set(oid, known);
			else wanted.add(oid);
		}
		if (wanted.size > 0) {
			for (const [oid, content] of await this.#store.trees([...wanted])) {
				const entries = this.#parse(oid, content);
				this.#entries.set(oid, entries);
				found.set(oid, entries);
			}
		}
		return oids.map((oid) => (oid === undefined ? undefined : found.get(oid)) ?? NO_ENTRIES);
	}

	/** The entries of a tree where they are in memory. */
	known(oid: string): Entries | undefined {
		return this.#madeTrees.get(oid) ?? this.#entries.get(oid);
	}

	/** What a tree has at a path; undefined where nothing is. */
	async at(root: string, path: string): Promise<Version | undefined> {
		let found: Version | undefined = { mode: MODE.folder, oid: root };
		for (const name of path.split('/')) {
			if (found === undefined || !isFolder(found)) return undefined;
			const [entries] = await this.entries([found.oid]);
			found = entries?.get(name);
		}
		return found;
	}

	/** Contents of files by id, read in one exchange; a missing one is absent. */
	async blobs(oids: readonly string[]): Promise<Map<string, Uint8Array>> {
		const others = oids.filter((oid) => !this.#madeBlobs.has(oid));
		const found = others.length === 0 ? new Map() : await this.#store.blobs(others);
		for (const oid of oids) {
			const made = this.#madeBlobs.get(oid);
			if (made !== undefined) found.set(oid, made);
		}
		return found;
	}

	/** Sizes of files in bytes; a missing one is absent. */
	async sizes(oids: readonly string[]): Promise<Map<string, number>> {
		const others = oids.filter((oid) => !this.#madeBlobs.has(oid));
		const sizes = new Map<string, number>();
		if (others.length > 0 && this.#store.blobSizes !== undefined) {
			for (const [oid, size] of await this.#store.blobSizes(others)) sizes.set(oid, size);
		} else if (others.length > 0) {
			for (const [oid, content] of await this.#store.blobs(others)) sizes.set(oid, content.length);
		}
		for (const oid of oids) {
			const made = this.#madeBlobs.get(oid);
			if (made !== undefined) sizes.set(oid, made.length);
		}
		return sizes;
	}

	/**
	 * Keeps a file in memory as long as the pool is, and says its id.
	 * @param like any id of the repository: it tells the hash
	 */
	addBlob(content: Uint8Array, like: string): string {
		const oid = blobId(content, like);
		this.#madeBlobs.set(oid, content);
		return oid;
	}

	/** A tree that was made here, as git writes it; undefined for one of the repository. */
	madeTree(oid: string): Uint8Array | undefined {
		return this.#madeContents.get(oid);
	}

	/** A file that was made here; undefined for one of the repository. */
	madeBlob(oid: string): Uint8Array | undefined {
		return this.#madeBlobs.get(oid);
	}

	/** Whatever was made here of a tree and below it, files before the trees that have them. */
	madeBelow(root: string): MadeObject[] {
		const found = new Map<string, MadeObject>();
		const visit = (oid: string): void => {
			const content = this.#madeContents.get(oid);
			if (content === undefined || found.has(oid)) return;
			for (const version of this.#madeTrees.get(oid)?.values() ?? []) {
				if (isFolder(version)) visit(version.oid);
				const file = this.#madeBlobs.get(version.oid);
				if (file !== undefined) {
					found.set(version.oid, { type: 'blob', oid: version.oid, content: file });
				}
			}
			found.set(oid, { type: 'tree', oid, content });
		};
		visit(root);
		return [...found.values()];
	}

	/**
	 * The id of a tree with changes in it; only folders on the way to them are made anew. A file takes
	 * the place of a folder with all below it, and what is below a file takes the file's place. Folders
	 * left empty go, as git has none.
	 * @throws RangefinderError unsafe-path for a path that no tree can have
	 */
	async withChanges(root: string, changes: TreeChanges): Promise<string> {
		if (changes.size === 0) return root;
		const top = new Folder();
		for (const [path, version] of changes) {
			const parts = path.split('/');
			if (parts.some((part) => !isName(part))) {
				throw new RangefinderError({
					code: 'unsafe-path',
					where: this.where,
					path: textPath(path),
				});
			}
			top.put(parts, version);
		}
		return (await this.#write(root, top, root)) ?? this.#make(new Map(), root);
	}

	/** A folder with its changes; undefined when nothing is left in it. */
	async #write(oid: string | undefined, folder: Folder, like: string): Promise<string | undefined> {
		const [before = NO_ENTRIES] = await this.entries([oid]);
		const after = new Map(before);
		for (const [name, change] of folder.own) {
			if (change === undefined) after.delete(name);
			else after.set(name, change);
		}
		for (const [name, below] of folder.below) {
			const there = after.get(name);
			if (there !== undefined && !isFolder(there) && !below.sets) continue;
			const made = await this.#write(isFolder(there) ? there?.oid : undefined, below, like);
			if (made !== undefined) after.set(name, { mode: MODE.folder, oid: made });
			else if (there === undefined || isFolder(there)) after.delete(name);
		}
		return after.size === 0 ? undefined : this.#make(after, like);
	}

	#make(entries: ReadonlyMap<string, Version>, like: string): string {
		const sorted = [...entries].sort(([a, x], [b, y]) => compareNames(a, x, b, y));
		const content = Buffer.concat(
			sorted.map(([name, { mode, oid }]) =>
				Buffer.from(
					`${mode.toString(8)} ${name}\0${Buffer.from(oid, 'hex').toString('latin1')}`,
					'latin1',
				),
			),
		);
		const oid = hashOf('tree', content, like);
		if (this.known(oid) === undefined) {
			this.#madeTrees.set(oid, new Map(sorted));
			this.#madeContents.set(oid, content);
		}
		return oid;
	}

	#parse(oid: string, content: Uint8Array): Entries {
		const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
		const text = bytes.toString('latin1');
		const entries = new Map<string, Version>();
		const idBytes = oid.length / 2;
		for (let at = 0; at < text.length; ) {
			const space = text.indexOf(' ', at);
			const zero = text.indexOf('\0', at);
			const end = zero + 1 + idBytes;
			const mode = Number.parseInt(text.slice(at, space), 8);
			if (space < 0 || zero < space || end > text.length || Number.isNaN(mode)) {
				const what = `the tree ${oid} is damaged`;
				throw new RangefinderError({ code: 'git-failed', where: this.where, what });
			}
			entries.set(text.slice(space + 1, zero), {
				mode: plainMode(mode),
				oid: bytes.toString('hex', zero + 1, end),
			});
			at = end;
		}
		return entries;
	}
}

/** Changes sorted by folder. */
class Folder {
	readonly own = new Map<string, Version | undefined>();
	readonly below = new Map<string, Folder>();
	/** Whether something is put into it, and not only taken out. */
	sets = false;

	put(parts: readonly string[], version: Version | undefined): void {
		if (version !== undefined) this.sets = true;
		const [name = '', ...rest] = parts;
		if (rest.length === 0) {
			this.own.set(name, version);
			return;
		}
		let folder = this.below.get(name);
		if (folder === undefined) {
			folder = new Folder();
			this.below.set(name, folder);
		}
		folder.put(rest, version);
	}
}

/** Modes that old gits wrote are read as those of today, as git's canon_mode() does. */
function plainMode(mode: number): number {
	switch (mode & 0o170000) {
		case 0o100000:
			return (mode & 0o100) !== 0 ? MODE.executable : MODE.file;
		case 0o120000:
			return MODE.symlink;
		case 0o040000:
			return MODE.folder;
		default:
			return MODE.submodule;
	}
}

/** git's order of entries: by bytes, a folder's name as if a slash followed. */
function compareNames(a: string, x: Version, b: string, y: Version): number {
	const one = isFolder(x) ? `${a}/` : a;
	const other = isFolder(y) ? `${b}/` : b;
	return one < other ? -1 : one > other ? 1 : 0;
}

/** Whether a tree may have this name: what git's own verify_path() refuses has no place in a tree made here. */
function isName(name: string): boolean {
	return (
		name !== '' &&
		name !== '.' &&
		name !== '..' &&
		!name.includes('\0') &&
		name.toLowerCase() !== '.git'
	);
}

function hashOf(type: string, content: Uint8Array, like: string): string {
	const hash = createHash(like.length === 40 ? 'sha1' : 'sha256');
	return hash.update(`${type} ${content.length}\0`).update(content).digest('hex');
}
