/**
 * Which headers tell what the entries of sources do: those that define a macro which an entry names, or which the
 * definition of such a macro names. By names alone, in whatever versions of the files and whatever hangs on
 * conditions: one too many does no harm.
 */
import type { MacroFact } from './definitions.ts';

type Definition = Pick<MacroFact, 'name' | 'params' | 'rest' | 'body'>;

const NAMES = /[A-Za-z_$][\w$]*/g;
const PASTED = /[\w$]+(?:\s*##\s*[\w$]+)+/g;

export class NeededHeaders {
	readonly #definitions = new Map<string, Definition[]>();
	/** Headers by the names that they define. */
	readonly #definers = new Map<string, Set<string>>();
	/** Names whose definitions matter. */
	readonly #asked = new Set<string>();
	/** What may come of pasting in these definitions. */
	readonly #pasted = new Map<string, Pasted>();
	readonly #needed = new Set<string>();

	/** Paths of headers: what is added and asked for later may need more. */
	get needed(): ReadonlySet<string> {
		return this.#needed;
	}

	/** How many names were asked for. */
	get asked(): number {
		return this.#asked.size;
	}

	/** Whether a header defines a name, in any version. */
	isDefined(name: string): boolean {
		return this.#definers.has(name);
	}

	/**
	 * Whether several headers of one tree define a name that was asked for: which of them a source means hangs on all
	 * that it includes.
	 */
	hasRivals(headers: Iterable<readonly [path: string, macros: readonly Definition[]]>): boolean {
		const by = new Map<string, string>();
		for (const [path, macros] of headers) {
			for (const { name } of macros) {
				if (!this.#asked.has(name)) continue;
				if ((by.get(name) ?? path) !== path) return true;
				by.set(name, path);
			}
		}
		return false;
	}

	/** Adds what a version of a header defines. */
	addHeader(path: string, macros: readonly Definition[]): void {
		for (const { name } of macros) {
			const known = this.#definers.get(name);
			if (known?.has(path)) continue;
			if (known === undefined) this.#definers.set(name, new Set([path]));
			else known.add(path);
			if (this.#asked.has(name)) this.#need(name);
			else if (this.#isPasted(name)) this.ask([name]);
		}
		for (const macro of macros) {
			const known = this.#definitions.get(macro.name);
			if (known?.some((one) => sameDefinition(one, macro))) continue;
			if (known === undefined) this.#definitions.set(macro.name, [macro]);
			else known.push(macro);
			if (this.#asked.has(macro.name)) this.ask(this.#namesIn(macro));
		}
	}

	/**
	 * Asks for what an entry of a source names, its arguments included.
	 * @param own what the source defines for itself
	 */
	askFor(entry: { macro: string; args: readonly string[] }, own: readonly Definition[]): void {
		const names = [entry.macro, ...entry.args.flatMap((argument) => argument.match(NAMES) ?? [])];
		const defined = new Set<Definition>();
		for (const name of names) {
			for (const macro of own) {
				if (macro.name !== name || defined.has(macro)) continue;
				defined.add(macro);
				names.push(...this.#namesIn(macro));
			}
		}
		this.ask(names);
	}

	/** Asks for names, and those in their definitions. */
	ask(names: Iterable<string>): void {
		const todo = [...names];
		for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
			if (this.#asked.has(name)) continue;
			this.#asked.add(name);
			this.#need(name);
			for (const macro of this.#definitions.get(name) ?? []) todo.push(...this.#namesIn(macro));
		}
	}

	#need(name: string): void {
		for (const path of this.#definers.get(name) ?? []) this.#needed.add(path);
	}

	/** The names in a definition, and those that are known of what it may paste. */
	#namesIn(macro: Definition): string[] {
		const names: string[] = macro.body.match(NAMES) ?? [];
		for (const text of macro.body.match(PASTED) ?? []) {
			const pasted = pastedAs(text, macro);
			const key = pasted.join('*');
			if (this.#pasted.has(key)) continue;
			this.#pasted.set(key, pasted);
			for (const name of this.#definers.keys()) if (mayBe(name, pasted)) names.push(name);
		}
		return names;
	}

	#isPasted(name: string): boolean {
		for (const pasted of this.#pasted.values()) if (mayBe(name, pasted)) return true;
		return false;
	}
}

function sameDefinition(a: Definition, b: Definition): boolean {
	return a.body === b.body && a.rest === b.rest && `${a.params}` === `${b.params}`;
}

/** What stands before, between and behind the parameters that are pasted into a name. */
type Pasted = readonly string[];

function pastedAs(text: string, { params = [], rest }: Definition): Pasted {
	const fixed = [''];
	for (const part of text.split(/\s*##\s*/)) {
		if (params.includes(part) || part === rest) fixed.push('');
		else fixed.push(fixed.pop() + part);
	}
	return fixed;
}

/** Whether a name may come of pasting: it has what is fixed in this order. */
function mayBe(name: string, fixed: Pasted): boolean {
	const [first = ''] = fixed;
	if (fixed.length === 1) return name === first;
	const last = fixed.at(-1) ?? '';
	if (name.length < first.length + last.length) return false;
	if (!name.startsWith(first) || !name.endsWith(last)) return false;
	const end = name.length - last.length;
	let at = first.length;
	for (const part of fixed.slice(1, -1)) {
		const found = name.indexOf(part, at);
		if (found === -1 || found + part.length > end) return false;
		at = found + part.length;
	}
	return true;
}
