import type { RangeOptions } from '../../cli/engine.ts';

/** Shows nothing. */
export const progress = { start() {}, step() {}, end() {} };

/** The options of a range over every release of a clone, without index and cache, changed as said. */
export function asked(change: Partial<RangeOptions>): RangeOptions {
	return {
		input: 'fix.patch',
		example: false,
		noIndex: true,
		noCache: true,
		noHistory: true,
		release: [],
		series: [],
		all: true,
		onto: [],
		arch: [],
		progress,
		...change,
	};
}
