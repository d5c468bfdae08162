/** What the commands do on the screen Open. */
import type { App } from '../app.ts';
import { onScreen, shownScreen } from '../state/app.ts';
import { HISTORY_START } from '../state/history.ts';
import { LINES_START } from '../state/lines.ts';
import { moved, within } from '../state/list.ts';
import {
	neighbourTab,
	type OpenState,
	type OpenTab,
	onRow,
	onTab,
	openRows,
	remembered,
} from '../state/open.ts';
import { RANGE_START } from '../state/range.ts';
import { STYLES_START } from '../state/styles.ts';
import type { Job, PatchInput } from '../work/tasks.ts';
import { historyActions } from './history.ts';
import type { Actions } from './screen.ts';

const EXAMPLE: PatchInput = { input: '', example: true };
/** A pasted text that is longer is no mail. */
const LONGEST_PASTE = 8_000_000;

function change(app: App, to: (state: OpenState) => OpenState): void {
	app.update({ open: to(app.state.open) });
}

const judged = new WeakMap<App, Job<'range'>>();

/** Judges a patch and shows its range. */
export function openPatch(app: App, input: PatchInput): void {
	judged.get(app)?.stop();
	app.update({
		...onScreen(app.state, 'range'),
		patch: { input, reports: [], at: 0 },
		range: RANGE_START,
		release: { name: undefined, lines: LINES_START },
		tags: 0,
	});
	app.settle('range', { top: 0 });
	const label = input.example ? 'judging the example' : `judging ${input.input}`;
	const job: Job<'range'> = app.run(
		label,
		{ kind: 'range', ...input },
		(reports) => {
			app.update({ patch: { input, reports, at: 0 } });
			// Who went there meanwhile sees the history of the patch's sources.
			if (shownScreen(app.state) === 'history') historyActions.enter?.(app);
			const subject = reports[0]?.patch.subject ?? '';
			const recent = remembered(app.state.open.recent, {
				...input,
				subject,
				date: app.ports.today(),
			});
			change(app, (state) => ({ ...state, recent }));
			void app.ports.disk.keepRecent(recent);
		},
		{
			failed: ({ code, message }) => {
				notJudged(app);
				if (code !== 'several-patches') return false;
				app.say(message);
				app.ask({
					label: 'which one (its number)? ',
					text: '',
					onEnter: (text) => text !== '' && openPatch(app, { ...input, patch: text }),
				});
				return true;
			},
			stopped: () => {
				if (judged.get(app) === job) notJudged(app);
			},
		},
	);
	judged.set(app, job);
}

/** Back to Open, where another can be chosen. */
function notJudged(app: App): void {
	app.update({ ...onScreen(app.state, 'open'), patch: undefined });
}

function listFolder(app: App, folder: string): void {
	app.ports.disk.list(folder).then(
		(files) => change(app, (state) => ({ ...onRow({ ...state, files, folder, filter: '' }, 0) })),
		(error: unknown) =>
			app.say(`${folder} cannot be read: ${error instanceof Error ? error.message : error}`, 'bad'),
	);
}

function listCommits(app: App, text: string): void {
	const { clone } = app.state;
	if (clone === undefined) return;
	app.run('looking for commits', { kind: 'commits', repo: clone.folder, text }, (commits) =>
		change(app, (state) => ({ ...state, commits })),
	);
}

function showTab(app: App, tab: OpenTab): void {
	change(app, (state) => onTab(state, tab));
	app.settle('open', { top: 0 });
	if (tab === 'files') listFolder(app, app.state.open.folder);
	if (tab === 'commits' && app.state.open.commits === undefined) listCommits(app, '');
}

/** Takes a folder as the clone; what was read of another is forgotten. */
function takeClone(app: App, folder: string, isAsked: boolean): void {
	app.run(
		`opening ${folder}`,
		{ kind: 'clone', folder },
		(clone) => {
			app.update({ clone, styles: STYLES_START, history: HISTORY_START });
			change(app, (state) => ({ ...state, commits: undefined }));
			if (isAsked) app.say(`the clone is ${clone.folder}, ${clone.releases} releases`, 'good');
		},
		// That the current folder is no clone is nothing to say unless it was asked.
		{ failed: () => !isAsked },
	);
}

function activate(app: App) {
	const { open, clone } = app.state;
	const row = openRows(open)[within(open.cursors[open.tab], openRows(open).length)];
	const repo = clone === undefined ? {} : { repo: clone.folder };
	switch (row?.kind) {
		case 'example':
			return openPatch(app, EXAMPLE);
		case 'recent': {
			const { input, example, patch } = row.recent;
			const from = row.recent.repo === undefined ? repo : { repo: row.recent.repo };
			return openPatch(app, {
				input,
				example,
				...(patch === undefined ? {} : { patch }),
				...(example ? {} : from),
			});
		}
		case 'file':
			if (row.file.folder) return listFolder(app, row.file.path);
			return openPatch(app, { input: row.file.path, example: false, ...repo });
		case 'commit':
			return openPatch(app, { input: row.commit.commit, example: false, ...repo });
		case 'paste':
			return change(app, (state) => ({ ...state, pasted: '' }));
	}
}

function search(app: App): void {
	const before = app.state.open.filter;
	const filter = (text: string) => change(app, (state) => ({ ...onRow(state, 0), filter: text }));
	app.ask({
		label: 'show only: ',
		text: before,
		onChange: filter,
		onEnter: (text) => {
			if (app.state.open.tab === 'commits') listCommits(app, text);
		},
		onCancel: () => filter(before),
	});
}

function forget(app: App): void {
	const { open } = app.state;
	const row = openRows(open)[open.cursors[open.tab]];
	if (row?.kind !== 'recent') return;
	const recent = open.recent.filter((one) => one !== row.recent);
	change(app, (state) => ({ ...state, recent }));
	void app.ports.disk.keepRecent(recent);
}

/** Opens what was pasted. */
function openPasted(app: App, text: string) {
	change(app, (state) => ({ ...state, pasted: undefined }));
	if (text.trim() === '') return app.say('nothing was pasted');
	const { clone } = app.state;
	app.ports.disk.keepMail(text).then(
		(input) =>
			openPatch(app, {
				input,
				example: false,
				...(clone === undefined ? {} : { repo: clone.folder }),
			}),
		(error: unknown) => app.say(error instanceof Error ? error.message : String(error), 'bad'),
	);
}

interface OpenActions extends Actions {
	start(app: App): void;
	/** A text that was pasted as one. */
	pasted(app: App, text: string): void;
	/** A key while a mail is pasted by hand. */
	pasteKey(app: App, key: string): void;
}

export const openActions: OpenActions = {
	start(app) {
		void app.ports.disk.recent().then((recent) => change(app, (state) => ({ ...state, recent })));
		takeClone(app, app.ports.cwd, false);
	},
	pasted(app, text) {
		const mail = text.replace(/\r\n?/g, '\n');
		if (app.state.open.pasted === undefined) return openPasted(app, mail);
		change(app, (state) => ({ ...state, pasted: (state.pasted ?? '') + mail }));
	},
	pasteKey(app, key) {
		const { pasted = '' } = app.state.open;
		if (key === 'ctrl-d') return openPasted(app, pasted);
		if (key === 'esc') return change(app, (state) => ({ ...state, pasted: undefined }));
		const named: Readonly<Record<string, string>> = { enter: '\n', space: ' ', tab: '\t' };
		const character = named[key] ?? key;
		if ([...character].length !== 1 || pasted.length > LONGEST_PASTE) return;
		change(app, (state) => ({ ...state, pasted: pasted + character }));
	},
	command(app, command) {
		const { open } = app.state;
		const rows = openRows(open);
		const here = within(open.cursors[open.tab], rows.length);
		const cursor = moved(here, command, rows.length, app.scroll('open').page);
		if (cursor !== undefined) return change(app, (state) => onRow(state, cursor));
		switch (command) {
			case 'activate':
				return activate(app);
			case 'next-tab':
			case 'right':
				return showTab(app, neighbourTab(open.tab, true));
			case 'previous-tab':
			case 'left':
				return showTab(app, neighbourTab(open.tab, false));
			case 'parent':
				if (open.tab === 'files') listFolder(app, app.ports.disk.parent(open.folder));
				return;
			case 'paste':
				showTab(app, 'paste');
				return change(app, (state) => ({ ...state, pasted: '' }));
			case 'clone': {
				const row = rows[here];
				const folder = row?.kind === 'file' && row.file.folder ? row.file.path : open.folder;
				if (open.tab === 'files') return takeClone(app, folder, true);
				return app.say('choose a folder under Files, then c takes it as the clone');
			}
			case 'search':
				return search(app);
			case 'forget':
				return forget(app);
		}
	},
	back(app) {
		if (app.state.open.filter === '') return false;
		change(app, (state) => ({ ...state, filter: '' }));
		if (app.state.open.tab === 'commits') listCommits(app, '');
		return true;
	},
};
