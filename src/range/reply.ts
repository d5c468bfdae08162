/**
 * The answer to a patch in words: where it is safe, why not elsewhere with evidence, what has to go in first or
 * instead, and the tags that follow. It only arranges what a report says.
 */
import { COLUMNS } from '../patch/reply-mail.ts';
import { printable, wrap } from '../text.ts';
import type { ConfigReport, RangeReport, Reason, ReleaseReport, Verdict } from './report.ts';

/** Verdicts in running text. */
const SAID: Readonly<Record<Verdict, string>> = {
	safe: 'safe',
	'needs-prerequisites': 'safe with what is said below',
	'needs-rework': 'the bug is there, the patch does not land',
	unsafe: 'unsafe',
	superseded: 'another commit does this already',
	'not-needed': 'not needed',
	'not-built': 'not built',
	unknown: 'cannot tell',
};
/** Verdicts that want a reason. */
const EXPLAINED: readonly Verdict[] = [
	'unsafe',
	'needs-prerequisites',
	'needs-rework',
	'superseded',
	'not-needed',
	'unknown',
];
/** Places that are named for a reason. */
const MOST_EVIDENCE = 3;

/** Neighbouring releases with one answer. */
interface Run {
	readonly first: ReleaseReport;
	last: ReleaseReport;
	readonly answer: ConfigReport;
}

/** The paragraphs of the answer. Tags are never broken; all else is in 72 columns. */
export function replyText(report: RangeReport): string[] {
	const configs = [
		...new Set(report.releases.flatMap((one) => one.byConfig.map(({ config }) => config))),
	];
	const several = configs.length > 1;
	const runs = configs.flatMap((config) => runsOf(report.releases, config));
	const sections = [
		introduction(report),
		configs.flatMap((config, i) => [
			...(several ? [...(i > 0 ? [''] : []), heading(report, config)] : []),
			...table(runs.filter(({ answer }) => answer.config === config)),
		]),
		reasons(runs, several),
		prerequisites(runs, several),
		tagLines(report),
	];
	return sections
		.filter((lines) => lines.length > 0)
		.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))
		.map(printable);
}

function introduction({ source, releases }: RangeReport): string[] {
	const whole = source.kind === 'index' ? 'an index, not the tips of their series' : 'a clone';
	return wrap(`Where this is safe to apply, by ${releases.length} releases of ${whole}:`, COLUMNS);
}

function heading({ configs }: RangeReport, config: string): string {
	const when = configs.find(({ name }) => name === config)?.when;
	return when === undefined || when === '' ? `${config}:` : `${config} (${when}):`;
}

function runsOf(releases: readonly ReleaseReport[], config: string): Run[] {
	const runs: Run[] = [];
	let before = '';
	for (const release of releases) {
		const answer = release.byConfig.find((one) => one.config === config);
		if (answer === undefined) continue;
		const codes = answer.reasons.map(({ code }) => code).join(' ');
		const needed = answer.prerequisites.map(({ commit, text }) => commit ?? text).join(' ');
		const key = [answer.verdict, codes, needed].join('\0');
		const open = runs.at(-1);
		if (open !== undefined && key === before) open.last = release;
		else runs.push({ first: release, last: release, answer });
		before = key;
	}
	return runs;
}

function span({ first, last }: Run): string {
	return first === last ? first.release : `${first.release} - ${last.release}`;
}

/** One line for each verdict, whatever its reasons. */
function table(runs: readonly Run[]): string[] {
	const rows: Run[] = [];
	for (const run of runs) {
		const open = rows.at(-1);
		if (open?.answer.verdict === run.answer.verdict) open.last = run.last;
		else rows.push({ ...run });
	}
	const width = Math.max(0, ...rows.map((row) => span(row).length));
	return rows.map((row) => `  ${span(row).padEnd(width)}  ${SAID[row.answer.verdict]}`);
}

function where(run: Run, several: boolean): string {
	return several ? `${span(run)}, ${run.answer.config}` : span(run);
}

function reasons(runs: readonly Run[], several: boolean): string[] {
	const lines: string[] = [];
	const told = new Set<string>();
	for (const run of runs) {
		const { verdict, reasons: why } = run.answer;
		if (!EXPLAINED.includes(verdict)) continue;
		const text = why.map(reasonText).join('; ');
		if (text === '' || told.has(text)) continue;
		told.add(text);
		lines.push(...wrap(`${where(run, several)}: ${text}`, COLUMNS, '  - ', '    '));
	}
	return lines.length === 0 ? [] : ['Why:', ...lines];
}

function reasonText({ text, evidence }: Reason): string {
	const places = [...new Set(evidence.map(({ path, line }) => `${path}:${line}`))];
	if (places.length === 0) return text;
	const more = places.length > MOST_EVIDENCE ? ', ...' : '';
	return `${text} (${places.slice(0, MOST_EVIDENCE).join(', ')}${more})`;
}

function prerequisites(runs: readonly Run[], several: boolean): string[] {
	const lines: string[] = [];
	const told = new Set<string>();
	for (const run of runs) {
		for (const { form, commit, subject, text } of run.answer.prerequisites) {
			const named = commit === null ? '' : `${commit.slice(0, 12)} ("${subject ?? ''}")`;
			const what =
				form === 'adaptation'
					? (text ?? '')
					: form === 'instead'
						? `take ${named} instead`
						: `apply ${named} first`;
			const line = `${where(run, several)}: ${what}`;
			if (told.has(line)) continue;
			told.add(line);
			lines.push(...wrap(line, COLUMNS, '  - ', '    '));
		}
	}
	return lines.length === 0 ? [] : ['What it takes:', ...lines];
}

function tagLines({ tags }: RangeReport): string[] {
	const { fixes, cc, notes, asOf } = tags;
	const lines = [...fixes, ...cc];
	const since = asOf === undefined ? '' : `, for series maintained as of ${asOf}`;
	const said = notes.flatMap((note) => wrap(note, COLUMNS, '  - ', '    '));
	return [
		...(lines.length === 0 ? [] : [`Tags${since}:`, '', ...lines]),
		...(lines.length > 0 && said.length > 0 ? [''] : []),
		...(said.length === 0 ? [] : [lines.length === 0 ? `No tags${since}:` : 'To that:', ...said]),
	];
}
