/**
 * Kconfig files of one tree put together: who defines and who selects a symbol on which
 * architecture, and which files have to be read to know. Symbols are looked at lazily: a tree
 * has tens of thousands of them, and a driver hangs on a few dozen.
 */

import type { Condition } from './condition-algebra.ts';
import { ALWAYS, and, atom, or, parseCondition } from './condition-algebra.ts';
import type { KconfigFacts, SymbolDef } from './kconfig.ts';
import { defaultCondition } from './kconfig.ts';

export interface Architecture {
	/** The folder below arch/: `arm64`. */
	name: string;
	/** The symbol that is y on it and n elsewhere: `ARM64`. */
	symbol: string;
}

/** One definition with its conditions, those of the files that source it included. */
export interface Definition {
	readonly def: SymbolDef;
	/** Architectures whose kernels read it; undefined when all do. */
	readonly archs: ReadonlySet<string> | undefined;
	readonly depends: Condition;
	/** When the user is asked: never for a symbol without a prompt. */
	readonly visible: Condition;
	/** When it is y without being asked for or selected. */
	readonly byDefault: Condition;
	readonly selects: readonly { target: string; when: Condition }[];
}

export interface KconfigModel {
	readonly architectures: readonly Architecture[];
	/** The definitions an architecture reads; [] when there are none for it. */
	definitions(symbol: string, arch: string): readonly Definition[];
	/** Who selects it there, and when. */
	selectors(symbol: string, arch: string): readonly { by: string; when: Condition }[];
	/** What gives a symbol y there: the user, a default, or who selects it. */
	givers(symbol: string, arch: string): Condition;
	/** Under which conditions one of its definitions may be built there. */
	mayBeBuilt(symbol: string, arch: string): Condition;
	/** Whether any given file defines it, for whatever architecture. */
	isDefined(symbol: string): boolean;
	/** The other members of the choices its definitions there belong to, each once. */
	rivals(symbol: string, arch: string): readonly string[];
	/**
	 * Whether a symbol that an architecture does not define may still be y there: false when
	 * all of its files are given and only other architectures define it, or nobody does.
	 */
	mayBeFree(symbol: string, arch: string): boolean;
}

export interface ModelOptions {
	/**
	 * For a symbol that no given file defines: whether another file of the tree does. Where it
	 * says no, the symbol is n; without it, such symbols are free.
	 */
	readonly knownElsewhere?: (symbol: string) => boolean;
	/** Architectures with files still to be read: what they do not define yet stays free. */
	readonly incomplete?: ReadonlySet<string>;
}

/** The model of a tree from the Kconfig files that were read of it. */
export function kconfigModel(
	files: readonly KconfigFacts[],
	options: ModelOptions = {},
): KconfigModel {
	const reach = archReach(files);
	const conditions = fileConditions(files);
	const architectures = architecturesIn(files);
	const bySymbol = new Map<string, SymbolDef[]>();
	const selecting = new Map<string, Set<string>>();
	const choices = new Map<string, Set<string>>();
	for (const file of files) {
		for (const def of file.symbols) {
			push(bySymbol, def.name, def);
			if (def.choice !== undefined) add(choices, choiceKey(def), def.name);
			for (const { target } of def.selects) add(selecting, target, def.name);
		}
	}
	const compiled = new Map<string, Definition[]>();
	const all = (symbol: string): Definition[] => {
		let list = compiled.get(symbol);
		if (!list) {
			list = (bySymbol.get(symbol) ?? []).map((def) =>
				compile(def, conditions(def.path), reach.get(def.path)),
			);
			compiled.set(symbol, list);
		}
		return list;
	};
	const definitions = remembering((symbol, arch) =>
		all(symbol).filter((d) => d.archs === undefined || d.archs.has(arch)),
	);
	const selectors = remembering((symbol, arch) =>
		[...(selecting.get(symbol) ?? [])].flatMap((by) =>
			definitions(by, arch).flatMap((d) =>
				d.selects.filter((s) => s.target === symbol).map((s) => ({ by, when: s.when })),
			),
		),
	);
	return {
		architectures,
		definitions,
		selectors,
		givers: remembering((symbol, arch) => {
			const own = definitions(symbol, arch);
			return or(
				...own.map((d) => d.visible),
				...own.map((d) => d.byDefault),
				...selectors(symbol, arch).map((s) => and(atom(s.by), s.when)),
			);
		}),
		mayBeBuilt: remembering((symbol, arch) =>
			or(...definitions(symbol, arch).map((d) => d.depends)),
		),
		isDefined: (symbol) => bySymbol.has(symbol),
		rivals: remembering((symbol, arch) => {
			const keys = new Set(definitions(symbol, arch).map(({ def }) => choiceKey(def)));
			const members = new Set([...keys].flatMap((key) => [...(choices.get(key) ?? [])]));
			members.delete(symbol);
			return [...members];
		}),
		mayBeFree: (symbol, arch) =>
			options.incomplete?.has(arch) === true ||
			(bySymbol.has(symbol) ? false : (options.knownElsewhere?.(symbol) ?? true)),
	};
}

/** An answer about a symbol on an architecture, found once: the solver asks the same again and again. */
function remembering<T>(
	find: (symbol: string, arch: string) => T,
): (symbol: string, arch: string) => T {
	const byArch = new Map<string, Map<string, T>>();
	return (symbol, arch) => {
		let known = byArch.get(arch);
		if (known === undefined) {
			known = new Map();
			byArch.set(arch, known);
		}
		let answer = known.get(symbol);
		if (answer === undefined) {
			answer = find(symbol, arch);
			known.set(symbol, answer);
		}
		return answer;
	};
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
	const list = map.get(key);
	if (list) list.push(value);
	else map.set(key, [value]);
}

function add<T>(map: Map<string, Set<T>>, key: string, value: T): void {
	const set = map.get(key);
	if (set) set.add(value);
	else map.set(key, new Set([value]));
}

function choiceKey(def: SymbolDef): string {
	return def.choice === undefined ? '' : `${def.path}#${def.choice}`;
}

function compile(
	def: SymbolDef,
	file: Condition,
	archs: ReadonlySet<string> | undefined,
): Definition {
	const depends = and(file, parseCondition(def.depends));
	return {
		def,
		archs,
		depends,
		visible: def.prompt ? and(depends, parseCondition(def.prompt.when)) : { kind: 'never' },
		byDefault: and(depends, defaultCondition(def)),
		selects: def.selects.map(({ target, when }) => ({
			target,
			when: and(depends, parseCondition(when)),
		})),
	};
}

function archFolder(path: string): string | undefined {
	return /^arch\/([^/]+)\//.exec(path)?.[1];
}

/** For every file below arch/: the architectures that read it, by its place or by their sources. */
function archReach(files: readonly KconfigFacts[]): Map<string, Set<string>> {
	const byPath = new Map(files.map((file) => [file.path, file]));
	const reach = new Map<string, Set<string>>();
	for (const { path } of files) {
		const own = archFolder(path);
		if (own !== undefined) reach.set(path, new Set([own]));
	}
	for (const root of files.filter(({ path }) => /^arch\/[^/]+\/Kconfig$/.test(path))) {
		const arch = archFolder(root.path) ?? '';
		const seen = new Set([root.path]);
		// A set may grow while it is walked: newly found files are visited in turn.
		for (const path of seen) {
			reach.get(path)?.add(arch);
			for (const source of byPath.get(path)?.sources ?? []) {
				if (reach.has(source.path)) seen.add(source.path);
			}
		}
	}
	return reach;
}

/**
 * Under what condition a file is read at all: the `if`s around its `source` lines, all the way up.
 * Files outside arch/ are read by every architecture through the common tree, so what a single
 * architecture says around them does not count.
 */
function fileConditions(files: readonly KconfigFacts[]): (path: string) => Condition {
	const parents = new Map<string, { path: string; when: string }[]>();
	for (const file of files) {
		for (const { path, when } of file.sources) {
			if (archFolder(path) !== undefined || archFolder(file.path) === undefined) {
				push(parents, path, { path: file.path, when });
			}
		}
	}
	const known = new Map<string, Condition>();
	const conditionOf = (path: string): Condition => {
		const found = known.get(path);
		if (found) return found;
		// Stands for a file that sources itself, however far around.
		known.set(path, ALWAYS);
		const over = parents.get(path);
		const condition = over
			? or(...over.map((p) => and(conditionOf(p.path), parseCondition(p.when))))
			: ALWAYS;
		known.set(path, condition);
		return condition;
	};
	return conditionOf;
}

/**
 * The architectures of a tree. The symbol of a folder is the one its Kconfig makes y without
 * asking and without condition; of several, the one named like the folder, else the one whose name
 * shares its letters (PPC, SUPERH) and that selects most, as only an architecture does.
 */
export function architecturesIn(files: readonly KconfigFacts[]): Architecture[] {
	const found: Architecture[] = [];
	for (const { path, symbols } of files) {
		const name = /^arch\/([^/]+)\/Kconfig$/.exec(path)?.[1];
		if (name === undefined) continue;
		const wanted = name.toUpperCase();
		const constant = symbols.filter(
			(def) =>
				!def.prompt &&
				def.depends === '' &&
				def.defaults.length > 0 &&
				def.defaults.every((d) => d.value === 'y' && d.when === ''),
		);
		const [best] = constant
			.filter((def) => isSubsequence(def.name, wanted) || isSubsequence(wanted, def.name))
			.sort(
				(a, b) =>
					Number(b.name === wanted) - Number(a.name === wanted) ||
					b.selects.length - a.selects.length,
			);
		if (best) found.push({ name, symbol: best.name });
	}
	return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isSubsequence(letters: string, of: string): boolean {
	let at = 0;
	for (const c of of) if (c === letters[at]) at++;
	return at === letters.length;
}
