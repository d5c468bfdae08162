/**
 * What messages say, by the numbers of a commit graph: who says something of a commit, and whom the
 * digits of an id can mean. Ids are looked up in sorted columns, made when first asked for.
 */
import type { WordKind } from '../kernel/trailers.ts';
import type { CommitGraph } from './graph.ts';
import { WORD_KINDS, type WordTable } from './word-table.ts';

/** A word with who says it. */
export interface SaidWord {
	readonly kind: WordKind;
	/** The commit that says it, by number. */
	readonly by: number;
	/** The digits it names the other commit by; '' for a subject alone. */
	readonly id: string;
	/** Hash of the subject it quotes; 0 for none. */
	readonly subject: number;
}

/** The number of a row that is not in the graph. */
const NOWHERE = 0x0fff_ffff;

export class CommitWords {
	readonly #graph: CommitGraph;
	readonly #table: WordTable;
	/** By number of the graph. */
	readonly #subjects: Uint32Array;
	readonly #authors: Uint32Array;
	readonly #dates: Uint32Array;
	/** By word: the commit that says it. */
	readonly #owners: Uint32Array;
	#byTarget: Float64Array | undefined;
	#bySaid: Float64Array | undefined;
	#byOwner: Float64Array | undefined;
	#byId: Float64Array | undefined;
	#bySubject: Float64Array | undefined;

	constructor(graph: CommitGraph, table: WordTable) {
		this.#graph = graph;
		const rows = table.dates.length;
		const numbers = new Uint32Array(rows);
		this.#subjects = new Uint32Array(graph.size);
		this.#authors = new Uint32Array(graph.size);
		this.#dates = new Uint32Array(graph.size);
		for (let row = 0; row < rows; row++) {
			const id = table.ids.subarray(row * table.idBytes, (row + 1) * table.idBytes);
			const commit = graph.findBytes(id);
			numbers[row] = commit < 0 ? NOWHERE : commit;
			if (commit < 0) continue;
			this.#subjects[commit] = table.subjects[row] ?? 0;
			this.#authors[commit] = table.authors[row] ?? 0;
			this.#dates[commit] = table.dates[row] ?? 0;
		}
		this.#owners = table.owners.map((row) => numbers[row] ?? NOWHERE);
		// The columns by row are not needed any more.
		const none = new Uint32Array(0);
		this.#table = { ...table, ids: new Uint8Array(0), subjects: none, authors: none, dates: none };
	}

	/** How many words of a kind there are; of all when left out. */
	count(kind?: WordKind): number {
		if (kind === undefined) return this.#owners.length;
		const wanted = WORD_KINDS.indexOf(kind);
		return this.#table.kinds.reduce((sum, one) => sum + (one === wanted ? 1 : 0), 0);
	}

	/** Hash of a commit's subject. */
	subject(commit: number): number {
		return this.#subjects[commit] ?? 0;
	}

	/** Hash of a commit's author. */
	author(commit: number): number {
		return this.#authors[commit] ?? 0;
	}

	/** Author date, seconds since the epoch. */
	authorDate(commit: number): number {
		return this.#dates[commit] ?? 0;
	}

	/** What a commit says of others. */
	said(commit: number): SaidWord[] {
		this.#byOwner ??= sortedBy(this.#owners.length, (word) => this.#owners[word] ?? 0);
		return this.#words(this.#byOwner, commit);
	}

	/** All words of a kind, in no particular order. */
	*all(kind: WordKind): Generator<SaidWord> {
		const wanted = WORD_KINDS.indexOf(kind);
		for (let word = 0; word < this.#owners.length; word++) {
			if (this.#table.kinds[word] === wanted && this.#owners[word] !== NOWHERE) {
				yield this.#word(word);
			}
		}
	}

	/** Words whose digits a whole id starts with; a shorter `id` is taken for all ids that start so. */
	saidOf(id: string): SaidWord[] {
		const { targets, idBytes } = this.#table;
		this.#byTarget ??= sortedBy(this.#owners.length, (word) => first24(targets, word * idBytes));
		const key = Number.parseInt(id.slice(0, 6), 16);
		return this.#words(this.#byTarget, key).filter((word) => {
			return word.id !== '' && (id.startsWith(word.id) || word.id.startsWith(id));
		});
	}

	/** Words that quote a subject, by its hash. */
	saidOfSubject(hash: number): SaidWord[] {
		const { said } = this.#table;
		this.#bySaid ??= sortedBy(said.length, (word) => (said[word] ?? 0) >>> 4);
		if (hash === 0) return [];
		return this.#words(this.#bySaid, hash >>> 4).filter(({ subject }) => subject === hash);
	}

	/** The commits that have a subject, by its hash. */
	withSubject(hash: number): number[] {
		this.#bySubject ??= sortedBy(this.#graph.size, (commit) => this.subject(commit) >>> 4);
		if (hash === 0) return [];
		return [...equal(this.#bySubject, hash >>> 4)].filter(
			(commit) => this.subject(commit) === hash,
		);
	}

	/** The commits whose ids start with these digits (6 or more). */
	withDigits(digits: string): number[] {
		const whole = this.#graph.find(digits);
		if (whole >= 0) return [whole];
		this.#byId ??= sortedBy(this.#graph.size, (commit) => first24(this.#graph.idBytes(commit), 0));
		const key = Number.parseInt(digits.slice(0, 6), 16);
		return [...equal(this.#byId, key)].filter((commit) =>
			this.#graph.id(commit).startsWith(digits),
		);
	}

	/**
	 * The one commit that a word means. Where its digits fit several, the one whose subject it quotes;
	 * where they fit none, the only one with that subject that is older, or the first of its copies.
	 * @returns its number; 'ambiguous', or 'nowhere'
	 */
	meant({ id, subject, by }: SaidWord): number | 'ambiguous' | 'nowhere' {
		const fitting = id === '' ? [] : this.withDigits(id);
		const [only] = fitting;
		if (fitting.length === 1 && only !== undefined) return only;
		const latest = this.#latest(by);
		const likely =
			fitting.length > 0
				? fitting
				: this.withSubject(subject).filter((commit) => this.authorDate(commit) <= latest);
		const named = likely
			.filter((commit) => commit !== by && this.subject(commit) === subject)
			.sort((a, b) => a - b);
		const [best] = named;
		// Copies keep author and date: the first stands for them all.
		const who = new Set(named.map((commit) => `${this.author(commit)} ${this.authorDate(commit)}`));
		if (who.size === 1 && best !== undefined) return best;
		return fitting.length > 1 || who.size > 1 ? 'ambiguous' : 'nowhere';
	}

	/** What a commit can speak of was written before it; a patch that is no commit yet speaks of all. */
	#latest(by: number): number {
		return by < this.#graph.size ? this.#graph.date(by) : Number.POSITIVE_INFINITY;
	}

	#words(sorted: Float64Array, key: number): SaidWord[] {
		const found: SaidWord[] = [];
		for (const word of equal(sorted, key)) {
			if (this.#owners[word] !== NOWHERE) found.push(this.#word(word));
		}
		return found;
	}

	#word(word: number): SaidWord {
		const { kinds, targets, digits, said, idBytes } = this.#table;
		const id = Buffer.from(targets.subarray(word * idBytes, (word + 1) * idBytes)).toString('hex');
		return {
			kind: WORD_KINDS[kinds[word] ?? 0] ?? 'fixes',
			by: this.#owners[word] ?? 0,
			id: id.slice(0, digits[word] ?? 0),
			subject: said[word] ?? 0,
		};
	}
}

function first24(bytes: Uint8Array, at: number): number {
	return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

/** Places in a sorted list of `key * PLACES + place`: keys of 28 bits leave room for these many. */
const PLACES = 2 ** 25;

/** Numbers 0 to `size` - 1 in the order of their keys (28 bits), as one column. */
function sortedBy(size: number, key: (place: number) => number): Float64Array {
	if (size > PLACES) throw new RangeError(`${size} entries are more than fit`);
	const sorted = new Float64Array(size);
	for (let place = 0; place < size; place++) sorted[place] = key(place) * PLACES + place;
	return sorted.sort();
}

function* equal(sorted: Float64Array, key: number): Generator<number> {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((sorted[middle] ?? 0) < key * PLACES) low = middle + 1;
		else high = middle;
	}
	for (; low < sorted.length; low++) {
		const value = sorted[low] ?? 0;
		if (value >= (key + 1) * PLACES) return;
		yield value % PLACES;
	}
}
