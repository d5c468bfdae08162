/** The section of a hunk header (the line git shows after the second `@@`), as the file has it. */
import { squeezed } from './match.ts';
import { readingsOf } from './readings.ts';

/** Lines that are searched for sections, for all hunks of a file together. */
const MAX_SEARCHED = 2_000_000;

/** Finds the lines that sections were taken from. */
export class Sections {
	readonly #text: readonly string[];
	readonly #squeezed: (string | undefined)[] = [];
	#left = MAX_SEARCHED;

	/** `text` is the pre-image in lines. */
	constructor(text: readonly string[]) {
		this.#text = text;
	}

	/** The section of a hunk at line `start` (0-based) with its white space; as it is when unknown. */
	restored(section: string, start: number): string {
		if (section.trim() === '') return section;
		for (const { text } of readingsOf(section)) {
			const wanted = squeezed(text);
			for (let at = start - 1; at >= 0 && this.#left > 0; at--, this.#left--) {
				if (this.#at(at).startsWith(wanted)) return head(this.#text[at] ?? '', wanted.length);
			}
		}
		return section;
	}

	#at(line: number): string {
		let found = this.#squeezed[line];
		if (found === undefined) {
			found = squeezed(this.#text[line] ?? '');
			this.#squeezed[line] = found;
		}
		return found;
	}
}

/** The start of a line up to its character number `count` that is not white space. */
function head(line: string, count: number): string {
	let seen = 0;
	for (let i = 0; i < line.length; i++) {
		if (!/[\t-\r ]/.test(line.charAt(i)) && ++seen === count) return line.slice(0, i + 1);
	}
	return line;
}
