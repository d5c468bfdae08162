/**
 * The statements of a device tree source as numbers, three and more for each: a kernel has a million statements,
 * of which a few thousand are ever looked at. They are decoded where they are.
 */
import type { Words } from './device-tree-words.ts';

/** A statement; lines are 1-based. */
export type Statement =
	/** A node is opened: its name (`/` for the root), its labels. */
	| readonly ['node', name: string, labels: readonly string[], line: number]
	/** A node is opened by reference: a label, or a path from `&{/soc/foo}`. */
	| readonly ['ref', target: string, labels: readonly string[], line: number]
	| readonly ['end']
	| readonly ['compatible', strings: readonly string[], line: number]
	/** `status`; undefined where it is no string. */
	| readonly ['status', value: string | null, line: number]
	/**
	 * References by label or path: the IOMMUs of the node (`iommus`, `iommu-map`), or its masters
	 * (`mmu-masters`, the old binding of the ARM SMMU).
	 */
	| readonly ['refers', property: string, targets: readonly string[], line: number]
	| readonly ['delete-node', target: string, byLabel: boolean]
	| readonly ['delete-property', name: string]
	/** `local`: written in quotes, so looked for beside the file first. */
	| readonly ['include', path: string, local: boolean, line: number]
	/** String literals in the definition of a macro. */
	| readonly ['macro', strings: readonly string[], line: number]
	/** Something that was not understood: what follows may be wrong. */
	| readonly ['odd', why: string, line: number];

/** The numbers of kinds. */
export const CODE = {
	node: 0,
	ref: 1,
	end: 2,
	compatible: 3,
	status: 4,
	refers: 5,
	deleteNode: 6,
	deleteProperty: 7,
	include: 8,
	macro: 9,
	odd: 10,
} as const;

/** Bits of a statement's first number: its kind, whether its flag is set, and how many words follow its subject. */
const KIND_MASK = 15;
const FLAG = 16;
const COUNT_SHIFT = 5;
/** Numbers before those words: the bits, the line, the subject. */
const FIXED = 3;

/** What of a file is asked for again and again. */
export interface Outline {
	/** Its includes and what was not understood, in order. */
	readonly notes: readonly Statement[];
	/** Where the definitions of macros are. */
	readonly macros: readonly number[];
	/** Where each `compatible` is, and the block that it is in, in turn; -1 for one in none. */
	readonly compatible: readonly number[];
	/** What `mmu-masters` refer to. */
	readonly masters: readonly number[];
	/** By block, which is a node statement with what is between its braces: where it is. */
	readonly blocks: readonly number[];
	/** By block: the one around it; -1 at the top of the file. */
	readonly parents: readonly number[];
	/** Blocks that matter whatever is asked for: the root, and those with references or includes. */
	readonly seeds: readonly number[];
}

/** A device tree source that was scanned. A place in it is that of a statement's first number. */
export class DeviceTreeFile {
	/** What its numbers stand for; files that are looked at together share it. */
	readonly words: Words;
	readonly #codes: Int32Array;
	#outline: Outline | undefined;

	constructor(words: Words, codes: Int32Array) {
		this.words = words;
		this.#codes = codes;
	}

	/** How much memory it takes, in numbers. */
	get size(): number {
		return this.#codes.length;
	}

	get outline(): Outline {
		this.#outline ??= this.#findOutline();
		return this.#outline;
	}

	/** Whether it has one of some strings in the definition of a macro. */
	hasMacroOf(asked: ReadonlySet<number>): boolean {
		return this.outline.macros.some((at) => this.hasAny(at, asked));
	}

	/** Whether it has one of some strings there, or in a `compatible`. */
	hasNameOf(asked: ReadonlySet<number>): boolean {
		const { compatible } = this.outline;
		for (let i = 0; i < compatible.length; i += 2) {
			if (this.hasAny(compatible[i] ?? 0, asked)) return true;
		}
		return this.hasMacroOf(asked);
	}

	/** Whether one of the words of a statement, its subject apart, is among some. */
	hasAny(at: number, words: ReadonlySet<number>): boolean {
		const end = this.#next(at);
		for (let i = at + FIXED; i < end; i++) if (words.has(this.#codes[i] ?? 0)) return true;
		return false;
	}

	isNode(at: number): boolean {
		return this.#kind(at) === CODE.node;
	}

	/** The name of a node, or what a reference refers to. */
	subject(at: number): number {
		return this.#codes[at + 2] ?? 0;
	}

	/** The words of a statement, its subject apart: labels, strings, targets. */
	wordsOf(at: number): Int32Array {
		return this.#codes.subarray(at + FIXED, this.#next(at));
	}

	/** All statements. */
	statements(): Statement[] {
		const found: Statement[] = [];
		for (let at = 0; at < this.#codes.length; at = this.#next(at)) found.push(this.#statement(at));
		return found;
	}

	/** The statements in some blocks, those in no block without macros, and every deletion by label. */
	within(kept: Uint8Array): Statement[] {
		const { parents } = this.outline;
		const found: Statement[] = [];
		let open = -1;
		let blocks = 0;
		for (let at = 0; at < this.#codes.length; at = this.#next(at)) {
			const kind = this.#kind(at);
			if (kind <= CODE.ref) open = blocks++;
			const isKept = open < 0 ? kind !== CODE.odd && kind !== CODE.macro : kept[open] === 1;
			if (isKept || (kind === CODE.deleteNode && this.#flag(at))) found.push(this.#statement(at));
			if (kind === CODE.end) open = parents[open] ?? -1;
		}
		return found;
	}

	#findOutline(): Outline {
		const notes: Statement[] = [];
		const macros: number[] = [];
		const compatible: number[] = [];
		const masters: number[] = [];
		const blocks: number[] = [];
		const parents: number[] = [];
		const seeds = new Set<number>();
		let open = -1;
		for (let at = 0; at < this.#codes.length; at = this.#next(at)) {
			const kind = this.#kind(at);
			if (kind <= CODE.ref) {
				parents.push(open);
				open = blocks.push(at) - 1;
				if (this.words.text(this.subject(at)) === '/') seeds.add(open);
			} else if (kind === CODE.end) open = parents[open] ?? -1;
			else if (kind === CODE.compatible) compatible.push(at, open);
			else if (kind === CODE.macro) macros.push(at);
			else if (kind === CODE.include || kind === CODE.odd) notes.push(this.#statement(at));
			if (kind === CODE.refers || kind === CODE.include) seeds.add(open);
			if (kind === CODE.refers && this.words.text(this.subject(at)) === 'mmu-masters') {
				for (const target of this.wordsOf(at)) masters.push(target);
			}
		}
		seeds.delete(-1);
		return { notes, macros, compatible, masters, blocks, parents, seeds: [...seeds] };
	}

	#kind(at: number): number {
		return (this.#codes[at] ?? 0) & KIND_MASK;
	}

	#flag(at: number): boolean {
		return ((this.#codes[at] ?? 0) & FLAG) !== 0;
	}

	#next(at: number): number {
		return at + FIXED + ((this.#codes[at] ?? 0) >>> COUNT_SHIFT);
	}

	#statement(at: number): Statement {
		const line = this.#codes[at + 1] ?? 0;
		const subject = this.words.text(this.subject(at));
		const flag = this.#flag(at);
		const texts = (): string[] => Array.from(this.wordsOf(at), (word) => this.words.text(word));
		switch (this.#kind(at)) {
			case CODE.node:
				return ['node', subject, texts(), line];
			case CODE.ref:
				return ['ref', subject, texts(), line];
			case CODE.end:
				return ['end'];
			case CODE.compatible:
				return ['compatible', texts(), line];
			case CODE.status:
				return ['status', flag ? subject : null, line];
			case CODE.refers:
				return ['refers', subject, texts(), line];
			case CODE.deleteNode:
				return ['delete-node', subject, flag];
			case CODE.deleteProperty:
				return ['delete-property', subject];
			case CODE.include:
				return ['include', subject, flag, line];
			case CODE.macro:
				return ['macro', texts(), line];
			default:
				return ['odd', subject, line];
		}
	}
}

/** Takes down the statements of one file after the other. */
export class StatementWriter {
	readonly words: Words;
	#codes = new Int32Array(1 << 10);
	#length = 0;

	constructor(words: Words) {
		this.words = words;
	}

	add(kind: number, line: number, subject = 0, flag = false, words: readonly number[] = []): void {
		const end = this.#length + FIXED + words.length;
		if (end > this.#codes.length) {
			const longer = new Int32Array(2 * end);
			longer.set(this.#codes);
			this.#codes = longer;
		}
		const codes = this.#codes;
		let at = this.#length;
		codes[at++] = kind | (flag ? FLAG : 0) | (words.length << COUNT_SHIFT);
		codes[at++] = line;
		codes[at++] = subject;
		for (let i = 0; i < words.length; i++) codes[at++] = words[i] ?? 0;
		this.#length = end;
	}

	/** The file that was taken down; what is added from now on is of the next one. */
	finish(): DeviceTreeFile {
		const codes = this.#codes.slice(0, this.#length);
		this.#length = 0;
		return new DeviceTreeFile(this.words, codes);
	}
}
