/**
 * Which definition of a macro a file sees: its own, then those of what it includes, nearest first, then
 * any header that was read. Of several definitions the one of built-in code with something in its body.
 */
import {
	atoms,
	evaluate,
	isSymbolName,
	parseCondition,
	printCondition,
	residual,
} from '../../kernel/condition.ts';
import type { IncludeFact, MacroFact, MacroFacts } from './definitions.ts';

/** What the files of a tree say to the preprocessor, by path. */
export type MacroFiles = ReadonlyMap<string, MacroFacts>;

/** A definition, with where it is and what it hangs on. */
export interface Definition {
	macro: MacroFact;
	path: string;
	/** Under which CONFIG symbols it is this definition, as far as these decide. */
	when: string;
	/** Other definitions of the name that built-in code may have. */
	others: readonly MacroFact[];
}

/** What is taken for granted: built-in C code, outside of anybody's include guard. */
function builtIn(name: string): 'y' | 'n' | undefined {
	const asked = /^(?:defined\()?(\w+)\)?$/.exec(name)?.[1];
	if (asked === undefined) return undefined;
	if (asked === '__KERNEL__' || asked === '__GNUC__') return 'y';
	if (asked === 'MODULE' || asked === 'DO_NOT_DEFINE') return 'n';
	if (
		/^__ASSEMBL|^LINKER_SCRIPT$|^__CHECKER__$|^__GENKSYMS__$|^__DTS__$|^USE_HOSTCC$/.test(asked)
	) {
		return 'n';
	}
	return undefined;
}

/** The paths a file of a tree may mean by an include, most likely first. */
export function includedPaths({ path, beside }: IncludeFact, from: string): string[] {
	if (path.startsWith('/') || path.length > 200) return [];
	const folder = from.slice(0, from.lastIndexOf('/') + 1);
	const found = beside ? [normal(folder + path)] : [];
	found.push(normal(`include/${path}`));
	if (path.startsWith('asm/')) found.push(`include/asm-generic/${path.slice('asm/'.length)}`);
	if (path.startsWith('linux/')) found.push(`include/uapi/${path}`);
	return found.filter((one) => one !== '');
}

/** A path without `.` and `..`; '' where it leaves the tree. */
function normal(path: string): string {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..') {
			if (parts.pop() === undefined) return '';
		} else if (part !== '.' && part !== '') parts.push(part);
	}
	return parts.join('/');
}

/** Looks macros up for the files of one tree. */
export class MacroScopes {
	readonly #files: MacroFiles;
	/** Every definition of a header by name, for what no include leads to. */
	readonly #anywhere: Map<string, { path: string; macro: MacroFact }[]>;
	/** The definitions of a file by name. */
	readonly #own: Map<string, ReadonlyMap<string, MacroFact[]>>;
	readonly #reach = new Map<string, readonly string[]>();
	readonly #found = new Map<string, Definition | undefined>();

	/**
	 * @param headers the same for files that are among these, and that are all headers there are; of the others
	 * only those are read then
	 */
	constructor(files: MacroFiles, headers?: MacroScopes) {
		this.#files = files;
		this.#anywhere = headers === undefined ? new Map() : headers.#anywhere;
		this.#own = headers === undefined ? new Map() : new Map(headers.#own);
		for (const [path, { macros }] of files) {
			if (this.#own.has(path)) continue;
			const own = new Map<string, MacroFact[]>();
			for (const macro of macros) {
				const known = own.get(macro.name);
				if (known === undefined) own.set(macro.name, [macro]);
				else known.push(macro);
				if (!path.endsWith('.h')) continue;
				const all = this.#anywhere.get(macro.name);
				if (all === undefined) this.#anywhere.set(macro.name, [{ path, macro }]);
				else all.push({ path, macro });
			}
			this.#own.set(path, own);
		}
	}

	/** The definition that a file sees; undefined where the name is no macro that is known. */
	find(name: string, from: string): Definition | undefined {
		const own = this.#own.get(from)?.get(name);
		if (own === undefined && !this.#anywhere.has(name)) return undefined;
		const key = `${from}\0${name}`;
		if (!this.#found.has(key)) this.#found.set(key, this.#search(name, from));
		return this.#found.get(key);
	}

	#search(name: string, from: string): Definition | undefined {
		for (const path of this.#reached(from)) {
			const own = this.#own.get(path)?.get(name);
			const found = own && chosen(own.map((macro) => ({ macro, path })));
			if (found !== undefined) return found;
		}
		return chosen(this.#anywhere.get(name) ?? []);
	}

	/** A file and what it includes, breadth first, as far as it was read. */
	#reached(from: string): readonly string[] {
		const known = this.#reach.get(from);
		if (known !== undefined) return known;
		const found = new Set([from]);
		for (const path of found) {
			for (const include of this.#files.get(path)?.includes ?? []) {
				const there = includedPaths(include, path).find((one) => this.#files.has(one));
				if (there !== undefined) found.add(there);
			}
		}
		const reached = [...found];
		this.#reach.set(from, reached);
		return reached;
	}
}

function chosen(all: readonly { path: string; macro: MacroFact }[]): Definition | undefined {
	const possible = all.filter(
		({ macro }) => evaluate(parseCondition(macro.when), builtIn) !== false,
	);
	const full = possible.filter(({ macro }) => !doesNothing(macro));
	const [best = possible[0]] = full;
	if (best === undefined) return undefined;
	const others = possible.filter((one) => one !== best).map(({ macro }) => macro);
	return { ...best, when: others.length === 0 ? '' : configOf(best.macro.when), others };
}

function doesNothing({ body }: MacroFact): boolean {
	return body === '' || /^do \{ ?\} while ?\(0\)$/.test(body);
}

/** What of a condition is about CONFIG symbols; '' where it is about anything else as well. */
function configOf(when: string): string {
	const left = residual(parseCondition(when), builtIn);
	return atoms(left).every(isSymbolName) ? printCondition(left) : '';
}
