import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'mocha';
import { displayWidth } from '../../src/text.ts';
import { rangefinder } from './rangefinder.ts';

describe('help', () => {
	const commands = [
		[],
		['range'],
		['styles'],
		['repair'],
		['contains'],
		['doctor'],
		['built'],
		['tags'],
		['lint'],
		['reply'],
		['siblings'],
		['demands'],
		['index'],
		['index', 'build'],
		['index', 'info'],
		['index', 'verify'],
		['completion'],
	];
	for (const command of commands) {
		const words = ['rangefinder', ...command].join(' ');
		it(`of ${words} teaches with examples, at 80 columns`, async () => {
			const { code, out, err } = await rangefinder([...command, '--help']);
			assert.equal(code, 0);
			assert.equal(err, '');
			const examples = out.slice(out.indexOf('\nExamples:\n'));
			assert.match(examples, new RegExp(`^ {2}.*${words}( |$)`, 'm'));
			for (const line of out.split('\n')) assert.ok(displayWidth(line) <= 80, line);
		});
	}

	it('is what a bare rangefinder prints', async () => {
		const bare = await rangefinder([]);
		assert.deepEqual(bare, await rangefinder(['--help']));
		assert.match(bare.out, /^Usage: rangefinder/);
	});

	it('has the version of the package', async () => {
		const { version } = JSON.parse(
			await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
		) as { version: string };
		assert.equal((await rangefinder(['--version'])).out, `${version}\n`);
	});
});
