/**
 * The commits among which a bisection still looks, as one compact graph in typed arrays: each answer
 * makes a smaller one. Knows nothing of git, predicates or strategy.
 */

/** Commits by number; parents have smaller numbers than their children. A CommitGraph is one. */
export interface Dag {
	readonly size: number;
	parents(commit: number): readonly number[];
}

export class Suspects {
	readonly size: number;
	/** The numbers that the commits have in the graph they come from; they ascend. */
	readonly commits: Int32Array;
	/** Where the parents of each begin; one more than there are commits. */
	readonly offsets: Int32Array;
	/** Parents, by place among these commits. */
	readonly parents: Int32Array;

	private constructor(commits: Int32Array, offsets: Int32Array, parents: Int32Array) {
		this.size = commits.length;
		this.commits = commits;
		this.offsets = offsets;
		this.parents = parents;
	}

	/** All commits of a graph. */
	static of(dag: Dag): Suspects {
		const offsets = new Int32Array(dag.size + 1);
		let parents = new Int32Array(dag.size + (dag.size >> 3) + 4);
		let count = 0;
		for (let commit = 0; commit < dag.size; commit++) {
			for (const parent of dag.parents(commit)) {
				if (count === parents.length) {
					const grown = new Int32Array(count + (count >> 1));
					grown.set(parents);
					parents = grown;
				}
				parents[count++] = parent;
			}
			offsets[commit + 1] = count;
		}
		return new Suspects(
			Int32Array.from({ length: dag.size }, (_, i) => i),
			offsets,
			parents.subarray(0, count),
		);
	}

	/** The place of a commit of the graph; -1 when it is no suspect any more. */
	placeOf(commit: number): number {
		let low = 0;
		let high = this.size - 1;
		while (low <= high) {
			const middle = (low + high) >> 1;
			const found = this.commits[middle] ?? 0;
			if (found === commit) return middle;
			if (found < commit) low = middle + 1;
			else high = middle - 1;
		}
		return -1;
	}

	/** The suspects that the one at `place` reaches, itself included: what remains when it is bad. */
	reaching(place: number): Suspects {
		return this.#kept(this.#ancestors(place), 1);
	}

	/** The suspects that the one at `place` does not reach: what remains when it is good. */
	beyond(place: number): Suspects {
		return this.#kept(this.#ancestors(place), 0);
	}

	#ancestors(place: number): Uint8Array {
		const { offsets, parents } = this;
		const marks = new Uint8Array(this.size);
		marks[place] = 1;
		for (let i = place; i >= 0; i--) {
			if (marks[i] === 0) continue;
			for (let k = offsets[i] ?? 0, end = offsets[i + 1] ?? 0; k < end; k++) {
				marks[parents[k] ?? 0] = 1;
			}
		}
		return marks;
	}

	#kept(marks: Uint8Array, value: 0 | 1): Suspects {
		const places = new Int32Array(this.size);
		let size = 0;
		let edges = 0;
		for (let i = 0; i < this.size; i++) {
			if (marks[i] !== value) {
				places[i] = -1;
				continue;
			}
			places[i] = size++;
			edges += (this.offsets[i + 1] ?? 0) - (this.offsets[i] ?? 0);
		}
		const commits = new Int32Array(size);
		const offsets = new Int32Array(size + 1);
		const parents = new Int32Array(edges);
		let count = 0;
		for (let i = 0; i < this.size; i++) {
			const place = places[i] ?? -1;
			if (place < 0) continue;
			commits[place] = this.commits[i] ?? 0;
			for (let k = this.offsets[i] ?? 0, end = this.offsets[i + 1] ?? 0; k < end; k++) {
				const parent = places[this.parents[k] ?? 0] ?? -1;
				if (parent >= 0) parents[count++] = parent;
			}
			offsets[place + 1] = count;
		}
		return new Suspects(commits, offsets, parents.subarray(0, count));
	}
}
