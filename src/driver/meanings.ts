/** The files of a tree with what their entries do, told from the macros of the tree. */
import { type EntryFound, EntryMemo, entryFound, saySame } from './entry-memo.ts';
import type { EntryFact, FileFacts, StructFact } from './facts.ts';
import { includesSource } from './included.ts';
import type { MacroFacts } from './macros/definitions.ts';
import type { EntryMeaning } from './macros/meaning.ts';
import { type MacroFiles, MacroScopes } from './macros/scope.ts';
import type { Capability } from './model.ts';
import type { SourceFile } from './profile.ts';

/** The facts of a header of which only the macros were read. */
export function headerFacts(preprocessor: MacroFacts): FileFacts {
	return {
		lines: 0,
		functions: [],
		directives: [],
		entries: [],
		structs: [],
		matchTables: [],
		calls: [],
		gates: [],
		hooks: [],
		symbols: [],
		variables: [],
		mentions: [],
		doubtful: [],
		preprocessor,
	};
}

/** Sets of headers whose meanings are remembered: histories go to and fro between branches. */
const MOST_SETS = 8;

/** Files with what they mean where there are these headers. */
interface HeaderSet {
	readonly headers: readonly SourceFile[];
	readonly files: MacroFiles;
	readonly scopes: MacroScopes;
	readonly known: WeakMap<FileFacts, SourceFile>;
	readonly entries: EntryMemo;
}

/** What sources mean, remembered for trees that share them and their headers. */
export class MeaningMemo {
	#sets: HeaderSet[] = [];
	/** Names that were looked up, with whatever headers. */
	readonly #asked = new Set<string>();

	/** Of sources that were looked at the paths of those of which entries do something else with other headers. */
	changed(
		sources: Iterable<SourceFile>,
		before: readonly SourceFile[],
		after: readonly SourceFile[],
	): string[] {
		const alike = saySame(macrosOf(before), macrosOf(after), this.#asked);
		// What a file means that includes a source takes the whole tree to tell: that it did not change is not told.
		const whole = [...before, ...after].some(({ facts }) => includesSource(facts));
		const [old, now] = [this.of(before), this.of(after)];
		const found: string[] = [];
		for (const file of sources) {
			if (!file.path.endsWith('.c')) continue;
			const same =
				!whole &&
				!includesSource(file.facts) &&
				(alike ||
					told(meaningsOf(file, old, undefined)) === told(meaningsOf(file, now, undefined)));
			if (!same) found.push(file.path);
		}
		return found;
	}

	/** The set of these headers, in this order. */
	of(headers: readonly SourceFile[]): HeaderSet {
		const found = this.#sets.find(
			(one) =>
				one.headers.length === headers.length &&
				one.headers.every(({ path, facts }, i) => {
					const other = headers[i];
					return path === other?.path && facts === other.facts;
				}),
		);
		const set = found ?? headerSet(headers, this.#sets, this.#asked);
		// The one that was asked for last comes first.
		if (this.#sets[0] !== set) {
			this.#sets = [set, ...this.#sets.filter((one) => one !== set)].slice(0, MOST_SETS);
		}
		return set;
	}
}

/**
 * @param others sets of which one may have said the same before
 * @param asked is given every name that is looked up
 */
function headerSet(
	headers: readonly SourceFile[],
	others: readonly HeaderSet[],
	asked: Set<string>,
): HeaderSet {
	const files = macrosOf(headers);
	const like = others.find(({ entries }) => entries.holdsWith(files));
	return {
		headers,
		files,
		scopes: new MacroScopes(files),
		known: new WeakMap(),
		entries: new EntryMemo(files, asked, like?.entries),
	};
}

function macrosOf(all: readonly SourceFile[]): Map<string, MacroFacts> {
	const files = new Map<string, MacroFacts>();
	for (const { path, facts } of all) {
		if (facts.preprocessor !== undefined) files.set(path, facts.preprocessor);
	}
	return files;
}

/**
 * Finds out what every entry of the sources does; objects that a macro declares get the type it gives them.
 * @param memo what was found out in other trees
 */
export function withMeanings(
	tree: ReadonlyMap<string, SourceFile>,
	memo = new MeaningMemo(),
): Map<string, SourceFile> {
	const headers: SourceFile[] = [];
	const sources: SourceFile[] = [];
	for (const [path, file] of tree) (path.endsWith('.c') ? sources : headers).push(file);
	const set = memo.of(headers);
	const byHeader = headers.some(({ facts }) => includesSource(facts));
	// What a source means that includes another hangs on that one.
	const isWhole = ({ facts }: SourceFile): boolean => byHeader || includesSource(facts);
	const whole = sources.some(isWhole)
		? new MacroScopes(macrosOf([...tree.values()]), set.scopes)
		: undefined;
	const found = new Map<string, SourceFile>();
	for (const [path, file] of tree) {
		found.set(
			path,
			path.endsWith('.c') ? meaningsOf(file, set, isWhole(file) ? whole : undefined) : file,
		);
	}
	return found;
}

/** @param whole the macros of all of the tree, where they are needed */
function meaningsOf(
	file: SourceFile,
	{ files, scopes, known, entries }: HeaderSet,
	whole: MacroScopes | undefined,
): SourceFile {
	if (whole !== undefined) return meant(file, (entry) => entryFound(entry, file.path, whole));
	const before = known.get(file.facts);
	if (before?.path === file.path) return before;
	const own = file.facts.preprocessor;
	let all: MacroScopes | undefined;
	const make = (): MacroScopes => {
		all ??= new MacroScopes(own === undefined ? files : new Map(files).set(file.path, own), scopes);
		return all;
	};
	const found = meant(file, entries.of(file, make));
	known.set(file.facts, found);
	return found;
}

function meant(file: SourceFile, find: (entry: EntryFact) => EntryFound): SourceFile {
	const meanings = new Map<EntryFact, EntryMeaning>();
	const types = new Map<string, string>();
	const unknownMacros = new Set<string>();
	for (const entry of file.facts.entries) {
		const { meaning, unknown } = find(entry);
		if (unknown) unknownMacros.add(entry.macro);
		if (meaning === undefined) continue;
		meanings.set(entry, meaning);
		if (meaning.list !== undefined) {
			types.set(`${entry.macro} ${entry.args[0] ?? ''}`, meaning.list.type);
		}
	}
	const structs = file.facts.structs.map((struct): StructFact => {
		const type = struct.macro && types.get(`${struct.type} ${struct.name}`);
		return type === undefined ? struct : { ...struct, type };
	});
	for (const [{ line, end }, { drivers = [] }] of meanings) {
		for (const made of drivers) structs.push({ ...made, line, end, fields: [] });
	}
	return { ...file, facts: { ...file.facts, structs }, meanings, unknownMacros };
}

/** What was found out about a file, as a text. */
function told({ facts, meanings, unknownMacros }: SourceFile): string {
	const types = facts.structs.map(({ type }) => type);
	return JSON.stringify([[...(meanings?.values() ?? [])], types, [...(unknownMacros ?? [])]]);
}

/** How drivers are entered in a tree at all, by the sections that some headers of it name. */
export function waysIn(
	headers: readonly string[],
	tree: ReadonlyMap<string, SourceFile>,
): Capability[] {
	const asked: [string, RegExp][] = [
		['initcalls', /\.(?:\w+_)?initcall/],
		['driver-lists', /u_boot_list/],
	];
	return asked.map(([capability, pattern]) => {
		for (const path of headers) {
			const header = tree.get(path);
			const macros = header?.facts.preprocessor?.macros ?? [];
			const found = macros.find(({ body }) => pattern.test(body));
			if (header === undefined || found === undefined) continue;
			const { blob } = header;
			return { capability, value: true, evidence: [{ path, line: found.line, blob }] };
		}
		return { capability, value: false, evidence: [] };
	});
}
