/**
 * The command `range`: asks the engine, prints the report, and gives the exit code that scripts
 * rely on.
 */
import { RangefinderError } from '../../src/errors.ts';
import { compareVersions, parseVersion } from '../../src/kernel/version.ts';
import { worstResult } from '../../src/patch/placement.ts';
import type { RangeReport, ReleaseReport, SeriesReport } from '../../src/range/report.ts';
import { worstVerdict } from '../../src/range/summary.ts';
import { safeJson } from '../../src/text.ts';
import type { Engine, RangeOptions } from '../engine.ts';
import { checkJudging, judgingOptions, usage } from '../judging.ts';
import type { RangeWords } from '../options.ts';
import type { Session } from '../session.ts';
import { asksForEach } from '../words/each.ts';
import { rangeExitCode, showRange } from './shown/range.ts';

/** The reports of a series as one: of each release the worst that any of its patches gets. */
function wholeSeries(reports: readonly RangeReport[]): RangeReport {
	const [first, ...others] = reports;
	if (first === undefined) throw new RangeError('a run without reports');
	return {
		...first,
		releases: first.releases.map((release) => {
			const all = [release, ...others.flatMap(({ releases }) => sameRelease(releases, release))];
			return {
				...release,
				verdict: worstVerdict(all.map(({ verdict }) => verdict)),
				placement: {
					...release.placement,
					result: worstResult(all.map(({ placement }) => placement.result)),
				},
			};
		}),
	};
}

function sameRelease(releases: readonly ReleaseReport[], { release }: ReleaseReport) {
	return releases.filter((one) => one.release === release);
}

function checkWords(patch: string | undefined, words: RangeWords): void {
	checkJudging('range', patch, words);
	if (words.why !== undefined && words.json === true) {
		throw usage('range: --why is text', 'leave it out, --json says everything about every release');
	}
	if (words.why !== undefined && words.only !== undefined) {
		throw usage('range: --why needs the verdicts', 'leave --only out');
	}
}

function optionsOf(patch: string | undefined, words: RangeWords, session: Session): RangeOptions {
	const { interruptible } = session.world;
	return {
		...judgingOptions(patch, words, session),
		...(words.only === undefined ? {} : { only: words.only }),
		...explain(words),
		...(interruptible === undefined ? {} : { interruptible }),
	};
}

/** History is asked about one release, or about those that were named for a script. */
function explain({ why, json, release }: RangeWords): Pick<RangeOptions, 'explain'> {
	if (why !== undefined) return { explain: why };
	return json === true && release.length > 0 ? { explain: 'all' } : {};
}

/** The release a user means: by name, or as the same version (`4.11` for `v4.11.0`). */
function releaseNamed(report: RangeReport, name: string): ReleaseReport | undefined {
	const wanted = parseVersion(name);
	return report.releases.find(({ release }) => {
		const version = wanted === undefined ? undefined : parseVersion(release);
		if (wanted === undefined || version === undefined) return release === name;
		return compareVersions(version, wanted) === 0;
	});
}

/**
 * The report that has the release of --why. One that was not selected is judged along with those
 * that were, since prerequisites are named by the releases looked at.
 */
async function reportWith(
	engine: Engine,
	options: RangeOptions,
	why: string,
): Promise<{ report: RangeReport; release: ReleaseReport }> {
	const first = await engine.range(options);
	const found = releaseNamed(first, why);
	if (found !== undefined) return { report: first, release: found };
	const selected = first.releases.map(({ release }) => release);
	const report = await engine.range({ ...options, release: [...selected, why] });
	const release = releaseNamed(report, why);
	if (release === undefined) {
		throw new RangefinderError({ code: 'unknown-release', release: why, near: selected });
	}
	return { report, release };
}

/** Runs `range`. */
export async function runRange(
	session: Session,
	patches: readonly string[],
	words: RangeWords,
): Promise<void> {
	if (asksForEach(patches, words)) return rangeOfEach(session, patches, words);
	const [patch] = patches;
	checkWords(patch, words);
	const engine = await session.engine();
	const options = optionsOf(patch, words, session);
	try {
		if (words.why !== undefined) {
			const { report, release } = await reportWith(engine, options, words.why);
			options.progress.end();
			const { whyText } = await import('../output/why-text.ts');
			const paint = await session.paint(words.color);
			session.print(whyText(report, release, session.width, paint));
			session.exitCode = rangeExitCode({ ...report, releases: [release] }, undefined);
			return;
		}
		const reports = await engine.ranges(options);
		options.progress.end();
		session.exitCode = rangeExitCode(wholeSeries(reports), words.only);
		const [report] = reports;
		if (words.json === true) {
			const series: SeriesReport = { schema: 'rangefinder.series/1', patches: reports };
			session.print([safeJson(reports.length === 1 ? report : series, true)]);
			return;
		}
		const paint = await session.paint(words.color);
		for (const [i, one] of reports.entries()) {
			if (i > 0) session.print(['']);
			if (reports.length > 1) {
				session.print([paint('strong', `== patch ${i + 1} of ${reports.length}`), '']);
			}
			await showRange(session, one, words);
		}
	} finally {
		options.progress.end();
	}
}

async function rangeOfEach(
	session: Session,
	patches: readonly string[],
	words: RangeWords,
): Promise<void> {
	if (words.why !== undefined) {
		throw usage('range: --why is about one patch', 'leave it out, or give one patch');
	}
	const { only, color } = words;
	const { judgeEach } = await import('../each/judge-each.ts');
	await judgeEach(session, patches, words, {
		command: 'range',
		ask: { ...(only === undefined ? {} : { only }), ...explain(words) },
		show: {
			...(only === undefined ? {} : { only }),
			...(color === undefined ? {} : { color }),
		},
	});
}
