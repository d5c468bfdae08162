/** The view of the screen Tags: the lines for the commit message, and the notes beside them. */
import type { RangeReport } from '../../../src/range/report.ts';
import { printableLine, wrap } from '../../../src/text.ts';
import { within } from '../state/list.ts';

import { cut, filled, type Line, line, type Shape, scrolled, span, type View } from './text.ts';

/** The lines that go into the commit message, whole: a broken trailer is no trailer. */
export function tagLines({ tags }: RangeReport): string[] {
	const trailer = (name: string, value: string) =>
		printableLine(value.startsWith(`${name}:`) ? value : `${name}: ${value}`);
	return [
		...tags.fixes.map((tag) => trailer('Fixes', tag)),
		...tags.cc.map((tag) => trailer('Cc', tag)),
	];
}

/** The notes, a line each. */
export function noteLines({ tags }: RangeReport): string[] {
	return tags.notes.map((note) => `note: ${printableLine(note)}`);
}

/** The lines and the notes, to be read. */
export function tagsBody(report: RangeReport, width: number): Line[] {
	const tags = tagLines(report);
	return [
		...tags.map((tag) => line(tag, 'good')),
		...(tags.length === 0 ? [line('no line can be given; the notes say why', 'warn')] : []),
		line(),
		...noteLines(report).flatMap((note) =>
			wrap(note, width - 2, '', '      ').map((text) => line(text)),
		),
	];
}

/** The whole body of the screen. */
export function tagsView(report: RangeReport, cursorAt: number, shape: Shape): View {
	const { width, height } = shape;
	const body = tagsBody(report, width);
	const cursor = within(cursorAt, body.length);
	const head = [line(cut(report.patch.subject, width), 'strong'), line()];
	const page = Math.max(1, height - head.length);
	const top = scrolled(shape.top, cursor, page, body.length);
	const rows = body.slice(top, top + page).map(({ spans }, i): Line => {
		const selected = top + i === cursor;
		return { selected, spans: [span(selected ? '> ' : '  '), ...spans] };
	});
	return { lines: filled([...head, ...rows], height), top, page };
}
