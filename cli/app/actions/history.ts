/** What the commands do on the screen History. */
import type { App } from '../app.ts';
import { capabilityChange, styleChange } from '../predicates.ts';
import { type AppState, shownReport } from '../state/app.ts';
import {
	type CommitRecord,
	chosenRecord,
	filtered,
	HISTORY_START,
	isTransition,
	recordOf,
	reduceHistory,
	withRecords,
} from '../state/history.ts';
import type { Job } from '../work/tasks.ts';
import { watchBisection } from './bisect.ts';
import type { Actions } from './screen.ts';
import { openCommit } from './targets.ts';

const walks = new WeakMap<App, Job<'log'>>();

/** Walks the history of paths; a walk that goes on is stopped. */
export function walkHistory(app: App, paths: readonly string[]): void {
	const { clone } = app.state;
	walks.get(app)?.stop();
	app.update({ history: { ...HISTORY_START, paths } });
	app.settle('history', { top: 0 });
	if (clone === undefined) return;
	const ended = () => app.update({ history: { ...app.state.history, complete: true } });
	const job: Job<'log'> = app.run(
		`walking ${paths.join(' ')}`,
		{ kind: 'log', repo: clone.folder, paths },
		ended,
		{
			hear: (told) => {
				// What was on its way when another walk began.
				if (told.kind !== 'records' || walks.get(app) !== job) return;
				app.update({ history: withRecords(app.state.history, told.records) });
			},
			failed: () => {
				ended();
				return false;
			},
			stopped: () => {
				if (walks.get(app) === job) ended();
			},
		},
	);
	walks.set(app, job);
}

/** The sources that the patch touches. */
function patchPaths(state: AppState): string[] {
	const files = shownReport(state)?.patch.files ?? [];
	return files.map(({ path }) => path).filter((path) => path.endsWith('.c'));
}

/** What is asked of a bisection between two commits: what the bad one's transition brought, else nothing. */
function proposed(record: CommitRecord | undefined): string {
	if (record === undefined || !isTransition(record)) return '';
	return record.kind === 'driver'
		? styleChange(record.driver, record.before, record.after)
		: capabilityChange(record.capability, String(record.after ?? 'none'));
}

function askPath(app: App): void {
	const { paths } = app.state.history;
	app.ask({
		label: 'history of: ',
		text: (paths ?? []).join(' '),
		onEnter: (text) => {
			const chosen = text.split(' ').filter((part) => part !== '');
			if (chosen.length > 0) walkHistory(app, chosen);
		},
	});
}

/** With both ends chosen, asks what to look for between them. */
function askBisection(app: App): void {
	const { good, bad } = app.state.history;
	if (good === undefined || bad === undefined) return;
	app.ask({
		label: 'first commit where: ',
		text: proposed(recordOf(app.state.history, bad)),
		onEnter: (text) => {
			if (text.trim() !== '') watchBisection(app, good, bad, text);
		},
	});
}

export const historyActions: Actions = {
	enter(app) {
		const paths = patchPaths(app.state);
		if (
			app.state.history.paths === undefined &&
			paths.length > 0 &&
			app.state.clone !== undefined
		) {
			walkHistory(app, paths);
		}
	},
	command(app, command) {
		const { history, clone } = app.state;
		if (clone === undefined) return;
		switch (command) {
			case 'activate': {
				const commit = chosenRecord(history)?.commit;
				if (commit !== undefined) openCommit(app, commit);
				return;
			}
			case 'path':
				return askPath(app);
			case 'search':
				return app.ask({
					label: 'show only: ',
					text: history.filter,
					onChange: (text) =>
						app.update({ history: filtered(app.state.history, { filter: text }) }),
					onEnter: () => undefined,
					onCancel: () =>
						app.update({ history: filtered(app.state.history, { filter: history.filter }) }),
				});
			case 'good':
			case 'bad':
				app.update({ history: reduceHistory(history, command, 0) });
				return askBisection(app);
		}
		app.update({ history: reduceHistory(history, command, app.scroll('history').page) });
	},
	back(app) {
		const { filter, onlyTransitions, good, bad } = app.state.history;
		if (filter === '' && !onlyTransitions && good === undefined && bad === undefined) return false;
		app.update({ history: reduceHistory(app.state.history, 'clear', 0) });
		return true;
	},
};
