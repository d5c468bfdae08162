/**
 * Headers that tell what the entries of drivers do, besides those that a profile always reads: what sources
 * include, level by level, until every macro that a source hands something of its own is known.
 */

import { MACROS_VERSION, type MacroFacts, macroFacts } from '../src/driver/macros/definitions.ts';
import { includedPaths } from '../src/driver/macros/scope.ts';
import { headerFacts } from '../src/driver/meanings.ts';
import type { SourceFile } from '../src/driver/profile.ts';
import type { ObjectStore } from '../src/git/store.ts';
import type { Remembered } from './remembered.ts';
import type { FileId } from './source.ts';

/** Includes of includes that are followed, and headers read of one tree: what is not known by then is in none. */
export const DEEPEST = 5;
const MOST_HEADERS = 1500;

type Tree = ReadonlyMap<string, SourceFile>;

/** What single files say to the preprocessor, by blob id. */
export async function readMacros(
	store: ObjectStore,
	remembered: Remembered,
	files: readonly FileId[],
): Promise<Map<string, MacroFacts>> {
	const keyOf = (blob: string): string => `${MACROS_VERSION}:${blob}`;
	const blobs = [...new Set(files.map(({ blob }) => blob))];
	const found = new Map<string, MacroFacts>();
	const known = await remembered.recall<MacroFacts>('macros:', blobs.map(keyOf));
	for (const blob of blobs) {
		const macros = known.get(keyOf(blob));
		if (macros !== undefined) found.set(blob, macros);
	}
	const fresh = new Map<string, MacroFacts>();
	const unknown = blobs.filter((blob) => !found.has(blob));
	// A header that is not there (registers of a chip, too large for who made the copy) defines nothing.
	for (const [blob, bytes] of await store.blobs(unknown)) {
		const macros = macroFacts(Buffer.from(bytes).toString('latin1'));
		found.set(blob, macros);
		fresh.set(keyOf(blob), macros);
	}
	await remembered.keep('macros:', fresh);
	return found;
}

/** One tree while its headers are read. */
interface Reading {
	headers: Map<string, SourceFile>;
	/** Macros that entries use and nobody was found to define. */
	unknown: Set<string>;
	/** Paths that were asked for. */
	asked: Set<string>;
	next: Set<string>;
}

/** The headers that the sources of each of some commits need besides those that were read with them. */
export async function headersOf(
	store: ObjectStore,
	remembered: Remembered,
	commits: readonly string[],
	trees: readonly Tree[],
): Promise<SourceFile[][]> {
	const all = trees.map(
		(tree): Reading => ({
			headers: new Map(),
			unknown: macrosUsed(tree),
			asked: new Set(),
			next: new Set(),
		}),
	);
	for (const [i, reading] of all.entries()) follow(reading, trees[i]?.values() ?? []);
	for (let depth = 0; depth < DEEPEST; depth++) {
		const paths = [...new Set(all.flatMap(({ next }) => [...next]))];
		if (paths.length === 0) break;
		const ids = await store.blobIdsAt(commits, paths);
		const wanted = all.map(({ next }, i) =>
			paths.flatMap((path, j): FileId[] => {
				const blob = ids[i]?.[j];
				return blob === undefined || !next.has(path) ? [] : [{ path, blob }];
			}),
		);
		const macros = await readMacros(store, remembered, wanted.flat());
		for (const [i, reading] of all.entries()) {
			const read = (wanted[i] ?? []).flatMap(({ path, blob }): SourceFile[] => {
				const one = macros.get(blob);
				return one === undefined ? [] : [{ path, blob, facts: headerFacts(one) }];
			});
			for (const path of reading.next) reading.asked.add(path);
			reading.next.clear();
			for (const file of read) reading.headers.set(file.path, file);
			follow(reading, read);
		}
	}
	return all.map(({ headers }) => [...headers.values()]);
}

/** What to read next: what files include, as far as macros are still unknown with their own. */
function follow({ unknown, asked, next }: Reading, files: Iterable<SourceFile>): void {
	const last = [...files];
	for (const { path, facts } of last) {
		asked.add(path);
		if (!path.endsWith('.h')) continue;
		for (const { name } of facts.preprocessor?.macros ?? []) unknown.delete(name);
	}
	if (unknown.size > 0) addIncluded(last, asked, next);
}

/** Adds to `next` the paths that files may mean by what they include, but for those that were asked for. */
export function addIncluded(
	files: Iterable<SourceFile>,
	asked: ReadonlySet<string>,
	next: Set<string>,
): void {
	for (const { path, facts } of files) {
		for (const include of facts.preprocessor?.includes ?? []) {
			for (const one of includedPaths(include, path)) {
				if (!asked.has(one) && asked.size + next.size < MOST_HEADERS) next.add(one);
			}
		}
	}
}

/** The macros of entries that their own file does not define. */
function macrosUsed(tree: Tree): Set<string> {
	const used = new Set<string>();
	for (const { facts } of tree.values()) {
		const own = new Set(facts.preprocessor?.macros.map(({ name }) => name));
		for (const { macro } of facts.entries) if (!own.has(macro)) used.add(macro);
	}
	return used;
}
