/** Says whether a line of a damaged mail, or several of them together, is a line of the pre-image. */
import type { OldLine } from './align.ts';
import type { HunkLine } from './diff.ts';
import type { Interner, Lines } from './lines.ts';
import { isMasked, unmasks } from './masks.ts';
import { type Reading, readingsOf } from './readings.ts';

export interface MatchSource {
	lines: Lines;
	/** Lines of the pre-image as text, when it is known. */
	text: readonly string[] | undefined;
	interner: Interner;
}

type Found = Pick<OldLine, 'text' | 'masked' | 'way' | 'pieces'>;

/** Pieces that a line may have been broken into. */
const MAX_PIECES = 8;

/** The line as the mail has it, whether its first character was a marker or not. */
function raw(line: HunkLine): string {
	return line.kind === ' ' ? line.text : line.kind + line.text;
}

/** All white space removed: the characters that a loose id ignores. */
export function squeezed(text: string): string {
	return text.replace(/[\t-\r ]+/g, '');
}

/** Compares lines of a hunk with lines of its pre-image, white space aside. */
export class LineMatcher {
	/** The last line that adds or removes, before what may be text of the mail; -1 without one. */
	readonly lastChange: number;
	readonly #lines: readonly HunkLine[];
	readonly #source: MatchSource;
	readonly #loose: Int32Array;
	readonly #readings = new Map<number, Reading[]>();
	readonly #truths = new Map<number, string>();

	constructor(lines: readonly HunkLine[], source: MatchSource) {
		this.#lines = lines;
		this.#source = source;
		this.#loose = Int32Array.from(lines, (line) => source.interner.line(line.text).loose);
		this.lastChange = lines.findLastIndex((line) => line.kind !== ' ');
	}

	/** Whether line `j` of the pre-image is blank. */
	blank(j: number): boolean {
		return this.#source.lines.loose[j] === this.#source.interner.blank;
	}

	/** Line `i` of the hunk as line `j` of the pre-image. */
	line(i: number, j: number): Found | undefined {
		const text = this.#lines[i]?.text ?? '';
		if (this.#loose[i] === this.#source.lines.loose[j]) {
			return this.#readingsAt(i).length > 1 ? { text, way: 'raw' } : { text };
		}
		return this.#otherwise(this.#readingsAt(i), j);
	}

	/** Line `i` as line `j`, when what looks like its marker is its text. */
	raw(i: number, j: number): Found | undefined {
		const line = this.#lines[i];
		if (line === undefined) return undefined;
		const text = raw(line);
		if (this.#id(text) === this.#source.lines.loose[j]) return { text };
		return this.#otherwise(readingsOf(text), j);
	}

	/** Line `i` and some after it as line `j`; their markers may be markers, or text. */
	broken(i: number, j: number): { taken: number; line: Found } | undefined {
		const first = this.#lines[i];
		if (first === undefined || first.text.trim() === '') return undefined;
		for (const { way, text } of this.#readingsAt(i)) {
			const found =
				this.#source.text === undefined
					? this.#brokenById(i, j, way, text)
					: this.#brokenByText(i, j, way, text);
			if (found !== undefined) return found;
		}
		return undefined;
	}

	#readingsAt(i: number): Reading[] {
		let found = this.#readings.get(i);
		if (found === undefined) {
			found = readingsOf(this.#lines[i]?.text ?? '');
			if (found.length > 1) this.#readings.set(i, found);
		}
		return found;
	}

	#id(text: string): number {
		return this.#source.interner.line(text).loose;
	}

	#otherwise(readings: readonly Reading[], j: number): Found | undefined {
		for (const { way, text } of readings) {
			if (way !== 'raw' && this.#id(text) === this.#source.lines.loose[j]) return { text, way };
			if (!isMasked(text)) continue;
			const truth = this.#source.text?.[j];
			// Without text nothing contradicts it but the blank line.
			const fits = truth === undefined ? !this.blank(j) : unmasks(text, truth);
			if (fits) return { text, masked: true };
		}
		return undefined;
	}

	/** The reading of the same kind of line `k`, and the text with its marker, if it has one. */
	#piece(i: number, k: number, way: Reading['way']): string[] {
		const line = this.#lines[k];
		if (line === undefined) return [];
		const forms =
			line.kind === ' ' || line.kind !== this.#lines[i]?.kind
				? [raw(line)]
				: [line.text, raw(line)];
		return forms.map((form) => readingsOf(form).find((one) => one.way === way)?.text ?? form);
	}

	#brokenByText(
		i: number,
		j: number,
		way: Reading['way'],
		text: string,
	): { taken: number; line: Found } | undefined {
		const whole = this.#truth(j);
		let have = squeezed(text);
		const masked = isMasked(text);
		if (!masked && (!whole.startsWith(have) || have.length >= whole.length)) return undefined;
		const pieces = [text];
		let hidden = masked;
		for (let k = i + 1; k < this.#lines.length && k < i + MAX_PIECES; k++) {
			const forms = this.#piece(i, k, way);
			hidden ||= forms.some(isMasked);
			const next = forms.find((form) => hidden || whole.startsWith(have + squeezed(form)));
			if (next === undefined || squeezed(next) === '') return undefined;
			pieces.push(next);
			have += squeezed(next);
			const fits = hidden
				? unmasks(pieces.join(' '), this.#source.text?.[j] ?? '')
				: have === whole;
			if (!fits) continue;
			const line: Found = { text: pieces.join(' '), pieces, ...(hidden ? { masked: true } : {}) };
			return { taken: k - i + 1, line };
		}
		return undefined;
	}

	#brokenById(
		i: number,
		j: number,
		way: Reading['way'],
		text: string,
	): { taken: number; line: Found } | undefined {
		const pieces = [text];
		for (let k = i + 1; k < this.#lines.length && k < i + MAX_PIECES; k++) {
			const forms = this.#piece(i, k, way);
			const last = forms.find(
				(form) => this.#id(pieces.join('') + form) === this.#source.lines.loose[j],
			);
			if (last !== undefined) {
				pieces.push(last);
				return { taken: k - i + 1, line: { text: pieces.join(' '), pieces } };
			}
			const [next] = forms;
			if (next === undefined || next.trim() === '') return undefined;
			pieces.push(next);
		}
		return undefined;
	}

	#truth(j: number): string {
		let found = this.#truths.get(j);
		if (found === undefined) {
			found = squeezed(this.#source.text?.[j] ?? '');
			this.#truths.set(j, found);
		}
		return found;
	}
}
