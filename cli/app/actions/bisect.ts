/** Starts a bisection that is watched, and what the commands do on its screen. */
import type { App } from '../app.ts';
import { onScreen } from '../state/app.ts';
import { type BisectState, bisectCommits, bisectStart, withStep } from '../state/bisect.ts';
import { moved, within } from '../state/list.ts';
import type { Actions } from './screen.ts';
import { openCommit } from './targets.ts';

/** Looks for the first commit where a predicate holds, and shows how it goes. */
export function watchBisection(app: App, good: string, bad: string, where: string): void {
	const { clone } = app.state;
	if (clone === undefined) return;
	const begun = bisectStart(good, bad, where);
	app.update({ ...onScreen(app.state, 'bisect'), bisect: begun });
	app.settle('bisect', { top: 0 });
	/** Changes the bisection, unless another has taken its place. */
	const change = (to: (state: BisectState) => BisectState) => {
		const { bisect } = app.state;
		if (bisect?.good === good && bisect.bad === bad && bisect.where === where) {
			app.update({ bisect: to(bisect) });
		}
	};
	const failed = (failure: BisectState['failure']) => change((state) => ({ ...state, failure }));
	app.run(
		'bisecting',
		{ kind: 'bisect', repo: clone.folder, good, bad, where },
		(report) => change((state) => ({ ...state, report, cursor: state.steps.length })),
		{
			hear: (told) => {
				if (told.kind === 'step') change((state) => withStep(state, told.step));
			},
			failed: (failure) => {
				failed(failure);
				return true;
			},
			stopped: () =>
				failed({
					code: 'stopped',
					message: 'stopped',
					hint: 'answers so far are kept; the same question goes on from there',
				}),
		},
	);
}

export const bisectActions: Actions = {
	command(app, command) {
		const { bisect } = app.state;
		if (bisect === undefined) return;
		const commits = bisectCommits(bisect);
		const here = within(bisect.cursor, commits.length);
		if (command === 'activate') {
			const commit = commits[here];
			if (commit !== undefined) openCommit(app, commit);
			return;
		}
		const cursor = moved(here, command, commits.length, app.scroll('bisect').page);
		if (cursor !== undefined) app.update({ bisect: { ...bisect, cursor } });
	},
};
