/**
 * What a C file of a tree sees: its own text and that of the headers it includes, directly or through others,
 * level by level, read only as far as somebody asks.
 */
import { LRUCache } from 'lru-cache';
import { includedPaths } from '../../driver/macros/scope.ts';
import { bytePath, isRegular, type TreePool } from '../../git/tree-pool.ts';

/** A text of a tree. */
export interface SeenText {
	readonly path: string;
	/** Without comments, strings and character literals; one character a byte. */
	readonly code: string;
}

/** Headers of headers are followed this deep, and this many of one file. */
const DEEPEST = 8;
const MOST_HEADERS = 2500;
/** Characters of texts that are kept. */
const KEPT = 64 << 20;

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]{1,200})>|"([^"\n]{1,200})")/gm;
const NO_CODE =
	/\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^\n])*'/g;

interface ReadText {
	readonly code: string;
	readonly includes: readonly { path: string; beside: boolean }[];
}

/** Text without what is no code; lines stay where they are. */
export function codeOf(text: string): string {
	return text.replace(NO_CODE, (found) => found.replace(/[^\n]/g, ' '));
}

/** Names of the files that a text includes. */
export function includesOf(text: string): { path: string; beside: boolean }[] {
	return [...text.matchAll(INCLUDE)].map(([, angled, quoted]) =>
		angled === undefined ? { path: quoted ?? '', beside: true } : { path: angled, beside: false },
	);
}

/** Reads texts of trees with what they include. */
export class Includes {
	readonly #pool: TreePool;
	readonly #texts = new LRUCache<string, ReadText>({
		maxSize: KEPT,
		sizeCalculation: ({ code }) => code.length + 1,
	});

	constructor(pool: TreePool) {
		this.#pool = pool;
	}

	/** The code of files of a tree, in order; undefined where there is none. */
	async code(root: string, paths: readonly string[]): Promise<(string | undefined)[]> {
		return (await this.#read(root, paths)).map((one) => one?.code);
	}

	/** The first of some paths that a tree has as a file. */
	async firstThere(root: string, paths: readonly string[]): Promise<string | undefined> {
		for (const path of paths) {
			if (isRegular(await this.#pool.at(root, bytePath(path)))) return path;
		}
		return undefined;
	}

	/** What a file sees, level by level: the file itself first. Ends where it is not there. */
	async *seen(root: string, path: string): AsyncGenerator<readonly SeenText[]> {
		const asked = new Set([path]);
		let level = [path];
		for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
			const texts = await this.#read(root, level);
			yield texts.flatMap((text, i) =>
				text === undefined ? [] : [{ path: level[i] ?? '', code: text.code }],
			);
			const next = new Set<string>();
			for (const [i, text] of texts.entries()) {
				for (const { path: name, beside } of text?.includes ?? []) {
					for (const one of includedPaths({ path: name, beside }, level[i] ?? '')) {
						if (!asked.has(one)) next.add(one);
					}
				}
			}
			level = [...next].slice(0, Math.max(0, MOST_HEADERS - asked.size));
			for (const one of level) asked.add(one);
		}
	}

	async #read(root: string, paths: readonly string[]): Promise<(ReadText | undefined)[]> {
		const ids: (string | undefined)[] = [];
		for (const path of paths) {
			const version = await this.#pool.at(root, bytePath(path));
			ids.push(version !== undefined && isRegular(version) ? version.oid : undefined);
		}
		const found = new Map<string, ReadText>();
		const unread = new Set<string>();
		for (const id of ids) {
			const known = id === undefined ? undefined : this.#texts.get(id);
			if (id !== undefined && known === undefined) unread.add(id);
			else if (id !== undefined && known !== undefined) found.set(id, known);
		}
		for (const [id, bytes] of await this.#pool.blobs([...unread])) {
			const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
			const read = { code: codeOf(text), includes: includesOf(text) };
			this.#texts.set(id, read);
			found.set(id, read);
		}
		return ids.map((id) => (id === undefined ? undefined : found.get(id)));
	}
}
