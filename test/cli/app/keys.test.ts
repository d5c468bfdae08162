/** The table of commands: one meaning a key and screen, and everything made from it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import {
	COMMANDS,
	type Command,
	commandOf,
	commandsOf,
	keyTable,
	type ScreenName,
	TITLES,
} from '../../../cli/app/keys.ts';
import { helpLines, hints } from '../../../cli/app/views/frame.ts';
import { columnsOf, plainText } from '../../../cli/app/views/text.ts';

const SCREENS = Object.keys(TITLES) as ScreenName[];

describe('the commands of the app', () => {
	it('give a key one meaning on a screen', () => {
		for (const screen of SCREENS) {
			const keys = commandsOf(screen).flatMap((command) => command.keys);
			assert.deepEqual(keys, [...new Set(keys)], screen);
		}
	});

	it('are found by their keys, those of the screen first', () => {
		assert.equal(commandOf('range', 'j'), 'down');
		assert.equal(commandOf('history', 'g'), 'good');
		assert.equal(commandOf('range', 'g'), undefined);
		assert.equal(commandOf('styles', 'pagedown'), 'page-down');
		for (const screen of SCREENS) {
			for (const { id, keys } of commandsOf(screen)) {
				for (const key of keys) assert.equal(commandOf(screen, key), id, `${screen} ${key}`);
			}
		}
	});

	it('stand all in the help of their screen, and the help fits', () => {
		for (const screen of SCREENS) {
			const lines = helpLines(screen, 80).map(plainText);
			for (const { what } of commandsOf(screen)) {
				assert.ok(
					lines.some((line) => line.includes(what.slice(0, 40))),
					what,
				);
			}
			assert.ok(lines.every((line) => columnsOf(line) <= 80));
		}
	});

	it('have hints that fit, with help and quit always among them', () => {
		for (const screen of SCREENS) {
			for (const width of [80, 200]) {
				const text = plainText(hints(screen, width));
				assert.ok(columnsOf(text) <= width);
				assert.match(text, /\? help {2}q quit$/);
			}
		}
	});

	it('are listed in the README as they are', () => {
		const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
		for (const row of keyTable()) assert.ok(readme.includes(row), row);
		assert.equal((COMMANDS as readonly Command[]).length + 2, keyTable().length);
	});
});
