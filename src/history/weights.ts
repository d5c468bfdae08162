/**
 * How many suspects each suspect reaches, itself included: git calls it the weight of a commit. Along a
 * line of single parents it grows by one; what a merge reaches has to be counted, since its sides share
 * ancestors. Here up to 32 are counted in one pass, each with a bit of its own, and only those are
 * counted whose bounds leave room for a better halving than the best one known.
 */
import type { Suspects } from './suspects.ts';

/** Commits that are counted in one pass: the bits of an integer. */
const TOGETHER = 32;

/** A place among suspects with its weight. */
export interface Weighed {
	readonly place: number;
	readonly weight: number;
}

/** How evenly a commit of that weight divides `size` suspects: the smaller part. */
export function balance(weight: number, size: number): number {
	return Math.min(weight, size - weight);
}

/**
 * A suspect that divides the others most evenly. Of several that are equally good, the same one for the same
 * suspects; git may take another of them, and above 3071 commits one that is worse by up to a thousandth.
 */
export function halfway(suspects: Suspects): Weighed {
	const { size } = suspects;
	const bounds = new Bounds(suspects);
	const seeds = new Int32Array(TOGETHER);
	for (;;) {
		const best = bounds.best();
		if (best.balance === size >> 1) return best;
		const open = bounds.open(best.balance);
		if (open.length === 0) return best;
		const count = Math.min(TOGETHER, open.length);
		for (let k = 0; k < count; k++) {
			seeds[k] = open[Math.floor(((2 * k + 1) * open.length) / (2 * count))] ?? 0;
		}
		bounds.settle(seeds.subarray(0, count));
	}
}

/** The weight of every suspect, by place. */
export function allWeights(suspects: Suspects): Int32Array {
	const bounds = new Bounds(suspects);
	const open = bounds.unsettledMerges();
	for (let from = 0; from < open.length; from += TOGETHER) {
		bounds.count(open.subarray(from, from + TOGETHER));
	}
	bounds.raise();
	return bounds.low;
}

/** Bounds of the weights; a weight is known where both are the same. */
class Bounds {
	readonly low: Int32Array;
	readonly high: Int32Array;
	readonly #suspects: Suspects;
	readonly #masks: Int32Array;
	/** How often each value of each byte of a mask occurred in a pass. */
	readonly #seen = new Int32Array(4 * 256);

	constructor(suspects: Suspects) {
		const { size } = suspects;
		this.#suspects = suspects;
		this.low = new Int32Array(size).fill(1);
		this.high = new Int32Array(size);
		// All that a commit reaches comes before it.
		for (let i = 0; i < size; i++) this.high[i] = i + 1;
		this.#masks = new Int32Array(size);
		this.raise();
		this.lower();
	}

	/** From parents to children. */
	raise(): void {
		const { low, high } = this;
		const { size, offsets, parents } = this.#suspects;
		for (let i = 0; i < size; i++) {
			const from = offsets[i] ?? 0;
			const end = offsets[i + 1] ?? 0;
			let most = 0;
			let sum = 0;
			for (let k = from; k < end; k++) {
				const parent = parents[k] ?? 0;
				if ((low[parent] ?? 0) > most) most = low[parent] ?? 0;
				sum += high[parent] ?? 0;
			}
			if (most + 1 > (low[i] ?? 0)) low[i] = most + 1;
			if (sum + 1 < (high[i] ?? 0)) high[i] = sum + 1;
		}
	}

	/** From children to parents. */
	lower(): void {
		const { low, high } = this;
		const { size, offsets, parents } = this.#suspects;
		for (let i = size - 1; i >= 0; i--) {
			const from = offsets[i] ?? 0;
			const end = offsets[i + 1] ?? 0;
			const below = (high[i] ?? 0) - 1;
			for (let k = from; k < end; k++) {
				const parent = parents[k] ?? 0;
				if (below < (high[parent] ?? 0)) high[parent] = below;
			}
			if (end - from !== 1) continue;
			const parent = parents[from] ?? 0;
			if ((low[i] ?? 0) - 1 > (low[parent] ?? 0)) low[parent] = (low[i] ?? 0) - 1;
		}
	}

	/** The best of those whose weight is known. */
	best(): Weighed & { balance: number } {
		const { low, high } = this;
		const { size } = this.#suspects;
		let place = 0;
		let most = -1;
		for (let i = 0; i < size; i++) {
			const weight = low[i] ?? 0;
			if (weight !== high[i]) continue;
			const even = weight + weight <= size ? weight : size - weight;
			if (even > most) {
				most = even;
				place = i;
			}
		}
		return { place, weight: low[place] ?? 0, balance: most };
	}

	/** Those whose weight is not known and may be better than `balance`. */
	open(balance: number): Int32Array {
		const { low, high } = this;
		const { size } = this.#suspects;
		const found = new Int32Array(size);
		let count = 0;
		for (let i = 0; i < size; i++) {
			const least = low[i] ?? 0;
			const most = high[i] ?? 0;
			if (least !== most && most > balance && size - least > balance) found[count++] = i;
		}
		return found.subarray(0, count);
	}

	unsettledMerges(): Int32Array {
		const { offsets, size } = this.#suspects;
		const found = new Int32Array(size);
		let count = 0;
		for (let i = 0; i < size; i++) {
			const merge = (offsets[i + 1] ?? 0) - (offsets[i] ?? 0) > 1;
			if (merge && this.low[i] !== this.high[i]) found[count++] = i;
		}
		return found.subarray(0, count);
	}

	/** Counts what these reach, and draws conclusions. */
	settle(places: Int32Array): void {
		this.count(places);
		this.raise();
		this.lower();
	}

	/** Counts what up to 32 commits, in ascending order, reach. */
	count(places: Int32Array): void {
		const { offsets, parents } = this.#suspects;
		const masks = this.#masks;
		const seen = this.#seen;
		seen.fill(0);
		const top = places[places.length - 1] ?? 0;
		masks.fill(0, 0, top + 1);
		for (let k = 0; k < places.length; k++) masks[places[k] ?? 0] = 1 << k;
		for (let i = top; i >= 0; i--) {
			const mask = masks[i] ?? 0;
			if (mask === 0) continue;
			seen[mask & 255] = (seen[mask & 255] ?? 0) + 1;
			const second = 256 + ((mask >>> 8) & 255);
			seen[second] = (seen[second] ?? 0) + 1;
			const third = 512 + ((mask >>> 16) & 255);
			seen[third] = (seen[third] ?? 0) + 1;
			const fourth = 768 + (mask >>> 24);
			seen[fourth] = (seen[fourth] ?? 0) + 1;
			for (let k = offsets[i] ?? 0, end = offsets[i + 1] ?? 0; k < end; k++) {
				const parent = parents[k] ?? 0;
				masks[parent] = (masks[parent] ?? 0) | mask;
			}
		}
		for (let k = 0; k < places.length; k++) {
			const from = (k >> 3) * 256;
			const bit = 1 << (k & 7);
			let weight = 0;
			for (let value = 0; value < 256; value++) {
				if ((value & bit) !== 0) weight += seen[from + value] ?? 0;
			}
			const place = places[k] ?? 0;
			this.low[place] = weight;
			this.high[place] = weight;
		}
	}
}
