/**
 * The rows of the table of `range`: adjacent releases that have one answer share a row.
 */
import type { ConfigReport, ReleaseReport } from '../../src/range/report.ts';
import { type Footnotes, verdictText } from './footnotes.ts';
import type { OwnershipNotes } from './ownership-notes.ts';

/** A run of adjacent releases, as long as `keyOf` says the same of each. */
export interface Run<T> {
	readonly first: T;
	readonly last: T;
	readonly key: string;
}

/** Splits a sequence into runs of equal keys. */
export function runsOf<T>(items: readonly T[], keyOf: (item: T) => string): Run<T>[] {
	const runs: Run<T>[] = [];
	for (const item of items) {
		const key = keyOf(item);
		const before = runs.at(-1);
		if (before?.key === key) runs[runs.length - 1] = { ...before, last: item };
		else runs.push({ first: item, last: item, key });
	}
	return runs;
}

/** One release's answer for one configuration, with the marks of its notes ('' for none). */
export interface Answer {
	readonly report: ConfigReport | undefined;
	readonly bugMark: string;
	readonly verdictMark: string;
}

export interface AnsweredRelease {
	readonly release: ReleaseReport;
	/** By the name of the configuration. */
	readonly answers: ReadonlyMap<string, Answer>;
}

/** Every release with its answers; the notes that their verdicts need are added to `verdictNotes`. */
export function answersOf(
	releases: readonly ReleaseReport[],
	configs: readonly string[],
	bugNotes: OwnershipNotes,
	verdictNotes: Footnotes,
): AnsweredRelease[] {
	return releases.map((release, at) => ({
		release,
		answers: new Map(
			configs.map((config) => {
				const report = release.byConfig.find((one) => one.config === config);
				const verdictMark = report?.built === true ? verdictNotes.mark(verdictText(report)) : '';
				return [config, { report, bugMark: bugNotes.mark(at, config), verdictMark }];
			}),
		),
	}));
}

/** The rows for some of the configurations. */
export function rowsOf(
	releases: readonly AnsweredRelease[],
	configs: readonly string[],
): Run<AnsweredRelease>[] {
	return runsOf(releases, ({ release, answers }) =>
		JSON.stringify([
			release.placement.result,
			...(configs.length === 0 ? [release.verdict] : []),
			...configs.map((config) => {
				const answer = answers.get(config);
				const { built, bug, verdict } = answer?.report ?? {};
				return [built, bug?.state, verdict, answer?.bugMark, answer?.verdictMark];
			}),
		]),
	);
}
