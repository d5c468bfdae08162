/** The view of the screen Open. */
import { within } from '../state/list.ts';
import { OPEN_TABS, type OpenRow, type OpenState, type OpenTab, openRows } from '../state/open.ts';
import type { CloneInfo } from '../work/tasks.ts';

import {
	cut,
	filled,
	inColumns,
	type Line,
	line,
	lineOf,
	type Shape,
	scrolled,
	span,
	type View,
} from './text.ts';

const NAMES: Readonly<Record<OpenTab, string>> = {
	recent: 'Recent',
	files: 'Files',
	commits: 'Commits',
	paste: 'Paste',
};

/** The whole body of the screen. */
export function openView(state: OpenState, clone: CloneInfo | undefined, shape: Shape): View {
	const { width, height } = shape;
	const rows = openRows(state);
	const cursor = within(state.cursors[state.tab], rows.length);
	const head: Line[] = [
		lineOf(
			span('Rangefinder', 'strong'),
			span('  on which stable releases is a patch safe to apply?'),
		),
		line(
			clone === undefined
				? 'no clone: answers come from the release index (choose one under Files with c)'
				: `clone: ${clone.folder}, ${clone.releases} releases`,
			'dim',
		),
		line(),
		lineOf(
			...OPEN_TABS.flatMap((tab) => [
				tab === state.tab
					? { text: `[${NAMES[tab]}]`, cursor: true }
					: span(` ${NAMES[tab]} `, 'dim'),
				span(' '),
			]),
		),
		...about(state, clone),
	];
	const page = Math.max(1, height - head.length);
	const top = scrolled(shape.top, cursor, page, rows.length);
	const shown = rows
		.slice(top, top + page)
		.map((row, i) => rowLine(row, top + i === cursor, width));
	const list = shown.length === 0 ? [line('  nothing here', 'dim')] : shown;
	return { lines: filled([...head, ...list], height), top, page };
}

/** What a list is about, where that is not plain. */
function about(state: OpenState, clone: CloneInfo | undefined): Line[] {
	const filter =
		state.filter === '' ? [] : [line(`only "${state.filter}" (esc shows all)`, 'warn')];
	switch (state.tab) {
		case 'files':
			return [line(state.folder, 'dim'), ...filter];
		case 'commits':
			if (clone === undefined) {
				return [line('commits are those of a clone: choose one under Files with c', 'warn')];
			}
			if (state.commits === undefined) return [line('reading the commits', 'dim')];
			return [
				line('the newest commits; / looks through all of history by subject', 'dim'),
				...filter,
			];
		case 'paste':
			return [line('paste the mail anywhere here; or press p, paste, and end with ctrl-d', 'dim')];
		default:
			return filter;
	}
}

function rowLine(row: OpenRow, selected: boolean, width: number): Line {
	const mark = span(selected ? '> ' : '  ');
	const room = width - 2;
	switch (row.kind) {
		case 'example':
			return {
				selected,
				spans: [
					mark,
					span('the example  '),
					span('a real patch on the index that ships with the program', 'dim'),
				],
			};
		case 'recent': {
			const { subject, input, patch, date, example } = row.recent;
			const from = example ? 'the example' : `${input}${patch === undefined ? '' : ` (${patch})`}`;
			const half = Math.max(20, Math.floor((room - 12) * 0.6));
			return {
				selected,
				spans: [
					mark,
					span(`${date}  `, 'dim'),
					span(inColumns(subject, half)),
					span(cut(`  ${from}`, room - 12 - half), 'dim'),
				],
			};
		}
		case 'file': {
			const { name, folder, repository } = row.file;
			const kind = repository ? '  a git repository: c takes it as the clone' : '';
			return {
				selected,
				spans: [
					mark,
					span(cut(`${name}${folder ? '/' : ''}`, room), folder ? 'strong' : 'plain'),
					span(kind, 'dim'),
				],
			};
		}
		case 'commit': {
			const { commit, date, subject } = row.commit;
			return {
				selected,
				spans: [
					mark,
					span(`${commit.slice(0, 12)} ${date} `, 'dim'),
					span(cut(subject, room - 24)),
				],
			};
		}
		case 'paste':
			return { selected, spans: [mark, span('press enter, paste the mail, end with ctrl-d')] };
	}
}
