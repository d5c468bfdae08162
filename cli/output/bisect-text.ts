/** What `bisect` and `probe` print for people. */
import type { BisectReport, ProbeReport } from '../../src/history/bisect-report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { abbreviated } from './headings.ts';
import type { Paint } from './paint.ts';

type Evidence = ProbeReport['evidence'][number];
type Named = Pick<NonNullable<BisectReport['first']>, 'commit' | 'author' | 'date' | 'subject'>;

/** Commits that are listed; the rest is counted. */
const MOST_LISTED = 50;

/** `initcall@subsys (drivers/iommu/acme-mmu.c:120)`. */
function sightText({ text, path, line }: Evidence): string {
	if (path === undefined) return printableLine(text);
	return `${printableLine(text)} (${printableLine(path)}${line === undefined ? '' : `:${line}`})`;
}

function sightLines(label: string, evidence: readonly Evidence[], width: number): string[] {
	const text = evidence.map(sightText).join('; ');
	return text === '' ? [] : wrap(text, width, label, '    ');
}

function commitLines(named: Named, release: string | null | undefined, width: number): string[] {
	const { commit, author, date, subject } = named;
	const since = release === null || release === undefined ? '' : `  ${printableLine(release)}`;
	return [
		`${printableLine(commit)}  ${date}${since}`,
		...wrap(printableLine(subject), width, '  '),
		...wrap(printableLine(author), width, '  '),
	];
}

/** The report of `bisect` as lines. */
export function bisectText(
	report: BisectReport,
	terms: { readonly good: string; readonly bad: string },
	width: number,
	paint: Paint,
): string[] {
	const what = report.where ?? `--run ${(report.run ?? []).join(' ')}`;
	const found =
		report.result === 'flips'
			? flipLines(report, what, width, paint)
			: report.first !== null
				? firstLines(report, report.first, what, terms, width, paint)
				: suspectLines(report, what, terms, width, paint);
	const answers = report.resumed.answers;
	const work =
		`${count(report.evaluations, report.where === null ? 'run' : 'evaluation')} for ` +
		count(report.candidates, 'commit') +
		(answers > 0 ? `, ${count(answers, 'answer')} from before` : '');
	const { cannotTell } = report;
	const cut =
		cannotTell === undefined
			? []
			: wrap(
					`cannot tell: ${printableLine(cannotTell.why)} (${printableLine(cannotTell.run)})`,
					width,
					'',
					'  ',
				);
	const notes = report.notes.flatMap((note) => wrap(`note: ${printableLine(note)}`, width));
	return [...found, ...cut, '', paint('dim', work), ...notes];
}

function count(number: number, what: string): string {
	return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function firstLines(
	report: BisectReport,
	first: NonNullable<BisectReport['first']>,
	what: string,
	terms: { readonly bad: string },
	width: number,
	paint: Paint,
): string[] {
	const head = wrap(`first ${terms.bad} commit: ${printableLine(what)}`, width, '', '  ');
	return [
		...head.map((line) => paint('strong', line)),
		...commitLines(first, first.firstRelease, width),
		...report.before.flatMap(({ commit, evidence }) =>
			sightLines(`  before, at ${abbreviated(commit)}: `, evidence, width),
		),
		...sightLines('  from here on: ', report.after?.evidence ?? [], width),
	];
}

function suspectLines(
	report: BisectReport,
	what: string,
	terms: { readonly bad: string },
	width: number,
	paint: Paint,
): string[] {
	const number = report.suspects.length;
	const which = number > 1 ? `which of ${number} commits is` : 'which commit is';
	const text = `it cannot be told ${which} the first ${terms.bad} one: ${printableLine(what)}`;
	const shown = report.suspects.slice(0, MOST_LISTED);
	const more = report.suspects.length - shown.length;
	return [
		...wrap(text, width, '', '  ').map((line) => paint('strong', line)),
		...shown.flatMap(({ commit, subject, answer, evidence }) => [
			...wrap(`${abbreviated(commit)} ${printableLine(subject)}`, width, '', '  '),
			...sightLines(`    ${answer ?? 'not asked'}: `, evidence, width),
		]),
		...(more > 0 ? [`and ${more} more (--json lists them)`] : []),
	];
}

function flipLines(report: BisectReport, what: string, width: number, paint: Paint): string[] {
	const { flips, untold } = report;
	const head = `${flips.length} ${flips.length === 1 ? 'change' : 'changes'}: ${printableLine(what)}`;
	const lines = flips.flatMap((flip) => {
		const word = flip.holds ? 'begins' : 'ends';
		const doubt = flip.certain ? '' : ', or at a commit just before that could not be told';
		const since = flip.firstRelease === null ? '' : ` ${printableLine(flip.firstRelease)}`;
		return [
			`${paint('strong', word)}${doubt}: ${abbreviated(flip.commit)}  ${flip.date}${since}`,
			...wrap(printableLine(flip.subject), width, '  '),
			...sightLines('  ', flip.evidence, width),
		];
	});
	const rest =
		untold.length === 0
			? []
			: ['', `${untold.length} commits could not be told (--json lists them)`];
	return [...wrap(head, width, '', '  '), ...lines, ...rest];
}

/** The report of `probe` as lines. */
export function probeText(report: ProbeReport, width: number, paint: Paint): string[] {
	const { holds, where, evidence, commit } = report;
	const word = holds === null ? 'cannot tell' : holds ? 'yes' : 'no';
	const head = `${word}, at ${abbreviated(commit)}: ${printableLine(where)}`;
	return [
		...wrap(head, width, '', '  ').map((line) => paint('strong', line)),
		...sightLines('  ', evidence, width),
	];
}
