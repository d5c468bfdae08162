/**
 * Parsing Kconfig files into facts: which symbols a file defines, what they depend on, what they
 * select, and which files it sources. One file at a time; config.ts puts files together.
 * Facts are plain JSON, with conditions as `when` text. Odd input never throws.
 */

import type { Condition } from './condition-algebra.ts';
import {
	ALWAYS,
	and,
	NEVER,
	not,
	or,
	parseCondition,
	printCondition,
} from './condition-algebra.ts';
import { kconfigExpression } from './kconfig-expression.ts';
import { continued, indentation, splitIf, unquoted, withoutComment } from './kconfig-text.ts';

/** Raised whenever parsing changes its output; part of the cache key. */
export const KCONFIG_VERSION = 2;

export type SymbolType = 'bool' | 'tristate' | 'int' | 'hex' | 'string' | 'unknown';

/** A reverse dependency: `select target if when`. */
export interface SelectFact {
	target: string;
	when: string;
}

/** `default value if when`; of a bool or tristate: 'y', 'm', 'n' or a condition; else the text. */
export interface DefaultFact {
	value: string;
	when: string;
}

/** One definition of a symbol; a symbol may have several, here or in other files. */
export interface SymbolDef {
	name: string;
	type: SymbolType;
	/** Where the user can see it; absent for a symbol that only others can set. */
	prompt?: { when: string };
	/** `depends on` with every enclosing `if` and `menu`. */
	depends: string;
	selects: SelectFact[];
	/** `imply`: a default that the user may overrule. */
	implies: SelectFact[];
	defaults: DefaultFact[];
	/** Number of the bool `choice` of this file it is a member of: at most one member is y. */
	choice?: number;
	line: number;
	path: string;
}

/** `source "path"` under the conditions around it; `$(SRCARCH)` is kept, `rsource` is resolved. */
export interface SourceFact {
	path: string;
	when: string;
}

/** What one Kconfig file says. */
export interface KconfigFacts {
	path: string;
	symbols: SymbolDef[];
	sources: SourceFact[];
}

/** An `if`, `menu` or `choice` that is open. */
interface Block {
	kind: 'if' | 'menu' | 'choice';
	/** Characters of its conditions and of those around it. */
	said: number;
	/** What it adds to everything inside. */
	condition: Condition;
	/** `visible if`: adds to the prompts inside only. */
	visible: Condition;
	choice?: number;
	/** A choice said to be tristate lets several members be m. */
	tristate?: boolean;
}

interface OpenSymbol {
	def: SymbolDef;
	/** Characters of its conditions and of those around it. */
	said: number;
	own: Condition;
	inherited: Condition;
	prompt?: Condition;
}

/** Blocks within each other: no tree has a tenth, and every symbol inside says the conditions of all. */
const MOST_BLOCKS = 64;
/** Characters of the conditions of a symbol and of all blocks around it, and how many defaults it has. */
const MOST_SAID = 1024;
const MOST_DEFAULTS = 160;

/**
 * Parses one Kconfig file. What no tree has (see the limits above) is left out, so that time and memory
 * stay in proportion to the text.
 * @param path of the file from the root of the tree; kept in the facts and used for `rsource`.
 */
export function parseKconfig(text: string, path: string): KconfigFacts {
	const parser = new Parser(path);
	const lines = text.split('\n');
	for (let i = 0; i < lines.length; i++) {
		const line = i + 1;
		let current = lines[i] ?? '';
		if (parser.inHelp(current)) continue;
		const before: string[] = [];
		for (let kept = continued(current); kept !== undefined && i + 1 < lines.length; ) {
			before.push(kept, ' ');
			current = lines[++i] ?? '';
			kept = continued(current);
		}
		parser.statement(before.join('') + current, line);
	}
	return parser.finish();
}

class Parser {
	readonly #facts: KconfigFacts;
	readonly #blocks: Block[] = [];
	/** What the open blocks add, once it was asked for. */
	#within: Condition | undefined;
	#symbol: OpenSymbol | undefined;
	/** Indentation of the help text being skipped: -1 none, 0 its first line is still to come. */
	#help = -1;
	#choices = 0;
	/** True after a `comment` entry, whose `depends on` must not reach the enclosing menu. */
	#orphan = false;

	constructor(path: string) {
		this.#facts = { path, symbols: [], sources: [] };
	}

	/** Help runs as long as lines are indented as much as its first one; blank lines belong to it. */
	inHelp(line: string): boolean {
		if (this.#help < 0) return false;
		if (line.trim() === '') return true;
		const indent = indentation(line);
		if (this.#help === 0 && indent > 0) this.#help = indent;
		if (this.#help > 0 && indent >= this.#help) return true;
		this.#help = -1;
		return false;
	}

	statement(raw: string, line: number): void {
		const text = withoutComment(raw).trim();
		if (text === '') return;
		const space = text.search(/[\s"]/);
		const word = space < 0 ? text : text.slice(0, space);
		const rest = space < 0 ? '' : text.slice(space).trim();
		switch (word) {
			case 'config':
			case 'menuconfig':
				this.#close();
				if (/^\w+$/.test(rest)) this.#open(rest, line);
				return;
			case 'if': {
				const said = { said: this.#said() };
				const condition = this.#added(said, rest);
				this.#push({ kind: 'if', ...said, condition, visible: ALWAYS });
				return;
			}
			case 'menu':
			case 'choice':
				this.#push({
					kind: word,
					said: this.#said(),
					condition: ALWAYS,
					visible: ALWAYS,
					...(word === 'choice' ? { choice: ++this.#choices } : {}),
				});
				return;
			case 'endif':
			case 'endmenu':
			case 'endchoice':
				this.#pop(word.slice(3));
				return;
			case 'source':
			case 'osource':
			case 'rsource':
			case 'orsource':
				this.#close();
				this.#source(unquoted(rest), word.includes('rs'));
				return;
			case 'help':
			case '---help---':
				this.#help = 0;
				return;
			case 'comment':
			case 'mainmenu':
				this.#close();
				this.#orphan = word === 'comment';
				return;
			default:
				this.#property(word, rest);
		}
	}

	finish(): KconfigFacts {
		this.#close();
		return this.#facts;
	}

	#property(word: string, rest: string): void {
		const symbol = this.#symbol;
		if (!symbol) {
			if (!this.#orphan) this.#blockProperty(word, rest);
			return;
		}
		const { def } = symbol;
		switch (word) {
			case 'bool':
			case 'boolean':
			case 'tristate':
			case 'int':
			case 'hex':
			case 'string':
				def.type = word === 'boolean' ? 'bool' : word;
				if (rest !== '') symbol.prompt = this.#promptCondition(rest);
				return;
			case 'prompt':
				symbol.prompt = this.#promptCondition(rest);
				return;
			case 'def_bool':
			case 'def_tristate':
				def.type = word === 'def_bool' ? 'bool' : 'tristate';
				if (def.defaults.length < MOST_DEFAULTS) def.defaults.push(this.#default(rest, def.type));
				return;
			case 'default':
				if (def.defaults.length < MOST_DEFAULTS) def.defaults.push(this.#default(rest, def.type));
				return;
			case 'depends':
			case 'requires':
				symbol.own = and(symbol.own, this.#added(symbol, rest.replace(/^on\b/, '')));
				return;
			case 'select':
			case 'imply': {
				const { subject, when } = splitIf(rest);
				const target = { target: subject, when: this.#text(when) };
				if (/^\w+$/.test(subject)) (word === 'select' ? def.selects : def.implies).push(target);
				return;
			}
			default:
				// range, option, modules, optional and what is not known change nothing that is asked for.
				return;
		}
	}

	#blockProperty(word: string, rest: string): void {
		const block = this.#blocks.at(-1);
		if (!block || block.kind === 'if') return;
		if (word === 'depends') {
			this.#within = undefined;
			block.condition = and(block.condition, this.#added(block, rest.replace(/^on\b/, '')));
		} else if (word === 'visible') {
			block.visible = and(block.visible, this.#added(block, rest.replace(/^if\b/, '')));
		} else if (word === 'tristate') {
			block.tristate = true;
		}
	}

	#open(name: string, line: number): void {
		const choice = this.#blocks.findLast((block) => block.kind === 'choice');
		const def: SymbolDef = {
			name,
			type: 'unknown',
			depends: '',
			selects: [],
			implies: [],
			defaults: [],
			line,
			path: this.#facts.path,
			...(choice?.choice !== undefined && !choice.tristate ? { choice: choice.choice } : {}),
		};
		this.#symbol = { def, said: this.#said(), own: ALWAYS, inherited: this.#inherited() };
	}

	#close(): void {
		this.#orphan = false;
		const symbol = this.#symbol;
		if (!symbol) return;
		this.#symbol = undefined;
		const { def } = symbol;
		def.depends = printCondition(
			symbol.inherited === ALWAYS ? symbol.own : and(symbol.inherited, symbol.own),
		);
		if (symbol.prompt) {
			const visible = and(symbol.prompt, ...this.#blocks.map((block) => block.visible));
			def.prompt = { when: printCondition(visible) };
		}
		if (def.type !== 'bool') delete def.choice;
		this.#facts.symbols.push(def);
	}

	#push(block: Block): void {
		this.#close();
		this.#within = undefined;
		if (this.#blocks.length < MOST_BLOCKS) this.#blocks.push(block);
	}

	#pop(kind: string): void {
		this.#close();
		this.#within = undefined;
		const at = this.#blocks.findLastIndex((block) => block.kind === kind);
		if (at >= 0) this.#blocks.length = at;
	}

	#source(path: string, relative: boolean): void {
		if (path === '') return;
		const folder = this.#facts.path.replace(/[^/]*$/, '');
		const full = (relative ? folder + path : path).replace(/\$\{?SRCARCH\}?/g, '$(SRCARCH)');
		this.#facts.sources.push({ path: full, when: printCondition(this.#inherited()) });
	}

	/** Asked for by every symbol, and changed only with the blocks. */
	#inherited(): Condition {
		this.#within ??= and(...this.#blocks.map((block) => block.condition));
		return this.#within;
	}

	#promptCondition(rest: string): Condition {
		return this.#expression(splitIf(rest).when);
	}

	#default(rest: string, type: SymbolType): DefaultFact {
		const { subject, when } = splitIf(rest);
		if (type !== 'bool' && type !== 'tristate') {
			// `default` may come before the type; a bare y, m or n reads the same either way.
			return { value: unquoted(subject), when: this.#text(when) };
		}
		const bare = unquoted(subject);
		const value = /^[ymn]$/.test(bare) ? bare : this.#text(subject) || 'y';
		return { value: value === '0' ? 'n' : value, when: this.#text(when) };
	}

	#text(expression: string): string {
		return expression === '' ? '' : kconfigExpression(expression).text;
	}

	#said(): number {
		return this.#blocks.at(-1)?.said ?? 0;
	}

	/** One more condition of a symbol or a block; what is too much is left out. */
	#added(to: { said: number }, text: string): Condition {
		to.said += text.length;
		return to.said > MOST_SAID ? ALWAYS : this.#expression(text);
	}

	#expression(text: string): Condition {
		return kconfigExpression(text).condition;
	}
}

/**
 * When the default of a bool or tristate definition gives y: the first that applies decides. Read from the
 * last one, so that defaults of y, of which some symbols have dozens, are no more than said one beside the other.
 */
export function defaultCondition(def: SymbolDef): Condition {
	let rest: Condition = NEVER;
	let given: Condition[] = [];
	for (const { value, when } of def.defaults.toReversed()) {
		const applies = parseCondition(when);
		if (value === 'y' || value === 'm') {
			given.unshift(applies);
			continue;
		}
		rest = and(not(applies), or(...given, rest));
		given = [];
		if (value !== 'n') rest = or(and(applies, parseCondition(value)), rest);
	}
	return or(...given, rest);
}
