/** Splitting mailboxes, as git mailsplit does, whatever the chunks they come in. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { after, describe, it } from 'mocha';
import { isFromLine, MessageSplitter } from '../../src/patch/mbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'rangefinder-mbox-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function bySplitter(bytes: Buffer, chunk: number): string[] {
	const splitter = new MessageSplitter('box');
	const found: string[] = [];
	const take = (messages: Iterable<{ bytes: Uint8Array }>): void => {
		for (const message of messages) found.push(Buffer.from(message.bytes).toString('latin1'));
	};
	for (let at = 0; at < bytes.length; at += chunk)
		take(splitter.push(bytes.subarray(at, at + chunk)));
	take(splitter.end());
	return found;
}

function byGit(bytes: Buffer): string[] {
	const out = mkdtempSync(join(folder, 'out-'));
	const box = join(folder, 'box');
	writeFileSync(box, bytes);
	execFileSync('git', ['mailsplit', '--mboxrd', '--keep-cr', `-o${out}`, box], { stdio: 'ignore' });
	return readdirSync(out)
		.sort()
		.map((name) => readFileSync(join(out, name), 'latin1'));
}

const FROM = 'From a@example.org Tue Nov 21 10:00:00 2017\n';

describe('an mbox', () => {
	it('is read on behind a mail that is too large, of which nothing is kept', () => {
		const splitter = new MessageSplitter('box');
		const chunk = Buffer.alloc(1024 * 1024, 'x\n');
		const found = [...splitter.push(Buffer.from(`${FROM}first\n${FROM}`))];
		for (let i = 0; i < 129; i++) found.push(...splitter.push(chunk));
		found.push(...splitter.push(Buffer.from(`${FROM}last\n`)), ...splitter.end());
		assert.deepEqual(
			found.map(({ where, bytes, problem }) => [where, bytes.length, problem?.message]),
			[
				['box', FROM.length + 6, undefined],
				['box (message 2)', 0, 'box (message 2): a mail in it is larger than 128 MiB'],
				['box (message 3)', FROM.length + 5, undefined],
			],
		);
	});

	it('is split as git mailsplit splits it, in chunks of any size', () => {
		const line = fc.constantFrom(
			FROM,
			'From here on it works\n',
			'From x 10:00:00\n',
			'From x Tue Nov 21 10:00:00 17\n',
			'>From a@example.org Tue Nov 21 10:00:00 2017\n',
			'>>From quoted\n',
			'> From quoted\n',
			'Subject: x\n',
			'\n',
			'text\n',
			'text with From in it\n',
		);
		fc.assert(
			fc.property(
				fc.array(line, { maxLength: 12 }),
				fc.integer({ min: 1, max: 90 }),
				(lines, chunk) => {
					const bytes = Buffer.from(`${FROM}Subject: first\n\n${lines.join('')}`);
					assert.deepEqual(bySplitter(bytes, chunk), byGit(bytes));
				},
			),
			{ numRuns: 60, seed: 3 },
		);
	});

	it('may name the time zone before the year', () => {
		assert.ok(isFromLine('From 1584@xxx Tue Nov 21 10:00:00 +0000 2017'));
		assert.ok(isFromLine(`From ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001`));
		assert.ok(!isFromLine('From the beginning, at 10:00 in 2017'));
	});

	it('is not made of a mail that quotes one', () => {
		const mail = Buffer.from(`Subject: x\n\n${FROM}\n${FROM}`);
		assert.equal(bySplitter(mail, 7).length, 1);
	});

	it('keeps bytes of any charset', () => {
		const mail = Buffer.from(`${FROM}Subject: x\n\n\xe4\xff\x80\n`, 'latin1');
		assert.deepEqual(bySplitter(mail, 3), [mail.toString('latin1')]);
	});
});

describe('git log -p', () => {
	it('is split into commits', () => {
		const commit = (digit: string) =>
			`commit ${digit.repeat(40)}\nAuthor: A <a@b>\n\n    commit ${digit.repeat(40)}\n`;
		const log = Buffer.from(`${commit('1')}\n${commit('2')}\n${commit('a')}`);
		const found = bySplitter(log, 11);
		assert.deepEqual(
			found.map((one) => one.slice(7, 8)),
			['1', '2', 'a'],
		);
		assert.equal(found.join(''), log.toString());
	});
});
