/** Joins the solver to `range`: what a patch needs on the releases on which it is not safe as it is. */
import { prereqsOn } from '../../src/range/prereqs.ts';
import type { RangeHistory } from '../../src/range/range-history.ts';
import type { RangeReport } from '../../src/range/report.ts';
import { withPrereqs } from '../../src/range/with-prereqs.ts';
import type { EngineWorld, RangeOptions } from '../engine.ts';
import type { OpenSource } from '../sources.ts';
import { type AskedPatch, prereqsInput } from './prereqs.ts';

/** Commits of a list, and lists that are tried, for one release of many. */
const MAX = 12;
const TRIES = 60;

/** The report with the commits that a patch needs; as it is where nothing can be asked. */
export async function fillPrereqs(
	world: EngineWorld,
	options: RangeOptions,
	{ open, history, patch }: { open: OpenSource; history: RangeHistory; patch: AskedPatch },
	report: RangeReport,
): Promise<RangeReport> {
	const { store, releases, helpers } = open;
	if (store?.git === undefined || helpers === undefined) return report;
	const { signal } = options;
	const made = await prereqsInput(world, { store, releases, helpers }, patch, {
		...options,
		max: MAX,
		tries: TRIES,
		textual: true,
	});
	try {
		return await withPrereqs(report, {
			releases: open.releases,
			find: async (release, seeds) => {
				if (signal?.aborted === true) return undefined;
				return (await prereqsOn({ ...made.input, targets: [release] }, release, seeds)).target;
			},
			firstRelease: async (commit) => (await history.firstRelease(commit))?.name ?? null,
		});
	} finally {
		// Its store and cache are those of `open`, and end with it.
		options.progress.end();
	}
}
