/**
 * The notes under the table of `range`: what a bug state or a verdict rests on, said once for all the
 * releases where it is the same but for line numbers.
 */
import type { ConfigReport, Prerequisite, Reason } from '../../src/range/report.ts';
import { printableLine } from '../../src/text.ts';
import { abbreviated } from './headings.ts';
import { Places } from './marks.ts';

/** What a citation quotes of a commit; its id and release say which one it is. */
const QUOTED_SUBJECT = /(; brought by [0-9a-f]{7,40}) \("(?:[^"]|"(?!, v))*", (v[^)]*)\)/g;

function withEvidence({ text, evidence }: Reason, places: Places): string {
	const said = printableLine(text).replace(QUOTED_SUBJECT, '$1, $2');
	// A reason may quote its place itself; it need not be said twice.
	const unsaid = evidence.filter(({ path, line }) => !text.includes(`${path}:${line}`));
	return unsaid.length === 0 ? said : `${said} (${places.text(unsaid)})`;
}

/** A prerequisite in one sentence, without its kind. */
export function prerequisiteText(prerequisite: Prerequisite): string {
	const { form, commit, subject, text, why, firstRelease } = prerequisite;
	const named = [
		commit === null ? '' : abbreviated(commit),
		subject === null ? '' : `("${printableLine(subject)}")`,
	]
		.filter((part) => part !== '')
		.join(' ');
	const since = firstRelease === null ? '' : `, in ${printableLine(firstRelease)}`;
	const cause = why === '' ? '' : `: ${printableLine(why)}`;
	switch (form) {
		case 'commit':
			return `apply ${named} first${since}${cause}`;
		case 'adaptation':
			return `adapt the patch: ${printableLine(text ?? '')}${
				why === '' ? '' : ` (${printableLine(why)})`
			}`;
		case 'instead':
			return `take ${named} instead${since}${cause}`;
	}
}

/** What has to go in, in the short form of a note: reasons have said why. */
function shortPrerequisites(report: ConfigReport, reasons: string): string[] {
	const adaptations = report.prerequisites.filter(({ form }) => form === 'adaptation');
	const adapt = adaptations.map(({ text }) => printableLine(text ?? '')).join(' ');
	const others = report.prerequisites.filter(({ form }) => form !== 'adaptation');
	return [
		...(adapt === '' ? [] : [`adapt the patch: ${adapt}`]),
		...others.map((one) =>
			one.form === 'instead' && one.commit !== null && reasons.includes(abbreviated(one.commit))
				? 'take that instead'
				: prerequisiteText(one),
		),
	];
}

/** Why the verdict is what it is, and what has to go in first; `--why` says it at length. */
export function verdictText(report: ConfigReport): string {
	const places = new Places();
	const reasons = report.reasons.map((one) => withEvidence(one, places));
	return [...reasons, ...shortPrerequisites(report, reasons.join(' '))].join('; ');
}

export interface Footnote {
	readonly mark: string;
	/** With the lines of the first release it was said of. */
	readonly text: string;
}

/** What is the same but for line numbers. */
function withoutLines(text: string): string {
	return text.replace(/:\d+(?:,\d+)*/g, ':');
}

/** Collects notes and hands out their marks, 1, 2, 3 in order of appearance. */
export class Footnotes {
	readonly #byKey = new Map<string, Footnote>();

	/** True when a note was asked for again with other line numbers. */
	severalReleases = false;

	/** The mark of a text, '' for an empty one. */
	mark(text: string): string {
		if (text === '') return '';
		const key = withoutLines(text);
		const known = this.#byKey.get(key);
		if (known !== undefined) {
			this.severalReleases ||= known.text !== text;
			return known.mark;
		}
		const mark = String(this.#byKey.size + 1);
		this.#byKey.set(key, { mark, text });
		return mark;
	}

	/** All of them, in order of their marks. */
	all(): Footnote[] {
		return [...this.#byKey.values()];
	}
}
