/**
 * What `range --why RELEASE` prints: everything that is known about one release, with its evidence.
 */

import type { FollowUpReport } from '../../src/history/contains-report.ts';
import type {
	ConfigReport,
	Prerequisite,
	RangeReport,
	Reason,
	ReleaseReport,
} from '../../src/range/report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { prerequisiteText } from './footnotes.ts';
import { abbreviated, configHeadings } from './headings.ts';
import { bugTone, type Paint, verdictTone } from './paint.ts';
import { hunkLines } from './placement-text.ts';
import { patchHead } from './range-text.ts';
import { remainsLines } from './siblings-notes.ts';
import { usersLines } from './users-text.ts';

function evidenceLines(evidence: Reason['evidence'], width: number): string[] {
	return evidence.flatMap(({ path, line, blob }) => {
		const where = `${printableLine(path)}:${line}`;
		const text = blob === undefined ? where : `${where} (blob ${abbreviated(blob)})`;
		return wrap(text, width, '      ', '        ');
	});
}

function reasonLines({ code, text, evidence }: Reason, width: number): string[] {
	return [
		...wrap(`${printableLine(code)}: ${printableLine(text)}`, width, '    ', '      '),
		...evidenceLines(evidence, width),
	];
}

function prerequisiteLines(one: Prerequisite, number: number, width: number): string[] {
	const start = `    ${number}. `;
	return wrap(`${one.kind}: ${prerequisiteText(one)}`, width, start, ' '.repeat(start.length));
}

function styleText({ before, after }: ConfigReport['style']): string {
	const said = (styles: readonly string[]) =>
		styles.length === 0 ? 'none' : styles.map(printableLine).join(', ');
	return after === null
		? `${said(before)}; after the patch unknown, it does not land`
		: `${said(before)} -> ${said(after)}`;
}

function section(title: string, lines: readonly string[]): string[] {
	return lines.length === 0 ? [] : [`  ${title}:`, ...lines];
}

function configLines(report: ConfigReport, name: string, width: number, paint: Paint): string[] {
	if (!report.built) {
		return [
			...wrap(`${name}: not built`, width, '', '  '),
			...report.reasons.flatMap((reason) => reasonLines(reason, width)),
		];
	}
	return [
		...wrap(`${name}: ${report.verdict}`, width, '', '  ').map((line) =>
			paint(verdictTone(report.verdict), line),
		),
		...wrap(`style: ${styleText(report.style)}`, width, '  ', '    '),
		paint(bugTone(report.bug.state), `  bug: ${report.bug.state}`),
		...report.bug.competitors.flatMap(({ driver, state, why, evidence }) => {
			const said = why.startsWith(`${driver} `) ? why.slice(driver.length + 1) : why;
			const text = `${printableLine(driver)}: ${state}: ${printableLine(said)}`;
			return [...wrap(text, width, '    ', '      '), ...evidenceLines(evidence, width)];
		}),
		...section(
			'reasons',
			report.reasons.flatMap((reason) => reasonLines(reason, width)),
		),
		...usersLines(report.users, width),
		...remainsLines(report.remains, width),
		...section(
			'prerequisites, in order',
			report.prerequisites.flatMap((one, i) => prerequisiteLines(one, i + 1, width)),
		),
	];
}

/** The whole text about `release`, which is one of the report's; `width` columns. */
export function whyText(
	report: RangeReport,
	release: ReleaseReport,
	width: number,
	paint: Paint,
): string[] {
	const headings = configHeadings(report.configs);
	const about = [
		`${printableLine(release.release)}: ${release.verdict}`,
		`${printableLine(release.series)}${release.tip ? ', its tip here' : ''}`,
		printableLine(release.date),
		`commit ${abbreviated(release.commit)}`,
	].join(', ');
	const rules =
		report.rules.length === 0
			? 'Rules checked: none, since no profile covers the paths of the patch.'
			: `Rules checked: ${report.rules.map(printableLine).join(', ')}.`;
	return [
		...patchHead(report, width, paint),
		'',
		...wrap(about, width).map((line) => paint('strong', line)),
		'',
		`lands: ${release.placement.result}`,
		...hunkLines(release.placement.files, width),
		...containedLines(release, width),
		...release.byConfig.flatMap((one) => [
			'',
			...configLines(one, headings.get(one.config) ?? printableLine(one.config), width, paint),
		]),
		...followUpSection(report, release, width),
		'',
		...wrap(rules, width, '', '  '),
	];
}

function containedLines({ contained }: ReleaseReport, width: number): string[] {
	if (contained === undefined || contained === null) return [];
	const { commit, subject, how, confidence, reason, inEffect, reversedBy } = contained;
	const by = how === 'ancestry' ? 'by ancestry' : `as a copy (${confidence}): ${reason}`;
	const back =
		reversedBy === null
			? ''
			: `, ${inEffect ? 'reverted and restored' : 'reverted'} by ${abbreviated(reversedBy)}`;
	const text = `contains: ${abbreviated(commit)} ("${subject}"), ${by}${back}`;
	return wrap(printableLine(text), width, '', '  ');
}

const STATE: Readonly<Record<FollowUpReport['targets'][number]['state'], string>> = {
	there: 'is in this release',
	concerns: 'is not in this release, and its code is',
	elsewhere: 'does not concern this release',
	unknown: 'may concern this release',
};

/** What followed the patch up, and what that means to this release. */
function followUpSection(report: RangeReport, { release }: ReleaseReport, width: number): string[] {
	const lines = (report.followUps ?? []).flatMap((one) => {
		const target = one.targets.find((candidate) => candidate.release === release);
		if (target === undefined) return [];
		const why = target.why === '' ? '' : `: ${target.why}`;
		const text = `${abbreviated(one.commit)} ("${one.subject}") ${one.kind} ${abbreviated(one.of)}; it ${STATE[target.state]}${why}`;
		return wrap(printableLine(text), width, '  ', '    ');
	});
	return lines.length === 0 ? [] : ['', 'follow-ups of the patch:', ...lines];
}
