/**
 * What `range` prints for people: the patch, its effect, the table, notes, tags, and one sentence
 * that sums up. It only arranges what the report says, and decides nothing.
 */
import type { RangeReport, Verdict } from '../../src/range/report.ts';
import { displayWidth, padded, printableLine, wrap } from '../../src/text.ts';
import { type Footnote, Footnotes } from './footnotes.ts';
import {
	abbreviated,
	busName,
	configHeadings,
	releaseSpanText,
	shortConfigNames,
} from './headings.ts';
import { OwnershipNotes } from './ownership-notes.ts';
import type { Paint } from './paint.ts';
import { rangeTable } from './range-table.ts';
import { answersOf, runsOf } from './rows.ts';
import { siblingsNote } from './siblings-notes.ts';

/** `195d6e93ac71 -> 31912997bffd`, or how many files when there are several. */
function imagesText(files: RangeReport['patch']['files']): string {
	const [file] = files;
	if (files.length !== 1 || file === undefined) return `${files.length} files`;
	const pre = file.preimage === null ? 'unknown' : abbreviated(file.preimage);
	const post = file.postimage === null ? 'unknown' : abbreviated(file.postimage);
	return `${pre} -> ${post}`;
}

function proofText(patch: RangeReport['patch']): string {
	const images = imagesText(patch.files);
	const start = patch.repaired ? 'repaired, ' : '';
	switch (patch.proof) {
		case 'postimage':
			return `${start}proved: ${images}`;
		case 'preimage':
			return `${start}pre-image known: ${images}`;
		case 'none':
			return patch.commit === null
				? `${start}pre-image not known: ${images}`
				: `commit ${abbreviated(patch.commit)}`;
	}
}

/** Where the releases come from: `index: 23 releases, not tips`. */
export function sourceText({ kind, releases }: RangeReport['source']): string {
	const count = `${kind}: ${releases} release${releases === 1 ? '' : 's'}`;
	return kind === 'index' ? `${count}, not tips` : count;
}

/** The lines above the table: subject, proof, source, effect. */
export function patchHead(report: RangeReport, width: number, paint: Paint): string[] {
	const proof = proofText(report.patch);
	const source = sourceText(report.source);
	const gap = width - displayWidth(proof) - displayWidth(source);
	return [
		...wrap(printableLine(report.patch.subject), width).map((line) => paint('strong', line)),
		...(gap >= 2
			? [padded(proof, width - displayWidth(source)) + source]
			: [...wrap(proof, width), ...wrap(source, width)]),
		...report.effect.flatMap(({ driver, bus, before, after }) => {
			const who = report.effect.length > 1 ? `${printableLine(driver)}, ` : '';
			// A type of bus has ops; what else a driver is registered with is named by a word.
			const what = /bus_?type$|^$/.test(bus) ? 'bus ops' : 'driver';
			const text = `${who}${busName(bus)} ${what}: ${before} -> ${after}`;
			return wrap(printableLine(text), width, '', '  ');
		}),
	];
}

function footnoteLines(notes: readonly Footnote[], width: number): string[] {
	return notes.flatMap(({ mark, text }) => {
		const start = `[${mark}] `;
		return wrap(text, width, start, ' '.repeat(start.length));
	});
}

function noteLines(report: RangeReport, headings: ReadonlyMap<string, string>): string[] {
	const alternatives = report.configs.flatMap(({ name, alternatives }) =>
		alternatives.map(({ when, because }) => {
			return `${headings.get(name) ?? name} could also be ${when}: ${because}`;
		}),
	);
	return [...report.tags.notes, ...siblingsNote(report), ...alternatives].map(printableLine);
}

const APPLICABLE: readonly Verdict[] = ['safe', 'needs-prerequisites'];

/** Verdicts in running text. */
const SAID: Record<Verdict, string> = {
	safe: 'safe',
	'needs-prerequisites': 'needs prerequisites',
	'needs-rework': 'needs rework',
	unsafe: 'unsafe',
	superseded: 'superseded',
	'not-needed': 'not needed',
	'not-built': 'not built',
	unknown: 'unknown',
};

function releasesByVerdict(report: RangeReport): string {
	const spans = new Map<Verdict, string[]>();
	for (const { first, last } of runsOf(report.releases, ({ verdict }) => verdict)) {
		const known = spans.get(first.verdict) ?? [];
		known.push(releaseSpanText(first.release, last.release));
		spans.set(first.verdict, known);
	}
	return [...spans].map(([verdict, where]) => `${SAID[verdict]}: ${where.join(', ')}`).join('; ');
}

/** The sentence that answers the question of the command. */
export function summaryText(report: RangeReport, headings: ReadonlyMap<string, string>): string {
	if (report.releases.length === 0) return 'No release was looked at.';
	if (report.releases.every(({ verdict }) => verdict === 'unknown')) {
		return 'Cannot tell for any release here; --why RELEASE says what is missing.';
	}
	const parts = APPLICABLE.flatMap((verdict) => {
		const spans = new Map<string, string[]>();
		for (const range of report.ranges.filter((one) => one.verdict === verdict)) {
			const known = spans.get(range.config) ?? [];
			known.push(releaseSpanText(range.from, range.to));
			spans.set(range.config, known);
		}
		const where = [...spans].map(([config, list]) => {
			const name = headings.get(config) ?? printableLine(config);
			return name === '' ? list.join(', ') : `${list.join(', ')} (${name})`;
		});
		return where.length === 0 ? [] : [`${SAID[verdict]} on ${where.join(', ')}`];
	});
	if (parts.length > 0) {
		const sentence = parts.join('; ');
		return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`;
	}
	return `No release here is safe as it stands; ${releasesByVerdict(report)}.`;
}

function trailer(name: string, value: string): string {
	return printableLine(value.startsWith(`${name}:`) ? value : `${name}: ${value}`);
}

/** Better fixes, and the releases on which they are better. */
function insteadLines({ instead = [], releases }: RangeReport, width: number): string[] {
	return instead.flatMap(({ commit, subject, releases: better, why }) => {
		if (commit === null) return wrap(`INSTEAD: ${printableLine(why)}`, width, '', '  ');
		const runs = runsOf(releases, ({ release }) => (better.includes(release) ? 'better' : ''));
		const spans = runs
			.filter(({ first }) => better.includes(first.release))
			.map(({ first, last }) => releaseSpanText(first.release, last.release));
		const named = `${commit.slice(0, 12)} ("${subject ?? ''}")`;
		return wrap(printableLine(`INSTEAD: ${named}, lands on ${spans.join(', ')}`), width, '', '  ');
	});
}

/** The whole text, one string a line; `width` columns. */
export function rangeText(report: RangeReport, width: number, paint: Paint): string[] {
	const headings = configHeadings(report.configs);
	const bugNotes = new OwnershipNotes(report.releases, shortConfigNames(report.configs));
	const verdictNotes = new Footnotes();
	const answered = answersOf(report.releases, [...headings.keys()], bugNotes, verdictNotes);
	const notes = [
		...footnoteLines(bugNotes.all(), width),
		...footnoteLines(verdictNotes.all(), width),
		...(bugNotes.severalReleases || verdictNotes.severalReleases
			? wrap('Lines and styles in a note are those of the first release it is about.', width)
			: []),
	];
	const sections = [
		patchHead(report, width, paint),
		rangeTable(answered, headings, width, paint),
		notes,
		// Tags are pasted into a commit message, where a broken line is a broken tag.
		[
			...report.tags.fixes.map((tag) => trailer('Fixes', tag)),
			...report.tags.cc.map((tag) => trailer('Cc', tag)),
		],
		insteadLines(report, width).map((line) => paint('strong', line)),
		noteLines(report, headings).flatMap((note) => wrap(note, width, 'note: ', '      ')),
		wrap(summaryText(report, headings), width).map((line) => paint('strong', line)),
	];
	return sections
		.filter((lines) => lines.length > 0)
		.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}
