/** Lines of records that come in quick succession: those of one turn of the event loop are printed in one write. */

/** Characters that are held at most. */
const MOST_HELD = 1 << 16;

export class LinePrinter {
	readonly #print: (lines: readonly string[]) => void;
	#lines: string[] = [];
	#held = 0;
	#due: NodeJS.Immediate | undefined;

	/** @param print is given what is held, at the end of a turn or when it is much */
	constructor(print: (lines: readonly string[]) => void) {
		this.#print = print;
	}

	/** Takes lines, which are printed soon. */
	add(lines: readonly string[]): void {
		for (const line of lines) {
			this.#lines.push(line);
			this.#held += line.length;
		}
		if (this.#held >= MOST_HELD) this.flush();
		else this.#due ??= setImmediate(() => this.flush());
	}

	/** Prints what is held now; has to be called at the end. */
	flush(): void {
		clearImmediate(this.#due);
		this.#due = undefined;
		if (this.#lines.length === 0) return;
		const lines = this.#lines;
		this.#lines = [];
		this.#held = 0;
		this.#print(lines);
	}
}
