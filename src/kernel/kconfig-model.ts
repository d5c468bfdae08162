/**
 * Kconfig files of one tree put together: who defines and who selects a symbol on which
 * architecture, and which files have to be read to know. Symbols are looked at lazily: a tree
 * has tens of thousands of them, and a driver hangs on a few dozen.
 */

import type { Condition } from './condition-algebra.ts';
import { ALWAYS, and, atom, isSymbolName, not, or, parseCondition } from './condition-algebra.ts';
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
	/**
	 * Whether a symbol that an architecture does not define may still be y there: false when
	 * all of its files are given and only other architectures define it, or nobody does.
	 */
	mayBeFree(symbol: string, arch: string): boolean;
	/** Whether a name may be y there at all: no symbol, or one that is defined or may be free. */
	mayBeYes(name: string, arch: string): boolean;
	/** What follows from a symbol being y: what it selects of what is there, and the rest of its choices is n. */
	consequences(symbol: string, arch: string): Consequences;
	/** What a symbol may be n under, {@link selections} of it apart: its defaults do not give it, or are asked for. */
	unforced(symbol: string, arch: string): Condition;
	/** {@link selectors}, as what keeps each from giving a symbol y. */
	selections(symbol: string, arch: string): readonly Selection[];
}

/** What follows from a symbol that is y. */
export interface Consequences {
	readonly selects: readonly { target: string; when: Condition; unless: Condition }[];
	/** That the other members of its choices are n. */
	readonly rivals: readonly Condition[];
}

/** A symbol that selects another one. */
export interface Selection {
	readonly by: string;
	/** That it does not. */
	readonly unless: Condition;
	/** That it is off, or does not. */
	readonly off: Condition;
	/** Whether nobody is asked for it. */
	readonly automatic: boolean;
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
	const mayBeFree = (symbol: string, arch: string): boolean =>
		options.incomplete?.has(arch) === true ||
		(bySymbol.has(symbol) ? false : (options.knownElsewhere?.(symbol) ?? true));
	const mayBeYes = remembering(
		(name, arch) =>
			!isSymbolName(name) || definitions(name, arch).length > 0 || mayBeFree(name, arch),
	);
	/** The other members of the choices that its definitions there belong to, each once. */
	const rivals = (symbol: string, arch: string): string[] => {
		const keys = new Set(definitions(symbol, arch).map(({ def }) => choiceKey(def)));
		const members = new Set([...keys].flatMap((key) => [...(choices.get(key) ?? [])]));
		members.delete(symbol);
		return [...members];
	};
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
		mayBeFree,
		mayBeYes,
		consequences: remembering((symbol, arch) => ({
			selects: definitions(symbol, arch).flatMap(({ selects }) =>
				// Selecting a symbol that this architecture does not have does nothing.
				selects
					.filter(({ target }) => mayBeYes(target, arch))
					.map(({ target, when }) => ({ target, when, unless: not(when) })),
			),
			rivals: rivals(symbol, arch).map((rival) => not(atom(rival))),
		})),
		unforced: remembering((symbol, arch) => {
			const own = definitions(symbol, arch);
			if (!own.some(isBoolean)) return ALWAYS;
			return or(...own.map((d) => d.visible), not(or(...own.map((d) => d.byDefault))));
		}),
		selections: remembering((symbol, arch) =>
			selectors(symbol, arch).map(({ by, when }) => ({
				by,
				unless: not(when),
				off: or(not(atom(by)), not(when)),
				automatic: definitions(by, arch).every((d) => d.visible.kind === 'never'),
			})),
		),
	};
}

const MODELS = new WeakMap<readonly KconfigFacts[], KconfigModel>();

/** {@link kconfigModel} of files alone, made once for as long as they are there: it remembers what it was asked. */
export function modelOf(files: readonly KconfigFacts[]): KconfigModel {
	let model = MODELS.get(files);
	if (model === undefined) {
		model = kconfigModel(files);
		MODELS.set(files, model);
	}
	return model;
}

/** An answer about a symbol on an architecture, found once: the solver asks the same again and again. */
function remembering<T>(
	find: (symbol: string, arch: string) => T,
): (symbol: string, arch: string) => T {
	const byArch = new Map<string, Map<string, T>>();
	// Questions about one architecture come together.
	let last: string | undefined;
	let known = new Map<string, T>();
	return (symbol, arch) => {
		if (arch !== last) {
			known = byArch.get(arch) ?? new Map<string, T>();
			byArch.set(arch, known);
			last = arch;
		}
		const own = known;
		let answer = own.get(symbol);
		if (answer === undefined) {
			answer = find(symbol, arch);
			own.set(symbol, answer);
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

/** Whether a definition is of a bool or tristate. */
export function isBoolean({ def }: Definition): boolean {
	return def.type === 'bool' || def.type === 'tristate';
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
			.filter((def) => mayBeArchitecture(def.name, name))
			.sort(
				(a, b) =>
					Number(b.name === wanted) - Number(a.name === wanted) ||
					b.selects.length - a.selects.length,
			);
		if (best) found.push({ name, symbol: best.name });
	}
	return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a symbol has a name like that of the one that is an architecture's own. */
export function mayBeArchitecture(symbol: string, folder: string): boolean {
	const wanted = folder.toUpperCase();
	return isSubsequence(symbol, wanted) || isSubsequence(wanted, symbol);
}

function isSubsequence(letters: string, of: string): boolean {
	let at = 0;
	for (const c of of) if (c === letters[at]) at++;
	return at === letters.length;
}
