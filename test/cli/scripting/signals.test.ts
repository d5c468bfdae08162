/** What a pipe that is closed and Ctrl-C do to every command, as it is built. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { COMMAND_LINES, MAIN, Scripts } from './commands.ts';

/** As a shell names a death by SIGPIPE and SIGINT. */
const UNREAD = 141;
const INTERRUPTED = 130;

describe('a command whose output or time is cut off', () => {
	let scripts: Scripts;
	let temporary = '';
	before(async () => {
		scripts = await Scripts.make();
		temporary = join(scripts.folder, 'tmp');
		mkdirSync(temporary);
		await scripts.run(COMMAND_LINES['index build'] ?? []);
	});
	after(() => scripts.remove());

	const start = (words: readonly string[]) =>
		spawn(process.execPath, [MAIN, ...words], {
			cwd: scripts.folder,
			env: scripts.environment({ TMPDIR: temporary }),
			stdio: ['ignore', 'pipe', 'pipe'],
		});

	/** Everything in the folder of the user and in the one for temporary files; what is cached is for the next run. */
	const files = (): string[] =>
		readdirSync(scripts.folder, { recursive: true, encoding: 'utf8' })
			.filter((name) => !/^\.cache|^miniature\.git/.test(name))
			.sort();

	for (const [name, words] of Object.entries(COMMAND_LINES)) {
		it(`ends quietly when nobody reads ${name}`, async () => {
			const child = start([...words, '--json', '--quiet']);
			child.stdout.destroy();
			let err = '';
			child.stderr.on('data', (text) => {
				err += text;
			});
			const [code] = await once(child, 'close');
			assert.deepEqual({ code, err }, { code: UNREAD, err: '' });
		});
	}

	it('ends quietly behind a reader that has enough', async () => {
		const script = `"$NODE" "$MAIN" range --example --json | head -1; echo "\${PIPESTATUS[0]}"`;
		const child = spawn('bash', ['-c', script], {
			cwd: scripts.folder,
			env: scripts.environment({ NODE: process.execPath, MAIN }),
		});
		let said = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.on('data', (text) => {
				said += text;
			});
		}
		await once(child, 'close');
		// What the pipe holds when head is done decides whether the program can tell.
		assert.match(said, /^\{\n(?:0|141)\n$/);
	});

	// Each is interrupted at another moment: while it is loaded, while it reads, while it answers.
	for (const [i, [name, words]] of Object.entries(COMMAND_LINES).entries()) {
		it(`ends with ${INTERRUPTED} when ${name} is interrupted, and leaves nothing behind`, async () => {
			const before = files();
			const child = start(words);
			let err = '';
			child.stderr.on('data', (text) => {
				err += text;
			});
			const timer = setTimeout(() => child.kill('SIGINT'), 250 + 40 * i);
			const [code, signal] = await once(child, 'close');
			clearTimeout(timer);
			// It may have been done; before the program is there, the signal is node's.
			const ends = [0, 1, INTERRUPTED];
			assert.ok(signal === 'SIGINT' || ends.includes(code), `${code} ${signal} ${err}`);
			assert.doesNotMatch(err, /^ +at |should not have happened/m);
			const written = /^(?:series(?:\/\d{4}-.*\.patch)?|miniature\.rfx)$/;
			const left = files().filter((file) => !before.includes(file) && !written.test(file));
			assert.deepEqual(left, []);
		});
	}
});
