/**
 * What a demand is: what a capability of a tree's framework demands of every driver in the tree. Each is one
 * value in a file of its own; it is given facts and returns what violates it, and what it cannot tell.
 */

import type { Linked } from '../../driver/ways/built-when.ts';
import type { WayStep } from '../../driver/ways/climb.ts';
import type { Registration } from '../../driver/ways/sweep.ts';

/** What demands are given. */
export interface DemandFacts {
	/** Every call in the tree that registers a driver. */
	registrations: readonly Registration[];
	/** How a file is linked; undefined where no Makefile says. */
	linked(path: string): Linked | undefined;
}

/** A way that leads to what must not be. */
export interface Finding {
	/** `gpio-omap`: the source of the driver that does it. */
	driver: string;
	/** One sentence: what happens, and who does it. */
	text: string;
	/** From what runs it down to the call. */
	steps: readonly WayStep[];
	/** The call at the end, with the blob it is in. */
	call: { name: string; argument: string; path: string; line: number; blob: string };
	bus: string | undefined;
	/** Under which CONFIG symbols it is there. */
	when: string;
}

/** What a demand finds in a tree. */
export interface DemandAnswer {
	violations: readonly Finding[];
	/** Ways of which it cannot tell, each with what is missing. */
	unknown: readonly (Finding & { why: string })[];
}

export interface Demand {
	id: string;
	/** The capability that demands it. */
	capability: string;
	/** What must hold in the tree, in one sentence. */
	demand: string;
	/** What happens otherwise. */
	reason: string;
	/** The commit, document or thread it comes from. */
	source: string;
	check(facts: DemandFacts): DemandAnswer;
}
