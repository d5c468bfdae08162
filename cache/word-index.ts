/**
 * Which sources of a tree name an identifier: by the hashes of their words, each blob read once. A hash may
 * stand for several words, so more files may be found than name it, never fewer.
 */
import { LRUCache } from 'lru-cache';
import type { ObjectStore } from '../src/git/store.ts';
import { demandBlobs } from './demand-blobs.ts';
import type { FileId } from './source.ts';

/** Blobs that are read at once. */
const TOGETHER = 512;

/** Bytes of hashes that are kept: those of more sources than a kernel's drivers have. */
const KEPT = 128 * 1024 * 1024;

interface Words {
	/** Sorted. */
	readonly hashes: Int32Array;
	/** Whether it mentions what makes a file a caller. */
	readonly caller: boolean;
}

export class WordIndex {
	readonly #store: ObjectStore;
	readonly #callersMention: RegExp;
	readonly #words = new LRUCache<string, Words>({
		maxSize: KEPT,
		sizeCalculation: ({ hashes }) => hashes.byteLength + 1,
	});

	/** @param callersMention as profiles have it */
	constructor(store: ObjectStore, callersMention: RegExp) {
		this.#store = store;
		this.#callersMention = callersMention;
	}

	/**
	 * The paths of files that name one of `names`; those in `callers` only if they mention what makes them callers.
	 * @throws RangefinderError object-missing
	 */
	async naming(
		files: readonly FileId[],
		names: readonly string[],
		callers: ReadonlySet<string>,
	): Promise<string[]> {
		const known = new Map(files.map(({ blob }) => [blob, this.#words.get(blob)]));
		const unknown = [...known.keys()].filter((blob) => known.get(blob) === undefined);
		for (let from = 0; from < unknown.length; from += TOGETHER) {
			const batch = unknown.slice(from, from + TOGETHER);
			for (const [blob, bytes] of await demandBlobs(this.#store, batch)) {
				const words = this.#read(bytes);
				known.set(blob, words);
				this.#words.set(blob, words);
			}
		}
		const wanted = names.map((name) => hashOf(Buffer.from(name), 0, Buffer.byteLength(name)));
		return files
			.filter(({ path, blob }) => {
				const words = known.get(blob);
				if (words === undefined || (callers.has(path) && !words.caller)) return false;
				return wanted.some((hash) => holds(words.hashes, hash));
			})
			.map(({ path }) => path);
	}

	#read(bytes: Uint8Array): Words {
		const found = new Set<number>();
		let from = -1;
		for (let at = 0; at <= bytes.length; at++) {
			if (at < bytes.length && isWordByte(bytes[at] ?? 0)) {
				if (from < 0) from = at;
			} else if (from >= 0) {
				found.add(hashOf(bytes, from, at));
				from = -1;
			}
		}
		const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		return {
			hashes: Int32Array.from(found).sort(),
			caller: this.#callersMention.test(text.toString('latin1')),
		};
	}
}

function isWordByte(byte: number): boolean {
	const letter = byte | 0x20;
	return (letter >= 97 && letter <= 122) || (byte >= 48 && byte <= 57) || byte === 95;
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, from: number, end: number): number {
	let hash = 0x811c9dc5;
	for (let at = from; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
	return hash | 0;
}

function holds(sorted: Int32Array, wanted: number): boolean {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
		else high = middle;
	}
	return sorted[low] === wanted;
}
