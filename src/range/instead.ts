/**
 * The better fix: commits that ended the bug in another way, placed and judged on every release as the patch
 * is. Where such a commit lands and no rule objects, and the patch needs more there, it is said instead.
 * Without history only the release is known that has one.
 */
import { RangefinderError } from '../errors.ts';
import type { Landmark } from './landmarks.ts';
import type { PreparedPatch } from './prepare.ts';
import type { ConfigReport, RangeReport, ReleaseReport, Verdict } from './report.ts';

export type Instead = NonNullable<RangeReport['instead']>[number];

/** Verdicts under which another fix is worth naming. */
const LACKING: readonly Verdict[] = ['needs-prerequisites', 'needs-rework', 'unsafe'];

/** Reasons for which a driver has the bug no more, other than that it does not take the bus at all. */
const ENDED: readonly string[] = ['hardware-checked'];

export interface InsteadQuery {
	/** What is said of the patch itself, in kernel order. */
	readonly releases: readonly ReleaseReport[];
	/** Those with the role `ended` are tried. */
	readonly landmarks: readonly Landmark[];
	/** The patch of a commit by its id, and what is said of it on the same releases. Absent without history. */
	readonly judged?: (commit: string) => Promise<{
		commit: string;
		patch: PreparedPatch;
		releases: readonly ReleaseReport[];
	}>;
}

/** The better fixes, each with the releases on which it is better; those for most releases first. */
export async function insteadOf(query: InsteadQuery): Promise<Instead[]> {
	const { releases, landmarks, judged } = query;
	if (!releases.some(isLacking)) return [];
	const ended = landmarks.filter(({ role }) => role === 'ended');
	if (judged === undefined || ended.length === 0) return byRelease(releases);
	const found = new Map<string, Instead>();
	for (const landmark of ended) {
		if (found.has(landmark.commit)) continue;
		const other = await judgedIfThere(judged, landmark.commit);
		if (other === undefined) continue;
		const better = releases.filter((one, i) => isBetter(other.releases[i], one));
		if (better.length === 0) continue;
		found.set(landmark.commit, {
			commit: other.commit,
			subject: landmark.subject,
			firstRelease: landmark.release,
			releases: better.map(({ release }) => release),
			why: 'it ends the bug in another way, lands there, and no rule objects',
		});
	}
	return [...found.values()].sort((a, b) => b.releases.length - a.releases.length);
}

/** The answers with the better fix where there is one: a prerequisite that replaces the patch. */
export function withInstead(
	releases: readonly ReleaseReport[],
	instead: readonly Instead[],
): ReleaseReport[] {
	return releases.map((release) => {
		const best = instead.find((one) => one.releases.includes(release.release));
		if (best === undefined) return release;
		const { commit, subject, why, firstRelease } = best;
		const other = { kind: 'registration', form: 'instead', text: null } as const;
		const byConfig = release.byConfig.map((one) =>
			one.built && LACKING.includes(one.verdict)
				? {
						...one,
						prerequisites: [...one.prerequisites, { ...other, commit, subject, why, firstRelease }],
					}
				: one,
		);
		return { ...release, byConfig };
	});
}

/** A commit whose objects a partial clone lacks is not tried. */
async function judgedIfThere(
	judged: NonNullable<InsteadQuery['judged']>,
	commit: string,
): Promise<Awaited<ReturnType<NonNullable<InsteadQuery['judged']>>> | undefined> {
	try {
		return await judged(commit);
	} catch (error) {
		if (!(error instanceof RangefinderError)) throw error;
		return undefined;
	}
}

function isLacking({ byConfig }: ReleaseReport): boolean {
	return byConfig.some(({ built, verdict }) => built && LACKING.includes(verdict));
}

/** Whether another fix is safe wherever the patch lacks something. */
function isBetter(other: ReleaseReport | undefined, own: ReleaseReport): boolean {
	if (other === undefined || !isLacking(own)) return false;
	const there = new Map(other.byConfig.map((one) => [one.config, one]));
	return own.byConfig.every(
		({ built, verdict, config }) =>
			!built || !LACKING.includes(verdict) || there.get(config)?.verdict === 'safe',
	);
}

/** The first release whose driver ends the bug by itself, where earlier ones have it. */
function byRelease(releases: readonly ReleaseReport[]): Instead[] {
	const ends = (one: ConfigReport): string | undefined =>
		one.built && one.verdict === 'not-needed'
			? one.reasons.find(({ code }) => ENDED.includes(code))?.text
			: undefined;
	const at = releases.findIndex(({ byConfig }) => byConfig.some(ends));
	const first = releases[at];
	const why = first?.byConfig.map(ends).find((text) => text !== undefined);
	const before = releases.slice(0, Math.max(0, at)).filter(isLacking);
	if (first === undefined || why === undefined || before.length === 0) return [];
	return [
		{
			commit: null,
			subject: null,
			firstRelease: first.release,
			releases: [],
			why: `in ${first.release} ${why}: what brought that may be the better fix, and a clone with history names it`,
		},
	];
}
