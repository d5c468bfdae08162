/**
 * The histogram diff on line ids, as git's xdiff does it (xhistogram.c): the two sides are split at the
 * longest run of lines that are rarest in the first. It is what git's merge of commits (merge-ort)
 * compares with; `git merge-file` and GNU patch know nothing of it.
 */
import { type Change, type Side, searched, slid } from './myers.ts';

/** A line that occurs more often than this is never split at; xhistogram's max_chain_length. */
const MOST_OCCURRENCES = 64;
/**
 * Steps a line may cost before the rest is left to Myers' search, whose cost is bounded. git has no such
 * end; only text made to be slow comes near it.
 */
const STEPS_A_LINE = 1000;

/** The changes that turn `a` into `b`, in order. Ids count from 0, as an interner gives them. */
export function histogramDiff(a: Int32Array, b: Int32Array): Change[] {
	const left = { ids: a, changed: new Uint8Array(a.length) };
	const right = { ids: b, changed: new Uint8Array(b.length) };
	new Histogram(left, right).run();
	return slid(left, right);
}

/** Lines `[start1, end1)` of the one side, and `[start2, end2)` of the other. */
interface Region {
	start1: number;
	end1: number;
	start2: number;
	end2: number;
}

class Histogram {
	readonly #left: Side;
	readonly #right: Side;
	/** Per id, how often it occurs in the region at hand. */
	readonly #count: Int32Array;
	/** Per id, its first line in the region. */
	readonly #first: Int32Array;
	/** Per line, the next one with the same id; -1 for none. */
	readonly #next: Int32Array;
	#rarest = 0;
	#hasCommon = false;
	#steps: number;

	constructor(left: Side, right: Side) {
		this.#left = left;
		this.#right = right;
		let most = -1;
		for (const id of left.ids) if (id > most) most = id;
		for (const id of right.ids) if (id > most) most = id;
		this.#count = new Int32Array(most + 1);
		this.#first = new Int32Array(most + 1);
		this.#next = new Int32Array(left.ids.length);
		this.#steps = (left.ids.length + right.ids.length + 100) * STEPS_A_LINE;
	}

	run(): void {
		const whole = {
			start1: 0,
			end1: this.#left.ids.length,
			start2: 0,
			end2: this.#right.ids.length,
		};
		const regions: Region[] = [whole];
		for (;;) {
			const region = regions.pop();
			if (region === undefined) return;
			const { start1, end1, start2, end2 } = region;
			if (start1 >= end1 || start2 >= end2) {
				this.#allChanged(region);
				continue;
			}
			const split = this.#split(region);
			if (split === 'classic') this.#classic(region);
			else if (split === undefined) this.#allChanged(region);
			else {
				regions.push({ start1: split.end1, end1, start2: split.end2, end2 });
				regions.push({ start1, end1: split.start1, start2, end2: split.start2 });
			}
		}
	}

	#allChanged({ start1, end1, start2, end2 }: Region): void {
		if (start1 < end1) this.#left.changed.fill(1, start1, end1);
		if (start2 < end2) this.#right.changed.fill(1, start2, end2);
	}

	/** Where all common lines occur too often, Myers' search; without the sliding, which comes last. */
	#classic({ start1, end1, start2, end2 }: Region): void {
		const [one, other] = searched(
			this.#left.ids.slice(start1, end1),
			this.#right.ids.slice(start2, end2),
		);
		this.#left.changed.set(one.changed, start1);
		this.#right.changed.set(other.changed, start2);
	}

	/** The run to split at; undefined where nothing is common. */
	#split(region: Region): Region | 'classic' | undefined {
		if (this.#steps <= 0) return 'classic';
		this.#scan(region);
		this.#rarest = MOST_OCCURRENCES + 1;
		this.#hasCommon = false;
		const best = { start1: 0, end1: 0, start2: 0, end2: 0 };
		for (let line = region.start2; line < region.end2; ) line = this.#tryFrom(line, region, best);
		this.#forget(region);
		if (this.#hasCommon && this.#rarest > MOST_OCCURRENCES) return 'classic';
		return best.end1 > best.start1 ? best : undefined;
	}

	#scan({ start1, end1 }: Region): void {
		const { ids } = this.#left;
		for (let line = end1 - 1; line >= start1; line--) {
			const id = ids[line] ?? 0;
			const count = this.#count[id] ?? 0;
			this.#next[line] = count === 0 ? -1 : (this.#first[id] ?? -1);
			this.#first[id] = line;
			this.#count[id] = count + 1;
		}
		this.#steps -= end1 - start1;
	}

	#forget({ start1, end1 }: Region): void {
		for (let line = start1; line < end1; line++) this.#count[this.#left.ids[line] ?? 0] = 0;
	}

	/** Looks for a better run through a line of the other side; returns the line to go on with. */
	#tryFrom(line: number, { start1, end1, start2, end2 }: Region, best: Region): number {
		const a = this.#left.ids;
		const b = this.#right.ids;
		const count = this.#count;
		this.#steps--;
		const times = count[b[line] ?? 0] ?? 0;
		if (times === 0) return line + 1;
		this.#hasCommon = true;
		if (times > this.#rarest) return line + 1;
		let next = line + 1;
		let at = this.#first[b[line] ?? 0] ?? -1;
		while (at >= 0) {
			let rarest = times;
			let from1 = at;
			let from2 = line;
			let to1 = at;
			let to2 = line;
			while (from1 > start1 && from2 > start2 && a[from1 - 1] === b[from2 - 1]) {
				from1--;
				from2--;
				if (rarest > 1) rarest = Math.min(rarest, count[a[from1] ?? 0] ?? 0);
			}
			while (to1 < end1 - 1 && to2 < end2 - 1 && a[to1 + 1] === b[to2 + 1]) {
				to1++;
				to2++;
				if (rarest > 1) rarest = Math.min(rarest, count[a[to1] ?? 0] ?? 0);
			}
			this.#steps -= to1 - from1 + 1;
			if (next <= to2) next = to2 + 1;
			if (best.end1 - best.start1 < to1 - from1 + 1 || rarest < this.#rarest) {
				best.start1 = from1;
				best.start2 = from2;
				best.end1 = to1 + 1;
				best.end2 = to2 + 1;
				this.#rarest = rarest;
			}
			do at = this.#next[at] ?? -1;
			while (at >= 0 && at <= to1);
		}
		return next;
	}
}
