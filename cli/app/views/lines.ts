/** The view of lines that are read: a source, a diff, facts; and the rows that texts of git become. */

import type { LinesState } from '../state/lines.ts';
import { within } from '../state/list.ts';

import type { Row } from './release.ts';
import {
	columnsOf,
	cut,
	filled,
	type Line,
	line,
	plainText,
	type Shape,
	scrolled,
	span,
	type View,
} from './text.ts';

const TAB = 8;

/** Tabs as a terminal shows them. */
export function untabbed(text: string): string {
	if (!text.includes('\t')) return text;
	let out = '';
	for (const part of text.split(/(\t)/)) {
		out += part === '\t' ? ' '.repeat(TAB - (columnsOf(out) % TAB)) : part;
	}
	return out;
}

/** The lines of a file, numbered. */
export function sourceRows(texts: readonly string[], at: number): Row[] {
	const digits = String(texts.length).length;
	return texts.map((text, i) => ({
		line: {
			spans: [
				span(`${String(i + 1).padStart(digits)} `, 'dim'),
				span(untabbed(text), i + 1 === at ? 'strong' : 'plain'),
			],
		},
	}));
}

/** The lines of a commit as git shows it. */
export function diffRows(texts: readonly string[]): Row[] {
	let isDiff = false;
	return texts.map((text) => {
		if (text.startsWith('diff --')) isDiff = true;
		const said = untabbed(text);
		if (!isDiff) return { line: line(said) };
		if (/^(?:diff|index|---|\+\+\+|new|deleted|similarity|rename) /.test(text))
			return { line: line(said, 'strong') };
		if (text.startsWith('@@')) return { line: line(said, 'warn') };
		if (text.startsWith('+')) return { line: line(said, 'good') };
		return { line: text.startsWith('-') ? line(said, 'bad') : line(said) };
	});
}

/** A line from the column `left` on. */
function shifted({ spans }: Line, left: number): Line {
	if (left === 0) return { spans };
	let skip = left;
	const rest = spans.flatMap((one) => {
		if (skip >= one.text.length) {
			skip -= one.text.length;
			return [];
		}
		const text = one.text.slice(skip);
		skip = 0;
		return [{ ...one, text }];
	});
	return { spans: rest };
}

function clipped({ spans }: Line, width: number): Line {
	let room = width;
	const kept = spans.map((one) => {
		const text = cut(one.text, Math.max(0, room));
		room -= columnsOf(text);
		return { ...one, text };
	});
	return { spans: kept };
}

/** The whole body of a screen of lines; the line of the cursor is marked. */
export function linesView(
	title: string,
	rows: readonly Row[],
	state: LinesState,
	shape: Shape,
): View {
	const { width, height } = shape;
	const cursor = within(state.cursor, rows.length);
	const head = title === '' ? [] : [line(cut(title, width), 'strong')];
	const page = Math.max(1, height - head.length);
	const top = scrolled(shape.top, cursor, page, rows.length);
	const shown = rows.slice(top, top + page).map((row, i): Line => {
		const selected = top + i === cursor;
		const moved = clipped(shifted(row.line, state.left), width - 2);
		return { selected, spans: [span(selected ? '> ' : '  '), ...moved.spans] };
	});
	return { lines: filled([...head, ...shown], height), top, page };
}

/** The text of a row, for searching. */
export function rowText(row: Row | undefined): string {
	return row === undefined ? '' : plainText(row.line);
}
