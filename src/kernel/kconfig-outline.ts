/**
 * A Kconfig file as its entries and the files that it sources, under the blocks around them. What an entry
 * says besides is parsed when it is asked for. One file at a time; odd input never throws.
 */
import type { Condition } from './condition-algebra.ts';
import { ALWAYS, and, printCondition } from './condition-algebra.ts';
import type { KconfigFacts, SourceFact, SymbolDef } from './kconfig.ts';
import {
	addedCondition,
	type EntryPlace,
	type KconfigEntry,
	parseEntry,
	selectTarget,
} from './kconfig-entry.ts';
import { KconfigLines } from './kconfig-lines.ts';
import { unquoted } from './kconfig-text.ts';

/** What one Kconfig file says. */
export interface KconfigOutline {
	readonly path: string;
	readonly entries: readonly KconfigEntry[];
	readonly sources: readonly SourceFact[];
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

/** Blocks within each other: no tree has a tenth, and every symbol inside says the conditions of all. */
const MOST_BLOCKS = 64;

/**
 * Reads one Kconfig file. What no tree has (see the limits here and in kconfig-entry.ts) is left out, so that time
 * and memory stay in proportion to the text.
 * @param path of the file from the root of the tree; kept in the facts and used for `rsource`.
 */
export function outlineKconfig(text: string, path: string): KconfigOutline {
	const outliner = new Outliner(text, path);
	const lines = new KconfigLines(text, 0, text.length);
	while (lines.next()) outliner.statement(lines);
	return outliner.finish();
}

/** Facts that were parsed before. */
export function outlineOf({ path, symbols, sources }: KconfigFacts): KconfigOutline {
	const entries = symbols.map((def) => ({
		name: def.name,
		selects: def.selects.map(({ target }) => target),
		def: () => def,
	}));
	return { path, entries, sources };
}

/** An entry of a text, from the line after its first to the statement that ends it. */
class TextEntry implements KconfigEntry {
	readonly selects: string[] = [];
	readonly #text: string;
	readonly #place: EntryPlace;
	readonly #from: number;
	#to: number;
	#def: SymbolDef | undefined;

	constructor(text: string, place: EntryPlace, from: number) {
		this.#text = text;
		this.#place = place;
		this.#from = from;
		this.#to = from;
	}

	get name(): string {
		return this.#place.name;
	}

	endAt(to: number): void {
		this.#to = to;
	}

	def(): SymbolDef {
		this.#def ??= parseEntry(this.#place, this.#properties());
		return this.#def;
	}

	*#properties(): Generator<readonly [string, string], void> {
		const lines = new KconfigLines(this.#text, this.#from, this.#to);
		while (lines.next()) yield [lines.word, lines.rest()];
	}
}

class Outliner {
	readonly #text: string;
	readonly #path: string;
	readonly #entries: TextEntry[] = [];
	readonly #sources: SourceFact[] = [];
	readonly #blocks: Block[] = [];
	/** What the open blocks add, once it was asked for. */
	#within: { condition: Condition; visible: readonly Condition[] } | undefined;
	/** The entry that properties belong to. */
	#entry: TextEntry | undefined;
	#choices = 0;
	/** True after a `comment` entry, whose `depends on` must not reach the enclosing menu. */
	#orphan = false;

	constructor(text: string, path: string) {
		this.#text = text;
		this.#path = path;
	}

	statement(statement: KconfigLines): void {
		const { word, from } = statement;
		switch (word) {
			case 'config':
			case 'menuconfig': {
				this.#close(from);
				const name = statement.rest();
				if (/^\w+$/.test(name)) this.#open(name, statement);
				return;
			}
			case 'if': {
				const said = { said: this.#said() };
				const condition = addedCondition(said, statement.rest());
				this.#push({ kind: 'if', ...said, condition, visible: ALWAYS }, from);
				return;
			}
			case 'menu':
			case 'choice': {
				const block: Block = {
					kind: word,
					said: this.#said(),
					condition: ALWAYS,
					visible: ALWAYS,
					...(word === 'choice' ? { choice: ++this.#choices } : {}),
				};
				this.#push(block, from);
				return;
			}
			case 'endif':
			case 'endmenu':
			case 'endchoice':
				this.#pop(word.slice(3), from);
				return;
			case 'source':
			case 'osource':
			case 'rsource':
			case 'orsource':
				this.#close(from);
				this.#source(unquoted(statement.rest()), word.includes('rs'));
				return;
			case 'comment':
			case 'mainmenu':
				this.#close(from);
				this.#orphan = word === 'comment';
				return;
			case 'select': {
				const target = this.#entry === undefined ? undefined : selectTarget(statement.rest());
				if (target !== undefined) this.#entry?.selects.push(target);
				return;
			}
			default:
				if (this.#entry === undefined && !this.#orphan) {
					this.#blockProperty(word, statement.rest());
				}
		}
	}

	finish(): KconfigOutline {
		this.#close(this.#text.length);
		return { path: this.#path, entries: this.#entries, sources: this.#sources };
	}

	#blockProperty(word: string, rest: string): void {
		const block = this.#blocks.at(-1);
		if (!block || block.kind === 'if') return;
		if (word === 'depends') {
			this.#within = undefined;
			block.condition = and(block.condition, addedCondition(block, rest.replace(/^on\b/, '')));
		} else if (word === 'visible') {
			this.#within = undefined;
			block.visible = and(block.visible, addedCondition(block, rest.replace(/^if\b/, '')));
		} else if (word === 'tristate') {
			block.tristate = true;
		}
	}

	#open(name: string, { line, to }: KconfigLines): void {
		const choice = this.#blocks.findLast((block) => block.kind === 'choice');
		const { condition, visible } = this.#inherited();
		const place: EntryPlace = {
			name,
			path: this.#path,
			line,
			said: this.#said(),
			inherited: condition,
			visible,
			choice: choice?.tristate ? undefined : choice?.choice,
		};
		this.#entry = new TextEntry(this.#text, place, to);
	}

	#close(at: number): void {
		this.#orphan = false;
		const entry = this.#entry;
		if (!entry) return;
		this.#entry = undefined;
		entry.endAt(at);
		this.#entries.push(entry);
	}

	#push(block: Block, at: number): void {
		this.#close(at);
		this.#within = undefined;
		if (this.#blocks.length < MOST_BLOCKS) this.#blocks.push(block);
	}

	#pop(kind: string, from: number): void {
		this.#close(from);
		this.#within = undefined;
		const at = this.#blocks.findLastIndex((block) => block.kind === kind);
		if (at >= 0) this.#blocks.length = at;
	}

	#source(path: string, relative: boolean): void {
		if (path === '') return;
		const folder = this.#path.replace(/[^/]*$/, '');
		const full = (relative ? folder + path : path).replace(/\$\{?SRCARCH\}?/g, '$(SRCARCH)');
		this.#sources.push({ path: full, when: printCondition(this.#inherited().condition) });
	}

	/** Asked for by every symbol, and changed only with the blocks. */
	#inherited(): { condition: Condition; visible: readonly Condition[] } {
		this.#within ??= {
			condition: and(...this.#blocks.map((block) => block.condition)),
			visible: this.#blocks.map((block) => block.visible),
		};
		return this.#within;
	}

	#said(): number {
		return this.#blocks.at(-1)?.said ?? 0;
	}
}
