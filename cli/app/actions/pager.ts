/** What the commands do in a text that lies over a screen. */
import type { App } from '../app.ts';
import type { PagerState } from '../state/app.ts';
import { type LinesLook, type LinesState, reduceLines, searched } from '../state/lines.ts';
import { rowText } from '../views/lines.ts';
import type { Actions } from './screen.ts';
import { openTarget } from './targets.ts';

/** The name under which a text is scrolled. */
export function pagerList(depth: number): string {
	return `pager-${depth}`;
}

function lookOf(app: App, { rows }: PagerState): LinesLook {
	return {
		count: rows.length,
		page: app.scroll(pagerList(app.state.pagers.length - 1)).page,
		text: (place) => rowText(rows[place]),
		opens: (place) => rows[place]?.target !== undefined,
	};
}

export const pagerActions: Actions = {
	command(app, command) {
		const pager = app.state.pagers.at(-1);
		if (pager === undefined) return;
		const look = lookOf(app, pager);
		const update = (lines: LinesState) =>
			app.update({ pagers: [...app.state.pagers.slice(0, -1), { ...pager, lines }] });
		switch (command) {
			case 'activate': {
				const target = pager.rows[pager.lines.cursor]?.target;
				if (target !== undefined) openTarget(app, target, pager.revisions);
				return;
			}
			case 'search': {
				const begun = pager.lines;
				return app.ask({
					label: '/',
					text: '',
					onChange: (text) => update(searched(begun, text, begun.cursor, look)),
					onEnter: () => undefined,
					onCancel: () => update(begun),
				});
			}
		}
		update(reduceLines(pager.lines, command, look));
	},
};
