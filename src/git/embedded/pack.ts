/**
 * One pack in memory; objects made of deltas are put together by isomorphic-git. The library sees
 * nothing but this pack, through a file system of ours that has two files and cannot be written, and
 * it is asked only for what was checked before.
 */
import { basename } from 'node:path';
import type { PromiseFsClient } from 'isomorphic-git';
import { RangefinderError } from '../../errors.ts';
import { damaged, needsGit, readFileUpTo } from './files.ts';
import { PackEntries, type WholeObject } from './pack-entry.ts';
import { PackIndex } from './pack-index.ts';

/** Packs up to this are read; bytes. They are read whole. */
export const LARGEST_PACK = 200 * 1024 * 1024;
/** As large as the index of such a pack can reasonably be; bytes. */
const LARGEST_INDEX = 512 * 1024 * 1024;

interface Loaded {
	readonly readObject: typeof import('isomorphic-git').readObject;
	readonly entries: PackEntries;
	readonly fs: PromiseFsClient;
	/** Where isomorphic-git keeps the index that it parsed. */
	readonly cache: object;
}

export class Pack {
	/** Bytes of the pack file. */
	readonly size: number;
	readonly #where: string;
	/** Without `.pack`. */
	readonly #path: string;
	#index: Promise<PackIndex> | undefined;
	#loaded: Promise<Loaded> | undefined;

	/** `path` is the pack's without its ending; `where` the repository, for messages. */
	constructor(path: string, size: number, where: string) {
		this.#path = path;
		this.size = size;
		this.#where = where;
	}

	/** What tells it from others: git names a pack by its contents. */
	get path(): string {
		return this.#path;
	}

	/** Its index. Throws git-failed, needs-git. */
	index(): Promise<PackIndex> {
		this.#index ??= this.#readIndex();
		return this.#index;
	}

	/** An object that the index has. Throws git-failed for a damaged pack, needs-git. */
	async read(oid: string, offset: number): Promise<WholeObject> {
		this.#loaded ??= this.#load();
		const { readObject, entries, fs, cache } = await this.#loaded;
		const whole = entries.open(offset);
		if (whole !== undefined) return whole;
		try {
			const found = await readObject({ fs, gitdir: ROOT, oid, format: 'content', cache });
			if (found.format === 'content') return { type: found.type, content: found.object };
		} catch (error) {
			if (error instanceof RangefinderError) throw error;
			throw damaged(this.#where, `${this.#name('.pack')} is damaged`, error);
		}
		throw damaged(this.#where, `${this.#name('.pack')} has an object of no known type`);
	}

	/** Forgets the contents; the next read loads them again. */
	unload(): void {
		this.#loaded = undefined;
	}

	async #readIndex(): Promise<PackIndex> {
		const bytes = await readFileUpTo(`${this.#path}.idx`, LARGEST_INDEX, this.#where);
		const index = bytes === undefined ? 'damaged' : PackIndex.from(bytes);
		if (index instanceof PackIndex) return index;
		const name = this.#name('.idx');
		if (index === 'damaged') throw damaged(this.#where, `${name} is damaged`);
		throw needsGit(this.#where, `${name} is of a version that is not read here`);
	}

	async #load(): Promise<Loaded> {
		const index = await this.index();
		const name = this.#name('.pack');
		const pack = await readFileUpTo(`${this.#path}.pack`, LARGEST_PACK, this.#where);
		if (pack === undefined) throw damaged(this.#where, `${name} is not there`);
		const entries = new PackEntries(this.#where, name, pack, index);
		const { readObject } = await import('isomorphic-git');
		return { readObject, entries, fs: packOnly(pack.buffer, index.bytes.buffer), cache: {} };
	}

	#name(ending: string): string {
		return `objects/pack/${basename(this.#path)}${ending}`;
	}
}

const ROOT = '/pack';
const FOLDER = `${ROOT}/objects/pack`;
const NAME = 'pack-only';

/**
 * A file system with one pack. Contents are given as ArrayBuffer, which isomorphic-git takes as it
 * is; a Buffer it would copy.
 */
function packOnly(pack: ArrayBuffer, index: ArrayBuffer): PromiseFsClient {
	const files = new Map([
		[`${FOLDER}/${NAME}.pack`, pack],
		[`${FOLDER}/${NAME}.idx`, index],
	]);
	const refuse = (code: string) => async (): Promise<never> => {
		throw Object.assign(new Error(code), { code });
	};
	const readOnly = refuse('EROFS');
	const absent = refuse('ENOENT');
	const folder = { isDirectory: () => true, isFile: () => false, isSymbolicLink: () => false };
	return {
		promises: {
			readFile: async (path: string) => files.get(path) ?? absent(),
			readdir: async (path: string) => (path === FOLDER ? [`${NAME}.idx`] : absent()),
			stat: async (path: string) => (path === ROOT ? folder : absent()),
			lstat: absent,
			readlink: absent,
			writeFile: readOnly,
			unlink: readOnly,
			mkdir: readOnly,
			rmdir: readOnly,
			symlink: readOnly,
		},
	};
}
