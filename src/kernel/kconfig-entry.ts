/**
 * One `config` entry of a Kconfig file. Its name, its line and what it selects are known at once; the rest
 * is parsed when it is asked for, as a tree has thousands of entries and a driver hangs on a few dozen.
 */
import type { Condition } from './condition-algebra.ts';
import { ALWAYS, and, printCondition } from './condition-algebra.ts';
import type { DefaultFact, SymbolDef, SymbolType } from './kconfig.ts';
import { kconfigExpression } from './kconfig-expression.ts';
import { splitIf, unquoted } from './kconfig-text.ts';

/** Characters of the conditions of a symbol and of all blocks around it, and how many defaults it has. */
const MOST_SAID = 1024;
const MOST_DEFAULTS = 160;

/** One definition of a symbol. */
export interface KconfigEntry {
	readonly name: string;
	/** The targets of its selects. */
	readonly selects: readonly string[];
	def(): SymbolDef;
}

/** Where an entry is, and what is around it. */
export interface EntryPlace {
	readonly name: string;
	readonly path: string;
	readonly line: number;
	/** Characters of the conditions of all blocks around it. */
	readonly said: number;
	/** The conditions of the blocks around it. */
	readonly inherited: Condition;
	/** What they add to prompts. */
	readonly visible: readonly Condition[];
	/** The bool choice that it is in. */
	readonly choice: number | undefined;
}

/** One more condition of a symbol or a block; what is too much is left out. */
export function addedCondition(to: { said: number }, text: string): Condition {
	to.said += text.length;
	return to.said > MOST_SAID ? ALWAYS : kconfigExpression(text).condition;
}

/** The target of `select` or `imply`; undefined where it is no symbol. */
export function selectTarget(rest: string): string | undefined {
	const { subject } = splitIf(rest);
	return /^\w+$/.test(subject) ? subject : undefined;
}

/**
 * Parses what an entry says.
 * @param properties the first word of each of its lines, and the rest
 */
export function parseEntry(
	place: EntryPlace,
	properties: Iterable<readonly [word: string, rest: string]>,
): SymbolDef {
	const entry = new Entry(place);
	for (const [word, rest] of properties) entry.property(word, rest);
	return entry.finish();
}

class Entry {
	readonly #place: EntryPlace;
	readonly #def: SymbolDef;
	readonly #said: { said: number };
	#own: Condition = ALWAYS;
	#prompt: Condition | undefined;

	constructor(place: EntryPlace) {
		const { name, line, path, choice, said } = place;
		this.#place = place;
		this.#said = { said };
		this.#def = {
			name,
			type: 'unknown',
			depends: '',
			selects: [],
			implies: [],
			defaults: [],
			line,
			path,
			...(choice === undefined ? {} : { choice }),
		};
	}

	property(word: string, rest: string): void {
		const def = this.#def;
		switch (word) {
			case 'bool':
			case 'boolean':
			case 'tristate':
			case 'int':
			case 'hex':
			case 'string':
				def.type = word === 'boolean' ? 'bool' : word;
				if (rest !== '') this.#prompt = promptCondition(rest);
				return;
			case 'prompt':
				this.#prompt = promptCondition(rest);
				return;
			case 'def_bool':
			case 'def_tristate':
				def.type = word === 'def_bool' ? 'bool' : 'tristate';
				if (def.defaults.length < MOST_DEFAULTS) def.defaults.push(defaultFact(rest, def.type));
				return;
			case 'default':
				if (def.defaults.length < MOST_DEFAULTS) def.defaults.push(defaultFact(rest, def.type));
				return;
			case 'depends':
			case 'requires':
				this.#own = and(this.#own, addedCondition(this.#said, rest.replace(/^on\b/, '')));
				return;
			case 'select':
			case 'imply': {
				const { subject, when } = splitIf(rest);
				const target = { target: subject, when: conditionText(when) };
				if (/^\w+$/.test(subject)) (word === 'select' ? def.selects : def.implies).push(target);
				return;
			}
			default:
				// range, option, modules, optional and what is not known change nothing that is asked for.
				return;
		}
	}

	finish(): SymbolDef {
		const def = this.#def;
		const { inherited, visible } = this.#place;
		def.depends = printCondition(inherited === ALWAYS ? this.#own : and(inherited, this.#own));
		if (this.#prompt) def.prompt = { when: printCondition(and(this.#prompt, ...visible)) };
		if (def.type !== 'bool') delete def.choice;
		return def;
	}
}

function promptCondition(rest: string): Condition {
	return kconfigExpression(splitIf(rest).when).condition;
}

function defaultFact(rest: string, type: SymbolType): DefaultFact {
	const { subject, when } = splitIf(rest);
	if (type !== 'bool' && type !== 'tristate') {
		// `default` may come before the type; a bare y, m or n reads the same either way.
		return { value: unquoted(subject), when: conditionText(when) };
	}
	const bare = unquoted(subject);
	const value = /^[ymn]$/.test(bare) ? bare : conditionText(subject) || 'y';
	return { value: value === '0' ? 'n' : value, when: conditionText(when) };
}

function conditionText(expression: string): string {
	return expression === '' ? '' : kconfigExpression(expression).text;
}
