/**
 * The notes under the table of `range`: what a bug state or a verdict rests on, said once for all the
 * releases where it is the same but for line numbers.
 */
import type { Competitor, ConfigReport, Prerequisite, Reason } from '../../src/range/report.ts';
import { printableLine } from '../../src/text.ts';
import { abbreviated } from './headings.ts';

type Evidence = Reason['evidence'][number];

/** `path:12,40; other.c:7`, or '' without evidence. */
export function evidenceText(evidence: readonly Evidence[]): string {
	const lines = new Map<string, Set<number>>();
	for (const { path, line } of evidence) {
		const known = lines.get(path) ?? new Set();
		lines.set(path, known.add(line));
	}
	return [...lines]
		.map(([path, numbers]) => `${printableLine(path)}:${[...numbers].join(',')}`)
		.join('; ');
}

function withEvidence(text: string, evidence: readonly Evidence[]): string {
	const places = evidenceText(evidence);
	// A reason may quote its place itself; it need not be said twice.
	return places === '' || text.includes(places) ? text : `${text} (${places})`;
}

/** The verb of a cause that is said of several drivers. */
function inPlural(cause: string): string {
	return cause.replace(/^(\w+)/, (verb) => {
		if (verb === 'is') return 'are';
		if (verb === 'has') return 'have';
		if (verb === 'was') return 'were';
		if (/(sh|ch|ss|x)es$/.test(verb)) return verb.slice(0, -2);
		return /[^s]s$/.test(verb) ? verb.slice(0, -1) : verb;
	});
}

/**
 * Who wins against the driver and who loses to it: drivers of one state and cause together. A state
 * is named where the competitors differ in it.
 */
export function competitorsText(competitors: readonly Competitor[]): string {
	const groups = new Map<string, { state: string; cause: string; members: Competitor[] }>();
	for (const competitor of competitors) {
		const { driver, state } = competitor;
		const cause = competitor.why.startsWith(`${driver} `)
			? competitor.why.slice(driver.length + 1)
			: competitor.why;
		const key = `${state}\n${cause}`;
		const group = groups.get(key) ?? { state, cause, members: [] };
		group.members.push(competitor);
		groups.set(key, group);
	}
	const states = new Set(competitors.map(({ state }) => state));
	const order = [...groups.values()];
	order.sort(
		(a, b) => [...states].indexOf(a.state as never) - [...states].indexOf(b.state as never),
	);
	let said = '';
	return order
		.map(({ state, cause, members }) => {
			const names = members.map(({ driver }) => printableLine(driver)).join(', ');
			const why = printableLine(members.length > 1 ? inPlural(cause) : cause);
			const prefix = states.size > 1 && state !== said ? `${state}: ` : '';
			said = state;
			return (
				prefix +
				withEvidence(
					`${names} ${why}`,
					members.flatMap((one) => one.evidence),
				)
			);
		})
		.join('; ');
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

/** Why the verdict is what it is, and what has to go in first. */
export function verdictText(report: ConfigReport): string {
	return [
		...report.reasons.map(({ text, evidence }) => withEvidence(printableLine(text), evidence)),
		...report.prerequisites.map(prerequisiteText),
	].join('; ');
}

export interface Footnote {
	readonly mark: string;
	/** Of the first release it was said of. */
	readonly text: string;
	readonly release: string;
	/** True when a later release has other line numbers. */
	readonly linesDiffer: boolean;
}

/** What is the same but for line numbers. */
function withoutLines(text: string): string {
	return text.replace(/:\d+(?:,\d+)*/g, ':');
}

function letter(index: number): string {
	const last = String.fromCharCode(97 + (index % 26));
	return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

/** Collects notes of one kind and hands out their marks, a, b, c or 1, 2, 3 in order of appearance. */
export class Footnotes {
	readonly #byKey = new Map<string, Footnote>();
	readonly #markOf: (index: number) => string;

	constructor(kind: 'letters' | 'numbers') {
		this.#markOf = kind === 'letters' ? letter : (index) => String(index + 1);
	}

	/** The mark of a text, '' for an empty one. */
	mark(text: string, release: string): string {
		if (text === '') return '';
		const key = withoutLines(text);
		const known = this.#byKey.get(key);
		if (known === undefined) {
			const mark = this.#markOf(this.#byKey.size);
			this.#byKey.set(key, { mark, text, release, linesDiffer: false });
			return mark;
		}
		if (known.text !== text) this.#byKey.set(key, { ...known, linesDiffer: true });
		return known.mark;
	}

	/** All of them, in order of their marks. */
	all(): Footnote[] {
		return [...this.#byKey.values()];
	}
}
