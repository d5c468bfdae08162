/**
 * Lays a table out in a given number of columns: cells are broken over lines where that saves the
 * table from growing too wide, and never more than needed. Knows nothing of what the cells mean.
 */
import { displayWidth, padded } from '../../src/text.ts';
import { noPaint, type Paint, type Tone } from './paint.ts';

/** A no-break space keeps words together. */
export const NBSP = '\u00a0';
/** A place where a word may be broken. Sanitised text never has one. */
export const BREAK = '\u200b';

export interface Cell {
	/** May be broken at spaces and at {@link BREAK}. */
	readonly text: string;
	/** Of a note; stands after the text in brackets. */
	readonly mark?: string;
	readonly tone?: Tone;
}

export interface Column {
	readonly title: string;
	/** A heading shared with the neighbours that have the same one. */
	readonly group?: string;
}

/** Where the mark of a cell may go when the cell is broken: beside its text, or below it too. */
type MarkPlace = 'beside' | 'below';

/** How a table is laid out. */
interface Manner {
	/** Columns between columns. */
	readonly gap: number;
	readonly marks: MarkPlace;
	/** Whether words may be broken at {@link BREAK}. */
	readonly words: 'whole' | 'broken';
}

/** Sets of manners, better ones first; of a set, the one with the fewest lines, then the first. */
const MANNERS: readonly (readonly Manner[])[] = [
	[{ gap: 2, marks: 'beside', words: 'whole' }],
	[
		{ gap: 1, marks: 'beside', words: 'whole' },
		{ gap: 2, marks: 'below', words: 'whole' },
		{ gap: 1, marks: 'below', words: 'whole' },
	],
	[{ gap: 2, marks: 'beside', words: 'broken' }],
	[{ gap: 2, marks: 'below', words: 'broken' }],
];

/** Text in lines of at most `width`; what cannot be broken to fit sticks out. */
function brokenText(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		let joint = line === '' ? '' : ' ';
		for (const part of word.split(BREAK)) {
			if (line !== '' && displayWidth(line + joint + part) > width) {
				lines.push(line);
				line = part;
			} else {
				line += joint + part;
			}
			joint = '';
		}
	}
	return [...lines, line];
}

/** The lines of a cell in a column of `width`. */
function brokenCell(cell: Cell, width: number, place: MarkPlace): string[] {
	const lines = brokenText(cell.text, width);
	if (cell.mark === undefined || cell.mark === '') return lines;
	const mark = `[${cell.mark}]`;
	const withMark = (texts: readonly string[]): string[] | undefined => {
		const fits = (text: string) => displayWidth(text) + 1 + displayWidth(mark) <= width;
		// After the last word when it fits there, else wherever the text leaves room.
		const last = texts.length - 1;
		const at = fits(texts[last] ?? '') ? last : texts.findIndex(fits);
		return at === -1 ? undefined : texts.map((text, i) => (i === at ? `${text} ${mark}` : text));
	};
	const narrower = () => brokenText(cell.text, width - 1 - displayWidth(mark));
	return (
		withMark(lines) ??
		(place === 'below' ? [...lines, mark] : withMark(narrower())) ?? [`${lines.join(' ')} ${mark}`]
	);
}

function widest(lines: readonly string[]): number {
	return Math.max(0, ...lines.map(displayWidth));
}

interface Choice {
	readonly width: number;
	/** Lines that each row takes at this width. */
	readonly heights: readonly number[];
}

/** Every width of a column that makes a difference, from its natural one down to its least. */
function choicesOf(title: string, column: readonly Cell[], place: MarkPlace): Choice[] {
	const choices: Choice[] = [];
	let limit = Number.POSITIVE_INFINITY;
	for (;;) {
		const cells = column.map((cell) => brokenCell(cell, limit, place));
		const width = Math.max(displayWidth(title), ...cells.map(widest));
		if (width > limit || width === choices.at(-1)?.width) return choices;
		choices.push({ width, heights: cells.map((lines) => lines.length) });
		limit = width - 1;
	}
}

/** The widths, one a column, that fit in `total` with the fewest lines; undefined when none do. */
function bestWidths(columns: readonly Choice[][], total: number): number[] | undefined {
	const least = columns.map((choices) => choices.at(-1)?.width ?? 0);
	let best: { lines: number; widths: number[] } | undefined;
	const search = (index: number, left: number, heights: readonly number[], widths: number[]) => {
		const choices = columns[index];
		if (choices === undefined) {
			const lines = heights.reduce((sum, height) => sum + height, 0);
			if (best === undefined || lines < best.lines) best = { lines, widths };
			return;
		}
		const reserved = least.slice(index + 1).reduce((sum, width) => sum + width, 0);
		for (const choice of choices) {
			if (choice.width + reserved > left) continue;
			const taller = choice.heights.map((height, row) => Math.max(height, heights[row] ?? 1));
			search(index + 1, left - choice.width, taller, [...widths, choice.width]);
		}
	};
	search(0, total, [], []);
	return best?.widths;
}

function heading(columns: readonly Column[], widths: readonly number[], gap: number): string[] {
	if (columns.every((column) => column.group === undefined)) return [];
	let line = '';
	let group: string | undefined;
	let start = 0;
	columns.forEach((column, i) => {
		if (column.group !== undefined && column.group !== group) {
			line = `${padded(line, start)}${column.group}`;
		}
		group = column.group;
		start += (widths[i] ?? 0) + gap;
	});
	return [line];
}

/** A group's columns have to hold its heading: the last of them grows where they do not. */
function roomForHeadings(columns: readonly Column[], gap: number): Column[] {
	const room = (group: string, title: string) =>
		padded(title, displayWidth(group) - columnsBefore(columns, group, gap));
	return columns.map((column, i) =>
		column.group !== undefined && column.group !== columns[i + 1]?.group && i + 1 < columns.length
			? { ...column, title: room(column.group, column.title) }
			: column,
	);
}

function columnsBefore(columns: readonly Column[], group: string, gap: number): number {
	const own = columns.filter((column) => column.group === group).slice(0, -1);
	return own.reduce((sum, column) => sum + displayWidth(column.title) + gap, 0);
}

const EMPTY: Cell = { text: '' };

function layOut(
	columns: readonly Column[],
	rows: readonly (readonly Cell[])[],
	width: number,
	{ gap, marks, words }: Manner,
	paint: Paint,
): string[] | undefined {
	const cell = (row: readonly Cell[], i: number): Cell => {
		const own = row[i] ?? EMPTY;
		return words === 'broken' ? own : { ...own, text: own.text.replaceAll(BREAK, '') };
	};
	const choices = columns.map(({ title }, i) => {
		const column = rows.map((row) => cell(row, i));
		return choicesOf(title, column, marks);
	});
	const widths = bestWidths(choices, width - gap * (columns.length - 1));
	if (widths === undefined) return undefined;
	const groups = heading(columns, widths, gap);
	if (widest(groups) > width) return undefined;
	const line = (texts: readonly string[], tones: readonly (Tone | undefined)[]) =>
		texts
			.map((text, i) => {
				const plain = text.replaceAll(NBSP, ' ');
				if (texts.slice(i + 1).every((later) => later === '')) {
					return plain === '' ? '' : paint(tones[i] ?? 'plain', plain);
				}
				const space = padded(plain, widths[i] ?? 0).slice(plain.length) + ' '.repeat(gap);
				return (plain === '' ? '' : paint(tones[i] ?? 'plain', plain)) + space;
			})
			.join('');
	const titles = line(
		columns.map((column) => column.title.trimEnd()),
		[],
	);
	const body = rows.flatMap((row) => {
		const cells = columns.map((_, i) => brokenCell(cell(row, i), widths[i] ?? 0, marks));
		const height = Math.max(1, ...cells.map((lines) => lines.length));
		return Array.from({ length: height }, (_, at) =>
			line(
				cells.map((lines) => lines[at] ?? ''),
				row.map((cell) => cell.tone),
			),
		);
	});
	return [...groups, titles, ...body];
}

/**
 * The lines of a table, headings first, none wider than `width`. Undefined when it cannot be made
 * to fit. A column is as narrow as it can be without adding lines that can be avoided; gaps narrow
 * and marks leave their words first, and words are broken only where nothing else helps.
 */
export function renderTable(
	columns: readonly Column[],
	rows: readonly (readonly Cell[])[],
	width: number,
	paint: Paint = noPaint,
): string[] | undefined {
	for (const manners of MANNERS) {
		const tables = manners.flatMap((manner) => {
			const titled = roomForHeadings(columns, manner.gap);
			const lines = layOut(titled, rows, width, manner, paint);
			return lines === undefined ? [] : [lines];
		});
		const fewest = Math.min(...tables.map(({ length }) => length));
		const best = tables.find(({ length }) => length === fewest);
		if (best !== undefined) return best;
	}
	return undefined;
}
