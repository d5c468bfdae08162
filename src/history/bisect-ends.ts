/**
 * The ends of a bisection: whether the good and the bad commits are such that there is a first bad one
 * between them. Merge bases of the two sides count as good only when they are (as git bisect has it).
 */
import { RangefinderError } from '../errors.ts';
import type { GitRunner } from '../git/process.ts';
import { shallowBoundary } from '../git/shallow.ts';
import type { End, Told } from './journal.ts';

/** The words for the two sides. */
export interface Terms {
	readonly good: string;
	readonly bad: string;
}

/** Asks about a commit by id; undefined where it may not be asked about without need. */
export type AskEnd = (commit: string) => Promise<Told>;

/**
 * Demands that the bad commit is neither good nor an ancestor of a good one.
 * @throws RangefinderError bad-range
 */
export async function demandOrder(
	git: GitRunner,
	ends: readonly End[],
	terms: Terms,
): Promise<void> {
	const bad = badOf(ends);
	for (const good of goodsOf(ends)) {
		if (good.commit === bad.commit) {
			const what = `${good.revision} and ${bad.revision} are the same commit, which cannot be ${terms.good} and ${terms.bad}`;
			throw new RangefinderError({ code: 'bad-range', what, hint: 'give two different commits' });
		}
		if (!(await isAncestor(git, bad.commit, good.commit))) continue;
		const what = `${bad.revision} (${terms.bad}) is an ancestor of ${good.revision} (${terms.good}): nothing is between`;
		throw new RangefinderError({
			code: 'bad-range',
			what,
			hint: `exchange --${terms.good} and --${terms.bad}, or ask for the opposite (not)`,
		});
	}
}

/**
 * Demands that what the user said of the ends is what is found there. Says in `notes` where it cannot be told.
 * @throws RangefinderError bad-range
 */
export async function demandAnswers(
	ends: readonly End[],
	ask: AskEnd,
	terms: Terms,
	notes: string[],
): Promise<void> {
	for (const { side, revision, commit } of ends) {
		const { answer, sights } = await ask(commit);
		const seen = sights.map(({ text }) => text).join('; ');
		if (answer === 'unknown' || answer === 'skip') {
			notes.push(`${revision} is taken for ${terms[side]}: it cannot be told (${seen})`);
		} else if (answer !== side) {
			const what = `${revision} was given as ${terms[side]} and is ${terms[answer]} (${seen})`;
			const hint = `choose another --${terms[side]}, or ask for all changes with --flips`;
			throw new RangefinderError({ code: 'bad-range', what, hint });
		}
	}
}

/**
 * Where a good commit is no ancestor of the bad one: asks about their merge bases. If one is bad, the
 * property ended on the way to the good commit, and there is no first bad commit to find here.
 * @throws RangefinderError bad-range
 */
export async function demandGoodBases(
	git: GitRunner,
	ends: readonly End[],
	ask: AskEnd,
	terms: Terms,
	notes: string[],
): Promise<void> {
	const bad = badOf(ends);
	const goods = goodsOf(ends);
	const strays = await asyncFilter(goods, async ({ commit }) => {
		return !(await isAncestor(git, commit, bad.commit));
	});
	if (strays.length === 0) return;
	const names = strays.map(({ revision }) => revision).join(', ');
	const bases = await git.run([
		'merge-base',
		'--all',
		bad.commit,
		...goods.map(({ commit }) => commit),
	]);
	const found = bases.stdout.toString().split('\n').filter(Boolean);
	if (found.length === 0) {
		const cut = (await shallowBoundary(git)).length > 0 ? ' in this shallow clone' : '';
		notes.push(`${names} and ${bad.revision} have no common ancestor${cut}`);
	}
	for (const base of found) {
		if (goods.some(({ commit }) => commit === base)) continue;
		const { answer, sights } = await ask(base);
		const short = base.slice(0, 12);
		const seen = sights.map(({ text }) => text).join('; ');
		if (answer === 'bad') {
			const what = `the merge base ${short} of ${names} and ${bad.revision} is ${terms.bad} already (${seen}): it changed between there and ${names}`;
			const hint = `ask for the opposite, with --${terms.good} ${short} --${terms.bad} ${strays[0]?.revision ?? ''}`;
			throw new RangefinderError({ code: 'bad-range', what, hint });
		}
		if (answer !== 'good') {
			notes.push(
				`the merge base ${short} of ${names} and ${bad.revision} cannot be told (${seen}); the change may be before it`,
			);
		}
	}
}

/** The end that is bad; there is one. */
export function badOf(ends: readonly End[]): End {
	const bad = ends.find(({ side }) => side === 'bad');
	if (bad === undefined) throw new RangeError('a bisection has a bad end');
	return bad;
}

export function goodsOf(ends: readonly End[]): End[] {
	return ends.filter(({ side }) => side === 'good');
}

async function isAncestor(git: GitRunner, older: string, newer: string): Promise<boolean> {
	const { code } = await git.run(['merge-base', '--is-ancestor', older, newer]);
	return code === 0;
}

async function asyncFilter<T>(
	items: readonly T[],
	keeps: (item: T) => Promise<boolean>,
): Promise<T[]> {
	const kept: T[] = [];
	for (const item of items) if (await keeps(item)) kept.push(item);
	return kept;
}
