/** The history that `range` may ask: that of a clone read by git, with commits between its releases. */
import { hasHistory } from '../../src/history/has-history.ts';
import type { RangeHistory } from '../../src/range/range-history.ts';
import type { RangeOptions } from '../engine.ts';
import type { OpenSource } from '../sources.ts';
import { historyMemory } from './history-memory.ts';

/** The history of an opened source; undefined where there is none, or it is not wanted. */
export async function rangeHistory(
	{ store, releases, helpers }: OpenSource,
	options: Pick<RangeOptions, 'noHistory'>,
): Promise<RangeHistory | undefined> {
	const git = store?.git;
	if (store === undefined || git === undefined || options.noHistory === true) return undefined;
	if (!(await hasHistory(store, releases))) return undefined;
	const { RangeHistory: Asked } = await import('../../src/range/range-history.ts');
	const memory = helpers === undefined ? {} : { memory: historyMemory(helpers) };
	return new Asked({ store, git, releases, ...memory });
}
