/**
 * The view of the screen Range: what the patch is, the range as one bar a configuration with its sentence,
 * and the releases along their series with one cell a configuration.
 */
import type { RangeReport, ReleaseReport, Verdict } from '../../../src/range/report.ts';
import { wrap } from '../../../src/text.ts';
import { configHeadings } from '../../output/headings.ts';
import { noPaint } from '../../output/paint.ts';
import { patchHead, summaryText } from '../../output/range-text.ts';
import { within } from '../state/list.ts';
import { answerIn, type RangeState, shownConfigs, shownReleases, WHOLE } from '../state/range.ts';
import { bugSpan, legend, shortVerdict, verdictSpan, verdictSymbol } from './marks.ts';
import {
	columnsOf,
	filled,
	inColumns,
	type Line,
	line,
	lineOf,
	type Shape,
	type Span,
	scrolled,
	span,
	type View,
} from './text.ts';

/** Columns of a cell at least and at most: symbol and verdict, bug state. */
const NARROWEST = 24;
const WIDEST = 30;
const VERDICT = 15;
const BETWEEN = 2;

/** The whole body of the screen. `which` names the patch of a series: `2 of 3`. */
export function rangeView(report: RangeReport, state: RangeState, shape: Shape, which = ''): View {
	const { width, height } = shape;
	const headings = configHeadings(report.configs).set(WHOLE, 'verdict');
	const shown = shownReleases(report, state);
	const configs = shownConfigs(report, state);
	const cursor = within(state.cursor, shown.length);
	const column = within(state.column, configs.length);
	const roomy = height >= 30;
	const [subject, ...facts] = patchHead(report, width, noPaint);
	const head: Line[] = [
		lineOf(span(subject ?? '', 'strong'), span(which === '' ? '' : `  ${which}`, 'dim')),
		...facts.slice(0, roomy ? facts.length : 2).map((text) => line(text, 'dim')),
		...(roomy ? [line()] : []),
		...bars(shown, configs, headings, cursor, column, width),
		...wrap(summaryText(report, headings), width)
			.slice(0, roomy ? 4 : 2)
			.map((text) => line(text, 'strong')),
		...filters(state, shown.length, report.releases.length, headings),
	];
	const table = new Table(shown, configs, headings, column, width);
	const verdicts = new Set(
		shown.flatMap((one) => configs.flatMap((config) => answerIn(one, config)?.verdict ?? [])),
	);
	const foot = height >= 18 ? [lineOf(...legend(verdicts, width))] : [];
	const page = Math.max(1, height - head.length - 1 - foot.length);
	const top = scrolled(shape.top, cursor, page, shown.length);
	const rows = shown
		.slice(top, top + page)
		.map((_, i) => table.row(top + i, top + i === cursor, i === 0));
	const none = shown.length === 0 ? [line('no release has that; u shows all again', 'warn')] : [];
	return {
		lines: [...filled([...head, table.heading(), ...none, ...rows], height - foot.length), ...foot],
		top,
		page,
	};
}

/** What is left out, in one line; none where everything is shown. */
function filters(
	state: RangeState,
	shown: number,
	all: number,
	headings: ReadonlyMap<string, string>,
): Line[] {
	const parts = [
		...(state.filter === '' ? [] : [`"${state.filter}"`]),
		...(state.verdict === undefined ? [] : [state.verdict]),
		...(state.config === undefined ? [] : [headings.get(state.config) ?? state.config]),
		...(state.longterm ? ['longterm'] : []),
	];
	if (parts.length === 0) return [];
	return [line(`only ${parts.join(', ')}: ${shown} of ${all} releases (u shows all)`, 'warn')];
}

/**
 * One bar a configuration, a symbol a release, and the ends of what is shown below. A long range is shown
 * around the cursor.
 */
function bars(
	shown: readonly ReleaseReport[],
	configs: readonly string[],
	headings: ReadonlyMap<string, string>,
	cursor: number,
	column: number,
	width: number,
): Line[] {
	const names = configs.map((config) => headings.get(config) ?? config);
	const label = Math.min(24, Math.max(0, ...names.map(columnsOf))) + BETWEEN;
	const room = Math.max(8, width - label);
	const each = Math.max(1, Math.min(3, Math.floor(room / Math.max(1, shown.length))));
	const fits = Math.floor(room / each);
	const from = scrolled(Math.max(0, cursor - Math.floor(fits / 2)), cursor, fits, shown.length);
	const seen = shown.slice(from, from + fits);
	const lines = configs.map((config, i) => {
		const spans: Span[] = [
			span(inColumns(names[i] ?? '', label), i === column ? 'strong' : 'plain'),
		];
		for (const [place, release] of seen.entries()) {
			const verdict: Verdict = answerIn(release, config)?.verdict ?? 'unknown';
			const cell = verdictSpan(verdict, verdictSymbol(verdict).repeat(each));
			spans.push(from + place === cursor && i === column ? { ...cell, cursor: true } : cell);
		}
		return { spans };
	});
	const at = label + (cursor - from) * each;
	return seen.length === 0 ? [] : [...lines, scale(seen, cursor - from, at, label, each, width)];
}

/** The line below the bars: the release of the cursor at its place, and the ends where there is room. */
function scale(
	seen: readonly ReleaseReport[],
	chosen: number,
	at: number,
	label: number,
	each: number,
	width: number,
): Line {
	const here = `^ ${seen[chosen]?.release ?? ''}`;
	const mark = Math.max(0, Math.min(at, width - columnsOf(here)));
	const first = ' '.repeat(label) + (seen[0]?.release ?? '');
	const last = seen.at(-1)?.release ?? '';
	let text = inColumns(mark > columnsOf(first) ? first : '', mark) + here;
	const end = label + seen.length * each - columnsOf(last);
	if (end > columnsOf(text)) text = inColumns(text, end) + last;
	return line(text, 'dim');
}

/** The releases with their cells; where not all configurations inColumns, those around the chosen one. */
class Table {
	readonly #shown: readonly ReleaseReport[];
	readonly #configs: readonly string[];
	readonly #headings: ReadonlyMap<string, string>;
	readonly #column: number;
	readonly #from: number;
	readonly #count: number;
	readonly #name: number;
	readonly #series: number;
	readonly #lands: number;
	readonly #cell: number;

	constructor(
		shown: readonly ReleaseReport[],
		configs: readonly string[],
		headings: ReadonlyMap<string, string>,
		column: number,
		width: number,
	) {
		this.#shown = shown;
		this.#configs = configs;
		this.#headings = headings;
		this.#column = column;
		const longest = (texts: string[], most: number) =>
			Math.min(most, Math.max(6, ...texts.map(columnsOf)));
		this.#name = longest(
			shown.map(({ release }) => release),
			20,
		);
		this.#series = longest(
			shown.map(({ series }) => series),
			12,
		);
		this.#lands = longest(
			shown.map(({ placement }) => placement.result),
			8,
		);
		const room = width - this.#series - this.#name - this.#lands - 4 * BETWEEN;
		this.#cell = Math.min(
			WIDEST,
			Math.max(NARROWEST, Math.floor(room / Math.max(1, configs.length))),
		);
		this.#count = Math.max(1, Math.floor(room / this.#cell));
		this.#from = scrolled(0, column, this.#count, configs.length);
	}

	heading(): Line {
		const spans: Span[] = [
			span(
				inColumns('', BETWEEN) +
					this.#text('series', this.#series) +
					this.#text('release', this.#name) +
					this.#text('lands', this.#lands),
				'dim',
			),
		];
		for (const [i, config] of this.#visible().entries()) {
			const more = this.#from + i < this.#configs.length - 1 && i === this.#count - 1 ? ' >' : '';
			const name = `${i === 0 && this.#from > 0 ? '< ' : ''}${this.#headings.get(config) ?? config}${more}`;
			spans.push(
				span(inColumns(name, this.#cell), this.#from + i === this.#column ? 'strong' : 'dim'),
			);
		}
		return { spans };
	}

	/** One release; a series is named at its first release that is shown. */
	row(place: number, selected: boolean, isFirst: boolean): Line {
		const release = this.#shown[place];
		if (release === undefined) return line();
		const same = (other: number) => this.#shown[other]?.series === release.series;
		const series = same(place - 1) && !isFirst ? (same(place + 1) ? '|' : '`') : release.series;
		const { result } = release.placement;
		const lost = result === 'conflict' || result === 'missing';
		const spans: Span[] = [
			span(selected ? '> ' : '  '),
			span(this.#text(series, this.#series), 'dim'),
			span(this.#text(release.release, this.#name)),
			span(this.#text(result, this.#lands), lost ? 'dim' : 'plain'),
		];
		for (const [i, config] of this.#visible().entries()) {
			const chosen = selected && this.#from + i === this.#column;
			spans.push(...cell(answerIn(release, config), chosen, this.#cell));
		}
		return { spans, selected };
	}

	#visible(): readonly string[] {
		return this.#configs.slice(this.#from, this.#from + this.#count);
	}

	#text(text: string, width: number): string {
		return inColumns(text, width + BETWEEN);
	}
}

function cell(answer: ReturnType<typeof answerIn>, chosen: boolean, width: number): Span[] {
	if (answer === undefined) return [span(inColumns('', width))];
	const { verdict, bug } = answer;
	const said = inColumns(`${verdictSymbol(verdict)} ${shortVerdict(verdict)}`, VERDICT);
	const mark = verdictSpan(verdict, said);
	return [
		chosen ? { ...mark, cursor: true } : mark,
		span(' '),
		bugSpan(bug.state, inColumns(answer.built ? bug.state : '', width - VERDICT - 1)),
	];
}
