/** What `contains` prints for people: series by series, then copies, what took them back, follow-ups. */
import type { ContainsReport, FollowUpReport } from '../../src/history/contains-report.ts';
import { MAINLINE } from '../../src/kernel/version.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { abbreviated, cellName, releaseSpan, releaseSpanText } from './headings.ts';
import type { Paint } from './paint.ts';
import { runsOf } from './rows.ts';
import { renderTable } from './table.ts';

type Series = ContainsReport['series'][number];
type Member = ContainsReport['members'][number];

const HOW: Readonly<Record<Exclude<Series['how'], null>, string>> = {
	ancestry: 'ancestry',
	'upstream-line': 'says so (upstream)',
	'cherry-pick-line': 'says so (cherry-pick)',
	'patch-id': 'same patch id',
	'same-subject-and-author': 'similar diff',
};

/** The text of `contains`; `width` columns. */
export function containsText(report: ContainsReport, width: number, paint: Paint): string[] {
	const [itself] = report.members;
	const head = [
		...wrap(named(report.commit, itself?.subject ?? null), width).map((line) =>
			paint('strong', line),
		),
		...(report.here
			? wrap(printableLine(`${itself?.author ?? ''}, ${itself?.date ?? ''}`), width)
			: wrap(hereText(report), width)),
		...wrap(firstText(report), width),
	];
	return [
		...head,
		...section('', seriesTable(report.series, width, paint)),
		...section('', missing(report.series, width)),
		...section('', untold(report.series, width)),
		...section(
			'Copies',
			report.members.slice(1).flatMap((one) => memberLines(one, width)),
		),
		...section(
			'Reverts',
			report.reversals.flatMap((one) => {
				const part = one.partly ? ' (in part)' : '';
				const text = `${named(one.commit, one.subject)}: ${one.effect}${part} ${abbreviated(one.of)}, ${inRelease(one.firstRelease)}; ${printableLine(one.reason)} (${one.confidence})`;
				return wrap(text, width, '  ', '    ');
			}),
		),
		...section(
			'Follow-ups',
			report.followUps.flatMap((one) => followUpLines(one, width, paint)),
		),
		...section(
			'',
			report.unseen.flatMap((text) => wrap(printableLine(text), width, 'unseen: ', '  ')),
		),
	];
}

function section(title: string, lines: readonly string[]): string[] {
	if (lines.length === 0) return [];
	return ['', ...(title === '' ? [] : [`${title}:`]), ...lines];
}

function named(commit: string, subject: string | null): string {
	const short = abbreviated(commit);
	return subject === null ? short : `${short} ("${printableLine(subject)}")`;
}

function firstText({ first, series }: ContainsReport): string {
	const open = series.some(({ cannotTell }) => cannotTell !== undefined);
	if (first === null) return `in no release of this clone${open ? ' that can be told' : ''}`;
	const name = `${printableLine(first.release)} (${printableLine(first.series)})`;
	return first.sure ? `first in ${name}` : `in ${name}, if not in an earlier one`;
}

/** Of a commit that is not here. */
function hereText({ members }: ContainsReport): string {
	return members.length > 1
		? 'This clone has no such commit; it is known by what others say of it.'
		: 'This clone has no such commit, and none says that it is a copy of it.';
}

function inRelease(release: string | null): string {
	return release === null ? 'in no release' : `first in ${printableLine(release)}`;
}

/** One row for each run of series that have the commit in the same way. */
function seriesTable(all: readonly Series[], width: number, paint: Paint): string[] {
	const having = all.filter(({ first }) => first !== null);
	const runs = runsOf(having, (one) =>
		one.how === 'ancestry' && one.reversal === null && one.series !== MAINLINE
			? 'ancestry'
			: one.series,
	);
	const rows = runs.map(({ first, last }) => [
		{ text: first === last ? cellName(first.series) : releaseSpan(first.series, last.series) },
		{ text: cellName(first.first ?? '') + (first === last ? '' : ' ...') },
		{ text: howText(first) },
		{ text: first.reversal === null ? '' : reversalText(first) },
	]);
	if (rows.length === 0) return [];
	const columns = ['series', 'first release', 'known by', ''].map((title) => ({ title }));
	return (
		renderTable(columns, rows, width, paint) ??
		renderTable(columns, rows, Number.POSITIVE_INFINITY, paint) ??
		[]
	);
}

function howText({ how, by, confidence }: Series): string {
	if (how === null) return '';
	const text = how === 'ancestry' ? HOW[how] : `${abbreviated(by ?? '')}, ${HOW[how]}`;
	return confidence === 'certain' ? text : `${text}, ${confidence}`;
}

function reversalText({ contained, reversal }: Series): string {
	if (reversal === null) return '';
	const what = contained ? 'reverted and restored, by' : 'reverted by';
	return `${what} ${abbreviated(reversal.commit)} in ${printableLine(reversal.release)}`;
}

function missing(all: readonly Series[], width: number): string[] {
	const isMissing = ({ first, cannotTell }: Series): boolean => {
		return first === null && cannotTell === undefined;
	};
	const names = namesOf(all, isMissing);
	if (names.length === 0 || all.every(isMissing)) return [];
	return wrap(`not in ${names.join(', ')}`, width, '', '  ');
}

/** What a shallow clone leaves open, each with the command that gets what it takes. */
function untold(all: readonly Series[], width: number): string[] {
	const lines = (what: NonNullable<Series['cannotTell']>['what'], text: string): string[] => {
		const some = all.filter(({ cannotTell }) => cannotTell?.what === what);
		const [one] = some.flatMap(({ cannotTell }) => cannotTell ?? []);
		if (one === undefined) return [];
		const names = namesOf(all, (series) => some.includes(series)).join(', ');
		const advice = `${printableLine(one.why)} (${printableLine(one.run)})`;
		return wrap(`cannot tell: ${text} ${names}: ${advice}`, width, '', '  ');
	};
	return [
		...lines('contained', 'whether it is in'),
		...lines('first', 'which release is the first of'),
	];
}

/** The names of some series, runs of neighbours joined. */
function namesOf(all: readonly Series[], isNamed: (one: Series) => boolean): string[] {
	const runs = runsOf(all, (one) =>
		!isNamed(one) ? 'other' : one.series === MAINLINE ? MAINLINE : '',
	).filter(({ first }) => isNamed(first));
	return runs.map(({ first, last }) => releaseSpanText(first.series, last.series));
}

function memberLines(one: Member, width: number): string[] {
	const reason = `${printableLine(one.reason)} (${one.confidence})`;
	const text = `${named(one.commit, one.subject)}: ${inRelease(one.firstRelease)}; ${reason}`;
	return wrap(text, width, '  ', '    ');
}

const KIND: Readonly<Record<FollowUpReport['kind'], string>> = {
	fixes: 'fixes',
	reverts: 'reverts',
	'reverts-partly': 'reverts a part of',
	restores: 'restores',
};

/** A follow-up, and the releases that lack it and have its code. */
export function followUpLines(one: FollowUpReport, width: number, paint: Paint): string[] {
	const names = (state: FollowUpReport['targets'][number]['state']): string[] =>
		one.targets.filter((target) => target.state === state).map(({ release }) => release);
	const lacking = names('concerns');
	const unknown = names('unknown');
	const text = `${named(one.commit, one.subject)}: ${KIND[one.kind]} ${abbreviated(one.of)}, ${inRelease(one.firstRelease)}${one.confidence === 'certain' ? '' : ` (${one.confidence})`}`;
	const states = [
		...(lacking.length > 0 ? [`missing in ${lacking.map(printableLine).join(', ')}`] : []),
		...(unknown.length > 0 ? [`not known of ${unknown.map(printableLine).join(', ')}`] : []),
		...(lacking.length + unknown.length > 0 || one.targets.length === 0
			? []
			: [
					names('there').length > 0
						? 'in all that have its code'
						: 'concerns none: its code is in none of them',
				]),
	];
	return [
		...wrap(text, width, '  ', '    '),
		...states.flatMap((state) =>
			wrap(state, width, '    ', '      ').map((line) =>
				paint(lacking.length > 0 ? 'warn' : 'plain', line),
			),
		),
	];
}
