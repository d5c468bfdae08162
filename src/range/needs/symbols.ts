/** The check that every name a change uses is there in the tree it landed on. */

import type { Stretch } from '../../history/needs/change.ts';
import { nameOf } from '../../history/needs/change.ts';
import { type MissingSymbol, type Symbols, symbolCandidates } from '../../history/needs/symbols.ts';
import type { Check, Landed } from '../prerequisites.ts';

/** Asks about the patch first, then about what was picked before it, the newest first. */
export function symbolsCheck(symbols: Symbols, stretch: Stretch): Check {
	return async ({ landed, tree }) => {
		for (const one of [...landed].reverse()) {
			const missing = await symbols.missing(one.change, one.changed, tree);
			const [first] = missing;
			if (first === undefined) continue;
			return {
				kind: 'symbol',
				change: one.change,
				why: whyOf(one, missing),
				places: missing.map(({ path, line }) => ({ path, line })),
				weight: missing.length,
				candidates: () => candidatesOf(stretch, one, missing),
			};
		}
		return undefined;
	};
}

/** Names that are listed; of more the number is said. */
const MOST_LISTED = 4;

function whyOf({ change }: Landed, missing: readonly MissingSymbol[]): string {
	const listed = missing.slice(0, MOST_LISTED).map(({ why }) => why);
	const more = missing.length - listed.length;
	return `${nameOf(change)} ${listed.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** Commits that may have brought the names, those that brought each first before the others. */
async function candidatesOf(
	stretch: Stretch,
	{ change }: Landed,
	missing: readonly MissingSymbol[],
): Promise<string[]> {
	const lists: string[][] = [];
	for (const one of missing) lists.push(await symbolCandidates(stretch, change, one));
	const found = new Set<string>();
	const longest = Math.max(...lists.map(({ length }) => length));
	for (let i = 0; i < longest; i++) {
		for (const list of lists) {
			const commit = list[i];
			if (commit !== undefined) found.add(commit);
		}
	}
	return [...found];
}
