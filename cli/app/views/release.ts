/**
 * The view of the screen Release: everything known about one release, as lines of which some open something:
 * a place in the source, a commit.
 */
import type {
	ConfigReport,
	Prerequisite,
	RangeReport,
	Reason,
	ReleaseReport,
} from '../../../src/range/report.ts';
import { printableLine, wrap } from '../../../src/text.ts';
import { prerequisiteText } from '../../output/footnotes.ts';
import { abbreviated, configHeadings } from '../../output/headings.ts';
import { bugTone, type Tone, verdictTone } from '../../output/paint.ts';
import { hunkText } from '../../output/placement-text.ts';
import { usersLines } from '../../output/users-text.ts';
import { type Line, line, span } from './text.ts';

/** What a line opens. */
export type Target =
	| {
			readonly kind: 'source';
			readonly path: string;
			readonly line: number;
			readonly blob?: string;
	  }
	| { readonly kind: 'commit'; readonly commit: string };

export interface Row {
	readonly line: Line;
	readonly target?: Target;
}

/** All lines about a release; `width` columns. */
export function releaseRows(report: RangeReport, release: ReleaseReport, width: number): Row[] {
	const headings = configHeadings(report.configs);
	const { placement } = release;
	return [
		...text(
			`${release.release}: ${release.verdict}, ${release.series}${release.tip ? ', its tip here' : ''}, ${release.date}`,
			width,
			0,
			verdictTone(release.verdict),
		),
		...open(`commit ${abbreviated(release.commit)}`, width, 0, {
			kind: 'commit',
			commit: release.commit,
		}),
		...text(report.patch.subject, width, 0, 'dim'),
		...containedRows(release, width),
		...title(`lands: ${placement.result}`),
		...placement.files.flatMap((file) => hunkRows(file, width)),
		...release.byConfig.flatMap((one) =>
			configRows(one, headings.get(one.config) ?? one.config, width),
		),
		...title('rules checked'),
		...text(
			report.rules.length === 0 ? 'none: no profile covers the paths' : report.rules.join(', '),
			width,
			2,
		),
	];
}

function text(said: string, width: number, indent: number, tone: Tone = 'plain'): Row[] {
	const first = ' '.repeat(indent);
	return wrap(printableLine(said), width, first, `${first}  `).map((one) => ({
		line: line(one, tone),
	}));
}

function title(said: string): Row[] {
	return [{ line: line() }, { line: line(said, 'strong') }];
}

/** Lines that open something, marked so that it is seen without colour. */
function open(said: string, width: number, indent: number, target: Target): Row[] {
	const first = ' '.repeat(indent);
	return wrap(printableLine(said), width - 2, first, `${first}  `).map((one, i) => ({
		line: { spans: [span(one), span(i === 0 ? ' >' : '', 'dim')] },
		...(i === 0 ? { target } : {}),
	}));
}

function evidenceRows(evidence: Reason['evidence'], width: number, indent: number): Row[] {
	return evidence.flatMap(({ path, line: at, blob }) => {
		const target: Target = {
			kind: 'source',
			path,
			line: at,
			...(blob === undefined ? {} : { blob }),
		};
		return open(`${path}:${at}`, width, indent, target);
	});
}

function hunkRows(file: ReleaseReport['placement']['files'][number], width: number): Row[] {
	const path = file.movedTo ?? file.path;
	return [
		...text(
			`${file.path}${file.movedTo === null ? '' : ` (here ${file.movedTo})`}: ${file.result}`,
			width,
			2,
		),
		...file.hunks.flatMap((hunk, i) => {
			const at = hunk.at === null ? '' : `, at line ${hunk.at}`;
			const said = `hunk ${i + 1}: ${hunkText(hunk)}${at}${hunk.why === null ? '' : `: ${hunk.why}`}`;
			const changed = (hunk.changedBy ?? []).flatMap(({ commit, subject }) =>
				open(`changed by ${abbreviated(commit)} ("${subject}")`, width, 6, {
					kind: 'commit',
					commit,
				}),
			);
			return hunk.at === null
				? [...text(said, width, 4), ...changed]
				: [...open(said, width, 4, { kind: 'source', path, line: hunk.at }), ...changed];
		}),
	];
}

function containedRows({ contained }: ReleaseReport, width: number): Row[] {
	if (contained === undefined || contained === null) return [];
	const { commit, subject, how, reason, inEffect } = contained;
	const why = how === 'ancestry' ? 'by ancestry' : reason;
	const said = `contains ${abbreviated(commit)} ("${subject}"), ${why}${inEffect ? '' : '; reverted'}`;
	return open(said, width, 0, { kind: 'commit', commit });
}

function configRows(report: ConfigReport, name: string, width: number): Row[] {
	const reasons = report.reasons.flatMap((one) => reasonRows(one, width));
	if (!report.built) return [...title(`${name}: not built`), ...reasons];
	const said = (styles: readonly string[]) => (styles.length === 0 ? 'none' : styles.join(', '));
	const { before, after } = report.style;
	const style =
		after === null ? `${said(before)}; it does not land` : `${said(before)} -> ${said(after)}`;
	const instead = report.prerequisites.filter(({ form }) => form === 'instead');
	const first = report.prerequisites.filter(({ form }) => form !== 'instead');
	return [
		{ line: line() },
		{
			line: {
				spans: [
					span(`${printableLine(name)}: `, 'strong'),
					span(report.verdict, verdictTone(report.verdict)),
				],
			},
		},
		...text(`style: ${style}`, width, 2),
		...text(`bug: ${report.bug.state}`, width, 2, bugTone(report.bug.state)),
		...report.bug.competitors.flatMap(({ driver, state, why, evidence }) => {
			const plain = why.startsWith(`${driver} `) ? why.slice(driver.length + 1) : why;
			return [
				...text(`${driver}: ${state}: ${plain}`, width, 4, bugTone(state)),
				...evidenceRows(evidence, width, 6),
			];
		}),
		...(reasons.length === 0 ? [] : [...text('reasons:', width, 2), ...reasons]),
		...prerequisiteRows('prerequisites, in order:', first, width),
		...prerequisiteRows('better:', instead, width),
		...usersLines(report.users, width).map((one) => ({ line: line(one) })),
	];
}

function reasonRows({ code, text: said, evidence, commits }: Reason, width: number): Row[] {
	return [
		...text(`${code}: ${said}`, width, 4),
		...evidenceRows(evidence, width, 6),
		...(commits ?? []).flatMap(({ commit, subject }) =>
			open(`${abbreviated(commit)} ("${subject}")`, width, 6, { kind: 'commit', commit }),
		),
	];
}

function prerequisiteRows(heading: string, all: readonly Prerequisite[], width: number): Row[] {
	if (all.length === 0) return [];
	return [
		...text(heading, width, 2),
		...all.flatMap((one, i) => {
			const said = `${i + 1}. ${one.kind}: ${prerequisiteText(one)}`;
			return one.commit === null
				? text(said, width, 4)
				: open(said, width, 4, { kind: 'commit', commit: one.commit });
		}),
	];
}
