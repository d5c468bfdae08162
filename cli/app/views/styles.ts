/** The view of the screen Styles, and the texts about its cells: facts, and what changed between two. */
import { printableLine, wrap } from '../../../src/text.ts';
import type { Tone } from '../../output/paint.ts';
import {
	type Cell,
	cellAt,
	type DriverRelease,
	type Matrix,
	type Place,
	type StylesState,
} from '../state/styles.ts';

import type { Row } from './release.ts';
import {
	columnsOf,
	cut,
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

/** A column is at least and at most that wide; one more column stands between two. */
const NARROWEST = 9;
const WIDEST = 23;

/** The whole body of the screen. */
export function stylesView(
	state: StylesState,
	shape: Shape & { left: number },
): View & { left: number } {
	const { width, height } = shape;
	const { matrix, cursor } = state;
	if (matrix === undefined) {
		return { lines: filled([line('reading the styles', 'dim')], height), top: 0, page: 1, left: 0 };
	}
	const names =
		Math.min(
			width < 100 ? 22 : 34,
			Math.max(8, ...matrix.rows.map(({ name }) => columnsOf(name))),
		) + 3;
	const widths = matrix.releases.map((release, column) =>
		Math.max(
			NARROWEST,
			Math.min(WIDEST, Math.max(columnsOf(release), ...textsOf(matrix, column).map(columnsOf))),
		),
	);
	const left = leftmost(shape.left, cursor.column, widths, width - names);
	const columns = columnsFrom(left, widths, width - names);
	const foot = footLines(state, matrix, width);
	const page = Math.max(1, height - 1 - foot.length);
	const top = scrolled(shape.top, cursor.row, page, matrix.rows.length);
	const more = (columns.at(-1) ?? 0) < matrix.releases.length - 1;
	const heading: Span[] = [span(inColumns(left > 0 ? '  < ' : '', names))];
	for (const column of columns) {
		const name = `${matrix.releases[column] ?? ''}${more && column === columns.at(-1) ? ' >' : ''}`;
		const chosen = column === cursor.column;
		heading.push(span(`${inColumns(name, widths[column] ?? 0)} `, chosen ? 'strong' : 'dim'));
	}
	const rows = matrix.rows.slice(top, top + page).map((row, i): Line => {
		const at = top + i;
		const spans: Span[] = [
			span(
				`${at === cursor.row ? '> ' : '  '}${inColumns(row.name, names - 3)} `,
				row.kind === 'driver' ? 'plain' : 'strong',
			),
		];
		for (const column of columns) {
			const place = { row: at, column };
			spans.push(...cellSpans(state, matrix, place, widths[column] ?? 0));
		}
		return { spans, selected: at === cursor.row };
	});
	return {
		lines: [...filled([lineOf(...heading), ...rows], height - foot.length), ...foot],
		top,
		page,
		left,
	};
}

function textsOf(matrix: Matrix, column: number): string[] {
	return matrix.rows.map(({ cells }) => cells[column]?.text ?? '');
}

function columnsFrom(left: number, widths: readonly number[], room: number): number[] {
	const columns: number[] = [];
	let used = 0;
	for (let column = left; column < widths.length; column++) {
		used += (widths[column] ?? 0) + 1;
		if (used > room && columns.length > 0) break;
		columns.push(column);
	}
	return columns;
}

/** The first column to show, so that the chosen one is seen. */
function leftmost(left: number, chosen: number, widths: readonly number[], room: number): number {
	let from = Math.min(left, chosen);
	while (from < chosen && !columnsFrom(from, widths, room).includes(chosen)) from++;
	return from;
}

/** A cell says what it is where that differs from the cell before, else that it goes on. */
function cellSpans(state: StylesState, matrix: Matrix, place: Place, width: number): Span[] {
	const cell = cellAt(matrix, place);
	const before = cellAt(matrix, { ...place, column: place.column - 1 });
	const text = cell?.text ?? '';
	const marked = state.mark?.row === place.row && state.mark.column === place.column;
	const changed = place.column > 0 && before !== undefined && before.text !== text;
	const said = `${changed ? '*' : ' '}${text}`;
	const tone: Tone = cell === undefined ? 'dim' : changed ? 'warn' : toneOf(cell);
	const isCursor = state.cursor.row === place.row && state.cursor.column === place.column;
	const shown = inColumns(marked ? `m${text}` : said, width);
	return [isCursor ? { text: shown, tone, cursor: true } : span(shown, tone), span(' ')];
}

function toneOf({ driver, text }: Cell): Tone {
	if (driver === undefined) return 'plain';
	return /^initcall@\w+(?:,|$)/.test(text) ? 'bad' : text === 'none' ? 'dim' : 'plain';
}

/** The chosen cell in full, since a column may cut it. */
function footLines({ cursor, mark }: StylesState, matrix: Matrix, width: number): Line[] {
	const release = matrix.releases[cursor.column] ?? '';
	const name = matrix.rows[cursor.row]?.name ?? '';
	const text = cellAt(matrix, cursor)?.text ?? 'not there';
	const from = mark?.row === cursor.row ? `  marked: ${matrix.releases[mark.column]}` : '';
	return [line(), lineOf(span(cut(`${name} in ${release}: ${text}${from}`, width), 'strong'))];
}

/** One fact of a driver: what it is, and where. */
interface Fact {
	readonly text: string;
	readonly path: string;
	readonly line: number;
}

function whenText(when: string): string {
	return when === '' || when === '1' ? '' : `, when ${when}`;
}

/** The facts of a driver in a release, without what only their places say. */
function factsOf({ facts }: DriverRelease): Fact[] {
	const calls = [...facts.deviceRegister, ...facts.setFwnode];
	return [
		...facts.entries.map((one) => ({
			...one,
			text: `${one.macro}(${one.function})${one.level === null ? '' : ` at level ${one.level}`}${whenText(one.when)}`,
		})),
		...facts.busOps.map((one) => ({
			...one,
			text: `${one.call}(${one.bus}) in ${one.function}()${one.gates.length === 0 ? '' : `, behind ${one.gates.join(', ')}`}, on busy: ${one.onBusy}${whenText(one.when)}`,
		})),
		...facts.declares.map((one) => ({
			...one,
			text: `declares "${one.compatible}" (${one.table}, ${one.arity} arguments)${one.callback === null ? '' : ` with ${one.callback}()`}${whenText(one.when)}`,
		})),
		...calls.map((one) => ({
			...one,
			text: `${one.call}() in ${one.function}()${whenText(one.when)}`,
		})),
		...(facts.defers === false
			? []
			: [
					{
						text: 'masters wait for it: the lookup defers',
						path: facts.defers.path,
						line: facts.defers.line,
					},
				]),
	];
}

function factRows(
	{ text, path, line: at }: Fact,
	sign: string,
	width: number,
	blob?: string,
): Row[] {
	const target = {
		kind: 'source',
		path,
		line: at,
		...(blob === undefined ? {} : { blob }),
	} as const;
	const tone: Tone = sign === '+' ? 'good' : sign === '-' ? 'bad' : 'plain';
	return [
		...wrap(printableLine(text), width, `  ${sign} `, '      ').map((one) => ({
			line: line(one, tone),
		})),
		{ line: { spans: [span(`      ${printableLine(path)}:${at}`), span(' >', 'dim')] }, target },
	];
}

/** Everything about one cell. */
export function cellRows(matrix: Matrix, place: Place, width: number): Row[] {
	const cell = cellAt(matrix, place);
	if (cell === undefined) return [{ line: line('it is not there in this release', 'dim') }];
	if (cell.capability !== undefined) {
		const { capability, value, evidence } = cell.capability;
		return [
			{ line: line(`${capability}: ${value}`, 'strong') },
			...evidence.flatMap((one) =>
				factRows({ text: 'read', path: one.path, line: one.line }, ' ', width, one.blob),
			),
		];
	}
	const { driver } = cell;
	if (driver === undefined) return [];
	return [
		{ line: line(driver.style, 'strong') },
		{ line: line(`${driver.path}, blob ${driver.blob.slice(0, 12)}`, 'dim') },
		...driver.byConfig.flatMap(({ config, when, built, style }) =>
			wrap(
				printableLine(`${config}${whenText(when)}: ${built ? style : 'not built'}`),
				width,
				'  ',
				'    ',
			).map((one) => ({ line: line(one) })),
		),
		{ line: line() },
		...factsOf(driver).flatMap((fact) =>
			factRows(fact, ' ', width, fact.path === driver.path ? driver.blob : undefined),
		),
	];
}

/** What changed between two cells of a row. */
export function transitionRows(matrix: Matrix, from: Place, to: Place, width: number): Row[] {
	const [before, after] = [cellAt(matrix, from), cellAt(matrix, to)];
	const said = (cell: Cell | undefined) => cell?.text ?? 'not there';
	const facts = (cell: Cell | undefined) =>
		cell?.driver === undefined ? [] : factsOf(cell.driver);
	const [old, now] = [facts(before), facts(after)];
	const has = (all: readonly Fact[], { text }: Fact) => all.some((one) => one.text === text);
	const went = old.filter((fact) => !has(now, fact));
	const came = now.filter((fact) => !has(old, fact));
	return [
		{ line: line(`${matrix.releases[from.column]}: ${said(before)}`) },
		{ line: line(`${matrix.releases[to.column]}: ${said(after)}`, 'strong') },
		{ line: line() },
		...went.flatMap((fact) => factRows(fact, '-', width, before?.driver?.blob)),
		...came.flatMap((fact) => factRows(fact, '+', width, after?.driver?.blob)),
		...(went.length + came.length === 0
			? [{ line: line('no fact of the driver itself differs', 'dim') }]
			: []),
	];
}
