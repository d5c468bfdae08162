/** Which sources of a tree include others, read off their texts: what a tree compiles together is known without facts. */
import { LRUCache } from 'lru-cache';
import type { FileFacts } from '../src/driver/facts.ts';
import { type IncludedSource, including } from '../src/driver/included.ts';
import { macroFacts } from '../src/driver/macros/definitions.ts';
import { headerFacts } from '../src/driver/meanings.ts';
import type { SourceFile } from '../src/driver/profile.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { demandBlobs } from './demand-blobs.ts';
import type { FileId } from './source.ts';

/** Texts that are read at once, and blobs that are remembered. */
const TOGETHER = 512;
const MOST = 100_000;

/** What few texts have: only these are looked at closely. */
const MAY_INCLUDE = /^[ \t]*#[ \t]*include\b[^\n]*\.c\b/m;

export class Includers {
	readonly #store: ObjectStore;
	readonly #texts = new LRUCache<string, FileFacts | false>({ max: MOST });

	constructor(store: ObjectStore) {
		this.#store = store;
	}

	/**
	 * What sources of one tree include, of those that may include some of them; under which conditions is not said.
	 * @param all the sources that are looked at, where they are near
	 * @param sources that are asked about
	 * @param there the paths of the tree
	 * @throws RangefinderError object-missing
	 */
	async of(
		all: readonly FileId[],
		sources: readonly string[],
		there: { has(path: string): boolean },
	): Promise<Map<string, IncludedSource[]>> {
		const folders = new Set(sources.map(folderOf));
		const files = all.filter(({ path }) => isNear(folderOf(path), folders));
		const unknown = files.map(({ blob }) => blob).filter((blob) => !this.#texts.has(blob));
		for (let at = 0; at < unknown.length; at += TOGETHER) {
			const texts = await demandBlobs(this.#store, unknown.slice(at, at + TOGETHER));
			for (const [blob, bytes] of texts) {
				const text = Buffer.from(bytes).toString('latin1');
				this.#texts.set(blob, MAY_INCLUDE.test(text) && headerFacts(macroFacts(text)));
			}
		}
		const found: SourceFile[] = [];
		for (const { path, blob } of files) {
			const facts = this.#texts.get(blob) ?? false;
			if (facts !== false) found.push({ path, blob, facts });
		}
		return including(found, (path) => there.has(path));
	}
}

function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/') + 1);
}

/**
 * Whether a folder is one of some, above or below one. All sources that drivers of Linux v3.18, v4.12 and v6.12 include
 * are so near (but what is outside of drivers/), and to read all others takes seconds.
 */
function isNear(folder: string, folders: ReadonlySet<string>): boolean {
	for (const one of folders) if (folder.startsWith(one) || one.startsWith(folder)) return true;
	return false;
}
