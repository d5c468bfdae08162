/** What was found for a target, in the words of the report. */
import type { GitRunner } from '../git/process.ts';
import { labels } from '../history/history.ts';
import type { Release } from '../kernel/releases.ts';
import { compareVersions, parseVersion } from '../kernel/version.ts';
import type { Instead } from './instead.ts';
import type { PrereqMember, PrereqTarget } from './prereqs-report.ts';
import type { Member, Need } from './prerequisites.ts';
import type { ReleaseReport, Verdict } from './report.ts';

export function reworkOr({ kind }: Need): PrereqTarget['result'] {
	return kind === 'textual' ? 'rework' : 'adaptation';
}

/** A target of which nothing is known. */
export function blank({ name, commit }: Release): PrereqTarget {
	return {
		onto: name,
		commit,
		result: 'unknown',
		proved: false,
		tree: null,
		verdict: null,
		prerequisites: [],
		adaptations: [],
		open: null,
		partial: [],
		already: [],
		instead: null,
		rangeDiff: null,
		notes: [],
	};
}

/** What a verdict alone says of a target, where no history can be asked. */
const RESULT_OF: Partial<Record<Verdict, PrereqTarget['result']>> = {
	'needs-prerequisites': 'adaptation',
	'needs-rework': 'rework',
};

/** What the rules say, in a target's answer. */
export function said(report: ReleaseReport | undefined): Partial<PrereqTarget> {
	if (report === undefined) return {};
	const asked = report.byConfig.flatMap(({ prerequisites }) => prerequisites);
	const adaptations = new Map<string, { text: string; why: string }>();
	for (const { form, text, why } of asked) {
		if (form === 'adaptation' && text !== null) adaptations.set(text, { text, why });
	}
	const other = asked.find(({ form, commit }) => form === 'instead' && commit !== null);
	const result = RESULT_OF[report.verdict];
	return {
		...(result === undefined ? {} : { result }),
		verdict: report.verdict,
		adaptations: [...adaptations.values()],
		instead:
			other === undefined ? null : { commit: other.commit, subject: other.subject, why: other.why },
	};
}

export function openOf(need: Need | undefined): PrereqTarget['open'] {
	if (need === undefined) return null;
	return { kind: need.kind, why: need.why, evidence: need.places.map((place) => ({ ...place })) };
}

/** The commits of a list, with what fails without each. */
export async function membersOf(
	git: GitRunner,
	members: readonly Member[],
	open: Need | undefined,
): Promise<PrereqMember[]> {
	const known = await labels(
		git,
		members.map(({ commit }) => commit),
	);
	return members.map(({ commit, needs }) => {
		const [first] = needs;
		return {
			commit,
			subject: known.get(commit)?.subject ?? '',
			kind: first?.kind ?? 'textual',
			kinds: [...new Set(needs.map(({ kind }) => kind))],
			why: first === undefined ? '' : settledBy(first, open),
			evidence: (first?.places ?? []).map((place) => ({ ...place })),
		};
	});
}

/** What fails without a commit, without what fails with it too. */
function settledBy({ why, parts }: Need, open: Need | undefined): string {
	const left = parts?.filter((part) => open?.parts?.includes(part) !== true) ?? [];
	return left.length === 0 ? why : left.join('; ');
}

/** Commits with their subjects. */
export async function subjectsOfAll(git: GitRunner, commits: readonly string[]) {
	const known = await labels(git, commits);
	return commits.map((commit) => ({ commit, subject: known.get(commit)?.subject ?? '' }));
}

/** Whether a target's answer leaves something to be wished for. */
export function isWanting({ result, verdict }: PrereqTarget): boolean {
	return verdict === 'unsafe' || ['adaptation', 'rework', 'unknown'].includes(result);
}

/** The answer with the better fix, where there is one for its release. */
export function withBetter(
	target: PrereqTarget,
	{ name, version }: Release,
	all: readonly Instead[],
): PrereqTarget {
	// Where only the release is known that has it, it is for those before.
	const isBefore = (release: string): boolean => {
		const first = parseVersion(release);
		return first !== undefined && compareVersions(version, first) < 0;
	};
	const best = all.find(({ commit, releases, firstRelease }) =>
		commit === null ? isBefore(firstRelease) : releases.includes(name),
	);
	if (best === undefined || target.instead !== null) return target;
	const { commit, subject, why } = best;
	return { ...target, instead: { commit, subject, why } };
}
