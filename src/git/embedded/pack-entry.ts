/**
 * Entries of a pack before they are put together: an object that is stored whole is inflated here; of
 * one that is made of deltas it is checked that each inflates to the size it declares, and that the
 * chain ends. isomorphic-git, which applies them, inflates without a limit and follows a chain
 * without end, so that a pack made for it could take all memory.
 */
import { inflateSync } from 'node:zlib';
import type { ObjectHeader } from '../cat-file.ts';
import { LARGEST_OBJECT } from '../objects.ts';
import { damaged, needsGit } from './files.ts';
import type { PackIndex } from './pack-index.ts';

/** The longest chain that git makes (pack-objects caps --depth there). */
const LONGEST_CHAIN = 4095;
/** isomorphic-git makes an object of each instruction of a delta; bytes. */
const LARGEST_DELTA = 16 * 1024 * 1024;
/** Checksum of the pack. */
const TRAILER = 20;

/** Numbers of a variable length are not read beyond it. */
const TOO_LARGE = 2 ** 40;

const OFS_DELTA = 6;
const REF_DELTA = 7;
/** Types of what is stored whole (gitformat-pack). */
const WHOLE: ReadonlyMap<number, ObjectHeader['type']> = new Map([
	[1, 'commit'],
	[2, 'tree'],
	[3, 'blob'],
	[4, 'tag'],
]);

export interface WholeObject {
	readonly type: ObjectHeader['type'];
	readonly content: Uint8Array;
}

/** The entries of one pack; remembers which chains it has seen. */
export class PackEntries {
	readonly #where: string;
	readonly #name: string;
	readonly #pack: Buffer;
	readonly #index: PackIndex;
	/** Deltas below each entry that was checked. */
	readonly #depths = new Map<number, number>();

	/** `where` is the repository and `name` the pack, for messages. */
	constructor(where: string, name: string, pack: Buffer, index: PackIndex) {
		this.#where = where;
		this.#name = name;
		this.#pack = pack;
		this.#index = index;
	}

	/**
	 * The object that begins at an offset if it is stored whole; undefined for one made of deltas,
	 * which can then be put together safely. Throws git-failed, needs-git.
	 */
	open(offset: number): WholeObject | undefined {
		const { type, base, content } = this.#read(offset);
		const name = WHOLE.get(type);
		if (name !== undefined) return { type: name, content };
		const chain = [offset];
		let at = base;
		while (at !== undefined && !this.#depths.has(at)) {
			chain.push(at);
			if (chain.length > LONGEST_CHAIN) throw this.#damaged('a chain of deltas has no end');
			at = this.#read(at).base;
		}
		let depth = at === undefined ? -1 : (this.#depths.get(at) ?? 0);
		if (depth + chain.length > LONGEST_CHAIN) throw this.#damaged('a chain of deltas has no end');
		for (const entry of chain.reverse()) this.#depths.set(entry, ++depth);
		return undefined;
	}

	/** One entry by itself, inflated, with the offset of its base if it is a delta. */
	#read(offset: number): { type: number; base: number | undefined; content: Buffer } {
		const pack = this.#pack;
		const end = pack.length - TRAILER;
		let at = offset;
		const next = (): number => (at < end ? (pack[at++] ?? 0) : 0);
		let byte = next();
		const type = (byte >> 4) & 7;
		let size = byte & 15;
		for (let unit = 16; byte & 0x80 && unit < TOO_LARGE; unit *= 128) {
			byte = next();
			size += (byte & 0x7f) * unit;
		}
		let base: number | undefined;
		if (type === OFS_DELTA) {
			byte = next();
			let back = byte & 0x7f;
			while (byte & 0x80 && back < TOO_LARGE) {
				byte = next();
				back = (back + 1) * 128 + (byte & 0x7f);
			}
			base = back === 0 || back > offset ? undefined : offset - back;
		} else if (type === REF_DELTA) {
			base = this.#index.offsetOf(pack.toString('hex', at, at + 20));
			at += 20;
		} else if (!WHOLE.has(type)) throw this.#damaged(`an object of the unknown type ${type}`);
		const isDelta = !WHOLE.has(type);
		if (isDelta && base === undefined) throw this.#damaged('a delta without its base');
		if (at >= end) throw this.#damaged('it ends within an object');
		if (size > (isDelta ? LARGEST_DELTA : LARGEST_OBJECT)) throw this.#tooLarge(size);
		const content = inflate(pack.subarray(at, end), size);
		if (content?.length !== size) throw this.#damaged('an object does not inflate to its size');
		const target = isDelta ? deltaTarget(content) : size;
		if (target > LARGEST_OBJECT) throw this.#tooLarge(target);
		return { type, base, content };
	}

	#damaged(what: string) {
		return damaged(this.#where, `${this.#name} is damaged: ${what}`);
	}

	#tooLarge(size: number) {
		return needsGit(this.#where, `${this.#name} has an object of ${size} bytes`);
	}
}

/**
 * Inflates the stream that begins here; undefined when it is damaged or longer than `limit` bytes.
 * `expected` is how many bytes to make room for at first.
 */
export function inflate(bytes: Uint8Array, limit: number, expected = limit): Buffer | undefined {
	try {
		return inflateSync(bytes, {
			maxOutputLength: Math.max(limit, 1),
			chunkSize: Math.min(Math.max(expected + 1, 64), 1 << 20),
		});
	} catch {
		return undefined;
	}
}

/** The size of what a delta makes: the second number of its header. */
function deltaTarget(delta: Buffer): number {
	let at = 0;
	while ((delta[at++] ?? 0) & 0x80);
	let size = 0;
	for (let unit = 1; unit < TOO_LARGE; unit *= 128) {
		const byte = delta[at++] ?? 0;
		size += (byte & 0x7f) * unit;
		if ((byte & 0x80) === 0) break;
	}
	return size;
}
