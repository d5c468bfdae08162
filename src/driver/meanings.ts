/** The files of a tree with what their entries do, told from the macros of the tree. */
import type { EntryFact, FileFacts, StructFact } from './facts.ts';
import type { MacroFacts } from './macros/definitions.ts';
import { type EntryMeaning, meaningOf } from './macros/meaning.ts';
import { MacroScopes } from './macros/scope.ts';
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

/** Finds out what every entry of the sources does; objects that a macro declares get the type it gives them. */
export function withMeanings(tree: ReadonlyMap<string, SourceFile>): Map<string, SourceFile> {
	const macros = new Map<string, MacroFacts>();
	for (const [path, { facts }] of tree) {
		if (facts.preprocessor !== undefined) macros.set(path, facts.preprocessor);
	}
	const scopes = new MacroScopes(macros);
	const found = new Map<string, SourceFile>();
	for (const [path, file] of tree) {
		found.set(path, path.endsWith('.c') ? meant(file, scopes) : file);
	}
	return found;
}

function meant(file: SourceFile, scopes: MacroScopes): SourceFile {
	const meanings = new Map<EntryFact, EntryMeaning>();
	const types = new Map<string, string>();
	const unknownMacros = new Set<string>();
	for (const entry of file.facts.entries) {
		if (scopes.find(entry.macro, file.path) === undefined) unknownMacros.add(entry.macro);
		const meaning = meaningOf(entry, file.path, scopes);
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
	return { ...file, facts: { ...file.facts, structs }, meanings, unknownMacros };
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
