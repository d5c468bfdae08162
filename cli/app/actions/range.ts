/** What the commands do on the screen Range. */
import type { App } from '../app.ts';
import { shownReport } from '../state/app.ts';
import { LINES_START } from '../state/lines.ts';
import { chosenRelease, onRelease, RANGE_START, reduceRange } from '../state/range.ts';
import type { Actions } from './screen.ts';

/** Shows another patch of the series, `by` after the present one. */
export function turnPatch(app: App, by: number): void {
	const { patch } = app.state;
	if (patch === undefined) return;
	const at = Math.max(0, Math.min(patch.at + by, patch.reports.length - 1));
	app.update({ patch: { ...patch, at } });
}

export const rangeActions: Actions = {
	command(app, command) {
		const report = shownReport(app.state);
		if (report === undefined) return;
		const { range } = app.state;
		switch (command) {
			case 'activate': {
				const release = chosenRelease(report, range);
				if (release === undefined) return;
				app.update({ release: { name: release.release, lines: LINES_START } });
				return app.go('release');
			}
			case 'next-patch':
				return turnPatch(app, 1);
			case 'previous-patch':
				return turnPatch(app, -1);
			case 'search': {
				const at = chosenRelease(report, range)?.release;
				const filter = (text: string) =>
					app.update({ range: onRelease(report, { ...app.state.range, filter: text }, at) });
				return app.ask({
					label: 'show only: ',
					text: range.filter,
					onChange: filter,
					onEnter: filter,
					onCancel: () => filter(range.filter),
				});
			}
		}
		app.update({ range: reduceRange(range, command, report, app.scroll('range').page) });
	},
	back(app) {
		const report = shownReport(app.state);
		const { filter, verdict, config, longterm } = app.state.range;
		if (report === undefined || (filter === '' && !verdict && !config && !longterm)) return false;
		const at = chosenRelease(report, app.state.range)?.release;
		app.update({ range: onRelease(report, RANGE_START, at) });
		return true;
	},
};
