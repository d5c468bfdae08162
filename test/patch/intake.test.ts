/** Every kind of input gives its mails: files, folders, mailboxes, public-inboxes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import { messagesOfFile, messagesOfFolder, readMessages } from '../../src/patch/intake.ts';
import type { RawMessage } from '../../src/patch/mbox.ts';

const top = mkdtempSync(join(tmpdir(), 'rangefinder-intake-'));
after(() => rmSync(top, { recursive: true, force: true }));

const diff = (n: number) => `--- a/x.c\n+++ b/x.c\n@@ -${n} +${n} @@\n-a\n+b${n}\n`;
const mail = (n: number) =>
	`From: A <a@example.org>\nSubject: [PATCH ${n}/9] step ${n}\nMessage-ID: <${n}@x>\n\nWords.\n---\n${diff(n)}`;

function folderOf(name: string, files: Record<string, string>): string {
	const folder = join(top, name);
	mkdirSync(folder, { recursive: true });
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	return folder;
}

async function subjectsOf(messages: AsyncIterable<RawMessage>): Promise<string[]> {
	const found: string[] = [];
	for await (const one of readMessages(messages)) {
		if ('problem' in one) found.push(one.problem.failure.code);
		else found.push(...one.patches.map((patch) => patch.subject));
	}
	return found;
}

const inFolder = (folder: string) => subjectsOf(messagesOfFolder(folder, 'in', process.env));
const titles = (...numbers: number[]) => numbers.map((n) => `[PATCH ${n}/9] step ${n}`);

function git(dir: string, ...args: string[]): string {
	const env = {
		PATH: process.env.PATH,
		HOME: top,
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_AUTHOR_NAME: 'A',
		GIT_AUTHOR_EMAIL: 'a@example.org',
		GIT_COMMITTER_NAME: 'A',
		GIT_COMMITTER_EMAIL: 'a@example.org',
	};
	return execFileSync('git', ['-C', dir, ...args], { env, encoding: 'utf8' });
}

/** A repository with one commit for each tree of files; bare when `name` ends in .git. */
function inbox(name: string, trees: readonly Record<string, string>[]): string {
	const work = folderOf(`work-${name.replaceAll('/', '-')}`, {});
	git(work, 'init', '-q', '-b', 'master');
	for (const tree of trees) {
		git(work, 'rm', '-rq', '--ignore-unmatch', '.');
		for (const [path, text] of Object.entries(tree)) {
			mkdirSync(dirname(join(work, path)), { recursive: true });
			writeFileSync(join(work, path), text);
		}
		git(work, 'add', '-A');
		git(work, 'commit', '-q', '--allow-empty', '-m', 'a mail');
	}
	const bare = join(top, name);
	mkdirSync(dirname(bare), { recursive: true });
	git(top, 'clone', '-q', '--bare', work, bare);
	return bare;
}

describe('a folder', () => {
	it('of git format-patch output is read by name, cover letter and all', async () => {
		const repo = folderOf('repo', {});
		git(repo, 'init', '-q', '-b', 'master');
		for (const n of [1, 2, 3]) {
			writeFileSync(join(repo, 'x.c'), `line ${n}\n`);
			git(repo, 'add', '-A');
			git(repo, 'commit', '-q', '-m', `step ${n}`);
		}
		const out = join(top, 'patches');
		git(repo, 'format-patch', '-q', '--cover-letter', '-o', out, '-2');
		assert.deepEqual(await inFolder(out), ['no-patch', '[PATCH 1/2] step 2', '[PATCH 2/2] step 3']);
	});

	it('that is a maildir is read in order of delivery, new mail too', async () => {
		const folder = folderOf('maildir', {
			'cur/1002.x:2,S': mail(2),
			'new/1003.x': mail(3),
			'cur/1001.x:2,': mail(1),
			'tmp/1004.x': mail(4),
		});
		assert.deepEqual(await inFolder(folder), titles(1, 2, 3));
	});

	it('of a quilt series is read in its order, without headers, and nowhere else', async () => {
		const folder = folderOf('quilt', {
			series: '# comment\nfixes/b.patch -p1\n\na.diff # last\n../outside.patch\n/etc/hostname\n',
			'a.diff': diff(1),
			'fixes/b.patch': `The subject of it\n\n${diff(2)}`,
			'unused.patch': diff(3),
			'../outside.patch': diff(4),
		});
		const found = [];
		for await (const { bytes, where } of messagesOfFolder(folder, 'q', process.env)) {
			found.push([where, Buffer.from(bytes).toString().includes('+b2')]);
		}
		assert.deepEqual(found, [
			['q/fixes/b.patch', true],
			['q/a.diff', false],
		]);
	});

	it('without mails or patches is refused', async () => {
		await assert.rejects(
			inFolder(folderOf('empty', { 'x.c': 'int x;\n' })),
			/without mails or patches/,
		);
	});
});

describe('a public-inbox', () => {
	it('of version 2 gives its mails oldest first, without those that were removed', async () => {
		const spam = mail(5);
		inbox('v2/git/0.git', [{ m: mail(1) }, { m: spam }, { m: mail(2) }, { d: spam }]);
		inbox('v2/git/1.git', [{ m: mail(3) }]);
		assert.deepEqual(await inFolder(join(top, 'v2')), titles(1, 2, 3));
		assert.deepEqual(await inFolder(join(top, 'v2/git/0.git')), titles(1, 2));
	});

	it('of version 1 gives what its tree still has', async () => {
		const at = (n: number) => `${String(n).repeat(2)}/${String(n).repeat(38)}`;
		const bare = inbox('v1.git', [
			{ [at(2)]: mail(2) },
			{ [at(2)]: mail(2), [at(1)]: mail(1), [at(7)]: mail(7) },
			{ [at(2)]: mail(2), [at(1)]: mail(1) },
		]);
		const found = await inFolder(bare);
		assert.equal(found[0], titles(2)[0]);
		assert.deepEqual([...found].sort(), titles(1, 2));
	});

	it('is not what any repository is', async () => {
		const bare = inbox('code.git', [{ Makefile: 'all:\n' }]);
		await assert.rejects(inFolder(bare), /no public-inbox/);
	});

	it('may be left after the first mail', async () => {
		const bare = inbox(
			'left.git',
			Array.from({ length: 66 }, (_, i) => ({ m: mail(i + 1) })),
		);
		for await (const { bytes } of messagesOfFolder(bare, 'in', process.env)) {
			assert.match(Buffer.from(bytes).toString(), /step 1\n/);
			break;
		}
	});
});

describe('a file', () => {
	it('is told from one that cannot be read', async () => {
		await assert.rejects(
			subjectsOf(messagesOfFile(join(top, 'nosuch'), 'nosuch')),
			(error) => error instanceof RangefinderError && error.failure.code === 'input-unreadable',
		);
	});

	it('of git log -p gives every commit', async () => {
		const log = git(join(top, 'repo'), 'log', '-p', '--reverse');
		const { log: path } = { log: join(folderOf('log', { log }), 'log') };
		assert.deepEqual(await subjectsOf(messagesOfFile(path, 'log')), ['step 1', 'step 2', 'step 3']);
	});

	it('with several patches attached to one mail gives them all', async () => {
		const part = (n: number) =>
			`--b\nContent-Type: text/x-patch; name=${n}.patch\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n${Buffer.from(`From ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001\n${mail(n)}`).toString('base64')}\n`;
		const text = `From: B <b@example.org>\nSubject: two patches\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee:\n> ${diff(1).replaceAll('\n', '\n> ')}\n${part(1)}${part(2)}--b--\n`;
		const path = join(folderOf('attached', { mail: text }), 'mail');
		assert.deepEqual(await subjectsOf(messagesOfFile(path, 'mail')), titles(1, 2));
	});
});
