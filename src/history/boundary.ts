/**
 * What the boundary of a shallow clone leaves open: a commit that is not found below a tip whose history is
 * cut may be there all the same. What is said of that is left to others.
 */
import type { GitRunner } from '../git/process.ts';
import { shallowBoundary } from '../git/shallow.ts';
import { type CommitGraph, readGraph } from './graph.ts';

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
 * The same for a range of revisions of a clone, by id. Of a whole clone the history is not read.
 * @throws RangefinderError git-failed, object-missing
 */
export async function cutsOfRange(
	git: GitRunner,
	tips: readonly string[],
	without: readonly string[],
): Promise<string[]> {
	if ((await shallowBoundary(git)).length === 0) return [];
	const graph = await readGraph(git, [...tips, ...without]);
	const numbers = (ids: readonly string[]): number[] => ids.map((id) => graph.find(id));
	return cutsWithin(graph, numbers(tips), numbers(without)).map((cut) => graph.id(cut));
}

/**
 * Whether each of `tips` contains one of some commits that are the same change. A tip that is not seen to may
 * do so below where its history is cut, unless one of the commits comes after that place: a change is not made
 * on top of itself. Linear in the graph, however many tips.
 * @param commits their numbers; those below 0, which are not in the graph, are found in no tip
 */
export function containment(
	graph: CommitGraph,
	commits: readonly number[],
	tips: readonly number[],
): Containment[] {
	const here = commits.filter((commit) => commit >= 0);
	const sure = graph.descendants(here);
	const before = graph.ancestors(here);
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
