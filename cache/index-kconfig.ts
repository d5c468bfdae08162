/**
 * Prunes the Kconfig files of a tree to what bears on some symbols, for the release index: a tree
 * has thousands of symbols, and a driver hangs on a few dozen. Answers about the symbols stay.
 */
import { atoms, parseCondition } from '../src/kernel/condition.ts';
import type { KconfigFacts, SymbolDef } from '../src/kernel/kconfig.ts';
import type { KconfigEntry } from '../src/kernel/kconfig-entry.ts';
import { architecturesIn, mayBeArchitecture } from '../src/kernel/kconfig-model.ts';
import type { KconfigOutline } from '../src/kernel/kconfig-outline.ts';
import { KconfigSymbols, type TreeSymbols } from './kconfig-symbols.ts';
import type { LinkedTree } from './source.ts';

/**
 * The same files without the symbols that do not matter.
 * Kept is what `roots` and the architectures' own symbols hang on: everything named in their
 * conditions and defaults, what the roots select, and who selects a symbol that some architecture does not
 * ask for. Selects of symbols that are not kept are left out, and so are the other members of a choice:
 * they can always be n.
 * @param files of one tree; of their entries only those are parsed that may be kept
 * @param roots symbols that will be asked about: those of modules and of conditions in sources
 * @param known what other trees have in common with this one
 */
export function pruneKconfig(
	files: readonly KconfigOutline[],
	roots: Iterable<string>,
	known = new KconfigSymbols(),
): KconfigFacts[] {
	const architectures = architecturesIn(archFiles(files));
	const kept = closure(
		files,
		known.of(files),
		roots,
		new Set(architectures.map(({ symbol }) => symbol)),
	);
	const needed = neededFiles(files, kept);
	const prune = (file: KconfigOutline, full: ReadonlySet<string>): KconfigFacts => ({
		path: file.path,
		symbols: file.entries
			.filter(({ name }) => kept.has(name))
			.map((entry) => entry.def())
			.map((def) => (full.has(`${file.path}#${def.name}`) ? def : withoutOthers(def, kept))),
		sources: file.sources.filter(({ path }) => needed.has(path)),
	});
	const left = files.filter(({ path }) => needed.has(path));
	const pruned = left.map((file) => prune(file, new Set<string>()));
	// Which symbol is a folder's own may show only by how much it selects.
	const now = new Map(architecturesIn(pruned).map((arch) => [arch.name, arch.symbol]));
	const full = new Set(
		architectures
			.filter(({ name, symbol }) => now.get(name) !== symbol)
			.map(({ name, symbol }) => `arch/${name}/Kconfig#${symbol}`),
	);
	if (full.size === 0) return pruned;
	return left.map((file) => prune(file, full));
}

/** Of the files that architectures begin with, what {@link architecturesIn} looks at. */
function archFiles(files: readonly KconfigOutline[]): KconfigFacts[] {
	return files.flatMap(({ path, entries }) => {
		const folder = ARCH_FILE.exec(path)?.[1];
		if (folder === undefined) return [];
		let named = NAMED.get(entries);
		if (named === undefined) {
			named = entries.filter(({ name }) => mayBeArchitecture(name, folder));
			NAMED.set(entries, named);
		}
		return [{ path, symbols: named.map((entry) => entry.def()), sources: [] }];
	});
}

/** By the entries of a file that an architecture begins with: those with a name like its own. */
const NAMED = new WeakMap<readonly KconfigEntry[], readonly KconfigEntry[]>();

/** The file that an architecture's Kconfig begins with. */
const ARCH_FILE = /^arch\/([^/]+)\/Kconfig$/;

function withoutOthers(def: SymbolDef, kept: ReadonlySet<string>): SymbolDef {
	return {
		...def,
		selects: def.selects.filter(({ target }) => kept.has(target)),
		implies: def.implies.filter(({ target }) => kept.has(target)),
	};
}

/** Every symbol that the answer about a root may hang on. */
function closure(
	files: readonly KconfigOutline[],
	symbols: TreeSymbols,
	roots: Iterable<string>,
	architectures: ReadonlySet<string>,
): Set<string> {
	const above = new Map<string, string[]>();
	for (const { sources } of files) {
		for (const { path, when } of sources) for (const name of named(when)) add(above, path, name);
	}
	const kept = new Set<string>(architectures);
	// A set may grow while it is walked: what is added is visited in turn.
	const driving = new Set<string>(roots);
	for (const name of driving) {
		kept.add(name);
		for (const { selects } of symbols.definitions(name)) {
			for (const target of selects) {
				if (!driving.has(target) && symbols.definitions(target).length > 0) driving.add(target);
			}
		}
	}
	for (const name of kept) {
		const defs = symbols.definitions(name).map((entry) => entry.def());
		for (const def of defs) {
			for (const other of named(def.depends)) kept.add(other);
			if (def.prompt !== undefined) for (const other of named(def.prompt.when)) kept.add(other);
			for (const { value, when } of def.defaults) {
				for (const other of [...named(value), ...named(when)]) kept.add(other);
			}
			for (const { target, when } of def.selects) {
				if (kept.has(target)) for (const other of named(when)) kept.add(other);
			}
			for (const other of above.get(def.path) ?? []) kept.add(other);
		}
		if (defs.some(({ prompt }) => prompt === undefined)) {
			for (const other of symbols.selectors(name)) kept.add(other);
		}
	}
	return kept;
}

/** Files that define a kept symbol, those that lead to them, and where architectures begin. */
function neededFiles(files: readonly KconfigOutline[], kept: ReadonlySet<string>): Set<string> {
	const parents = new Map<string, string[]>();
	const needed = new Set<string>();
	for (const file of files) {
		for (const { path } of file.sources) add(parents, path, file.path);
		if (ARCH_FILE.test(file.path) || file.entries.some(({ name }) => kept.has(name))) {
			needed.add(file.path);
		}
	}
	for (const path of needed) for (const parent of parents.get(path) ?? []) needed.add(parent);
	return needed;
}

function named(when: string): string[] {
	return when === '' ? [] : atoms(parseCondition(when));
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
	const list = map.get(key);
	if (list === undefined) map.set(key, [value]);
	else list.push(value);
}

/** The symbols that are asked about a tree: those of its modules and of conditions in its sources. */
export function kconfigRootsOf(tree: LinkedTree): Set<string> {
	const symbols = tree.modules.flatMap(({ symbol, sources }) => [
		symbol,
		...sources.flatMap(({ also = [] }) => also),
	]);
	const roots = new Set(symbols.filter((symbol) => symbol !== ''));
	addConditions([tree.facts, tree.modules], roots);
	return roots;
}

/** The CONFIG names of every `when` below a value. */
function addConditions(value: unknown, into: Set<string>): void {
	if (typeof value !== 'object' || value === null) return;
	for (const [name, member] of Object.entries(value)) {
		if (name === 'when' && typeof member === 'string') {
			for (const atom of atoms(parseCondition(member))) into.add(atom);
		} else addConditions(member, into);
	}
}
