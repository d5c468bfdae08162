/** What follows from the answers of all releases together: ranges, and what can be said in tags. */
import { parseVersion } from '../kernel/version.ts';
import type { Landmark } from './landmarks.ts';
import { changedBy, citation } from './landmarks.ts';
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

/**
 * Tags and notes. Only ids that are known can be written as `Fixes:`; where one commit brought a bug
 * and another exposed it, no single one can be named.
 */
export function tagsOf(
	releases: readonly ReleaseReport[],
	landmarks: readonly Landmark[],
): RangeReport['tags'] {
	const notes: string[] = [];
	const fixes: string[] = [];
	const present = (release: ReleaseReport): boolean =>
		release.byConfig.some(({ bug }) => ['latent', 'masked', 'exposed'].includes(bug.state));
	const first = releases.find(present);
	if (first !== undefined) {
		const at = first === releases[0] ? 'the first release looked at' : 'the first that has it';
		notes.push(`the bug is in ${first.release}, ${at}`);
		notes.push(...exposures(releases, landmarks));
		const [brought, ...again] = landmarks.filter(({ role }) => role === 'introduced');
		const exposed = landmarks.some(({ role }) => role === 'exposed');
		if (brought === undefined) {
			notes.push('no Fixes: line: no single commit can be named without the history of a clone');
		} else if (again.length > 0) {
			const others = again.map((one) => `, and again with ${citation(one)}`).join('');
			notes.push(`the bug came with ${citation(brought)}${others}`);
			notes.push('no Fixes: line: more than one commit brought the bug');
		} else if (exposed) {
			notes.push(`the bug came with ${citation(brought)}`);
			notes.push('no Fixes: line: one commit brought the bug and another exposed it');
		} else {
			fixes.push(`Fixes: ${brought.commit} ("${brought.subject}")`);
		}
		for (const ended of landmarks.filter(({ role }) => role === 'ended')) {
			notes.push(`${ended.driver ?? 'the driver'} has it no more since ${citation(ended)}`);
		}
	}
	const good = releases.filter(({ verdict }) => verdict === 'safe');
	const cc = first === undefined ? [] : [...new Set(good.map(({ series }) => ccLine(series)))];
	if (cc.length === 0 && first !== undefined) {
		notes.push('no Cc: stable line: no release looked at is safe in every configuration');
	}
	return { fixes, cc, notes };
}

function ccLine(series: string): string {
	return `Cc: <stable@vger.kernel.org> # ${series.replace(/\.y$/, '.x')}`;
}

/** Competitors that come to lose in a later release than the bug's first. */
function exposures(releases: readonly ReleaseReport[], landmarks: readonly Landmark[]): string[] {
	const notes: string[] = [];
	const winning = new Map<string, string>();
	for (const release of releases) {
		for (const { bug } of release.byConfig) {
			for (const { driver, state } of bug.competitors) {
				if (state === 'latent') winning.set(driver, release.release);
				const last = winning.get(driver);
				if (state !== 'exposed' || last === undefined || last === release.release) continue;
				winning.delete(driver);
				const by = exposedBy(landmarks, driver, last, release.release);
				const named = by === undefined ? '' : ` by ${citation(by)}`;
				notes.push(
					`exposed to ${driver} between ${last} and ${release.release}${named}: another commit than the one that brought the bug`,
				);
			}
		}
	}
	return notes;
}

/** The commit that changed a competitor between two releases; one that was found goes before one listed. */
function exposedBy(
	landmarks: readonly Landmark[],
	driver: string,
	after: string,
	upTo: string,
): Landmark | undefined {
	const [low, high] = [parseVersion(after), parseVersion(upTo)];
	return high === undefined ? undefined : changedBy(landmarks, driver, low, high);
}
