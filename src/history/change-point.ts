/**
 * The commits at which a value changes between two commits, with few evaluations: binary search along
 * first parents, over those commits that touch the files the value is read from, which finds every change of a
 * value that has more than two; then, where it was a merge that changed it, bisection of what that brought.
 */
import type { GitRunner } from '../git/process.ts';
import { shallowBoundary } from '../git/shallow.ts';
import { type Answer, bisect, type NamedDag } from './bisect.ts';
import { readGraph } from './graph.ts';

/** The history that is walked. */
export interface ChangeWalk {
	/**
	 * Commits from `from` (not included; undefined for the beginning) to `to`, along first parents,
	 * oldest first, that differ from their first parent in `paths`.
	 */
	firstParents(from: string | undefined, to: string, paths: readonly string[]): Promise<string[]>;
	parents(commit: string): Promise<string[]>;
	/** Where two lines of history part; undefined where they have nothing in common. */
	mergeBase(one: string, other: string): Promise<string | undefined>;
	/** Of the commits that a merge brought to its first parent, those that touch `paths`; the merge too. */
	brought(merge: string, paths: readonly string[]): Promise<NamedDag>;
	/** Whether a shallow clone ends at a commit: what it changes is not known. */
	isCut(commit: string): Promise<boolean>;
}

/** A commit at which a value changed. */
export interface Change<V> {
	readonly commit: string;
	readonly before: V;
	readonly after: V;
}

/** What a search asks about one commit; undefined where it cannot be told. */
export type Evaluate<V> = (commit: string) => Promise<V | undefined>;

/**
 * Where in an ordered list a value changes. Values that are the same at both ends of a stretch are
 * taken to be so within it; what changes and changes back there is not seen.
 * @param start the value before the first of the list
 * @param end the value at the last of it
 * @returns places in the list, in order; `commits` are those among which it is, where some cannot be told
 */
export async function changesIn<V>(
	commits: readonly string[],
	start: V,
	end: V,
	evaluate: Evaluate<V>,
): Promise<{ at: number; from: number; before: V; after: V }[]> {
	const found: { at: number; from: number; before: V; after: V }[] = [];
	const search = async (low: number, before: V, high: number, after: V): Promise<void> => {
		if (before === after) return;
		const middle = (low + high) >> 1;
		// Where the middle cannot be told, its nearest neighbour that can.
		for (let step = 0; step < high - low; step++) {
			for (const at of step === 0 ? [middle] : [middle - step, middle + step]) {
				if (at <= low || at >= high) continue;
				const value = await evaluate(commits[at] ?? '');
				if (value === undefined) continue;
				await search(low, before, at, value);
				await search(at, value, high, after);
				return;
			}
		}
		found.push({ at: high, from: low + 1, before, after });
	};
	await search(-1, start, commits.length - 1, end);
	return found;
}

/** A question: between which commits, read from which files. */
export interface ChangeQuery<V> {
	/** Undefined for the beginning of history; `before` is then the value of nothing. */
	readonly from: string | undefined;
	readonly to: string;
	readonly paths: readonly string[];
	/** The value where nothing is. */
	readonly nothing: V;
	readonly evaluate: Evaluate<V>;
}

/**
 * The commits on the way to `to` at which a value changes, oldest first. Where `from` is not on that way,
 * from where the two part. One whose neighbours cannot be told is left out, and so is one at which a shallow
 * clone ends.
 */
export async function changePoints<V>(
	walk: ChangeWalk,
	{ from, to, paths, nothing, evaluate }: ChangeQuery<V>,
): Promise<Change<V>[]> {
	const known = new Map<string, Promise<V | undefined>>();
	const ask: Evaluate<V> = (commit) => {
		const before = known.get(commit) ?? evaluate(commit);
		known.set(commit, before);
		return before;
	};
	/** The commit that brought a value, of those that came with a merge; undefined where none of them did alone. */
	const intoMerge = async (merge: string, after: V): Promise<Change<V> | undefined> => {
		if ((await walk.parents(merge)).length < 2) return undefined;
		const dag = await walk.brought(merge, paths);
		const { first } = await bisect({ dag, ask: async (at) => said(await ask(dag.id(at)), after) });
		if (first === undefined) return undefined;
		const commit = dag.id(first);
		if (await walk.isCut(commit)) return undefined;
		const parents = await walk.parents(commit);
		const values = parents.length === 0 ? [nothing] : await Promise.all(parents.map(ask));
		const [before] = values;
		// On a side that always had the value nothing changed to it.
		if (before === undefined || values.some((one) => said(one, after) !== 'good')) return undefined;
		return { commit, before, after };
	};
	const base = from === undefined ? undefined : await walk.mergeBase(from, to);
	if (from !== undefined && base === undefined) return [];
	const [start, end] = await Promise.all([base === undefined ? nothing : ask(base), ask(to)]);
	if (start === undefined || end === undefined || start === end) return [];
	const commits = await walk.firstParents(base, to, paths);
	const changes: Change<V>[] = [];
	for (const { at, from: first, before, after } of await changesIn(commits, start, end, ask)) {
		const commit = commits[at];
		if (commit === undefined || first !== at || (await walk.isCut(commit))) continue;
		changes.push((await intoMerge(commit, after)) ?? { commit, before, after });
	}
	return changes;
}

/** What a value says to a bisection for another: bad is where it is that. */
function said<V>(value: V | undefined, wanted: V): Answer {
	if (value === undefined) return 'unknown';
	return value === wanted ? 'bad' : 'good';
}

/** The history of a clone. */
export function gitWalk(git: GitRunner): ChangeWalk {
	let cuts: Promise<ReadonlySet<string>> | undefined;
	const lines = (out: Buffer): string[] => out.toString().split('\n').filter(Boolean);
	return {
		firstParents: async (from, to, paths) => {
			const range = from === undefined ? [to] : [to, `^${from}`];
			const words = ['rev-list', '--first-parent', '--reverse', '--topo-order', ...range];
			return lines(await git.output([...words, '--', ...paths]));
		},
		parents: async (commit) => {
			const [line = ''] = lines(
				await git.output(['rev-list', '--parents', '--max-count=1', commit, '--']),
			);
			return line.split(' ').slice(1);
		},
		mergeBase: async (one, other) => {
			const { stdout } = await git.run(['merge-base', one, other]);
			return lines(stdout)[0];
		},
		brought: (merge, paths) => readGraph(git, [merge, `^${merge}^1`], paths),
		isCut: async (commit) => {
			cuts ??= shallowBoundary(git).then((ids) => new Set(ids));
			return (await cuts).has(commit);
		},
	};
}
