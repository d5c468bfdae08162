/**
 * Kconfig facts of many releases, in the form in which the index stores them: line numbers apart from
 * definitions, since definitions hardly change from release to release while their lines do.
 */
import type { KconfigFacts, SymbolDef } from '../src/kernel/kconfig.ts';

type Definition = Omit<SymbolDef, 'line' | 'path'>;

/** A file with the lines of its symbols, in order, apart. */
export interface StoredKconfig extends Omit<KconfigFacts, 'symbols'> {
	symbols: Definition[];
	lines: number[];
}

/** The files of one release as they are stored. {@link restoreKconfig} takes it back. */
export function storedKconfig(files: readonly KconfigFacts[]): StoredKconfig[] {
	return files.map((file) => ({
		path: file.path,
		sources: file.sources,
		symbols: file.symbols.map(({ line: _line, path: _path, ...definition }) => definition),
		lines: file.symbols.map(({ line }) => line),
	}));
}

/**
 * The files of each release. What is one object in `releases` is one in the answer.
 * Throws RangeError for a file that has not one line for each symbol.
 */
export function restoreKconfig(
	releases: readonly (readonly StoredKconfig[])[],
): (readonly KconfigFacts[])[] {
	const files = new Map<StoredKconfig, KconfigFacts>();
	const lists = new Map<readonly StoredKconfig[], readonly KconfigFacts[]>();
	for (const list of releases) {
		if (lists.has(list)) continue;
		for (const file of list) if (!files.has(file)) files.set(file, restored(file));
		lists.set(
			list,
			list.map((file) => files.get(file) ?? restored(file)),
		);
	}
	return releases.map((list) => lists.get(list) ?? []);
}

function restored({ path, sources, symbols, lines }: StoredKconfig): KconfigFacts {
	return {
		path,
		symbols: symbols.map((definition, i) => {
			const line = lines[i];
			if (line === undefined) throw new RangeError(`${path}: a symbol without a line`);
			return placed(definition, path, line);
		}),
		sources,
	};
}

/** Written out member by member: a spread takes thirty times as long, and there are tens of thousands. */
function placed(from: Definition, path: string, line: number): SymbolDef {
	const { name, type, depends, selects, implies, defaults } = from;
	const made: SymbolDef = { name, type, depends, selects, implies, defaults, line, path };
	if (from.prompt !== undefined) made.prompt = from.prompt;
	if (from.choice !== undefined) made.choice = from.choice;
	return made;
}
