/**
 * What `range --why RELEASE` prints: everything that is known about one release, with its evidence.
 */
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
		...release.byConfig.flatMap((one) => [
			'',
			...configLines(one, headings.get(one.config) ?? printableLine(one.config), width, paint),
		]),
		'',
		...wrap(rules, width, '', '  '),
	];
}
