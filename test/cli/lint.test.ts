/** The command `lint` on a repository written for it, and on the miniature kernel: output, JSON, exit codes. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import { eachRecord } from '../../src/range/each-report.ts';
import { lintReport } from '../../src/range/lint/report.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { WrittenHistory } from '../history/written-history.ts';
import { type FixMail, makeFixMail } from './fix-mail.ts';
import { golden } from './golden.ts';
import { rangefinder } from './rangefinder.ts';

const SIGNED = 'Signed-off-by: A U Thor <a@example.org>';

describe('the command lint on a repository', () => {
	let folder = '';
	let history: WrittenHistory;
	let untouched = '';
	const ids = new Map<string, string>();
	const id = (name: string): string => ids.get(name) ?? '';

	/** A driver that gets a bug, a fix, a fix of the fix; and a stable branch with the fix alone. */
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-lint-'));
		history = WrittenHistory.make(join(folder, 'repo.git'));
		const files = (text: string) => ({ 'drivers/net/acme.c': text });
		const add = (name: string, on: string | undefined, subject: string, body: string): void => {
			const commit = {
				...(on === undefined ? {} : { on: id(on) }),
				subject,
				body,
				files: files(name),
			};
			ids.set(name, history.commit(commit));
		};
		add('driver', undefined, 'acme: Add driver', SIGNED);
		add('bug', 'driver', 'acme: Speed it up', SIGNED);
		add(
			'fix',
			'bug',
			'acme: Mend it',
			[
				`Fixes: ${id('bug').slice(0, 8)} ("acme: Speed up")`,
				'Cc: Stable Team <stable@vger.kernel.org> [4.9+]',
				'Cc: stable@vger.kernel.org # v4.14',
				SIGNED,
			].join('\n'),
		);
		add(
			'second',
			'fix',
			'acme: Mend it again',
			`Fixes: ${id('fix').slice(0, 12)} ("acme: Mend it")\n${SIGNED}`,
		);
		add(
			'revert',
			'second',
			'Revert "acme: Mend it"',
			`This reverts commit ${id('second').slice(0, 12)}.\n\n${SIGNED}`,
		);
		add(
			'copy',
			'bug',
			'acme: Mend it',
			[
				`commit ${id('fix').slice(0, 20)} upstream`,
				'',
				'Text.',
				'',
				`fixes: ${id('bug').slice(0, 12).toUpperCase()} ("acme: Speed`,
				'it up")',
				SIGNED,
			].join('\n'),
		);
		add(
			'away',
			'driver',
			'acme: Something else',
			`Fixes: ${id('bug').slice(0, 12)} ("acme: Speed it up")\n${SIGNED}`,
		);
		history.tag('v4.9', id('bug'));
		history.tag('v4.9.1', id('copy'));
		history.tag('v4.14', id('second'));
		history.branch('master', id('revert'));
		history.branch('away', id('away'));
		untouched = fingerprint(history.dir);
	});
	after(() => {
		assert.equal(fingerprint(history.dir), untouched, 'the repository was written to');
		rmSync(folder, { recursive: true, force: true });
	});

	const run = (words: readonly string[], stdin = '') => {
		const env = { PATH: process.env.PATH, HOME: folder };
		const world = { cwd: folder, env, stdin: Readable.from([stdin]) };
		const all = ['lint', '--repo', history.dir, '--no-cache', '--no-index', ...words];
		return rangefinder(all, createEngine(world), world);
	};
	const mail = (name: string): string => history.git(['format-patch', '-1', '--stdout', id(name)]);

	it('tells of each line what is wrong with it, and the line as it should be', async () => {
		const { code, out } = await run(['v4.9..master', 'v4.9.1', 'away']);
		assert.equal(code, 1);
		golden('lint.txt', out);
	});

	it('prints one record a line that keeps to its schema', async () => {
		const { code, out } = await run(['v4.9..master', 'v4.9.1', 'away', '--json']);
		assert.equal(code, 1);
		for (const line of out.trimEnd().split('\n')) {
			const record = JSON.parse(line);
			assert.deepEqual(eachRecord.parse(record), record);
		}
		golden('lint-json.txt', out.replace(/"key":"[0-9a-f]{32}"/g, '"key":"KEY"'));
	});

	it('finds nothing wrong in what it proposes', async () => {
		const { out } = await run(['v4.9.1', '--json']);
		const { findings } = lintReport.parse(JSON.parse(out));
		const text = mail('copy')
			.replace(
				/^commit .*$/m,
				findings.find(({ rule }) => rule === 'upstream-form')?.correction?.[0] ?? '',
			)
			.replace(
				/^fixes: [^\n]*\nit up"\)$/m,
				findings.find(({ rule }) => rule === 'fixes-case')?.correction?.[0] ?? '',
			);
		const { code, out: said } = await run(['-', '--base', 'v4.9', '--no-follow-ups'], text);
		assert.equal(code, 0);
		assert.match(said, /^no findings in 1 patch\n/);
	});

	it('looks for ids in the history of HEAD, or of another base', async () => {
		const text = mail('away').replace(/^From [0-9a-f]{40}/, `From ${'0'.repeat(40)}`);
		assert.equal((await run(['-'], text)).code, 0);
		const { code, out } = await run(['-', '--base', id('driver')], text);
		assert.equal(code, 1);
		assert.match(out, /fixes-not-ancestor: .* not in the history of/);
		// git format-patch --base says it itself.
		const based = text.replace('\n-- \n', `\n\nbase-commit: ${id('driver')}\n-- \n`);
		assert.match((await run(['-'], based)).out, /fixes-not-ancestor/);
	});

	it('names ids that are not in this clone, and digits that several commits have', async () => {
		const text = (line: string) =>
			mail('away')
				.replace(/^From [0-9a-f]{40}/, `From ${'0'.repeat(40)}`)
				.replace(/^Fixes: .*$/m, line);
		const unknown = await run(['-'], text('Fixes: ffffffffffff ("acme: Never was")'));
		assert.match(unknown.out, /fixes-unknown: there is no commit ffffffffffff in this clone/);
		// A few hundred commits have five digits in common with another.
		const many = WrittenHistory.make(join(folder, 'many.git'));
		const stream = Array.from({ length: 3000 }, (_, i) => {
			const head = i === 0 ? 'reset refs/heads/master\n' : '';
			return `${head}commit refs/heads/master\ncommitter C <c@example.org> ${1_600_000_000 + i} +0000\ndata 1\nx\n`;
		});
		many.git(['fast-import', '--quiet'], stream.join('\n'));
		const starts = new Map<string, number>();
		for (const oid of many.git(['rev-list', 'master']).split('\n')) {
			starts.set(oid.slice(0, 5), (starts.get(oid.slice(0, 5)) ?? 0) + 1);
		}
		const twice = [...starts].find(([, count]) => count > 1)?.[0] ?? '';
		const env = { PATH: process.env.PATH, HOME: folder };
		const stdin = Readable.from([text(`Fixes: ${twice} ("x")`)]);
		const world = { cwd: folder, env, stdin };
		const words = ['lint', '-', '--repo', many.dir, '--no-cache', '--no-index', '--no-range'];
		const { out } = await rangefinder(words, createEngine(world), world);
		assert.match(out, new RegExp(`fixes-ambiguous: ${twice} is the start of \\d commits`));
	});

	it('works without a clone, and says what was not looked at', async () => {
		writeFileSync(join(folder, 'fix.patch'), mail('fix'));
		const env = { PATH: process.env.PATH, HOME: folder };
		const engine = createEngine({ cwd: folder, env, stdin: Readable.from([]) });
		const { code, out } = await rangefinder(['lint', 'fix.patch', '--no-range'], engine, {
			cwd: folder,
			env,
		});
		assert.equal(code, 1);
		assert.match(out, /fixes-id-short/);
		assert.match(out, /^not checked: ids are looked up in a clone$/m);
	});

	it('goes on behind a message that cannot be read', async () => {
		const broken =
			'From a Thu Jan  1 00:00:00 1970\nSubject: x\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +x @@\n';
		const box = join(folder, 'box');
		writeFileSync(box, `${broken}\n${mail('fix')}\n\n${mail('away')}\n`);
		const { code, out } = await run([box, '--json']);
		assert.equal(code, 1);
		assert.equal(out.trimEnd().split('\n').length, 2);
		writeFileSync(join(folder, 'garbage'), Buffer.from([0, 255, 1, 2, 3]));
		assert.equal((await run([join(folder, 'garbage')])).code, 2);
		assert.equal((await run(['no-such-revision'])).code, 2);
		assert.equal((await rangefinder(['lint'])).code, 2);
		assert.equal((await rangefinder(['lint', 'x', '--as-of', 'never'])).code, 2);
	});

	it('keeps control bytes and 8-bit names from the terminal', async () => {
		const text = mail('away').replace(
			SIGNED,
			`Geprüft-von: Jürgen\x1b[2J\u202e <j@example.org>\nfixes: 0123456 ("\x1b[31m")\n${SIGNED}`,
		);
		const { out } = await run(['-'], text);
		assert.doesNotMatch(out, /[\x1b\u202e]/);
		assert.match(out, /fixes-case/);
	});
});

describe('the command lint on releases', () => {
	let fix: FixMail;
	before(async () => {
		fix = await makeFixMail();
	});
	after(() => fix.remove());

	it('tells a stable range with releases in which the patch does harm', async () => {
		const file = fix.withLines('wide.txt', [
			'Cc: <stable@vger.kernel.org> # 4.1.x',
			'Signed-off-by: Mini Ature <mini@example.org>',
		]);
		const { code, out } = await fix.run(['lint', file, '--as-of', '2016-08-01']);
		assert.equal(code, 1);
		golden('lint-range.txt', out.replace(file, 'wide.txt'));
		const right = fix.withLines('right.txt', [
			'Cc: <stable@vger.kernel.org> # 4.6.x',
			'Signed-off-by: Mini Ature <mini@example.org>',
		]);
		assert.equal((await fix.run(['lint', right, '--as-of', '2016-08-01'])).code, 0);
	});
});
