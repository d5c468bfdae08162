/** Rules that take more than the message: where the patch is safe, what came after it, and where trailers stand. */
import { seriesInTag } from '../../kernel/stable-tag.ts';
import { compareVersions, MAINLINE, parseVersion } from '../../kernel/version.ts';
import type { ReleaseReport } from '../report.ts';
import type { StableLine } from './lines.ts';
import { type LintFacts, type LintRule, type Said, STABLE_RULES, SUBMITTING } from './model.ts';

/** The lines that ask for a patch in stable series. */
function asking({ lines }: LintFacts): StableLine[] {
	return lines.stable.filter(
		({ stable }) =>
			stable !== undefined &&
			stable.prerequisite === undefined &&
			!stable.address.includes('noautosel') &&
			(stable.from !== undefined || stable.note === ''),
	);
}

/** The releases that a line asks for: of each series the last that was looked at. */
function releasesAsked(line: StableLine, { report, maintained }: LintFacts): ReleaseReport[] {
	const last = new Map<string, ReleaseReport>();
	for (const one of report?.releases ?? []) if (one.series !== MAINLINE) last.set(one.series, one);
	const bound = (series: string | undefined) =>
		series === undefined ? undefined : parseVersion(series.replace(/\.y$/, ''));
	const from = bound(line.stable?.from);
	const upTo = bound(line.stable?.upTo);
	return [...last.values()].filter(({ series }) => {
		const version = bound(series);
		if (version === undefined || maintained?.includes(series) === false) return false;
		if (from !== undefined && compareVersions(version, from) < 0) return false;
		return upTo === undefined || compareVersions(version, upTo) <= 0;
	});
}

/** What follows from the answers of releases, if anything: the lines that tags proposes. */
function proposed({ report }: LintFacts): string[] {
	return report?.tags.cc ?? [];
}

function named(releases: readonly ReleaseReport[]): string {
	return releases.map(({ series }) => seriesInTag(series)).join(', ');
}

export const rangeRules: readonly LintRule[] = [
	{
		id: 'trailer-outside-block',
		demand: 'Fixes: and Cc: stand among the trailers, in the last paragraph',
		source: SUBMITTING,
		check: ({ lines }) =>
			[...lines.fixes, ...lines.stable]
				.filter(({ line }) => !lines.trailers.has(line))
				.map(
					(at): Said => ({
						at,
						what: 'git does not find it among the trailers: they are the last paragraph, without a blank line or text between',
						correction: null,
					}),
				),
	},
	{
		id: 'stable-range-unsafe',
		demand: 'no series is asked for in which the patch does harm',
		source: STABLE_RULES,
		needs: 'range',
		check: (facts) =>
			asking(facts).flatMap((at): Said[] => {
				const unsafe = releasesAsked(at, facts).filter(({ verdict }) => verdict === 'unsafe');
				const [first] = unsafe;
				if (first === undefined) return [];
				const why = first.byConfig.find(({ verdict }) => verdict === 'unsafe')?.reasons[0]?.text;
				const what = `it asks for ${named(unsafe)}, where the patch is unsafe${why === undefined ? '' : `: ${why}`}`;
				return [{ at, what, correction: proposed(facts) }];
			}),
	},
	{
		id: 'stable-range-before-bug',
		demand: 'no series is asked for that is older than the bug',
		source: STABLE_RULES,
		needs: 'range',
		check: (facts) =>
			asking(facts).flatMap((at): Said[] => {
				const asked = releasesAsked(at, facts);
				const first = asked.findIndex(({ bug }) => bug !== 'absent' && bug !== 'unknown');
				const before = asked.slice(0, Math.max(first, 0)).filter(({ bug }) => bug === 'absent');
				if (before.length === 0) return [];
				const what = `it asks for ${named(before)}, where the bug is not`;
				return [{ at, what, correction: proposed(facts) }];
			}),
	},
	{
		id: 'fix-missing',
		demand: 'a fix goes where its own fixes are',
		source: STABLE_RULES,
		needs: 'history',
		check: ({ missing }) =>
			(missing ?? []).map(({ commit, subject, kind, of, missingIn }): Said => {
				const does = kind === 'fixes' ? 'fixes' : 'reverts';
				return {
					at: null,
					what: `${commit.slice(0, 12)} ("${subject}") ${does} ${of.slice(0, 12)} and is missing in ${missingIn.join(', ')}`,
					correction: null,
				};
			}),
	},
];
