/**
 * Where a text is cut, as far as it is cut where the text before it was: versions of a file have most of it in
 * common. A cut depends on what is before it only by the depth of conditionals, and on what is behind it only
 * by whether there is anything.
 */

/** A text cut into parts. */
export class Cut<Part extends { readonly text: string }> {
	readonly text: string;
	readonly parts: Part[] = [];
	/** Of each part, where it begins, and how many conditionals are open there. */
	readonly #starts: number[] = [];
	readonly #depths: number[] = [];
	/** Where the next part begins, and how many conditionals are open there. */
	from = 0;
	depth = 0;

	constructor(text: string) {
		this.text = text;
	}

	/** Adds the next part. */
	add(part: Part, depthBehind: number): void {
		this.#starts.push(this.from);
		this.#depths.push(this.depth);
		this.parts.push(part);
		this.from += part.text.length;
		this.depth = depthBehind;
	}

	/** Takes over the first parts of another text, as long as they are the same and something is behind them. */
	beginAs(other: Cut<Part>): void {
		const { parts } = other;
		for (let i = 0; i + 1 < parts.length; i++) {
			const part = parts[i];
			if (part === undefined || this.from + part.text.length >= this.text.length) return;
			if (!holdsAt(this.text, part.text, this.from)) return;
			this.add(part, other.#depths[i + 1] ?? 0);
		}
	}

	/** The parts of another text that this one ends with, by where they begin in this one. */
	commonEnd(other: Cut<Part>): Map<number, number> {
		const { text, parts } = other;
		const found = new Map<number, number>();
		const by = this.text.length - text.length;
		// A part at the very beginning has no line before it that may be part of a boundary.
		for (let i = parts.length - 1; i > 0; i--) {
			const start = (other.#starts[i] ?? 0) + by;
			if (start < this.from || start === 0) break;
			if (!holdsAt(this.text, parts[i]?.text ?? '', start)) break;
			found.set(start, i);
		}
		return found;
	}

	/** Takes over the parts of another text from one on, if its conditionals are as deep there. */
	endAs(other: Cut<Part>, first: number): boolean {
		if (other.#depths[first] !== this.depth) return false;
		for (let i = first; i < other.parts.length; i++) {
			const part = other.parts[i];
			if (part !== undefined) this.add(part, other.#depths[i + 1] ?? 0);
		}
		return true;
	}
}

/** Whether a text stands at an offset of another one; a slice is compared many times faster than startsWith() does it. */
function holdsAt(text: string, part: string, at: number): boolean {
	return text.slice(at, at + part.length) === part;
}
