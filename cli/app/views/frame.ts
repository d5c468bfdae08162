/** What stands around every screen: the bar of screens, what is said and done, the hints; and the help. */
import { basename } from 'node:path';
import { printableLine, wrap } from '../../../src/text.ts';
import { commandsOf, NUMBERED, type ScreenName, TITLES } from '../keys.ts';
import { type AppState, shownScreen } from '../state/app.ts';
import {
	columnsOf,
	cut,
	filled,
	inColumns,
	type Line,
	line,
	lineOf,
	type Span,
	span,
} from './text.ts';

/** The bar of screens, the shown one in brackets. */
export function titleBar(state: AppState, width: number): Line {
	const shown = shownScreen(state);
	// A text lies over the screen it was opened from.
	const under = state.stack.findLast((name) => NUMBERED.includes(name));
	const spans: Span[] = NUMBERED.flatMap((name, i) => {
		const text = `${i + 1} ${TITLES[name]}`;
		return [name === under ? { text: `[${text}]`, cursor: true } : span(` ${text} `, 'dim')];
	});
	if (shown === 'bisect') spans.push({ text: `[${TITLES.bisect}]`, cursor: true });
	const { clone } = state;
	const said = clone === undefined ? 'no clone' : `clone ${printableLine(basename(clone.folder))}`;
	const used = spans.reduce((sum, { text }) => sum + columnsOf(text), 0);
	const gap = width - used - columnsOf(said);
	return lineOf(...spans, span(gap > 1 ? ' '.repeat(gap) + said : '', 'dim'));
}

/** Lines that a message takes at most. */
const MOST_SAID = 4;

/** What is typed, said or going on, one line or more. */
export function statusLines(state: AppState, width: number): Line[] {
	const { prompt, message, open, running } = state;
	if (prompt !== undefined) {
		const room = Math.max(4, width - columnsOf(prompt.label) - 1);
		const said = printableLine(prompt.text);
		const tail = columnsOf(said) > room ? `…${said.slice(-(room - 1))}` : said;
		return [
			...messageLines(message, width),
			lineOf(span(prompt.label, 'strong'), span(tail), { text: ' ', cursor: true }),
		];
	}
	if (open.pasted !== undefined) {
		const count = open.pasted === '' ? 0 : open.pasted.split('\n').length;
		return [line(`pasting: ${count} lines so far; ctrl-d ends, esc drops it`, 'warn')];
	}
	if (message !== undefined) return messageLines(message, width);
	const now = running.at(-1);
	if (now === undefined) return [line()];
	const far = now.total > 0 ? ` ${Math.min(now.done, now.total)}/${now.total}` : '';
	const others = running.length > 1 ? `, and ${running.length - 1} more` : '';
	return [line(cut(`${now.label}${far}${others} (x stops)`, width), 'warn')];
}

function messageLines(message: AppState['message'], width: number): Line[] {
	if (message === undefined) return [];
	const { text, tone } = message;
	return wrap(printableLine(text), width)
		.slice(0, MOST_SAID)
		.map((one) => line(one, tone));
}

/** The keys of the screen in a line: those of its own first, help and quit always. */
export function hints(screen: ScreenName, width: number): Line {
	const all = commandsOf(screen).filter(({ hint }) => hint !== undefined);
	const last = all.filter(({ screens }) => screens === 'all');
	const text = ({ keys, hint }: (typeof all)[number]) => `${keys[0]} ${hint}`;
	const end = last.map(text).join('  ');
	let start = '';
	for (const command of all.filter(({ screens }) => screens !== 'all')) {
		const longer = `${start}${text(command)}  `;
		if (columnsOf(longer) + columnsOf(end) > width) break;
		start = longer;
	}
	return line(cut(start + end, width), 'dim');
}

/** The help of a screen: its commands with all their keys. */
export function helpLines(screen: ScreenName, width: number): Line[] {
	const rows = commandsOf(screen);
	const keys = ({ keys: all }: (typeof rows)[number]) => all.join(' ');
	const column = Math.min(24, Math.max(...rows.map((one) => columnsOf(keys(one))))) + 2;
	const lineFor = (one: (typeof rows)[number]) =>
		lineOf(
			span(`  ${inColumns(keys(one), column)}`, 'strong'),
			span(cut(one.what, width - column - 2)),
		);
	return [
		line(`Keys of ${TITLES[screen]}`, 'strong'),
		...rows.filter(({ screens }) => screens !== 'all').map(lineFor),
		line(),
		line('Everywhere', 'strong'),
		...rows.filter(({ screens }) => screens === 'all').map(lineFor),
	];
}

/** The help as a body, from a line on. */
export function helpView(screen: ScreenName, top: number, width: number, height: number): Line[] {
	const lines = helpLines(screen, width);
	const from = Math.min(top, Math.max(0, lines.length - height));
	return filled(lines.slice(from), height);
}
