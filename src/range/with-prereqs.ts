/**
 * Puts the commits that a patch needs into the answers of releases: where it does not land, or a rule asks for
 * something, and a list of commits settles all of it, picked in memory.
 */
import type { Release } from '../kernel/releases.ts';
import type { PrereqTarget } from './prereqs-report.ts';
import type { ConfigReport, Prerequisite, ReleaseReport } from './report.ts';
import { worstVerdict } from './summary.ts';

/** Verdicts for which a list is looked for. */
const ASKING: readonly string[] = ['needs-prerequisites', 'needs-rework'];

/** What is found for one release; undefined where nobody may be asked any more. */
export type FindPrereqs = (
	release: Release,
	seeds: readonly (readonly string[])[],
) => Promise<PrereqTarget | undefined>;

export interface PrereqsQuery {
	readonly find: FindPrereqs;
	/** The first release that has a commit, of those that are known. */
	firstRelease(commit: string): Promise<string | null>;
}

/** The answers of releases with prerequisites that are commits; neighbours' lists are tried first. */
export async function withPrereqs(
	reports: readonly ReleaseReport[],
	releases: readonly Release[],
	query: PrereqsQuery,
): Promise<ReleaseReport[]> {
	const byName = new Map(releases.map((one) => [one.name, one]));
	const seeds: string[][] = [];
	const answers: ReleaseReport[] = [];
	for (const one of reports) {
		const release = byName.get(one.release);
		const asks = one.byConfig.some(({ built, verdict }) => built && ASKING.includes(verdict));
		const found = asks && release !== undefined ? await query.find(release, seeds) : undefined;
		const list = found?.prerequisites.map(({ commit }) => commit) ?? [];
		if (list.length > 0) seeds.unshift(list);
		answers.push(found === undefined ? one : await filled(one, found, query));
	}
	return answers;
}

async function filled(
	release: ReleaseReport,
	{ result, tree, prerequisites, verdict }: PrereqTarget,
	{ firstRelease }: PrereqsQuery,
): Promise<ReleaseReport> {
	if (tree === null || prerequisites.length === 0) return release;
	const commits: Prerequisite[] = [];
	for (const { commit, subject, kind, why } of prerequisites) {
		commits.push({
			kind,
			form: 'commit',
			commit,
			subject,
			text: null,
			why,
			firstRelease: await firstRelease(commit),
		});
	}
	const settled = result === 'lands-with' && verdict === 'safe';
	const byConfig = release.byConfig.map((one): ConfigReport => {
		if (!one.built || !ASKING.includes(one.verdict)) return one;
		if (settled) {
			return { ...one, verdict: 'needs-prerequisites', prerequisites: commits };
		}
		// What is asked for besides stays an adaptation.
		return one.verdict === 'needs-prerequisites'
			? { ...one, prerequisites: [...commits, ...one.prerequisites] }
			: one;
	});
	const built = byConfig.filter((one) => one.built);
	return { ...release, byConfig, verdict: worstVerdict(built.map((one) => one.verdict)) };
}
