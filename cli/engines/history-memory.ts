/** What was read of a clone's messages, remembered in the user's cache. */
import type { HistoryMemory } from '../../src/history/history.ts';
import type { Helpers } from '../sources.ts';

/** The cache of `helpers` as the memory of histories; opened when first asked for. */
export function historyMemory(helpers: Pick<Helpers, 'cache'>): HistoryMemory {
	return {
		recall: async (key) => (await helpers.cache()).getMany([key]).get(key),
		keep: async (key, value) => (await helpers.cache()).putMany([[key, value]]),
	};
}
