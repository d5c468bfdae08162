/** Made-up reports of releases, for the tests of what follows from them. */

import { type Release, releasesFromTags } from '../../src/kernel/releases.ts';
import type { ConfigReport, ReleaseReport } from '../../src/range/report.ts';

/** Releases as tags name them, in kernel order. */
export function releasesOf(names: readonly string[]): Release[] {
	return releasesFromTags(
		names.map((name, i) => ({
			name,
			commit: (i + 1).toString(16).padStart(40, '0'),
			date: 1_500_000_000 + i * 86_400,
		})),
	);
}

export interface Answer {
	config?: string;
	verdict?: ConfigReport['verdict'];
	bug?: ConfigReport['bug']['state'];
	competitors?: Readonly<Record<string, ConfigReport['bug']['state']>>;
	prerequisite?: string;
	/** Commits to apply first. */
	picks?: readonly { commit: string; subject: string }[];
	built?: boolean;
}

/** The answer of one configuration. */
export function configReport(answer: Answer): ConfigReport {
	const { config = 'any', verdict = 'safe', bug = 'exposed', built = true } = answer;
	const competitors = Object.entries(answer.competitors ?? {}).map(([driver, state]) => ({
		driver,
		against: 'acme-mmu',
		bus: 'platform_bus_type',
		state,
		why: 'made up',
		by: 'level' as const,
		style: 'probe@device',
		decidedAt: [
			{ path: 'a', line: 1 },
			{ path: 'b', line: 2 },
		] as [{ path: string; line: number }, { path: string; line: number }],
		consequence: null,
		maskedBy: [],
		evidence: [],
	}));
	const text = answer.prerequisite;
	const picks = (answer.picks ?? []).map(
		({ commit, subject }): ConfigReport['prerequisites'][number] => ({
			kind: 'textual',
			form: 'commit',
			commit,
			subject,
			text: null,
			why: 'made up',
			firstRelease: null,
		}),
	);
	return {
		config,
		built,
		style: { before: ['initcall@subsys'], after: null },
		bug: { state: bug, competitors },
		verdict,
		prerequisites:
			text === undefined
				? picks
				: [
						...picks,
						{
							kind: 'registration',
							form: 'adaptation',
							commit: null,
							subject: null,
							text,
							why: 'made up',
							firstRelease: null,
						},
					],
		reasons: [],
	};
}

/** The report of one release; its verdict and bug are those of the first answer. */
export function releaseReport(
	release: Release,
	answers: readonly Answer[],
	placement: ReleaseReport['placement']['result'] = 'exact',
): ReleaseReport {
	const byConfig = answers.map(configReport);
	const { name, series, commit, date, tip } = release;
	return {
		release: name,
		series,
		commit,
		date,
		tip,
		placement: { result: placement, files: [] },
		verdict: byConfig[0]?.verdict ?? 'unknown',
		bug: byConfig[0]?.bug.state ?? 'unknown',
		byConfig,
	};
}

/** Reports of the first releases, one for each of the answers. */
export function releaseReports(
	releases: readonly Release[],
	answers: readonly (readonly Answer[])[],
): ReleaseReport[] {
	return answers.flatMap((answer, i) => {
		const release = releases[i];
		return release === undefined ? [] : [releaseReport(release, answer)];
	});
}
