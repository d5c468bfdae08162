/**
 * All objects of a repository: loose ones and those in packs, of its own object folder and of its
 * alternates. Every object is held against its id, which git itself does not do on reading.
 */
import { join } from 'node:path';
import type { GitObject, ObjectHeader } from '../cat-file.ts';
import { demandId, LARGEST_OBJECT } from '../objects.ts';
import { damaged, readFileUpTo, readFolder } from './files.ts';
import type { Pack } from './pack.ts';
import { inflate } from './pack-entry.ts';

/** Packs stay in memory up to this together; bytes. */
const KEPT_PACKS = 400 * 1024 * 1024;
/** More abbreviated ids than this are as good as ambiguous. */
const MOST_CANDIDATES = 4096;

const LOOSE_HEADER = /^(blob|tree|commit|tag) (\d{1,15})$/;
/** Room for the header of a loose object; bytes. */
const LOOSE_HEADER_LENGTH = 32;
const LARGEST_LOOSE = LARGEST_OBJECT + LOOSE_HEADER_LENGTH;

interface Place {
	readonly pack: Pack;
	readonly offset: number;
}

export class Objects {
	readonly #where: string;
	readonly #folders: readonly string[];
	#packs: readonly Pack[];
	readonly #look: () => Promise<readonly Pack[]>;
	/** Packs in memory, the one used last at the end. */
	readonly #loaded = new Set<Pack>();

	/**
	 * `folders` are object folders, the repository's own first; `packs` those in all of them; `look` finds
	 * those that are there later.
	 */
	constructor(
		where: string,
		folders: readonly string[],
		packs: readonly Pack[],
		look: () => Promise<readonly Pack[]>,
	) {
		this.#where = where;
		this.#folders = folders;
		this.#packs = packs;
		this.#look = look;
	}

	/** The object with a full id; undefined when it is not here. Throws git-failed, needs-git. */
	async read(oid: string): Promise<GitObject | undefined> {
		try {
			const found = await this.#readOnce(oid);
			if (found !== undefined || !(await this.#repacked())) return found;
		} catch (error) {
			if (!(await this.#repacked())) throw error;
		}
		return this.#readOnce(oid);
	}

	async #readOnce(oid: string): Promise<GitObject | undefined> {
		const place = await this.#find(oid);
		return place === undefined ? this.#readLoose(oid) : this.#readPacked(oid, place);
	}

	/** Whether other packs are there than were known, as after a git gc; they are known from here on. */
	async #repacked(): Promise<boolean> {
		const packs = await this.#look().catch(() => this.#packs);
		const known = new Map(this.#packs.map((pack) => [pack.path, pack]));
		if (packs.length === known.size && packs.every(({ path }) => known.has(path))) return false;
		this.#packs = packs.map((pack) => known.get(pack.path) ?? pack);
		return true;
	}

	/** Many objects by full ids, pack by pack; the missing ones are left out. */
	async *readMany(oids: readonly string[]): AsyncGenerator<GitObject> {
		const places = new Map<Pack, { oid: string; place: Place }[]>();
		for (const oid of new Set(oids)) {
			const place = await this.#find(oid).catch(() => undefined);
			if (place === undefined) {
				const object = await this.read(oid);
				if (object !== undefined) yield object;
				continue;
			}
			const known = places.get(place.pack);
			if (known === undefined) places.set(place.pack, [{ oid, place }]);
			else known.push({ oid, place });
		}
		for (const inPack of places.values()) {
			for (const { oid, place } of inPack) {
				const object = await this.#readPacked(oid, place).catch(() => this.read(oid));
				if (object !== undefined) yield object;
			}
		}
	}

	/** Full ids that begin with at least two hex digits. */
	async withPrefix(prefix: string): Promise<string[]> {
		const found = new Set<string>();
		await this.#repacked();
		for (const pack of this.#packs) {
			for (const oid of (await pack.index()).withPrefix(prefix, MOST_CANDIDATES)) found.add(oid);
		}
		const start = prefix.slice(0, 2);
		for (const folder of this.#folders) {
			for (const { name } of await readFolder(join(folder, start), this.#where)) {
				const oid = start + name;
				if (/^[0-9a-f]{40}$/.test(oid) && oid.startsWith(prefix)) found.add(oid);
			}
		}
		return [...found];
	}

	async #find(oid: string): Promise<Place | undefined> {
		for (const pack of this.#packs) {
			const offset = (await pack.index()).offsetOf(oid);
			if (offset !== undefined) return { pack, offset };
		}
		return undefined;
	}

	async #readPacked(oid: string, { pack, offset }: Place): Promise<GitObject> {
		this.#loaded.delete(pack);
		let sum = pack.size;
		for (const other of this.#loaded) sum += other.size;
		for (const other of this.#loaded) {
			if (sum <= KEPT_PACKS) break;
			other.unload();
			this.#loaded.delete(other);
			sum -= other.size;
		}
		this.#loaded.add(pack);
		const { type, content } = await pack.read(oid, offset);
		return this.#proved(oid, type, content);
	}

	async #readLoose(oid: string): Promise<GitObject | undefined> {
		for (const folder of this.#folders) {
			const path = join(folder, oid.slice(0, 2), oid.slice(2));
			const deflated = await readFileUpTo(path, LARGEST_OBJECT, this.#where);
			if (deflated === undefined) continue;
			const bytes = inflate(deflated, LARGEST_LOOSE, deflated.length * 4);
			const zero = bytes?.subarray(0, LOOSE_HEADER_LENGTH).indexOf(0) ?? -1;
			const header = LOOSE_HEADER.exec(bytes?.toString('latin1', 0, Math.max(zero, 0)) ?? '');
			const content = bytes?.subarray(zero + 1);
			if (header === null || content?.length !== Number(header[2])) {
				throw damaged(this.#where, `the loose object ${oid} is damaged`);
			}
			return this.#proved(oid, header[1] as ObjectHeader['type'], content);
		}
		return undefined;
	}

	#proved(oid: string, type: ObjectHeader['type'], content: Uint8Array): GitObject {
		const object = { oid, type, size: content.length, content };
		demandId(this.#where, object);
		return object;
	}
}
