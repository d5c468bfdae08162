/** What the commands do on the screen Tags. */
import type { App } from '../app.ts';
import { shownReport } from '../state/app.ts';
import { moved } from '../state/list.ts';
import { noteLines, tagLines, tagsBody } from '../views/tags.ts';
import type { ExportedMails } from '../work/tasks.ts';
import { turnPatch } from './range.ts';
import type { Actions } from './screen.ts';

/** What a terminal takes as a copy to the clipboard (xterm, OSC 52). */
export function clipboardSequence(text: string): string {
	return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}

function counted(count: number): string {
	return count === 1 ? '1 line' : `${count} lines`;
}

function textOf(lines: readonly string[]): string {
	return lines.map((one) => `${one}\n`).join('');
}

function copy(app: App, lines: readonly string[]) {
	app.ports.write(clipboardSequence(textOf(lines)));
	app.say(`copied ${counted(lines.length)}`, 'good');
}

/** Writes a text to the file that is then named. */
function askAndWrite(app: App, label: string, name: string, text: () => Promise<string>): void {
	app.ask({
		label,
		text: name,
		onEnter: (path) => {
			if (path.trim() === '') return;
			text()
				.then((said) => app.ports.disk.write(path, said))
				.then(
					(whole) => app.say(`written: ${whole}`, 'good'),
					(error: unknown) =>
						app.say(error instanceof Error ? error.message : String(error), 'bad'),
				);
		},
	});
}

/** The patch as git am takes it, repaired where an archive damaged it. */
function exportPatch(app: App) {
	const { patch, clone } = app.state;
	if (patch === undefined) return;
	if (patch.input.example)
		return app.say(
			'the index carries the example without its text; open its mail to export it',
			'bad',
		);
	const which = patch.reports.length > 1 ? { patch: String(patch.at + 1) } : {};
	const repo = clone === undefined ? {} : { repo: clone.folder };
	app.run('repairing the patch', { kind: 'repair', ...patch.input, ...repo, ...which }, (text) =>
		askAndWrite(app, 'write the patch to: ', 'repaired.patch', async () => text),
	);
}

/** The patch with what it needs on a release, a mail each. */
function exportSeries(app: App) {
	const { patch, clone } = app.state;
	if (patch === undefined) return;
	if (clone === undefined || patch.input.example) {
		return app.say('commits are looked for in a clone; choose one on the screen Open', 'bad');
	}
	const which = patch.reports.length > 1 ? { patch: String(patch.at + 1) } : {};
	const asked = { ...patch.input, ...which, repo: clone.folder };
	app.ask({
		label: 'bring it to (release, branch or commit): ',
		text: '',
		onEnter: (onto) => {
			if (onto.trim() === '') return;
			const label = `looking for what it needs on ${onto}`;
			app.run(label, { kind: 'series', ...asked, onto: onto.trim() }, ({ mails, why }) => {
				if (mails.length === 0) return app.say(`nothing is written: ${why}`, 'bad');
				askForFolder(app, mails);
			});
		},
	});
}

function askForFolder(app: App, mails: ExportedMails['mails']) {
	app.ask({
		label: `write ${mails.length} mails to the folder: `,
		text: 'series',
		onEnter: (folder) => {
			if (folder.trim() === '') return;
			const written = mails.map(({ name, text }) =>
				app.ports.disk.write(`${folder}/${name}`, text),
			);
			Promise.all(written).then(
				(paths) => app.say(`written: ${paths[0] ?? ''} and ${paths.length - 1} more`, 'good'),
				(error: unknown) => app.say(error instanceof Error ? error.message : String(error), 'bad'),
			);
		},
	});
}

export const tagsActions: Actions = {
	command(app, command) {
		const report = shownReport(app.state);
		if (report === undefined) return;
		const all = [...tagLines(report), ...noteLines(report)];
		switch (command) {
			case 'copy':
				if (tagLines(report).length === 0) {
					return app.say('there is no line to copy; Y copies the notes', 'bad');
				}
				return copy(app, tagLines(report));
			case 'copy-all':
				return copy(app, all);
			case 'write':
				return askAndWrite(app, 'write the lines and notes to: ', 'tags.txt', async () =>
					textOf(all),
				);
			case 'export':
				return exportPatch(app);
			case 'series':
				return exportSeries(app);
			case 'next-patch':
				return turnPatch(app, 1);
			case 'previous-patch':
				return turnPatch(app, -1);
		}
		const count = tagsBody(report, app.state.columns).length;
		const cursor = moved(app.state.tags, command, count, app.scroll('tags').page);
		if (cursor !== undefined) app.update({ tags: cursor });
	},
};
