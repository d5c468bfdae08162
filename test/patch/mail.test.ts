import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import type { FilePatch, Patch } from '../../src/patch/diff.ts';
import { readPatch } from '../../src/patch/mail.ts';
import { printPatch } from '../../src/patch/print.ts';
import { edited, edits, filePatch, hunksBetween, line, textOf } from './cases.ts';

const DIFF = `diff --git a/drivers/x/y.c b/drivers/x/y.c
index 0123456789ab..ba9876543210 100644
--- a/drivers/x/y.c
+++ b/drivers/x/y.c
@@ -10,3 +10,3 @@ static int y_probe(void)
 	a();
-	b();
+	c();
 	d();
`;
const MESSAGE = 'It hangs.\n\nSigned-off-by: A Author <a@example.org>';
const MAIL = `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: A Author <a@example.org>
Date: Tue, 21 Nov 2017 10:00:00 +0000
Subject: [PATCH v2] y: Do not hang
Message-ID: <1@example.org>

${MESSAGE}
---
 drivers/x/y.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

${DIFF}-- 
2.39.5
`;

const read = (text: string | Uint8Array) =>
	readPatch(typeof text === 'string' ? Buffer.from(text) : text, 'input');

function failure(text: string | Uint8Array): { code: string; what: string } {
	try {
		read(text);
	} catch (error) {
		assert.ok(error instanceof RangefinderError, String(error));
		return { code: error.failure.code, what: error.message };
	}
	assert.fail('nothing was thrown');
}

function withoutLines(files: FilePatch[]): unknown {
	return files.map((f) => ({ ...f, hunks: f.hunks.map(({ at: _, ...hunk }) => hunk) }));
}

describe('reading a patch', () => {
	it('reads what git format-patch writes', () => {
		const patch = read(MAIL);
		assert.equal(patch.subject, '[PATCH v2] y: Do not hang');
		assert.equal(patch.author, 'A Author <a@example.org>');
		assert.equal(patch.messageId, '1@example.org');
		assert.equal(patch.commit, '1'.repeat(40));
		assert.equal(patch.message, MESSAGE);
		assert.equal(patch.damaged, false);
		assert.equal(patch.files[0]?.newPath, 'drivers/x/y.c');
		assert.equal(patch.files[0]?.preimage, '0123456789ab');
		assert.equal(patch.files[0]?.hunks[0]?.lines.length, 4);
		assert.equal(patch.files[0]?.hunks[0]?.section, 'static int y_probe(void)');
	});

	it('decodes quoted-printable and base64 bodies and encoded subjects', () => {
		const body = `Grüße\n---\n${DIFF}`;
		const head = (encoding: string) =>
			`From: =?UTF-8?Q?J=C3=B6rg?= <j@example.org>\r\nSubject: =?utf-8?q?=5BPATCH=5D_y=3A_?=\r\n =?utf-8?q?gr=C3=BCn?=\r\nContent-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
		const quoted = [...Buffer.from(body)]
			.map((b) =>
				b === 61 || b > 126 ? `=${b.toString(16).toUpperCase()}` : String.fromCharCode(b),
			)
			.join('')
			.replace('Gr', 'G=\nr');
		for (const text of [
			head('quoted-printable') + quoted,
			head('base64') + Buffer.from(body).toString('base64'),
		]) {
			const patch = read(text);
			assert.equal(patch.subject, '[PATCH] y: grün');
			assert.equal(patch.author, 'Jörg <j@example.org>');
			assert.equal(patch.message, 'Grüße');
			assert.equal(patch.files[0]?.hunks[0]?.lines[1]?.text, '\tb();');
		}
	});

	it('takes the author of an in-body From over the header', () => {
		const patch = read(MAIL.replace('It hangs.', 'From: B Both <b@example.org>\n\nIt hangs.'));
		assert.equal(patch.author, 'B Both <b@example.org>');
		assert.equal(patch.message, MESSAGE);
	});

	it('reads git show, with its indented message', () => {
		const patch = read(
			`commit ${'2'.repeat(40)}\nAuthor: A Author <a@example.org>\nDate:   Tue Nov 21 10:00:00 2017 +0000\n\n    y: Do not hang\n    \n    It hangs.\n\n${DIFF}\ncommit ${'3'.repeat(40)}\nAuthor: B <b@c>\n\n    z\n\n${DIFF}`,
		);
		assert.equal(patch.subject, 'y: Do not hang');
		assert.equal(patch.commit, '2'.repeat(40));
		assert.equal(patch.message, 'It hangs.');
		assert.equal(patch.files.length, 1);
		assert.equal(patch.damaged, false);
	});

	it('reads a plain diff, with the prefix that patch -p1 drops', () => {
		const text = DIFF.split('\n')
			.slice(2)
			.join('\n')
			.replace('a/', 'linux.orig/')
			.replace('b/', 'linux/');
		const patch = read(text);
		assert.equal(patch.files[0]?.oldPath, 'drivers/x/y.c');
		assert.equal(patch.subject, '');
	});

	it('finds the patch quoted in a reply, and its author by the sign-off', () => {
		const quoted = `${MESSAGE}\n---\n${DIFF}`.split('\n').map((l) => `> ${l}`.trimEnd());
		quoted.splice(12, 0, '', 'Why not e()?', '');
		const patch = read(
			`From: R Reviewer <r@example.org>\nSubject: Re: [PATCH] y: Do not hang\n\nOn Monday, A Author wrote:\n${quoted.join('\n')}\n`,
		);
		assert.equal(patch.subject, '[PATCH] y: Do not hang');
		assert.equal(patch.author, 'A Author <a@example.org>');
		assert.equal(patch.message, MESSAGE);
		assert.deepEqual(withoutLines(patch.files), withoutLines(read(DIFF).files));
	});

	it('reads renames, new files, deletions, modes and quoted names', () => {
		const patch = read(
			'diff --git a/o.c b/n.c\nsimilarity index 100%\nrename from o.c\nrename to n.c\n' +
				'diff --git a/new.c b/new.c\nnew file mode 100644\nindex 0000000..1234567\n--- /dev/null\n+++ b/new.c\n@@ -0,0 +1 @@\n+x\n' +
				'diff --git a/old.c b/old.c\ndeleted file mode 100644\nindex 1234567..0000000\n--- a/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\\ No newline at end of file\n' +
				'diff --git "a/caf\\303\\251.c" "b/caf\\303\\251.c"\nold mode 100644\nnew mode 100755\n',
		);
		assert.deepEqual(
			patch.files.map((f) => [f.oldPath, f.newPath, f.isNew, f.isDeleted]),
			[
				['o.c', 'n.c', false, false],
				[undefined, 'new.c', true, false],
				['old.c', undefined, false, true],
				['café.c', 'café.c', false, false],
			],
		);
		assert.equal(patch.files[0]?.renameFrom, 'o.c');
		assert.equal(patch.files[2]?.hunks[0]?.lines[0]?.noNewline, true);
		assert.equal(patch.files[3]?.newMode, '100755');
	});

	it('keeps control bytes out of the subject', () => {
		const patch = read(MAIL.replace('y: Do', 'y: \u001b[31mDo\u009b'));
		assert.equal(patch.subject, '[PATCH v2] y: [31mDo not hang');
	});

	it('reads a mail that transport gave CR LF', () => {
		const patch = read(MAIL.replaceAll('\n', '\r\n'));
		assert.equal(patch.damaged, false);
		assert.equal(patch.files[0]?.hunks[0]?.lines[1]?.text, '\tb();');
	});
});

describe('input that is no good patch', () => {
	it('is told apart: empty, binary, without a diff', () => {
		assert.equal(failure('').code, 'input-empty');
		assert.equal(failure(' \n\n').code, 'input-empty');
		assert.equal(failure(Buffer.from([0x7f, 0x45, 0])).code, 'input-binary');
		assert.equal(failure('From: a@b\nSubject: hello\n\nNo patch here.\n').code, 'no-patch');
	});

	it('may not name paths outside the tree', () => {
		for (const path of ['../etc/passwd', 'a/../../b', '/etc/passwd']) {
			const text = DIFF.replaceAll('a/drivers/x/y.c', `a/${path}`).replaceAll('b/drivers', 'b/x');
			assert.equal(failure(text).code, 'unsafe-path', path);
		}
		assert.equal(
			failure(DIFF.replace('+++ b/drivers/x/y.c', '+++ "b/x\\033[2J.c"')).code,
			'unsafe-path',
		);
	});

	it('has hunks in order', () => {
		const second = '@@ -11,1 +11,1 @@\n-	b();\n+	c();\n';
		const { code, what } = failure(DIFF + second);
		assert.equal(code, 'bad-patch');
		assert.match(what, /^input:10: .*overlaps/);
	});

	it('is damaged when its end is missing, which may be blank lines', () => {
		assert.equal(read(MAIL.slice(0, MAIL.indexOf(' \td();'))).damaged, true);
	});

	it('is damaged, not refused, when context lost its white space', () => {
		assert.equal(read(DIFF.replace(/^ \t/gm, '')).damaged, true);
	});

	it('never ends in anything but a patch or a failure', () => {
		const bits = MAIL.split(/(?<=\n)/);
		fc.assert(
			fc.property(
				fc.array(fc.oneof(fc.constantFrom(...bits), fc.string()), { maxLength: 30 }),
				(some) => {
					try {
						assert.ok(read(some.join('')).files.length > 0);
					} catch (error) {
						assert.ok(error instanceof RangefinderError, String(error));
					}
				},
			),
			{ numRuns: 300, seed: 1 },
		);
	});
});

describe('printing a patch', () => {
	it('prints what reads back as the same patch', () => {
		const word = fc.constantFrom('iommu:', 'Do', 'not', 'grün', 'über', '日本', '"quoted"');
		const one = fc.record({
			base: fc.array(line, { maxLength: 20 }),
			theirs: edits(3),
			subject: fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' ')),
			author: fc.constantFrom('A B <a@b.c>', 'Jörg Ö <j@o.e>', 'X, "Y" <x@y.z>'),
			message: fc.constantFrom('', 'One.\n\nTwo.', MESSAGE),
			newline: fc.boolean(),
		});
		fc.assert(
			fc.property(one, (c) => {
				const before = textOf(c.base);
				const after = textOf(edited(c.base, c.theirs), c.newline);
				fc.pre(before !== after && before !== '' && after !== '');
				const file: FilePatch = {
					...filePatch('drivers/a b/c.c', hunksBetween(before, after)),
					preimage: '0123456789ab',
					postimage: 'ba9876543210',
					oldMode: '100644',
					newMode: '100644',
				};
				const patch: Patch = {
					subject: `[PATCH] ${c.subject}`,
					author: c.author,
					message: c.message,
					date: 'Tue, 21 Nov 2017 10:00:00 +0000',
					files: [file],
				};
				const { damaged, ...back } = read(printPatch(patch));
				assert.equal(damaged, false);
				assert.deepEqual(
					{ ...back, files: withoutLines(back.files) },
					{ ...patch, files: withoutLines(patch.files) },
				);
			}),
			{ numRuns: 200, seed: 2 },
		);
	});

	it('prints back what git printed', () => {
		const printed = printPatch(read(MAIL));
		assert.ok(printed.includes(DIFF));
		assert.match(printed, /^From 1{40} /);
	});

	it('says that lines before the hunks had to be mended', () => {
		const hunk = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
		const head = 'From: A <a@b.c>\nSubject: [PATCH] x\n\n';
		const whole = Buffer.from(`${head}diff --git a/x.c b/x.c\n${hunk}`);
		const broken = Buffer.from(`${head}diff --git a/x.c\n b/x.c\n${hunk}`);
		assert.equal(readPatch(whole, 'mail').mended, undefined);
		const mended = readPatch(broken, 'mail');
		assert.equal(mended.mended, true);
		assert.deepEqual(mended.files, readPatch(whole, 'mail').files);
	});

	it('leaves what a reply quotes above a diff of its own as it was sent', () => {
		const hunk = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
		const quoted = '>> diff --git a/y.c\n>> b/y.c\n>> --- a/y.c\n>> +++ b/y.c\n>> @@ -1 +1 @@\n';
		const head = 'From: A <a@b.c>\nSubject: Re: [PATCH] x\n\nOn Monday B wrote:\n';
		const text = `${head}${quoted}>> -c\n>> +d\n\nRather this:\n\n`;
		for (const [mended, first] of [
			[undefined, 'diff --git a/x.c b/x.c\n'],
			[true, 'diff --git a/x.c\n b/x.c\n'],
		] as const) {
			const found = readPatch(Buffer.from(`${text}${first}${hunk}`), 'mail');
			assert.deepEqual(
				found.files.map(({ newPath }) => newPath),
				['x.c'],
			);
			assert.equal(found.answered, undefined);
			assert.equal(found.mended, mended);
			assert.ok(found.message.includes(quoted.trimEnd()), found.message);
		}
	});
});
