/**
 * The commits of a clone and how they descend from each other, in typed arrays: about 40 bytes a commit.
 * Parents have smaller numbers than their children, so one pass up or down answers most questions.
 */
import type { GitRunner } from '../git/process.ts';
import { shallowBoundary } from '../git/shallow.ts';
import { GraphBuilder } from './graph-builder.ts';

/** The columns of a graph; see graph-builder.ts. */
export interface GraphColumns {
	readonly size: number;
	/** Bytes of an id: 20, or 32 with SHA-256. */
	readonly idBytes: number;
	readonly ids: Uint8Array;
	/** Committer dates, seconds since the epoch. */
	readonly dates: Uint32Array;
	/** The first parent; -1 for none. */
	readonly first: Int32Array;
	/** The second parent; -1 for none; -2 - k where `extra[k]` is the list of all but the first. */
	readonly second: Int32Array;
	readonly extra: readonly (readonly number[])[];
	/** Open addressing: the number of a commit, or -1. */
	readonly table: Int32Array;
}

export class CommitGraph {
	readonly size: number;
	readonly #columns: GraphColumns;
	/** Commits whose parents a shallow clone does not have. */
	readonly shallow: ReadonlySet<number>;

	constructor(columns: GraphColumns, shallow: Iterable<string> = []) {
		this.size = columns.size;
		this.#columns = columns;
		const known = [...shallow].map((oid) => this.find(oid));
		this.shallow = new Set(known.filter((commit) => commit >= 0));
	}

	/** The id of a commit, in hex. */
	id(commit: number): string {
		const { ids, idBytes } = this.#columns;
		const at = commit * idBytes;
		return Buffer.from(ids.buffer, ids.byteOffset + at, idBytes).toString('hex');
	}

	/** The number of the commit with a full id; -1 when it is not in the graph. */
	find(oid: string): number {
		return this.findBytes(Buffer.from(oid, 'hex'));
	}

	/** The same for the bytes of an id. */
	findBytes(wanted: Uint8Array): number {
		const { ids, idBytes, table } = this.#columns;
		if (wanted.length !== idBytes) return -1;
		const [a = 0, b = 0, c = 0, d = 0] = wanted;
		const mask = table.length - 1;
		for (let slot = (a | (b << 8) | (c << 16) | (d << 24)) & mask; ; slot = (slot + 1) & mask) {
			const commit = table[slot] ?? -1;
			if (commit < 0) return -1;
			let at = 0;
			while (at < idBytes && ids[commit * idBytes + at] === wanted[at]) at++;
			if (at === idBytes) return commit;
		}
	}

	/** The bytes of an id; those of the graph itself, not to be written to. */
	idBytes(commit: number): Uint8Array {
		const { ids, idBytes } = this.#columns;
		return ids.subarray(commit * idBytes, (commit + 1) * idBytes);
	}

	/** Committer date, seconds since the epoch. */
	date(commit: number): number {
		return this.#columns.dates[commit] ?? 0;
	}

	/** The first parent; -1 for a root, and at a shallow boundary. */
	firstParent(commit: number): number {
		return this.#columns.first[commit] ?? -1;
	}

	/** All parents, in order. */
	parents(commit: number): number[] {
		const first = this.firstParent(commit);
		if (first < 0) return [];
		const second = this.#columns.second[commit] ?? -1;
		if (second === -1) return [first];
		return second >= 0 ? [first, second] : [first, ...(this.#columns.extra[-2 - second] ?? [])];
	}

	/** Marks (1) the commits from which one of `commits` can be reached, these included: what contains them. */
	descendants(commits: Iterable<number>): Uint8Array {
		const marks = new Uint8Array(this.size);
		let from = this.size;
		for (const commit of commits) {
			marks[commit] = 1;
			from = Math.min(from, commit);
		}
		const { first, second } = this.#columns;
		for (let commit = from + 1; commit < this.size; commit++) {
			const one = first[commit] ?? -1;
			if (one < from && (second[commit] ?? -1) === -1) continue;
			const other = second[commit] ?? -1;
			if (one >= 0 && marks[one] === 1) marks[commit] = 1;
			else if (other >= 0 && marks[other] === 1) marks[commit] = 1;
			else if (other < -1 && this.parents(commit).some((parent) => marks[parent] === 1)) {
				marks[commit] = 1;
			}
		}
		return marks;
	}

	/** Marks (1) the commits that can be reached from one of `commits`, these included. */
	ancestors(commits: Iterable<number>): Uint8Array {
		const marks = new Uint8Array(this.size);
		this.markAncestors(commits, marks, 1);
		return marks;
	}

	/**
	 * Gives `label` to the commits that can be reached from `commits` and have none (0) yet, without
	 * passing those that have one: labels of several releases in order say which was first.
	 */
	markAncestors(commits: Iterable<number>, labels: Uint8Array | Uint16Array, label: number): void {
		const { first, second, extra } = this.#columns;
		const queue = [...commits].filter((commit) => commit >= 0 && labels[commit] === 0);
		for (const commit of queue) labels[commit] = label;
		const visit = (parent: number): void => {
			if (parent < 0 || labels[parent] !== 0) return;
			labels[parent] = label;
			queue.push(parent);
		};
		for (let commit = queue.pop(); commit !== undefined; commit = queue.pop()) {
			visit(first[commit] ?? -1);
			const other = second[commit] ?? -1;
			if (other >= 0) visit(other);
			else if (other < -1) for (const parent of extra[-2 - other] ?? []) visit(parent);
		}
	}
}

/**
 * Reads the commits that revisions reach.
 * @param revisions commits, tags, branches, and `^` before those whose ancestors are left out; `--all` and
 * other options of rev-list are not taken
 * @param paths when given, only commits that change one of them, as git simplifies history; their parents
 * are the nearest such commits
 * @throws RangefinderError git-failed, object-missing, git-missing
 */
export async function readGraph(
	git: GitRunner,
	revisions: readonly string[],
	paths: readonly string[] = [],
): Promise<CommitGraph> {
	const [format, shallow] = await Promise.all([
		git.output(['rev-parse', '--show-object-format']),
		shallowBoundary(git),
	]);
	const builder = new GraphBuilder(format.toString().trim() === 'sha256' ? 32 : 20);
	if (revisions.length > 0) {
		await git.stream(
			['rev-list', '--topo-order', '--reverse', '--parents', '--timestamp', '--stdin'],
			(chunk) => {
				builder.add(chunk);
				return undefined;
			},
			[...revisions, ...(paths.length === 0 ? [] : ['--', ...paths])]
				.map((line) => `${line}\n`)
				.join(''),
		);
	}
	return new CommitGraph(builder.columns(), shallow);
}
