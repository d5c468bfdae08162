/**
 * The text that views are made of: spans with a tone, lines of them, cut to columns as a terminal counts
 * them. No terminal here.
 */
import stringWidth from 'string-width';
import { printableLine } from '../../../src/text.ts';
import type { Tone } from '../../output/paint.ts';

export interface Span {
	readonly text: string;
	readonly tone?: Tone;
	/** The cell that the cursor is on. */
	readonly cursor?: boolean;
}

export interface Line {
	readonly spans: readonly Span[];
	/** The row that the cursor is on. */
	readonly selected?: boolean;
}

/** What a body is drawn in. */
export interface Shape {
	readonly width: number;
	readonly height: number;
	/** The first row of its list that was shown before. */
	readonly top: number;
}

/** What a screen shows of its body. */
export interface View {
	readonly lines: readonly Line[];
	/** The first row of its list that is shown. */
	readonly top: number;
	/** How many rows of its list fit. */
	readonly page: number;
}

const ASCII = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns of a text on a terminal. */
export function columnsOf(text: string): number {
	return ASCII.test(text) ? text.length : stringWidth(text);
}

/** The text made printable, in at most `width` columns: what is longer ends in an ellipsis. */
export function cut(text: string, width: number): string {
	const safe = printableLine(text);
	if (width <= 0) return '';
	if (columnsOf(safe) <= width) return safe;
	if (ASCII.test(safe)) return `${safe.slice(0, width - 1)}…`;
	let head = '';
	let columns = 0;
	for (const { segment } of graphemes.segment(safe)) {
		const more = columnsOf(segment);
		if (columns + more > width - 1) break;
		head += segment;
		columns += more;
	}
	return `${head}…`;
}

/** The text made printable, in exactly `width` columns. */
export function inColumns(text: string, width: number): string {
	const safe = cut(text, width);
	return safe + ' '.repeat(Math.max(0, width - columnsOf(safe)));
}

export function span(text: string, tone: Tone = 'plain'): Span {
	return tone === 'plain' ? { text } : { text, tone };
}

/** A line of one tone. */
export function line(text = '', tone: Tone = 'plain'): Line {
	return { spans: text === '' ? [] : [span(text, tone)] };
}

export function lineOf(...spans: readonly Span[]): Line {
	return { spans };
}

/** The text of a line, without tones. */
export function plainText({ spans }: Line): string {
	return spans.map(({ text }) => text).join('');
}

/** Exactly `height` lines: the rest is empty, or left out. */
export function filled(lines: readonly Line[], height: number): Line[] {
	const shown = lines.slice(0, Math.max(0, height));
	while (shown.length < height) shown.push({ spans: [] });
	return shown;
}

/** The first row to show, so that the cursor is among `height` rows, as near to `top` as can be. */
export function scrolled(top: number, cursor: number, height: number, count: number): number {
	const last = Math.max(0, count - height);
	const wanted = Math.min(Math.max(top, cursor - height + 1), cursor);
	return Math.max(0, Math.min(wanted, last));
}
