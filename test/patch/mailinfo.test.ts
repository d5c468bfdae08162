/** Mails of every shape, read by us, by git mailinfo and git apply, and by a MIME library. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { after, describe, it } from 'mocha';
import PostalMime from 'postal-mime';
import { pathOf } from '../../src/patch/diff.ts';
import { readMessage } from '../../src/patch/mail.ts';
import { parseMail } from '../../src/patch/mime.ts';

const folder = mkdtempSync(join(tmpdir(), 'rangefinder-mailinfo-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function git(args: string[], input?: Buffer): string {
	const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
	const done = spawnSync('git', args, {
		cwd: folder,
		env,
		...(input === undefined ? {} : { input }),
	});
	assert.equal(done.status, 0, done.stderr.toString());
	return done.stdout.toString();
}

const encodings: Record<string, (text: string) => string> = {
	'8bit': (text) => text,
	base64: (text) =>
		(
			Buffer.from(text)
				.toString('base64')
				.match(/.{1,76}/g) ?? []
		).join('\n'),
	'quoted-printable': (text) =>
		[...Buffer.from(text)]
			.map((byte) =>
				byte === 61 || byte > 126
					? `=${byte.toString(16).toUpperCase()}`
					: String.fromCharCode(byte),
			)
			.join('')
			.replace(/(.{60}(?![\dA-F]))(?=.)/g, '$1=\n'),
};

const word = (text: string): string => `=?utf-8?b?${Buffer.from(text).toString('base64')}?=`;
const files: [diff: string, numstat: string][] = [
	['Index: x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n-a\n+é\n \n', '1 1 x.c'],
	[
		'diff --git a/n b/n\nnew file mode 100644\nindex 0000000..1234567\n--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n',
		'2 0 n',
	],
	[
		'diff --git "a/caf\\303\\251 x" "b/caf\\303\\251 x"\nold mode 100644\nnew mode 100755\n',
		'0 0 café x',
	],
	[
		'diff --git a/o b/m\nsimilarity index 90%\nrename from o\nrename to m\n--- a/o\n+++ b/m\n@@ -3 +3 @@\n--- -\n+++ +\n',
		'1 1 m',
	],
	[
		'Index: linux-2.6/q.c\n===\n--- linux-2.6.orig/q.c\t2010-07-05 19:41:17\n+++ linux-2.6/q.c\t2010-07-05 19:41:18\n@@ -7,1 +7,0 @@ f(\n-- \n',
		'0 1 q.c',
	],
	['diff -Nu a/d.c b/d.c\n--- a/d.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n', '0 2 d.c'],
	[
		'diff --git a/p.png b/p.png\nindex 8352675d67aed6625ece79af41c27fdb4ee2e867..1592e5c60f1a460928916dc5681fee1a9bd10868 100644\nGIT binary patch\nliteral 3\nKcmZQzWCj2L2ml2D\n\nliteral 3\nKcmZQzWC8#H2LJ>B\n\n',
		'- - p.png',
	],
];

const shape = fc.record({
	encoding: fc.constantFrom(...Object.keys(encodings)),
	subject: fc.constantFrom(
		'[PATCH v2 1/3] x: y',
		`${word('[PATCH] grün')} and ${word('né')} ${word('e')}`,
		'[PATCH] a\n long\n one',
	),
	from: fc.constantFrom(
		'A B <a@example.org>',
		'"B, A" <a@example.org>',
		`${word('Jörg Ö')} <j@example.org>`,
		'a@example.org (A B)',
	),
	inBody: fc.constantFrom(
		'',
		'From: Real Author <r@example.org>\n\n',
		'Subject: [PATCH] the real\n one\nFrom: R A <r@example.org>\n\n',
	),
	message: fc.constantFrom(
		'Words.\n',
		'Üml and ---x\n\n  indented  \n\n\nSigned-off-by: A <a@b>\n',
		'Date: not a header\n',
	),
	cut: fc.constantFrom('---\n x | 2 +-\n\n', '', '--- \n'),
	files: fc.uniqueArray(fc.constantFrom(...files), {
		minLength: 1,
		maxLength: 4,
		selector: ([, stat]) => stat,
	}),
	end: fc.constantFrom('', '-- \n2.39.5\n\n', '\n_______\nlist mailing list\n'),
});

describe('a mail', () => {
	it('is read as git mailinfo and git apply --numstat read it', () => {
		fc.assert(
			fc.property(shape, (one) => {
				const body = `${one.inBody}${one.message}${one.cut}${one.files.map(([diff]) => diff).join('')}${one.end}`;
				const text = `From: ${one.from}\nSubject: ${one.subject}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${one.encoding}\n\n${encodings[one.encoding]?.(body)}`;
				const bytes = Buffer.from(text);
				const info = git(['mailinfo', '-k', '--encoding=UTF-8', 'msg', 'patch'], bytes);
				const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(info)?.[1];
				const numstat = git(['apply', '--numstat', '-z', 'patch']);
				const [patch] = readMessage(bytes, 'mail');
				assert.ok(patch !== undefined && !patch.damaged);
				assert.equal(patch.author, `${field('Author')} <${field('Email')}>`);
				assert.equal(patch.subject, field('Subject')?.replace(/\s+/g, ' '));
				assert.equal(
					git(['stripspace'], Buffer.from(patch.message)),
					git(['stripspace'], readFileSync(join(folder, 'msg'))),
				);
				assert.deepEqual(
					one.files.map(([, stat]) => stat),
					numstat
						.split('\0')
						.slice(0, -1)
						.map((line) => line.replaceAll('\t', ' ')),
				);
				assert.deepEqual(
					patch.files.map((file) => {
						const count = (kind: string) =>
							file.hunks.flatMap(({ lines }) => lines).filter((line) => line.kind === kind).length;
						const counts = file.binary === true ? '- -' : `${count('+')} ${count('-')}`;
						return `${counts} ${pathOf(file)}`;
					}),
					one.files.map(([, stat]) => stat),
				);
			}),
			{ numRuns: 40, seed: 4 },
		);
	});

	it('of many parts has the text that a MIME library finds', async () => {
		interface Leaf {
			text: string;
			encoding: string;
		}
		const leaf: fc.Arbitrary<Leaf> = fc.record({
			text: fc.constantFrom('words\n', 'grün = ü\n--b1\n', 'a\n\n-- \nb', '=3D =\n'),
			encoding: fc.constantFrom(...Object.keys(encodings)),
		});
		type Tree = Leaf | Tree[];
		const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
			tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree'), { minLength: 1, maxLength: 3 })),
		}));
		let boundaries = 0;
		const print = (node: Tree): string => {
			if (!Array.isArray(node)) {
				return `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${node.encoding}\n\n${encodings[node.encoding]?.(node.text)}`;
			}
			const boundary = `limit ${++boundaries}`;
			const parts = node.map((child) => `--${boundary}\n${print(child)}\n`).join('');
			return `Content-Type: multipart/mixed; boundary="${boundary}"\n\npreamble\n${parts}--${boundary}--\nepilogue\n`;
		};
		await fc.assert(
			fc.asyncProperty(tree, async (node) => {
				const bytes = Buffer.from(`From: a@example.org\nSubject: x\n${print(node)}`);
				const ours = parseMail(bytes)?.parts.map(({ text }) => text);
				const theirs = (await PostalMime.parse(bytes)).text ?? '';
				const bare = (text: string): string => text.replace(/\s+/g, ' ').trim();
				assert.equal(bare(ours?.join('\n') ?? ''), bare(theirs));
			}),
			{ numRuns: 100, seed: 5 },
		);
	});
});
