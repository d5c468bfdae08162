/**
 * Puts what history says into the answers of releases. A release that has the patch does not need it.
 * One that lacks what the patch fixes has no bug by that account, which decides only where no rule has
 * said anything: what a rule calls unsafe stays so.
 */
import type { ReleaseSource } from '../../cache/source.ts';
import { failureOf } from '../errors.ts';
import type { FollowUpReport } from '../history/contains-report.ts';
import type { CommitLabel } from '../history/history.ts';
import type { Presence } from '../history/presence.ts';
import { reason } from './judge.ts';
import { askHistory, type Blamed, type PatchHistory } from './patch-history.ts';
import type { PlacedRelease } from './placements.ts';
import type { PreparedPatch } from './prepare.ts';
import type { RangeHistory } from './range-history.ts';
import type { ConfigReport, Reason, ReleaseReport } from './report.ts';
import { worstBug, worstVerdict } from './summary.ts';

/** What history adds to an answer. */
export interface ToldHistory {
	releases: ReleaseReport[];
	/** What could not be asked. */
	notes: string[];
	followUps?: readonly FollowUpReport[];
}

/** Asks history about a patch; where it is damaged or not all there, the rules' answers stand without it. */
export async function tellHistory(
	range: RangeHistory,
	{ patch, source }: { patch: PreparedPatch; source: ReleaseSource },
	placed: readonly PlacedRelease[],
	releases: ReleaseReport[],
): Promise<ToldHistory> {
	try {
		const said = await askHistory(range, patch, placed, source);
		const notes = [...said.unseen];
		return { releases: withHistory(releases, said), notes, followUps: said.followUps };
	} catch (error) {
		const failure = failureOf(error);
		if (failure?.code !== 'object-missing' && failure?.code !== 'git-failed') throw error;
		return { releases, notes: [`history was not asked: ${failure.what}`] };
	}
}

/** The answers of releases, in the order of `history`, with what history says of them. */
export function withHistory(
	releases: readonly ReleaseReport[],
	history: PatchHistory,
): ReleaseReport[] {
	return releases.map((release, i) => {
		const presence = history.presence[i];
		const missing = missingBlame(history.blamed, i);
		const change = (one: ConfigReport): ConfigReport => {
			if (!one.built) return one;
			if (presence !== undefined && hasIt(presence))
				return contained(one, presence, history.labels);
			const told = [
				...takenBack(presence, history.labels),
				...missing.map((blamed) => notBlamed(blamed, release.release)),
			];
			if (told.length === 0) return one;
			return missing.length > 0 && isOpen(one)
				? { ...one, ...NO_BUG, reasons: [...told, ...one.reasons] }
				: { ...one, reasons: [...one.reasons, ...told] };
		};
		const byConfig = release.byConfig.map(change);
		const built = byConfig.filter((one) => one.built);
		return {
			...release,
			...(built.length === 0
				? {}
				: {
						verdict: worstVerdict(built.map(({ verdict }) => verdict)),
						bug: worstBug(built.map(({ bug }) => bug.state)),
					}),
			byConfig,
			contained: containedReport(presence, history.labels),
		};
	});
}

/** By something better than a likeness. */
function hasIt({ has, by }: Presence): boolean {
	return has && by !== undefined && by.confidence !== 'possible';
}

const NO_BUG: Pick<ConfigReport, 'verdict' | 'bug' | 'prerequisites'> = {
	verdict: 'not-needed',
	bug: { state: 'absent', competitors: [] },
	prerequisites: [],
};

/** Whether no rule has said that there is a bug, or that the patch does harm. */
function isOpen({ verdict, bug, reasons }: ConfigReport): boolean {
	if (reasons.some(({ code }) => code === 'series')) return false;
	return bug.state === 'unknown' && (verdict === 'unknown' || verdict === 'safe');
}

function contained(
	one: ConfigReport,
	presence: Presence,
	known: ReadonlyMap<string, CommitLabel>,
): ConfigReport {
	const { by } = presence;
	const id = by?.id ?? '';
	const how = by?.how === 'itself' ? 'by ancestry' : `as a copy: ${by?.reason ?? ''}`;
	const text = `this release contains the patch (${cited(id, known)}), ${how}`;
	const bug = one.bug.state === 'unknown' ? { state: 'fixed' as const, competitors: [] } : one.bug;
	return {
		...one,
		bug,
		verdict: 'not-needed',
		prerequisites: [],
		reasons: [
			{ ...reason('contained', text), commits: [{ commit: id, subject: subjectOf(id, known) }] },
		],
	};
}

function takenBack(
	presence: Presence | undefined,
	known: ReadonlyMap<string, CommitLabel>,
): Reason[] {
	if (presence?.reversal === undefined || presence.has || presence.by === undefined) return [];
	const { id } = presence.reversal;
	const text = `the patch was in this series (${cited(presence.by.id, known)}), and was taken back by ${cited(id, known)}`;
	return [
		{ ...reason('reverted', text), commits: [{ commit: id, subject: subjectOf(id, known) }] },
	];
}

/** The blamed commits, where the release has none of them, nor anything that may be a copy. */
function missingBlame(blamed: readonly Blamed[] | undefined, at: number): readonly Blamed[] {
	if (blamed === undefined || blamed.length === 0) return [];
	const away = ({ presence }: Blamed): boolean => {
		const { has = true, open = true } = presence[at] ?? {};
		return !has && !open;
	};
	return blamed.every(away) ? blamed : [];
}

function notBlamed({ commit, subject }: Blamed, release: string): Reason {
	const text = `the patch fixes ${commit.slice(0, 12)} ("${subject}"), and neither that nor a copy of it is in ${release}`;
	return { ...reason('blamed-not-there', text), commits: [{ commit, subject }] };
}

function containedReport(
	presence: Presence | undefined,
	known: ReadonlyMap<string, CommitLabel>,
): NonNullable<ReleaseReport['contained']> | null {
	if (presence?.by === undefined) return null;
	const { by, has, reversal } = presence;
	return {
		commit: by.id,
		subject: subjectOf(by.id, known),
		how: by.how === 'itself' ? 'ancestry' : by.how,
		confidence: by.confidence,
		reason: by.reason,
		inEffect: has,
		reversedBy: reversal?.id ?? null,
	};
}

function subjectOf(id: string, known: ReadonlyMap<string, CommitLabel>): string {
	return known.get(id)?.subject ?? '';
}

function cited(id: string, known: ReadonlyMap<string, CommitLabel>): string {
	return `${id.slice(0, 12)} ("${subjectOf(id, known)}")`;
}
