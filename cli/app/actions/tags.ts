/** What the commands do on the screen Tags. */
import type { App } from '../app.ts';
import { shownReport } from '../state/app.ts';
import { moved } from '../state/list.ts';
import { tagLines, tagsBody } from '../views/tags.ts';
import { turnPatch } from './range.ts';
import type { Actions } from './screen.ts';

/** What a terminal takes as a copy to the clipboard (xterm, OSC 52). */
export function clipboardSequence(text: string): string {
	return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}

function counted(count: number): string {
	return count === 1 ? '1 line' : `${count} lines`;
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

export const tagsActions: Actions = {
	command(app, command) {
		const report = shownReport(app.state);
		if (report === undefined) return;
		const lines = tagLines(report);
		const text = lines.map((one) => `${one}\n`).join('');
		switch (command) {
			case 'copy':
				if (lines.length === 0)
					return app.say('there is no line to copy; the notes say why', 'bad');
				app.ports.write(clipboardSequence(text));
				return app.say(`copied ${counted(lines.length)}`, 'good');
			case 'write':
				if (lines.length === 0)
					return app.say('there is no line to write; the notes say why', 'bad');
				return askAndWrite(app, 'write the lines to: ', 'tags.txt', async () => text);
			case 'export':
				return exportPatch(app);
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
