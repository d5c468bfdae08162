/** What follows from the answers of all releases together: the worst of them, and ranges. Tags are in tags.ts. */
import type { BugState, RangeReport, ReleaseReport, Verdict } from './report.ts';
import { VERDICTS } from './report-words.ts';

/** The worst of the verdicts of the configurations that are built; `not-built` when none is. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
	const worst = Math.max(0, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict)));
	return VERDICTS[worst] ?? 'unknown';
}

const BUG_ORDER: readonly BugState[] = [
	'exposed',
	'masked',
	'latent',
	'unknown',
	'fixed',
	'absent',
];

/** The worst reachable state of a bug. */
export function worstBug(states: readonly BugState[]): BugState {
	return BUG_ORDER.find((state) => states.includes(state)) ?? 'absent';
}

/** Runs of neighbouring releases with one answer, per configuration. */
export function rangesOf(
	releases: readonly ReleaseReport[],
	configs: readonly string[],
): RangeReport['ranges'] {
	return configs.flatMap((config) => {
		const ranges: RangeReport['ranges'] = [];
		let last = '';
		for (const release of releases) {
			const one = release.byConfig.find((answer) => answer.config === config);
			if (one === undefined) continue;
			const answer = {
				placement: release.placement.result,
				verdict: one.verdict,
				bug: one.bug.state,
				prerequisites: one.prerequisites,
			};
			const key = JSON.stringify(answer);
			const open = ranges.at(-1);
			if (open !== undefined && key === last) open.to = release.release;
			else ranges.push({ config, from: release.release, to: release.release, ...answer });
			last = key;
		}
		return ranges;
	});
}
