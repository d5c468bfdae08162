/**
 * What scripts rely on, held for every command of the program as it is built: JSON by a schema of the package, in
 * its order; the same bytes whatever the locale, the time zone and the terminal are; nothing but errors with --quiet.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { PRINTED, SHAPES } from '../../../cli/schemas.ts';
import { pseudoTerminal } from '../app/terminal.ts';
import { golden } from '../golden.ts';
import { COMMAND_LINES, commandsOf, programWords, Scripts } from './commands.ts';

const HERE = { LC_ALL: 'C.UTF-8', TZ: 'UTC', TERM: 'dumb' };
/** Turkish has an i of its own; in Kiritimati the day begins first. */
const AWAY = {
	LC_ALL: 'tr_TR.UTF-8',
	LANG: 'tr_TR.UTF-8',
	LANGUAGE: 'tr',
	TZ: 'Pacific/Kiritimati',
	TERM: 'xterm-256color',
	COLUMNS: '200',
	LINES: '10',
};
const TERMINAL = { LC_ALL: 'ar_EG.UTF-8', TZ: 'America/Adak', TERM: 'xterm-256color' };

/**
 * Outputs without a file of their own here: `tags` and `lint` and the text of `reply` have theirs beside their
 * tests, `doctor` and `index` say what differs by machine and build, so theirs are in kept-outputs.test.ts; completions are
 * compared with the definitions they come from.
 */
const KEPT_ELSEWHERE = /^(?:tags|lint|doctor|index|completion)|^reply\.txt/;

describe('the interface for scripts', () => {
	let scripts: Scripts;
	before(async () => {
		scripts = await Scripts.make();
	});
	after(() => scripts.remove());

	const commands = commandsOf(programWords());

	it('is tested for every command that the program has', () => {
		assert.deepEqual(Object.keys(COMMAND_LINES).sort(), [...commands.keys()].sort());
		assert.deepEqual(Object.keys(PRINTED).sort(), [...commands.keys()].sort());
	});

	it('has a schema for every shape that a command prints, and none besides', () => {
		const printed = Object.values(PRINTED).flatMap(({ shapes }) => shapes);
		assert.deepEqual([...new Set(printed), 'each', 'error'].sort(), Object.keys(SHAPES).sort());
	});

	for (const [name, command] of commands) {
		it(`has --json for ${name}`, () => {
			assert.ok(command.options.some(({ long }) => long === '--json'));
		});
	}

	/** The documents that a command printed, each of one of its shapes, with its fields in the order of the schema. */
	function checked(name: string, out: string): void {
		const { shapes = [], streams = false } = PRINTED[name] ?? {};
		const documents = streams ? out.trimEnd().split('\n') : [out];
		assert.ok(documents.length > 0);
		for (const text of documents) {
			const value: unknown = JSON.parse(text);
			const { schema } = value as { schema: string };
			const shape = shapes.find((one) => schema === `rangefinder.${one}/1`);
			assert.ok(shape, `${name} prints ${schema}`);
			const parsed = SHAPES[shape].parse(value);
			// A schema drops what it does not know, and has its own order.
			assert.equal(JSON.stringify(parsed, null, 1), JSON.stringify(value, null, 1));
		}
		assert.ok(out.endsWith('\n'));
	}

	for (const [name, words] of Object.entries(COMMAND_LINES)) {
		it(`is kept by ${name}`, async function () {
			this.timeout(180_000);
			const file = name.replaceAll(' ', '-');
			const text = await scripts.run(words, HERE);
			assert.ok(text.code === 0 || text.code === 1, text.err);
			if (!KEPT_ELSEWHERE.test(`${file}.txt`)) golden(`${file}.txt`, text.out);
			const asked = [...words, '--json'];
			const json = await scripts.run(asked, HERE);
			assert.equal(json.code, text.code, json.err);
			checked(name, json.out);
			if (!KEPT_ELSEWHERE.test(`${file}.json`)) {
				golden(`${file}-json.txt`, json.out.replaceAll(scripts.folder, '/folder'));
			}

			const away = await scripts.run(words, AWAY);
			assert.deepEqual(away, text);
			assert.deepEqual(await scripts.run(['--quiet', ...asked], AWAY), { ...json, err: '' });

			const terminal = await pseudoTerminal();
			if ('why' in terminal) return;
			// Both outputs are this terminal: whatever is not JSON would be seen.
			const shown = await scripts.inTerminal(terminal.spawn, [...asked, '-q'], TERMINAL);
			assert.equal(shown, json.out);
		});
	}
});
