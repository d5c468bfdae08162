/** What the commands do on the screen Release. */
import type { RangeReport, ReleaseReport } from '../../../src/range/report.ts';
import type { App } from '../app.ts';
import { type AppState, shownReport } from '../state/app.ts';
import { LINES_START, type LinesLook, reduceLines, searched } from '../state/lines.ts';
import { chosenRelease, onRelease, RANGE_START, shownReleases } from '../state/range.ts';
import { rowText } from '../views/lines.ts';
import { type Row, releaseRows } from '../views/release.ts';
import type { Actions } from './screen.ts';
import { openTarget } from './targets.ts';

/** The release of the screen: the one that was chosen, else the one the cursor of Range is on. */
export function releaseOf(
	state: AppState,
): { report: RangeReport; release: ReleaseReport } | undefined {
	const report = shownReport(state);
	if (report === undefined) return undefined;
	const named = report.releases.find(({ release }) => release === state.release.name);
	const release = named ?? chosenRelease(report, state.range) ?? report.releases[0];
	return release === undefined ? undefined : { report, release };
}

const made = new WeakMap<ReleaseReport, { width: number; rows: Row[] }>();

/** The rows of the screen, made once for a release and width. */
export function rowsOfRelease(state: AppState): Row[] {
	const shown = releaseOf(state);
	if (shown === undefined) return [];
	const { report, release } = shown;
	const width = state.columns - 3;
	const known = made.get(release);
	if (known?.width === width) return known.rows;
	const rows = releaseRows(report, release, width);
	made.set(release, { width, rows });
	return rows;
}

function lookOf(app: App, rows: readonly Row[]): LinesLook {
	return {
		count: rows.length,
		page: app.scroll('release').page,
		text: (place) => rowText(rows[place]),
		opens: (place) => rows[place]?.target !== undefined,
	};
}

/** Goes to the release `by` after this one, among those that Range shows. */
function turn(app: App, by: number) {
	const shown = releaseOf(app.state);
	if (shown === undefined) return;
	const { report, release } = shown;
	const among = shownReleases(report, app.state.range);
	const list = among.includes(release) ? among : report.releases;
	const next = list[list.indexOf(release) + by];
	if (next === undefined) return app.say('no release further there');
	const range = among.includes(next) ? app.state.range : RANGE_START;
	app.update({
		release: { name: next.release, lines: LINES_START },
		range: onRelease(report, range, next.release),
	});
	app.settle('release', { top: 0 });
}

export const releaseActions: Actions = {
	enter: (app) => app.settle('release', { top: 0 }),
	command(app, command) {
		const shown = releaseOf(app.state);
		if (shown === undefined) return;
		const rows = rowsOfRelease(app.state);
		const look = lookOf(app, rows);
		const { release } = app.state;
		const update = (lines: typeof release.lines) =>
			app.update({ release: { ...app.state.release, lines } });
		switch (command) {
			case 'activate': {
				const target = rows[release.lines.cursor]?.target;
				if (target === undefined)
					return app.say('nothing to open on this line; tab goes to the next that has');
				return openTarget(app, target, [shown.release.commit, shown.release.release]);
			}
			case 'next-release':
				return turn(app, 1);
			case 'previous-release':
				return turn(app, -1);
			case 'search': {
				const begun = release.lines;
				return app.ask({
					label: '/',
					text: '',
					onChange: (text) => update(searched(app.state.release.lines, text, begun.cursor, look)),
					onEnter: () => undefined,
					onCancel: () => update(begun),
				});
			}
		}
		update(reduceLines(release.lines, command, look));
	},
};
