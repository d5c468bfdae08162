/**
 * The names that a file defines, which tell what of its bodies is kept. Versions of a file have mostly the same, so
 * sets of them are known by a number, and what was told of a body is remembered with it.
 */
import type { FileFacts, FunctionFact } from './facts.ts';
import { type FileNames, fileNames } from './relevance.ts';

/** The names of a file; equal numbers are equal names. */
export interface KnownNames extends FileNames {
	readonly id: number;
	/** Those of functions that have a body. */
	readonly defined: ReadonlySet<string>;
}

type Scope = Pick<FileFacts, 'functions' | 'structs' | 'variables' | 'symbols'>;

/** What of a passage defines names. */
export interface Defining extends Omit<Scope, 'functions'> {
	readonly functions: readonly { readonly fact: FunctionFact }[];
	/** The names, as a key. */
	readonly defines: string;
}

/** The names of files, as far as they are remembered. */
export class NamesOfFiles {
	readonly #known = new Map<string, KnownNames>();
	#last = 0;

	/** The names of a file, whose passages are given. */
	of(passages: readonly Defining[]): KnownNames {
		let key = '';
		for (const { defines } of passages) key += defines;
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const functions = passages.flatMap((one) => one.functions.map(({ fact }) => fact));
		const structs = passages.flatMap((one) => one.structs);
		const variables = passages.flatMap((one) => one.variables);
		const symbols = passages.flatMap((one) => one.symbols);
		const defined = new Set(functions.map(({ name }) => name));
		const scope = { functions, structs, variables, symbols };
		const names = { ...fileNames(scope), id: ++this.#last, defined };
		if (this.#known.size >= MOST_KNOWN) this.#known.clear();
		this.#known.set(key, names);
		return names;
	}
}

/** Files whose names are remembered: the versions of some are read in turns. */
const MOST_KNOWN = 64;

/** A key of the names that a text defines: equal for no others, since no name has a line feed or NUL in it. */
export function definesOf({ functions, structs, variables, symbols }: Scope): string {
	if (functions.length + structs.length + variables.length + symbols.length === 0) return '';
	const declared = symbols.filter(({ kind }) => kind !== 'macro');
	return [functions, declared, structs, variables]
		.map((some) => `${some.map(({ name }) => `${name}\n`).join('')}\0`)
		.join('');
}
