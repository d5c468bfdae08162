/**
 * Finds a run of line ids in a file, the place nearest to a wanted one first. What scans the file is
 * the engine's own indexOf(): a run of this program is too short for loops of ours to be compiled.
 */

/** How many lines of a run are looked at to find one that is rare in the file. */
const PROBES = 32;
/** Compared lines per line of the file, above which the search changes to one that is linear. */
const PATIENCE = 8;

/** Whether `run` stands at line `at` of `ids`. */
export function standsAt(ids: Int32Array, run: Int32Array, at: number): boolean {
	return at >= 0 && at + run.length <= ids.length && equalLines(ids, run, at) === run.length;
}

function equalLines(ids: Int32Array, run: Int32Array, at: number): number {
	let i = 0;
	while (i < run.length && ids[at + i] === run[i]) i++;
	return i;
}

/**
 * The line from `low` to `high` (both included) at which `run` stands, nearest to `wanted`; of two
 * that are as near, the later one. Undefined where it stands at none.
 */
export function nearest(
	ids: Int32Array,
	run: Int32Array,
	low: number,
	high: number,
	wanted: number,
): number | undefined {
	const from = Math.max(low, 0);
	const to = Math.min(high, ids.length - run.length);
	if (to < from) return undefined;
	if (run.length === 0) return Math.min(Math.max(wanted, from), to);
	if (wanted >= from && wanted <= to && standsAt(ids, run, wanted)) return wanted;
	if (from === to && from === wanted) return undefined;
	const part = ids.subarray(from, to + run.length);
	const anchor = rareLine(part, run);
	if (anchor === undefined) return undefined;
	const found = new Scan(part, run, anchor).nearest(wanted - from);
	return found === undefined ? undefined : found + from;
}

/** A line of `run` that is rare in `ids`, by its index; undefined when one of them is not there at all. */
function rareLine(ids: Int32Array, run: Int32Array): number | undefined {
	const step = Math.max(1, Math.floor(run.length / PROBES));
	let best = 0;
	let narrowest = Number.POSITIVE_INFINITY;
	for (let i = 0; i < run.length; i += step) {
		const id = run[i] ?? -1;
		const first = ids.indexOf(id);
		if (first < 0) return undefined;
		// The stretch of the file in which a line occurs is got without counting.
		const stretch = ids.lastIndexOf(id) - first;
		if (stretch >= narrowest) continue;
		narrowest = stretch;
		best = i;
		if (stretch === 0) break;
	}
	return best;
}

class Scan {
	readonly #ids: Int32Array;
	readonly #run: Int32Array;
	/** Where in the run the line is whose occurrences are looked at. */
	readonly #anchor: number;
	readonly #id: number;
	#patience: number;

	constructor(ids: Int32Array, run: Int32Array, anchor: number) {
		this.#ids = ids;
		this.#run = run;
		this.#anchor = anchor;
		this.#id = run[anchor] ?? -1;
		this.#patience = PATIENCE * ids.length;
	}

	nearest(wanted: number): number | undefined {
		const last = this.#ids.length - this.#run.length;
		const after = this.#after(Math.max(wanted + 1, 0), last);
		const reach = after === undefined ? wanted : after - wanted - 1;
		const before = this.#before(Math.min(wanted - 1, last), Math.max(0, wanted - reach));
		if (this.#patience < 0) return nearestOf(occurrences(this.#ids, this.#run), wanted);
		return before ?? after;
	}

	#after(from: number, to: number): number | undefined {
		let at = this.#ids.indexOf(this.#id, from + this.#anchor);
		while (at >= 0 && at - this.#anchor <= to && this.#patience >= 0) {
			if (this.#matches(at - this.#anchor)) return at - this.#anchor;
			at = this.#ids.indexOf(this.#id, at + 1);
		}
		return undefined;
	}

	#before(from: number, to: number): number | undefined {
		if (from < to) return undefined;
		let at = this.#ids.lastIndexOf(this.#id, from + this.#anchor);
		while (at - this.#anchor >= to && this.#patience >= 0) {
			if (this.#matches(at - this.#anchor)) return at - this.#anchor;
			// A negative index would count from the end.
			if (at === 0) return undefined;
			at = this.#ids.lastIndexOf(this.#id, at - 1);
		}
		return undefined;
	}

	#matches(at: number): boolean {
		const equal = equalLines(this.#ids, this.#run, at);
		this.#patience -= equal;
		return equal === this.#run.length;
	}
}

function nearestOf(places: Iterable<number>, wanted: number): number | undefined {
	let best: number | undefined;
	for (const at of places) {
		if (best === undefined || Math.abs(at - wanted) <= Math.abs(best - wanted)) best = at;
	}
	return best;
}

/** All places of a run in order, by the search of Knuth, Morris and Pratt. */
function* occurrences(ids: Int32Array, run: Int32Array): Generator<number> {
	const border = new Int32Array(run.length);
	for (let i = 1, k = 0; i < run.length; i++) {
		while (k > 0 && run[i] !== run[k]) k = border[k - 1] ?? 0;
		if (run[i] === run[k]) k++;
		border[i] = k;
	}
	for (let i = 0, k = 0; i < ids.length; i++) {
		while (k > 0 && ids[i] !== run[k]) k = border[k - 1] ?? 0;
		if (ids[i] === run[k]) k++;
		if (k < run.length) continue;
		yield i - k + 1;
		k = border[k - 1] ?? 0;
	}
}
