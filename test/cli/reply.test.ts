/** The command `reply`: the mail it writes, read back by git mailinfo and by a MIME library. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import PostalMime from 'postal-mime';
import { quotation, readAnswered, replyHeaders } from '../../src/patch/reply-mail.ts';
import { displayWidth } from '../../src/text.ts';
import { type FixMail, makeFixMail } from './fix-mail.ts';
import { golden } from './golden.ts';

/** The answer to a mail with such headers. */
async function headersFor(head: string): Promise<string> {
	const mail = Buffer.from(`${head}\n\nText.\n\n---\ndiff --git a/x b/x\n`);
	return replyHeaders(await readAnswered(mail)).join('\n');
}

describe('the command reply', () => {
	let fix: FixMail;
	before(async () => {
		fix = await makeFixMail();
	});
	after(() => fix.remove());

	it('answers in the thread, to the sender, with what it is asked quoted', async () => {
		const { code, out } = await fix.run([
			'reply',
			'mail.txt',
			'--as-of',
			'2016-08-01',
			'--no-history',
		]);
		assert.equal(code, 0);
		golden('reply.txt', out);
		const read = await PostalMime.parse(out);
		assert.deepEqual(read.to, [{ name: 'Mini Ature', address: 'mini@example.org' }]);
		assert.deepEqual(read.cc, [
			{ name: 'Ature, Mini', address: 'list@example.org' },
			{ name: 'Jürgen Groß', address: 'jg@example.org' },
			{ name: '', address: 'iommu@example.org' },
		]);
		assert.equal(read.inReplyTo, '<20160901.fix@example.org>');
		assert.equal(read.references?.split(/\s+/).at(-1), '<20160901.fix@example.org>');
	});

	it('is read back by git mailinfo as it was written', async () => {
		const { out } = await fix.run(['reply', 'mail.txt', '--as-of', '2016-08-01', '--no-history']);
		const files = ['message', 'patch'].map((name) => join(fix.folder, name));
		const info = execFileSync('git', ['mailinfo', '-k', ...files], {
			input: out,
			encoding: 'utf8',
		});
		assert.match(
			info,
			/^Subject: Re: \[PATCH v2\] iommu\/acme-mmu: Set the bus ops when the hardware probes$/m,
		);
		const body = out.slice(out.indexOf('\n\n') + 2);
		assert.equal(readFileSync(files[0] ?? '', 'utf8').trimEnd(), body.trimEnd());
		assert.equal(readFileSync(files[1] ?? '', 'utf8'), '');
	});

	it('keeps to 72 columns, tags aside', async () => {
		const { out } = await fix.run(['reply', 'mail.txt', '--as-of', '2016-08-01', '--no-history']);
		const body = out.slice(out.indexOf('\n\n') + 2).split('\n');
		for (const line of body) {
			assert.ok(/^(Fixes|Cc): /.test(line) || displayWidth(line) <= 72, line);
		}
	});

	it('answers a commit, which is in no thread', async () => {
		const { code, out } = await fix.run(['reply', 'fix', '--no-history']);
		assert.equal(code, 0);
		assert.match(out, /^To: Mini Ature <mini@example\.org>\nSubject: Re: \[PATCH\] iommu/);
		assert.doesNotMatch(out, /^(In-Reply-To|References|Cc): /m);
	});
});

describe('the headers of a reply', () => {
	it('encode what is not ASCII, and fold a long thread', async () => {
		const ids = Array.from({ length: 60 }, (_, i) => `<${i}@example.org>`);
		const head = await headersFor(
			[
				'From: =?UTF-8?B?SsO8cmdlbiBHcm/Dnw==?= <jg@example.org>',
				'Message-ID: <last@example.org>',
				`References: ${ids.join('\n ')}`,
				`Subject: AW: RE: [PATCH] ${'ß'.repeat(120)}`,
			].join('\n'),
		);
		assert.match(head, /^[\x20-\x7e\t\n]*$/);
		for (const line of head.split('\n')) assert.ok(line.length <= 78, line);
		const read = await PostalMime.parse(`${head}\n\n`);
		assert.equal(read.subject, `Re: [PATCH] ${'ß'.repeat(120)}`);
		assert.equal(read.to?.[0]?.name, 'Jürgen Groß');
		const thread = read.references?.split(/\s+/) ?? [];
		assert.deepEqual(
			[thread[0], thread.length, thread.at(-1)],
			['<0@example.org>', 20, '<last@example.org>'],
		);
	});

	it('answer to where answers are wanted, and to nobody whose address is hidden', async () => {
		const head = await headersFor(
			'From: A <a@example.org>\nReply-To: l@example.org\nTo: B <b@xxxxxxxxxxx>, l@example.org\nCc: a b <no address>\nSubject: x',
		);
		assert.match(head, /^To: l@example\.org\nSubject: Re: x\n/);
	});

	it('take no line of their own from what a mail says', async () => {
		const evil = fc
			.array(
				fc.constantFrom(
					'\r',
					'\n',
					'\x00',
					'\x1b',
					'a@b.c',
					'<',
					'>',
					',',
					'"',
					':',
					' ',
					'Bcc: x@y.z',
					'=?UTF-8?Q?=0D=0ABcc:_x@y.z?=',
					'ß',
					'\u202e',
				),
				{
					maxLength: 12,
				},
			)
			.map((parts) => parts.join('').replace(/[\r\n]+/g, '\n '));
		await fc.assert(
			fc.asyncProperty(evil, evil, evil, async (from, to, subject) => {
				const head = await headersFor(
					`From: ${from}\nTo: ${to}\nMessage-ID: ${to}\nSubject: ${subject}`,
				);
				for (const line of head.split('\n')) {
					assert.match(
						line,
						/^(?:(?:To|Cc|Subject|In-Reply-To|References|MIME-Version|Content-[\w-]+): ?|[ \t])[\x20-\x7e]*$/,
					);
				}
			}),
			{ numRuns: 300 },
		);
	});
});

describe('what a reply quotes', () => {
	const answered = async (text: string) =>
		quotation(
			await readAnswered(
				Buffer.from(
					`From: A <a@b.c>\nDate: Tue, 21 Nov 2017 07:59:44 -0500\nSubject: x\n\n${text}`,
				),
			),
			'[PATCH] acme: Mend it',
		);

	it('is what asks where the patch may go, and the tags it says', async () => {
		const lines = await answered(
			'Hi all,\n\nIt is a nice day.\n\nCan this be backported to stable, and to which range?\n\n> quoted: stable range, safe to apply?\n\nFixes: 0123456789ab ("a")\nSigned-off-by: A <a@b.c>\n---\ndiff --git a/x b/x\n',
		);
		assert.deepEqual(lines, [
			'On Tue, 21 Nov 2017 12:59:44 +0000, A wrote:',
			'> Can this be backported to stable, and to which range?',
			'>',
			'> Fixes: 0123456789ab ("a")',
		]);
	});

	it('is the subject where the mail asks nothing', async () => {
		assert.deepEqual((await answered('Text.\n')).slice(1), ['> [PATCH] acme: Mend it']);
	});

	it('is short, and holds no control bytes', async () => {
		const long = `stable range ${'safe \x1b[2J to apply '.repeat(200)}`;
		const lines = await answered(`${long}\n`);
		assert.ok(lines.length <= 8);
		assert.doesNotMatch(lines.join('\n'), /\x1b/);
	});
});
