/**
 * Which suspect is asked about next, and how many steps are left: as git's bisect.c has it (read in
 * git 2.49), so that no bisection takes more steps here than there.
 */
import type { Suspects } from './suspects.ts';
import { allWeights, balance, halfway, type Weighed } from './weights.ts';

/** Chooses the next commit; undefined when there is none left to ask about. */
export type Strategy = (suspects: Suspects, untold: ReadonlySet<number>) => Weighed | undefined;

/** What `git rev-list --bisect-vars` says of a choice. */
export interface Outlook {
	/** Commits left to test after this one, in the worse case. */
	readonly nr: number;
	/** The same when it is good, and when it is bad. */
	readonly good: number;
	readonly bad: number;
	/** Suspects now. */
	readonly all: number;
	/** About how many steps are left after this one. */
	readonly steps: number;
}

/** What is left to do after a choice of that weight. */
export function outlook(weight: number, all: number): Outlook {
	return {
		nr: Math.max(weight, all - weight) - 1,
		good: all - weight - 1,
		bad: weight - 1,
		all,
		steps: stepsLeft(all),
	};
}

/** About how many steps are left with that many suspects (estimate_bisect_steps). */
export function stepsLeft(all: number): number {
	if (all < 3) return 0;
	const n = 31 - Math.clz32(all);
	const power = 2 ** n;
	return power < 3 * (all - power) ? n : n - 1;
}

/**
 * git's own choice: the most even halving; where that cannot be told, one a pseudo-random way off, since
 * the neighbours of a commit that cannot be tested often cannot either.
 * @param id orders commits whose halving is equally even, as git does by id
 */
export function gitStrategy(id: (commit: number) => string): Strategy {
	return (suspects, untold) => {
		const top = suspects.size - 1;
		if (top < 1) return undefined;
		const here = [...untold].some((commit) => suspects.placeOf(commit) >= 0);
		return here ? awayFromUntold(suspects, untold, id) : halfway(suspects);
	};
}

function awayFromUntold(
	suspects: Suspects,
	untold: ReadonlySet<number>,
	id: (commit: number) => string,
): Weighed | undefined {
	const { size, commits } = suspects;
	const top = size - 1;
	const weights = allWeights(suspects);
	const even = (place: number): number => balance(weights[place] ?? 0, size);
	const ids = new Map<number, string>();
	const idOf = (place: number): string => {
		const known = ids.get(place) ?? id(commits[place] ?? 0);
		ids.set(place, known);
		return known;
	};
	const sorted = Array.from({ length: size }, (_, place) => place).sort(
		(a, b) => even(b) - even(a) || (idOf(a) < idOf(b) ? -1 : 1),
	);
	const told = sorted.filter((place) => !untold.has(commits[place] ?? 0));
	let at = 0;
	if (told[0] !== sorted[0]) {
		at = skipAway(told.length);
		// The newest suspect is known to be bad.
		if (told[at] === top) at = Math.max(0, at - 1);
	}
	const place = told[at];
	return place === undefined || place === top ? undefined : { place, weight: weights[place] ?? 0 };
}

const MODULO = 32768;

/** How far down the list of `count` commits git goes when the first cannot be tested (skip_away). */
function skipAway(count: number): number {
	const random = (((Math.imul(count, 1103515245) + 12345) >>> 0) >>> 16) % MODULO;
	const share = Math.trunc((count * random) / MODULO);
	return Math.trunc((share * squareRoot(random)) / squareRoot(MODULO));
}

/** git's square root in whole numbers, with its single precision. */
function squareRoot(value: number): number {
	if (value === 0) return 0;
	let x = Math.fround(value);
	for (;;) {
		const y = Math.fround((x + Math.fround(value / x)) / 2);
		const difference = Math.abs(y - x);
		x = y;
		if (difference < 0.5) return Math.trunc(x);
	}
}
