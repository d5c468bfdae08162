/** The files of a tree that were read for ways (facts.ts), searchable by name. Answers questions; judges nothing. */
import {
	ALWAYS,
	and,
	type Condition,
	conditionAt,
	type Region,
	regions,
} from '../../kernel/condition.ts';
import type { FileWays, WayFunction, WayUse } from './facts.ts';

/** A function in its file. */
export interface Place {
	path: string;
	file: FileWays;
	fn: WayFunction;
	/** Index of the function in its file. */
	at: number;
}

/** A use in its file. */
export interface UseAt {
	path: string;
	file: FileWays;
	use: WayUse;
}

/** `drivers/gpio/gpio-omap.c` → drivers/gpio */
export function folderOf(path: string): string {
	return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export class WayProgram {
	readonly files: ReadonlyMap<string, FileWays>;
	readonly #uses = new Map<string, UseAt[]>();
	readonly #through = new Map<string, UseAt[]>();
	readonly #globals = new Map<string, string[]>();
	readonly #locals = new Set<string>();
	/** Macros by what they call; one that defines functions stands at file scope and calls nothing. */
	readonly #macros = new Map<string, { path: string; name: string }[]>();
	readonly #regions = new Map<FileWays, Region[]>();

	constructor(files: ReadonlyMap<string, FileWays>) {
		this.files = files;
		for (const [path, file] of files) {
			for (const use of file.uses) {
				push(use.how === 'through' ? this.#through : this.#uses, use.name, { path, file, use });
			}
			for (const macro of file.macros) {
				if (!macro.defines) push(this.#macros, macro.callee, { path, name: macro.name });
			}
			for (const { name, local } of file.functions) {
				if (local && !path.endsWith('.h')) this.#locals.add(`${path}\0${name}`);
				else if (!local) push(this.#globals, name, path);
			}
		}
	}

	/** The macros of headers that call a function. */
	macrosFor({ path, fn }: Place): string[] {
		const found = new Set([fn.name]);
		for (const name of found) {
			for (const macro of this.#macros.get(name) ?? []) {
				if (!fn.local || macro.path === path) found.add(macro.name);
			}
		}
		found.delete(fn.name);
		return [...found];
	}

	/** The uses that mean a function, by its name or by a macro that calls it. */
	usesOf(place: Place): UseAt[] {
		return [place.fn.name, ...this.macrosFor(place)].flatMap((name) => this.#visible(name, place));
	}

	/** A function of another file with the same name hides it there. */
	#visible(name: string, { path, fn }: Place): UseAt[] {
		const all = this.#uses.get(name) ?? [];
		// A static inline function of a header is seen by whoever includes it.
		if (fn.local && !path.endsWith('.h')) return all.filter((one) => one.path === path);
		return all.filter(
			(one) =>
				one.path === path ||
				(!this.#locals.has(`${one.path}\0${name}`) && this.nearest(fn.name, one.path, path)),
		);
	}

	/** Whether of several functions with one name the one in `path` is what a file means: the one that is nearest. */
	nearest(name: string, from: string, path: string): boolean {
		const all = this.#globals.get(name) ?? [];
		if (all.length < 2) return true;
		const own = shared(from, path);
		return all.every((other) => other === path || shared(from, other) <= own);
	}

	/** True where several functions of one name are equally near. */
	isAmbiguous(name: string, from: string): boolean {
		const all = this.#globals.get(name) ?? [];
		if (all.length < 2) return false;
		const near = all.map((path) => shared(from, path));
		const most = Math.max(...near);
		return near.filter((one) => one === most).length > 1;
	}

	/** Calls through a member. */
	through(member: string): readonly UseAt[] {
		return this.#through.get(member) ?? [];
	}

	/** The function that a use is in; undefined at file scope. */
	holder({ path, file, use }: UseAt): Place | undefined {
		const fn = file.functions[use.in];
		return fn === undefined ? undefined : { path, file, fn, at: use.in };
	}

	/** The condition under which a line of a file is compiled. */
	conditionAt(file: FileWays, line: number): Condition {
		if (file.directives.length === 0) return ALWAYS;
		let known = this.#regions.get(file);
		if (known === undefined) {
			known = regions(file.directives, file.lines);
			this.#regions.set(file, known);
		}
		return and(conditionAt(known, line));
	}
}

/** How many folders two paths have in common, from the root. */
function shared(a: string, b: string): number {
	const left = a.split('/');
	const right = b.split('/');
	let at = 0;
	while (at < left.length - 1 && at < right.length - 1 && left[at] === right[at]) at++;
	return at;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
	const known = map.get(key);
	if (known === undefined) map.set(key, [value]);
	else known.push(value);
}
