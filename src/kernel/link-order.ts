/**
 * The order in which objects are linked into the kernel, and so the order of initcalls of one level:
 * the lines of each Kbuild Makefile in turn, descending into a folder where it is named.
 */

import type { Condition } from './condition-algebra.ts';
import { ALWAYS, and, or, parseCondition, printCondition } from './condition-algebra.ts';
import type { MakefileEntry, MakefileFacts } from './makefile-parse.ts';

export interface Place {
	path: string;
	line: number;
}

/** One source file at its place in the link. */
export interface LinkedObject {
	/** The C file: `drivers/iommu/arm/arm-smmu/arm-smmu.c`. */
	source: string;
	/** The object that a Makefile lists by itself: the composite it is part of, or its own. */
	object: string;
	/** CONFIG symbol of that object; '' under obj-y. */
	symbol: string;
	/** Other CONFIG symbols under which it is listed: any of them links it, too. */
	also: readonly string[];
	/** All CONFIGs it needs, those of the folders above included. */
	when: string;
	/** What it needs besides the object it is part of: `ARM_SMMU_QCOM`. */
	part: string;
	/** 0 is linked first. */
	position: number;
	/** The line that names its object. */
	at: Place;
}

/** All objects under one CONFIG symbol; under obj-y, one object. */
export interface Module {
	/** '' under obj-y. */
	symbol: string;
	/** Its first object. */
	object: string;
	/** Sources in link order; `when` is what each needs besides the module's symbol, or one of `also` in its place. */
	sources: { path: string; when: string; also?: readonly string[] }[];
	/** Of its first object. */
	position: number;
	at: Place;
}

/**
 * The objects under some folders in link order. Positions of one call compare with each other.
 * The order between folders is that of the nearest Makefile above them, where it is given;
 * else that in which they are named. A folder whose Makefile is not given is passed over.
 * @param makefiles by path (`drivers/iommu/Makefile` or `…/Kbuild`).
 * @param folders one folder or several, without trailing slash.
 */
export function linkOrder(
	makefiles: ReadonlyMap<string, MakefileFacts>,
	folders: string | readonly string[],
): LinkedObject[] {
	const wanted = typeof folders === 'string' ? [folders] : folders;
	const walk = new Walk(makefiles);
	// From the top down, so that what the folders above ask for is known of everything below.
	for (const folder of foldersAbove(wanted)) walk.folder(folder, ALWAYS);
	for (const folder of wanted) walk.folder(folder, ALWAYS);
	return walk
		.objects()
		.filter(({ source }) =>
			wanted.some((folder) => folder === '' || source.startsWith(`${folder}/`)),
		);
}

/** Negative when `a` is linked before `b`, positive when after, 0 for the same object. */
export function comparePositions(
	a: { readonly position: number },
	b: { readonly position: number },
): number {
	return a.position - b.position;
}

/** The modules of a link order, by their first object. */
export function modules(order: readonly LinkedObject[]): Module[] {
	const found = new Map<string, Module>();
	for (const { source, object, symbol, also, part, position, at } of order) {
		const key = symbol === '' ? object : `CONFIG_${symbol}`;
		const module = found.get(key) ?? { symbol, object, sources: [], position, at };
		module.sources.push({ path: source, when: part, ...(also.length === 0 ? {} : { also }) });
		found.set(key, module);
	}
	return [...found.values()];
}

/** The folders that hold all of them, the outermost first. */
function foldersAbove(folders: readonly string[]): string[] {
	let common = folders[0]?.split('/') ?? [];
	for (const folder of folders) {
		const parts = folder.split('/');
		const differ = common.findIndex((part, i) => part !== parts[i]);
		if (differ >= 0) common = common.slice(0, differ);
	}
	return common.map((_, i) => common.slice(0, i + 1).join('/'));
}

interface Linked {
	readonly object: Omit<LinkedObject, 'when' | 'part' | 'position' | 'also'>;
	readonly also: Set<string>;
	when: Condition;
	part: Condition;
	/** Under which conditions it was linked, as text. */
	readonly known: Set<string>;
}

/** More conditions under which a tree links one object are nobody's; they would take time, each with all. */
const MOST_CONDITIONS = 32;

/** Whether a condition is new and to be looked at. */
function isNew(condition: string, known: Set<string>): boolean {
	if (known.has(condition) || known.size >= MOST_CONDITIONS) return false;
	known.add(condition);
	return true;
}

/** One descent through the folders; remembers where it has been, and on which conditions. */
class Walk {
	readonly #makefiles: ReadonlyMap<string, MakefileFacts>;
	readonly #linked = new Map<string, Linked>();
	readonly #visited = new Map<string, Set<string>>();
	/** Of each object and the file that names it the conditions under which it does. */
	readonly #named = new Map<string, Set<string>>();

	constructor(makefiles: ReadonlyMap<string, MakefileFacts>) {
		this.#makefiles = makefiles;
	}

	objects(): LinkedObject[] {
		return [...this.#linked.values()].map(({ object, also, when, part }, position) => ({
			...object,
			also: [...also],
			when: printCondition(when),
			part: printCondition(part),
			position,
		}));
	}

	/** Descends; a folder named again adds conditions to what it has, at its first place. */
	folder(folder: string, above: Condition): void {
		const path = [`${folder}/Kbuild`, `${folder}/Makefile`].find((p) => this.#makefiles.has(p));
		const facts = path === undefined ? undefined : this.#makefiles.get(path);
		if (path === undefined || !facts) return;
		const key = printCondition(above);
		const seen = this.#visited.get(folder) ?? new Set();
		// Without conditions it is a starting point: it needs no second visit if it was reached from above.
		if ((key === '' && seen.size > 0) || !isNew(key, seen)) return;
		this.#visited.set(folder, seen);
		const composites = new Map<string, MakefileEntry[]>();
		for (const entry of facts.entries) {
			if (entry.target === undefined) continue;
			const parts = composites.get(entry.target) ?? [];
			parts.push(entry);
			composites.set(entry.target, parts);
		}
		for (const entry of facts.entries) {
			if (entry.kind !== 'obj' || entry.moduleOnly) continue;
			const condition = and(above, parseCondition(entry.when));
			for (const name of entry.objects) {
				const full = normalise(`${folder}/${name}`);
				if (name.endsWith('/')) this.folder(full, condition);
				else this.#object(full, entry, { path, line: entry.line }, condition, composites);
			}
		}
	}

	#object(
		full: string,
		entry: MakefileEntry,
		at: Place,
		condition: Condition,
		composites: ReadonlyMap<string, readonly MakefileEntry[]>,
	): void {
		const line = `${at.path} ${full}`;
		const named = this.#named.get(line) ?? new Set();
		this.#named.set(line, named);
		if (!isNew(printCondition(condition), named)) return;
		const name = full.replace(/^.*\//, '').replace(/\.o$/, '');
		const folder = full.replace(/[^/]*$/, '');
		const parts = composites.get(name);
		const common = { object: full, symbol: entry.symbol, at };
		if (!parts) {
			this.#link({ ...common, source: source(full) }, condition, ALWAYS);
			return;
		}
		// Kbuild links foo-objs before foo-y, whichever is written first.
		const isObjs = (part: MakefileEntry) => /-objs(-|$)/.test(part.var);
		for (const part of [...parts.filter(isObjs), ...parts.filter((p) => !isObjs(p))]) {
			const own = parseCondition(part.when);
			for (const object of part.objects) {
				const path = source(normalise(folder + object));
				this.#link({ ...common, source: path }, and(condition, own), own);
			}
		}
	}

	#link(object: Linked['object'], when: Condition, part: Condition): void {
		const key = `${object.object} ${object.source}`;
		const known = this.#linked.get(key);
		const said = `${printCondition(when)}, ${printCondition(part)}`;
		if (known) {
			if (!isNew(said, known.known)) return;
			const { symbol } = known.object;
			if (symbol !== '' && symbol !== object.symbol) known.also.add(object.symbol);
			known.when = or(known.when, when);
			known.part = or(known.part, part);
		} else this.#linked.set(key, { object, also: new Set(), when, part, known: new Set([said]) });
	}
}

function source(object: string): string {
	return object.replace(/\.o$/, '.c');
}

/** Folds `a/../b` and `./`, and drops a trailing slash. */
function normalise(path: string): string {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '.' && part !== '') parts.push(part);
	}
	return parts.join('/');
}
