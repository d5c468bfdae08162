/** What the commands do on the screen Styles. */
import type { App } from '../app.ts';
import { capabilityChange, styleChange } from '../predicates.ts';
import { shownReport } from '../state/app.ts';
import {
	cellAt,
	comparedPlaces,
	matrixOf,
	type Place,
	reduceStyles,
	searchedStyles,
	withMatrix,
} from '../state/styles.ts';
import { cellRows, transitionRows } from '../views/styles.ts';
import { watchBisection } from './bisect.ts';
import { walkHistory } from './history.ts';
import type { Actions } from './screen.ts';
import { showPager } from './targets.ts';

function load(app: App): void {
	const { clone, styles } = app.state;
	if (styles.matrix !== undefined || styles.isLoading) return;
	app.update({ styles: { ...styles, isLoading: true } });
	const loaded = () => app.update({ styles: { ...app.state.styles, isLoading: false } });
	app.run(
		'reading the styles',
		{ kind: 'styles', ...(clone === undefined ? {} : { repo: clone.folder }) },
		(report) => {
			const driver = shownReport(app.state)?.effect[0]?.driver;
			app.update({ styles: withMatrix(app.state.styles, matrixOf(report), driver) });
		},
		{
			failed: () => {
				loaded();
				return false;
			},
			stopped: loaded,
		},
	);
}

function releaseAt(app: App, { column }: Place): string {
	return app.state.styles.matrix?.releases[column] ?? '';
}

function showTransition(app: App) {
	const { matrix, cursor } = app.state.styles;
	const places = comparedPlaces(app.state.styles);
	if (matrix === undefined) return;
	if (places === undefined)
		return app.say('it never changed before this release; m marks a cell to compare with');
	const name = matrix.rows[cursor.row]?.name ?? '';
	const rows = transitionRows(matrix, places.from, places.to, app.state.columns - 3);
	const [from, to] = [releaseAt(app, places.from), releaseAt(app, places.to)];
	showPager(app, `${name}, ${from} to ${to}`, rows, { revisions: [to] });
}

/** Bisects the transition between two cells. */
function findCommit(app: App) {
	const { clone, styles } = app.state;
	const { matrix, cursor } = styles;
	const places = comparedPlaces(styles);
	if (matrix === undefined) return;
	if (clone === undefined)
		return app.say('commits are those of a clone: 6, Files, c on its folder', 'bad');
	if (places === undefined)
		return app.say('it never changed before this release; m marks a cell to compare with');
	const row = matrix.rows[cursor.row];
	const [before, after] = [cellAt(matrix, places.from), cellAt(matrix, places.to)];
	if (row === undefined || before?.text === after?.text)
		return app.say('the two cells are the same');
	const where =
		row.kind === 'driver'
			? styleChange(row.name, before?.text ?? null, after?.text ?? null)
			: capabilityChange(row.name, after?.text ?? 'none');
	watchBisection(app, releaseAt(app, places.from), releaseAt(app, places.to), where);
}

export const stylesActions: Actions = {
	enter: load,
	command(app, command) {
		const { styles } = app.state;
		const { matrix, cursor } = styles;
		if (matrix === undefined) return load(app);
		const row = matrix.rows[cursor.row];
		switch (command) {
			case 'activate': {
				const release = releaseAt(app, cursor);
				const rows = cellRows(matrix, cursor, app.state.columns - 3);
				return showPager(app, `${row?.name ?? ''} in ${release}`, rows, { revisions: [release] });
			}
			case 'transition':
				return showTransition(app);
			case 'bisect':
				return findCommit(app);
			case 'history': {
				const path = row?.cells.findLast((cell) => cell?.driver !== undefined)?.driver?.path;
				if (path === undefined) return app.say('the history is that of a driver: choose one');
				walkHistory(app, [path]);
				return app.go('history');
			}
			case 'search':
				return app.ask({
					label: '/',
					text: '',
					onChange: (text) => app.update({ styles: searchedStyles(app.state.styles, text) }),
					onEnter: () => undefined,
					onCancel: () => app.update({ styles }),
				});
		}
		app.update({ styles: reduceStyles(styles, command, app.scroll('styles').page) });
	},
};
