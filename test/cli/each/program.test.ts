/** Many patches by the built program: in threads, with ten thousand mails, and ended at any moment. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { manyMails } from './mails.ts';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.cjs', import.meta.url));
const COUNT = 10_000;

describe('ten thousand mails with damaged ones among them', function () {
	this.timeout(300_000);
	let folder = '';
	let whole = '';
	const { mbox, kinds } = manyMails(COUNT);
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-each-program-'));
		writeFileSync(join(folder, 'all.mbox'), mbox);
		writeFileSync(join(folder, 'some.mbox'), manyMails(40).mbox);
		whole = (await program(['lint', ...LINT, '-j', '2'])).out;
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	const LINT = ['all.mbox', '--each', '--no-range', '--json', '--as-of', '2018-01-01'];

	/** Runs the program in the folder; it is killed once so many bytes came. */
	async function program(argv: readonly string[], killedAfter = Number.POSITIVE_INFINITY) {
		const env = { PATH: process.env.PATH, HOME: folder, RANGEFINDER_CACHE: join(folder, 'cache') };
		const child = spawn(process.execPath, [MAIN, ...argv], { cwd: folder, env });
		const out: Buffer[] = [];
		let size = 0;
		let err = '';
		child.stdout.on('data', (chunk: Buffer) => {
			out.push(chunk);
			size += chunk.length;
			if (size > killedAfter) child.kill('SIGKILL');
		});
		child.stderr.on('data', (chunk) => {
			err += chunk;
		});
		const [code] = await once(child, 'close');
		return { code, out: Buffer.concat(out).toString(), err };
	}

	it('are all told of, in order', () => {
		const lines = whole.trimEnd().split('\n');
		const told = lines.map((line) => {
			const { schema, code, item } = JSON.parse(line);
			return `${item.index} ${code ?? schema}`;
		});
		const wanted = { sound: 'rangefinder.lint/1', swapped: 'bad-patch', path: 'unsafe-path' };
		assert.deepEqual(
			told,
			kinds.flatMap((kind, i) => (kind === 'cover' ? [] : [`${i + 1} ${wanted[kind]}`])),
		);
	});

	it('come to the same however often the run is killed and gone on with', async () => {
		let kept = '';
		for (let runs = 0; ; runs++) {
			assert.ok(runs < 50, 'it gets nowhere');
			writeFileSync(join(folder, 'kept'), kept);
			const words = ['lint', ...LINT, '-j', '1', ...(kept === '' ? [] : ['--resume', 'kept'])];
			const more = whole.length * (0.2 + 0.5 * Math.random());
			const { code, out, err } = await program(words, kept.length + more);
			assert.ok(whole.startsWith(out), 'what came is not what an uninterrupted run prints');
			assert.equal(err, '');
			// Killed where nothing more would have come, it ended by itself.
			if (code !== null) {
				assert.equal(code, 2);
				assert.equal(out, whole);
				assert.ok(runs > 0, 'it was never killed');
				return;
			}
			if (out.length > kept.length) kept = out;
		}
	});

	for (const command of ['range', 'tags'] as const) {
		it(`are the same from ${command} with any number of threads`, async () => {
			const words = [command, '--each', 'some.mbox', '--json', '--as-of', '2018-01-01'];
			const [one, two, four] = [
				await program([...words, '-j', '1']),
				await program([...words, '-j', '2']),
				await program([...words, '-j', '4']),
			];
			assert.equal(one.code, 2);
			assert.equal(one.out.split('\n').length, 40 - 1 + 1);
			assert.deepEqual(two, one);
			assert.deepEqual(four, one);
		});
	}

	it('are not begun where the output is what is gone on with', async () => {
		const file = openSync(join(folder, 'same'), 'w');
		const words = ['lint', ...LINT, '--resume', 'same'];
		const child = spawn(process.execPath, [MAIN, ...words], {
			cwd: folder,
			stdio: ['ignore', file, 'pipe'],
		});
		let err = '';
		child.stderr?.on('data', (chunk) => {
			err += chunk;
		});
		const [code] = await once(child, 'close');
		closeSync(file);
		assert.equal(code, 2);
		assert.match(err, /same is the output, too/);
	});
});
