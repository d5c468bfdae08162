/** The command `tags` on the miniature kernel: its output, and what git makes of the patch that it writes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { tagsReport } from '../../src/range/tags-report.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { type FixMail, makeFixMail } from './fix-mail.ts';
import { golden } from './golden.ts';
import { rangefinder } from './rangefinder.ts';

/** When 4.4, 4.6 and 4.7 of the kernel were maintained, as well as 4.1. */
const THEN = '2016-08-01';

describe('the command tags', () => {
	let fix: FixMail;
	let untouched = '';

	before(async () => {
		fix = await makeFixMail();
		untouched = fingerprint(fix.kernel.dir);
	});
	after(() => {
		assert.equal(fingerprint(fix.kernel.dir), untouched, 'the repository was written to');
		fix.remove();
	});

	const git = (dir: string, args: readonly string[], input = ''): string =>
		execFileSync('git', args, {
			cwd: dir,
			input,
			encoding: 'utf8',
			stdio: ['pipe', 'pipe', 'pipe'],
			env: {
				...{ PATH: process.env.PATH, HOME: fix.folder, GIT_CONFIG_NOSYSTEM: '1' },
				...{ GIT_COMMITTER_NAME: 'C', GIT_COMMITTER_EMAIL: 'c@example.org' },
			},
		});

	/** The trailers that git shows of a patch, applied to the release it was made on. */
	function applied(name: string, patch: string): string {
		const dir = join(fix.folder, name);
		git(fix.folder, ['clone', '-q', '--no-local', '--branch', 'v4.6', fix.kernel.dir, dir]);
		git(dir, ['am', '-q'], patch);
		return git(dir, ['log', '-1', '--format=%(trailers)']).trimEnd();
	}

	it('prints the lines on standard output, and why on standard error', async () => {
		const { code, out, err } = await fix.run(['tags', 'mail.txt', '--as-of', THEN]);
		assert.equal(code, 0);
		golden('tags.txt', out);
		golden('tags-notes.txt', err);
	});

	it('prints JSON that keeps to its schema', async () => {
		const { code, out } = await fix.run(['tags', 'mail.txt', '--as-of', THEN, '--json']);
		assert.equal(code, 0);
		const report = JSON.parse(out);
		assert.deepEqual(tagsReport.parse(report), report);
		golden('tags-json.txt', out);
	});

	it('writes a patch whose trailers git finds, and leaves every other line as it is', async () => {
		const { code, out } = await fix.run(['tags', 'mail.txt', '--as-of', THEN, '--write']);
		assert.equal(code, 0);
		golden('tags-written.txt', out);
		const added = readFileSync(new URL('./golden/tags.txt', import.meta.url), 'utf8').trimEnd();
		assert.equal(
			applied('am', out),
			`${added}\nReviewed-by: Jürgen Groß <jg@example.org>\nSigned-off-by: Mini Ature <mini@example.org>`,
		);
		assert.equal(out.replace(`${added}\n`, ''), fix.mail);
		// Written again, it says nothing twice.
		writeFileSync(join(fix.folder, 'written.txt'), out);
		const again = await fix.run(['tags', 'written.txt', '--as-of', THEN, '--write']);
		assert.equal(again.out, out);
	});

	it('writes a commit, standard input, and a mail without trailers', async () => {
		const commit = await fix.run(['tags', 'fix', '--as-of', THEN, '--write']);
		assert.match(
			commit.out,
			/^Fixes: .*\nFixes: .*\nCc: <stable@.*\n(?:Cc: .*\n)+Signed-off-by: Mini/m,
		);
		const piped = await fix.run(['tags', '-', '--as-of', THEN, '--write'], {
			stdin: Readable.from([fix.mail]),
		});
		golden('tags-written.txt', piped.out);
		const bare = await fix.run(['tags', fix.withLines('bare.txt', []), '--as-of', THEN, '--write']);
		const [first, ...others] = applied('bare', bare.out).split('\n');
		assert.match(first ?? '', /^Fixes: [0-9a-f]{12} \("Linux 4\.1"\)$/);
		assert.equal(others.length, 5);
	});

	it('writes mails in any encoding as one that git am takes', async () => {
		const encoded = fix.mail
			.replace('8bit', 'base64')
			.replace(/\n\n([\s\S]*)$/, (_, body: string) => {
				const text = Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\n');
				return `\n\n${text}\n`;
			});
		writeFileSync(join(fix.folder, 'base64.txt'), encoded);
		const { out } = await fix.run(['tags', 'base64.txt', '--as-of', THEN, '--write']);
		assert.match(
			applied('base64', out),
			/^Fixes: [\s\S]*\nReviewed-by: Jürgen Groß <jg@example\.org>\n/,
		);
		const crlf = fix.mail.replace(/\n/g, '\r\n');
		writeFileSync(join(fix.folder, 'crlf.txt'), crlf);
		const dos = await fix.run(['tags', 'crlf.txt', '--as-of', THEN, '--write']);
		assert.equal(dos.out.replace(/\r\n/g, ''), dos.out.replace(/[\r\n]/g, ''));
	});

	it('says nothing again that the patch says in other words, and tells what it says besides', async () => {
		const brought = fix.kernel.commits.get('Linux 4.1') ?? '';
		const file = fix.withLines('said.txt', [
			`Fixes: ${brought.slice(0, 16)} ("Linux 4.1")`,
			'Cc: stable@vger.kernel.org # v4.6+',
			'Cc: stable@vger.kernel.org',
			'Signed-off-by: Mini Ature <mini@example.org>',
		]);
		const { out, err } = await fix.run(['tags', file, '--as-of', THEN, '--write']);
		assert.equal(out.match(/^Fixes:.*Linux 4\.1/gm)?.length, 1);
		// A prerequisite is named besides.
		assert.equal(out.match(/^Cc:.*stable.*4\.6(?!\.x: )/gm)?.length, 1);
		assert.match(err, /asks for something else as well: Cc: stable@vger\.kernel\.org$/m);
	});

	it('proposes nothing where nothing can take it, and says why', async () => {
		const words = ['tags', 'mail.txt', '--release', 'v4.9', '--release', 'v4.10', '--all-series'];
		const none = await fix.run(words);
		assert.deepEqual([none.code, none.out, none.err], [1, '', '']);
		const unsafe = await fix.run([
			'tags',
			'mail.txt',
			'--release',
			'v4.5',
			'--no-history',
			'--all-series',
		]);
		assert.deepEqual([unsafe.code, unsafe.out], [1, '']);
		assert.match(
			unsafe.err,
			/^note: no Cc: stable line: no series that was looked at can take it:/m,
		);
		const today = await fix.run(['tags', 'mail.txt', '--no-history']);
		assert.match(today.err, /no series that was looked at is maintained as of\n? +2026-11-22/);
	});

	it('keeps a reason in its line', async () => {
		const { out } = await fix.run([
			'tags',
			'mail.txt',
			'--noautosel',
			'needs\nnew \x1b[2Jfirmware',
		]);
		assert.match(out, /^Cc: <stable\+noautosel@kernel\.org> # needs new \\x1b\[2Jfirmware$/m);
	});

	it('tells wrong words', async () => {
		for (const words of [
			['tags'],
			['tags', 'x', '--example'],
			['tags', 'x', '--as-of', 'yesterday'],
			['tags', 'x', '--noautosel', ' '],
			['tags', 'x', '--write', '--json'],
		]) {
			assert.equal((await rangefinder(words)).code, 2, words.join(' '));
		}
	});

	it('takes no garbage for a patch', async () => {
		for (const [name, bytes] of [
			['empty', ''],
			['binary', '\0\x01\x02diff --git a/x b/x\n+++ \xff'],
			['text', 'Fixes: 0123\n\xff\xfe'],
		] as const) {
			writeFileSync(join(fix.folder, name), bytes, 'latin1');
			const { code, out, err } = await fix.run(['tags', name, '--write']);
			assert.deepEqual([code, out, err.split('\n').length], [2, '', 2], name);
		}
	});
});
