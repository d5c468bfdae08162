/** The view of the screen History. */

import { type CommitRecord, type HistoryState, isTransition, recordAt } from '../state/history.ts';
import { within } from '../state/list.ts';
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

/** The whole body of the screen. */
export function historyView(state: HistoryState, clone: CloneInfo | undefined, shape: Shape): View {
	const { width, height } = shape;
	if (clone === undefined) {
		const said = [
			line('history is that of a clone, and none is open', 'warn'),
			line('6 goes to Open; under Files, c on a repository takes it as the clone'),
		];
		return { lines: filled(said, height), top: 0, page: 1 };
	}
	const { paths, entries, shown, complete } = state;
	if (paths === undefined) {
		const said = [line('no path is chosen', 'warn'), line('p chooses one: a driver, or a folder')];
		return { lines: filled(said, height), top: 0, page: 1 };
	}
	const cursor = within(state.cursor, shown.length);
	const only = [
		...(state.filter === '' ? [] : [`"${state.filter}"`]),
		...(state.onlyTransitions ? ['transitions'] : []),
	];
	const count = `${shown.length}${only.length === 0 ? '' : ` of ${entries.length}`} lines${complete ? '' : ', walking'}`;
	const head: Line[] = [
		lineOf(
			span(cut(paths.join(' '), Math.max(20, width - 40)), 'strong'),
			span(`  ${count}`, 'dim'),
			span(only.length === 0 ? '' : `  only ${only.join(', ')} (u shows all)`, 'warn'),
		),
		...endsLine(state),
	];
	const page = Math.max(1, height - head.length - 1);
	const top = scrolled(shape.top, cursor, page, shown.length);
	const rows: Line[] = [];
	for (let place = top; place < Math.min(top + page, shown.length); place++) {
		const record = recordAt(state, place);
		if (record !== undefined) rows.push(rowLine(state, record, place === cursor, width));
	}
	const chosen = recordAt(state, cursor);
	const foot = line(chosen === undefined ? '' : cut(wholeText(chosen), width), 'strong');
	return { lines: [...filled([...head, ...rows], height - 1), foot], top, page };
}

/** What a row may have no room for. */
function wholeText(record: CommitRecord): string {
	const change = isTransition(record) ? `${changeText(record)}; ` : '';
	return `${change}${record.author}: ${record.subject}`;
}

function endsLine({ good, bad }: HistoryState): Line[] {
	if (good === undefined && bad === undefined) return [];
	const said = (commit: string | undefined, how: string) => commit?.slice(0, 12) ?? how;
	return [
		line(`bisect: good ${said(good, '(g marks it)')}, bad ${said(bad, '(b marks it)')}`, 'warn'),
	];
}

function rowLine(
	state: HistoryState,
	record: CommitRecord,
	selected: boolean,
	width: number,
): Line {
	const { commit, date, firstRelease } = record;
	const end = commit === state.good ? 'g' : commit === state.bad ? 'b' : ' ';
	const who = record.kind === 'driver' ? record.driver : 'framework';
	const marked = isTransition(record);
	const start = `${end}${marked ? '*' : ' '} ${commit.slice(0, 12)} ${width < 100 ? date.slice(0, 7) : date} ${inColumns(firstRelease ?? '', 10)} `;
	const room = Math.max(10, width - start.length - 2);
	const name = Math.min(18, Math.max(10, Math.floor(room / 5)));
	const what = marked ? `${changeText(record)}: ${record.subject}` : record.subject;
	return {
		selected,
		spans: [
			span(selected ? '> ' : '  '),
			span(start, 'dim'),
			span(`${inColumns(who, name)} `),
			span(cut(what, room - name - 1), marked ? 'warn' : 'plain'),
		],
	};
}

/** `initcall@subsys -> probe@device`. */
export function changeText(record: CommitRecord): string {
	const said = (value: unknown) => (value === null ? 'none' : String(value));
	const change = `${said(record.before)} -> ${said(record.after)}`;
	return record.kind === 'capability' ? `${record.capability} ${change}` : change;
}
