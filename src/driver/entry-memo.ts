/** What entries do, remembered from one set of headers to the next that says the same of the macros they use. */
import type { EntryFact } from './facts.ts';
import type { IncludeFact } from './macros/definitions.ts';
import { type EntryMeaning, meaningOf } from './macros/meaning.ts';
import { includedPaths, type MacroFiles, type MacroScopes } from './macros/scope.ts';
import type { SourceFile } from './profile.ts';

/** What an entry does, and the names that were looked up to tell. */
export interface EntryFound {
	readonly meaning: EntryMeaning | undefined;
	/** Nobody defines its macro. */
	readonly unknown: boolean;
}

/**
 * What entries of files do where the headers are the same: it hangs on the entry, on which of these the file
 * includes, and on macros of its own only where it defines one of the names that are looked up.
 */
export class EntryMemo {
	readonly #headers: MacroFiles;
	readonly #found: Map<string, EntryFound> = new Map();
	readonly #names: Set<string> = new Set();
	/** The header that an include of a file in some folder leads to; '' for none of them. */
	readonly #leads: Map<string, string> = new Map();
	readonly #asked: Set<string>;

	/**
	 * @param asked is given every name that is looked up
	 * @param like what was found with other headers and holds with these, too; see {@link holdsWith}
	 */
	constructor(headers: MacroFiles, asked: Set<string>, like?: EntryMemo) {
		this.#headers = headers;
		this.#asked = asked;
		if (like === undefined) return;
		this.#found = new Map(like.#found);
		this.#names = new Set(like.#names);
		this.#leads = new Map(like.#leads);
	}

	/** Whether other headers have the same names, and say the same of every macro that was looked up. */
	holdsWith(headers: MacroFiles): boolean {
		if (headers.size !== this.#headers.size) return false;
		for (const path of headers.keys()) if (!this.#headers.has(path)) return false;
		return saySame(this.#headers, headers, this.#names);
	}

	/** @param scopes made when something is not known */
	of(file: SourceFile, scopes: () => MacroScopes): (entry: EntryFact) => EntryFound {
		const { macros = [], includes = [] } = file.facts.preprocessor ?? {};
		const reached = new Set(includes.map((include) => this.#headerOf(include, file.path)));
		reached.delete('');
		const included = [...reached].join(' ');
		const own = new Set(macros.map(({ name }) => name));
		let known = !macros.some(({ name }) => this.#names.has(name));
		return (entry) => {
			const key = [file.path, included, entry.macro, ...entry.args].join('\0');
			const before = known ? this.#found.get(key) : undefined;
			if (before !== undefined) return before;
			const names = new Set<string>();
			const all = scopes();
			const find: MacroScopes['find'] = (name, from) => {
				names.add(name);
				return all.find(name, from);
			};
			const found = entryFound(entry, file.path, { find });
			for (const name of names) {
				this.#names.add(name);
				this.#asked.add(name);
				known &&= !own.has(name);
			}
			if (known) this.#found.set(key, found);
			return found;
		};
	}

	#headerOf(include: IncludeFact, from: string): string {
		const folder = from.slice(0, from.lastIndexOf('/') + 1);
		const name = include.beside ? `${folder}"${include.path}` : `<${include.path}`;
		const known = this.#leads.get(name);
		if (known !== undefined) return known;
		const found = leadsTo(include, from, this.#headers);
		this.#leads.set(name, found);
		return found;
	}
}

/**
 * Whether some headers say the same of every one of some names as others. What they include matters where a name
 * is defined in several of them: of these the nearest is the one.
 */
export function saySame(some: MacroFiles, others: MacroFiles, names: ReadonlySet<string>): boolean {
	const [before, after] = [saidOf(some, names), saidOf(others, names)];
	if (before.size !== after.size) return false;
	let rivals = false;
	for (const [name, said] of before) {
		if (after.get(name)?.join() !== said.join()) return false;
		rivals ||= said.length > 1;
	}
	return !rivals || includesOf(some) === includesOf(others);
}

/** By name what each header that defines it says of it, wherever in the header, in the order of headers. */
function saidOf(headers: MacroFiles, names: ReadonlySet<string>): Map<string, string[]> {
	const found = new Map<string, string[]>();
	for (const [path, { macros }] of headers) {
		for (const macro of macros) {
			if (!names.has(macro.name)) continue;
			const said = JSON.stringify([path, { ...macro, line: 0 }]);
			const known = found.get(macro.name);
			if (known === undefined) found.set(macro.name, [said]);
			else known.push(said);
		}
	}
	return found;
}

/** Which headers there are, and which of them each includes. */
function includesOf(headers: MacroFiles): string {
	const found: string[][] = [];
	for (const [path, { includes }] of headers) {
		const reached = includes.map((include) => leadsTo(include, path, headers));
		found.push([path, ...reached.filter((one) => one !== '')]);
	}
	return JSON.stringify(found);
}

/** The header that an include leads to; '' for none of them. */
function leadsTo(include: IncludeFact, from: string, headers: MacroFiles): string {
	return includedPaths(include, from).find((path) => headers.has(path)) ?? '';
}

/** What an entry does where macros are looked up like this. */
export function entryFound(
	entry: EntryFact,
	path: string,
	scopes: Pick<MacroScopes, 'find'>,
): EntryFound {
	const unknown = scopes.find(entry.macro, path) === undefined;
	return { meaning: meaningOf(entry, path, scopes), unknown };
}
