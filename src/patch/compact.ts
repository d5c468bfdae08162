/** Slides the changes of a diff along equal lines, as git's xdl_change_compact() does. */

/** One side of a diff: its lines, and which of them changed. */
export interface Marked {
	readonly ids: Int32Array;
	readonly changed: Uint8Array;
}

/** A run of changed lines `[start, end)`, maybe empty, that ends before an unchanged one. */
class Group {
	readonly #side: Marked;
	start = 0;
	end = 0;

	constructor(side: Marked) {
		this.#side = side;
		while (side.changed[this.end] === 1) this.end++;
	}

	get empty(): boolean {
		return this.start === this.end;
	}

	next(): boolean {
		if (this.end === this.#side.ids.length) return false;
		this.start = this.end + 1;
		this.end = this.start;
		while (this.#side.changed[this.end] === 1) this.end++;
		return true;
	}

	/** How many groups further the next one is that is not empty; undefined when there is none. */
	stepsToNext(): number | undefined {
		const start = this.#side.changed.indexOf(1, this.end + 1);
		return start < 0 ? undefined : start - this.end;
	}

	/** Goes on by a number of groups; what scans is the engine's own indexOf(). */
	advance(steps: number): void {
		for (let rest = steps; rest > 0; ) {
			const there = this.stepsToNext() ?? rest + 1;
			this.start = this.end + Math.min(there, rest);
			this.end = this.start;
			if (there <= rest) {
				const end = this.#side.changed.indexOf(0, this.start);
				this.end = end < 0 ? this.#side.ids.length : end;
			}
			rest -= there;
		}
	}

	previous(): boolean {
		if (this.start === 0) return false;
		this.end = this.start - 1;
		this.start = this.end;
		while (this.#side.changed[this.start - 1] === 1) this.start--;
		return true;
	}

	slideDown(): boolean {
		const { ids, changed } = this.#side;
		if (this.end >= ids.length || ids[this.start] !== ids[this.end]) return false;
		changed[this.start++] = 0;
		changed[this.end++] = 1;
		while (changed[this.end] === 1) this.end++;
		return true;
	}

	slideUp(): boolean {
		const { ids, changed } = this.#side;
		if (this.start === 0 || ids[this.start - 1] !== ids[this.end - 1]) return false;
		changed[--this.start] = 1;
		changed[--this.end] = 0;
		while (changed[this.start - 1] === 1) this.start--;
		return true;
	}
}

/** Slides changes that can be slid: to join others, else to line up with the other side's, else down. */
export function compact(side: Marked, other: Marked): void {
	const group = new Group(side);
	const mate = new Group(other);
	for (;;) {
		if (group.empty) {
			const steps = group.stepsToNext();
			if (steps === undefined) return;
			group.advance(steps);
			mate.advance(steps);
		}
		let size: number;
		let earliest: number;
		let aligned: boolean;
		do {
			size = group.end - group.start;
			while (group.slideUp()) mate.previous();
			earliest = group.end;
			aligned = !mate.empty;
			while (group.slideDown()) {
				mate.next();
				if (!mate.empty) aligned = true;
			}
		} while (size !== group.end - group.start);
		if (group.end !== earliest && aligned) {
			while (mate.empty) {
				group.slideUp();
				mate.previous();
			}
		}
		if (!group.next() || !mate.next()) return;
	}
}
