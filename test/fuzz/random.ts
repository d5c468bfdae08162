/** Numbers that look random and are the same for the same seed (mulberry32). */

export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** From 0 up to 1. */
	fraction(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let t = this.#state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
	}

	/** A whole number from 0 up to `end`, without it; 0 where there is none. */
	below(end: number): number {
		return Math.floor(this.fraction() * end);
	}

	/** Whether it happens, with a probability. */
	chance(probability: number): boolean {
		return this.fraction() < probability;
	}

	/** One of some things. Throws RangeError where there are none. */
	pick<T>(from: readonly T[]): T {
		const one = from[this.below(from.length)];
		if (one === undefined) throw new RangeError('nothing to pick from');
		return one;
	}
}
