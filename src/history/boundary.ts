/**
 * What the boundary of a shallow clone leaves open: a commit that is not found below a tip whose history is
 * cut may be there all the same. Knows commits by number; what is said of them is left to others.
 */
import type { CommitGraph } from './graph.ts';

/** Whether a tip contains a commit; `unknown` where the clone ends before it can be told. */
export type Containment = 'yes' | 'no' | 'unknown';

/**
 * The commits at which the clone ends among those that can be reached from `tips` and not from `without`:
 * what is searched there (a walk, a bisection from good to bad) may go on below them. [] where all is here.
 */
export function cutsWithin(
	graph: CommitGraph,
	tips: Iterable<number>,
	without: Iterable<number> = [],
): number[] {
	if (graph.shallow.size === 0) return [];
	const inside = graph.ancestors(tips);
	const outside = graph.ancestors(without);
	return [...graph.shallow].filter((cut) => inside[cut] === 1 && outside[cut] !== 1);
}

/**
 * Whether each of `tips` contains a commit. A tip that is not seen to may do so below where its history is
 * cut, unless the commit itself comes after each such place: nothing is its own ancestor. Linear in the
 * graph, however many tips.
 * @param commit its number, or -1 for one that is not in the graph
 */
export function containment(
	graph: CommitGraph,
	commit: number,
	tips: readonly number[],
): Containment[] {
	const sure = graph.descendants(commit < 0 ? [] : [commit]);
	const before = graph.ancestors(commit < 0 ? [] : [commit]);
	const open = [...graph.shallow].filter((cut) => before[cut] !== 1);
	const unsure = graph.descendants(open);
	return tips.map((tip) => (sure[tip] === 1 ? 'yes' : unsure[tip] === 1 ? 'unknown' : 'no'));
}

/**
 * The first of things in order that contains a commit, and whether an earlier one may.
 * @returns the index of the first `yes`, -1 for none; `sure` is false where an `unknown` comes before it
 */
export function firstContaining(states: readonly Containment[]): { at: number; sure: boolean } {
	const at = states.indexOf('yes');
	const before = at < 0 ? states : states.slice(0, at);
	return { at, sure: !before.includes('unknown') };
}
