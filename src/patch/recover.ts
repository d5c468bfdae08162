/** The text of pre-image lines of which only fingerprints are known, from what the mail has of them. */
import type { OldLine } from './align.ts';
import { JOINS, join } from './candidates.ts';
import type { Interner, Lines } from './lines.ts';

/** Guesses at white space in all; beyond, lines keep what the mail has. */
const MAX_GUESSES = 400_000;
const MAX_TABS = 8;
const MAX_SPACES = 8;

/** Reads lines back that have the fingerprints of the pre-image. */
export class Recovery {
	readonly #pre: Lines;
	readonly #interner: Interner;
	#left = MAX_GUESSES;
	#failed = 0;

	constructor(pre: Lines, interner: Interner) {
		this.#pre = pre;
		this.#interner = interner;
	}

	/** How many lines could not be read back. */
	get failed(): number {
		return this.#failed;
	}

	/** The line as the file has it; as the mail has it when that is not found. */
	text(line: OldLine): string {
		const said =
			line.pieces === undefined ? [line.text] : JOINS.map((how) => join(line.pieces ?? [], how));
		const last = this.#pre.finalNewline === false && line.pre === this.#pre.exact.length - 1;
		for (const text of said) {
			const found = this.#guess(text, line.pre, last);
			if (found !== undefined) return found;
		}
		this.#failed++;
		return line.text;
	}

	#guess(text: string, pre: number, last: boolean): string | undefined {
		const wanted = this.#pre.exact[pre];
		const bare = text.trim();
		const inner = new Set([bare, bare.replace(/[ \t]+/, '\t'), bare.replace(/[ \t]+/g, '\t')]);
		for (const form of [text, ...inner]) {
			if (this.#interner.line(form, last).exact === wanted) return form;
		}
		for (const form of inner) {
			for (let tabs = 0; tabs <= MAX_TABS; tabs++) {
				for (let spaces = 0; spaces < MAX_SPACES; spaces++) {
					if (--this.#left < 0) return undefined;
					const candidate = '\t'.repeat(tabs) + ' '.repeat(spaces) + form;
					if (this.#interner.line(candidate, last).exact === wanted) return candidate;
				}
			}
		}
		return undefined;
	}
}
