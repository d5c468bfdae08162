/**
 * Which commits a patch can say it fixes, by what is known of the bug's beginnings. `Fixes: <id> ("subject")`
 * is on one line, however long, the id of 12 digits or more: Documentation/process/submitting-patches.rst,
 * "Describe your changes".
 */
import { parseVersion } from '../kernel/version.ts';
import { changedBy, citation, type Landmark } from './landmarks.ts';
import type { BugState, ReleaseReport } from './report.ts';

/** Lines that are proposed, and what has to be said besides. */
export interface Proposed {
	readonly lines: readonly string[];
	readonly notes: readonly string[];
}

const PRESENT: readonly BugState[] = ['latent', 'masked', 'exposed'];

/** The first release that has the bug, whether anything can lose by it there or not. */
export function firstWithBug(releases: readonly ReleaseReport[]): ReleaseReport | undefined {
	return releases.find(({ byConfig }) => byConfig.some(({ bug }) => PRESENT.includes(bug.state)));
}

/**
 * The `Fixes:` lines of a patch: one commit that brought the bug; two where one brought and another exposed
 * it; none where several brought or exposed it, or no history says which did.
 */
export function fixesOf(
	releases: readonly ReleaseReport[],
	landmarks: readonly Landmark[],
): Proposed {
	const first = firstWithBug(releases);
	if (first === undefined) return { lines: [], notes: [] };
	const at = first === releases[0] ? 'the first release looked at' : 'the first that has it';
	const notes = [`the bug is in ${first.release}, ${at}`, ...exposures(releases, landmarks)];
	const [brought, ...again] = landmarks.filter(({ role }) => role === 'introduced');
	const exposing = exposedBy(landmarks);
	const [only] = exposing;
	const lines: string[] = [];
	if (brought === undefined) {
		notes.push('no Fixes: line: no single commit can be named without the history of a clone');
	} else if (again.length > 0) {
		const others = again.map((one) => `, and again with ${citation(one)}`).join('');
		notes.push(
			`the bug came with ${citation(brought)}${others}`,
			'no Fixes: line: more than one commit brought the bug',
		);
	} else if (exposing.length > 1) {
		notes.push(
			`the bug came with ${citation(brought)}`,
			`no Fixes: line: one commit brought the bug and ${exposing.length} others exposed it: ${exposing.map(exposure).join(', ')}`,
		);
	} else {
		lines.push(fixesLine(brought));
		if (only !== undefined) {
			lines.push(fixesLine(only));
			notes.push(`the bug came with ${citation(brought)}`);
			notes.push(`${brought.commit} brought the bug, ${exposure(only)} exposed it`);
		}
	}
	for (const ended of landmarks.filter(({ role }) => role === 'ended')) {
		notes.push(`${ended.driver ?? 'the driver'} has it no more since ${citation(ended)}`);
	}
	return { lines, notes };
}

function fixesLine({ commit, subject }: Landmark): string {
	return `Fixes: ${commit} ("${subject}")`;
}

/** The commits that exposed the bug, each once. */
function exposedBy(landmarks: readonly Landmark[]): Landmark[] {
	const found = new Map<string, Landmark>();
	for (const one of landmarks) {
		if (one.role === 'exposed' && !found.has(one.commit)) found.set(one.commit, one);
	}
	const brought = landmarks.find(({ role }) => role === 'introduced');
	if (brought !== undefined) found.delete(brought.commit);
	return [...found.values()];
}

function exposure({ commit, driver }: Landmark): string {
	return driver === undefined ? commit : `${commit} (to ${driver})`;
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
				const by = changedBetween(landmarks, driver, last, release.release);
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
function changedBetween(
	landmarks: readonly Landmark[],
	driver: string,
	after: string,
	upTo: string,
): Landmark | undefined {
	const [low, high] = [parseVersion(after), parseVersion(upTo)];
	return high === undefined ? undefined : changedBy(landmarks, driver, low, high);
}
