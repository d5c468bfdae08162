/**
 * Trailers as they come in real mails, through tags, lint and reply: 8-bit names in whatever encoding, several
 * `Cc: stable` lines that disagree, ids of commits that are not in this clone.
 */
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { lintReport } from '../../src/range/lint/report.ts';
import { replyReport } from '../../src/range/reply-report.ts';
import { tagsReport } from '../../src/range/tags-report.ts';
import { type FixMail, makeFixMail } from './fix-mail.ts';

const THEN = ['--as-of', '2016-08-01'];
const SIGNED = 'Signed-off-by: Mini Ature <mini@example.org>';
const NOWHERE = 'dddddddddddddddddddddddddddddddddddddddd';

describe('trailers that are not as they should be', () => {
	let fix: FixMail;
	before(async () => {
		fix = await makeFixMail();
	});
	after(() => fix.remove());

	/** Runs a command on a file, and has its standard output as bytes. */
	async function bytesOf(command: string, file: string, ...words: string[]) {
		const chunks: Buffer[] = [];
		const stdout = { write: (chunk: string | Uint8Array) => chunks.push(Buffer.from(chunk)) };
		const always = command === 'lint' ? THEN : [...THEN, '--no-history'];
		const { code, err } = await fix.run([command, file, ...always, ...words], { stdout });
		return { code, err, bytes: Buffer.concat(chunks) };
	}
	const json = async (command: string, file: string) => {
		const { code, err, bytes } = await bytesOf(command, file, '--json');
		assert.ok(isUtf8(bytes));
		return { code, err, value: JSON.parse(bytes.toString()) };
	};
	/** What git mailinfo finds: the log message, and what the headers say. */
	function mailinfo(mail: Uint8Array): string {
		const files = ['message', 'patch'].map((name) => join(fix.folder, name));
		const info = execFileSync('git', ['mailinfo', ...files], { input: mail });
		return `${info}\n${readFileSync(files[0] ?? '', 'utf8')}`;
	}

	const encodings: [string, string][] = [
		['in ISO-8859-1, as the mail says', 'ISO-8859-1'],
		['in ISO-8859-1, where the mail says UTF-8', 'UTF-8'],
	];
	for (const [what, charset] of encodings) {
		describe(`names ${what}`, () => {
			let file = '';
			before(() => {
				file = fix.withLines(`${charset}.txt`, [
					'Reviewed-by: Jürgen Groß <jg@example.org>',
					SIGNED,
				]);
				const text = readFileSync(file, 'utf8').replace('charset=UTF-8', `charset=${charset}`);
				writeFileSync(file, text, 'latin1');
			});

			it('are written by tags as the bytes that they are', async () => {
				const { code, bytes } = await bytesOf('tags', file, '--write');
				assert.equal(code, 0);
				const { value } = await json('tags', file);
				const { fixes, cc } = tagsReport.parse(value);
				const added = [...fixes, ...cc].map((line) => `${line}\n`).join('');
				const before = readFileSync(file, 'latin1');
				assert.equal(bytes.toString('latin1').replace(added, ''), before);
				if (charset === 'UTF-8') return;
				const said = mailinfo(bytes);
				assert.match(said, /^Reviewed-by: Jürgen Groß <jg@example\.org>$/m);
				assert.equal(said.replace(added, ''), mailinfo(readFileSync(file)));
			});

			it('hold up neither lint nor reply, which print UTF-8', async () => {
				const linted = await json('lint', file);
				assert.deepEqual(lintReport.parse(linted.value).findings, []);
				const answered = await json('reply', file);
				assert.equal(answered.code, 0);
				const { headers } = replyReport.parse(answered.value);
				const cc = headers.find(({ name }) => name === 'Cc')?.value ?? '';
				assert.match(cc, /=\?UTF-8\?/);
				assert.ok(isUtf8((await bytesOf('reply', file)).bytes));
			});
		});
	}

	describe('several Cc: stable lines that disagree', () => {
		let file = '';
		const lines = [
			'Cc: stable@vger.kernel.org # 4.4.x',
			'Cc: <stable@vger.kernel.org> # v4.6+',
			'Cc: stable@vger.kernel.org # needs thought',
		];
		before(() => {
			file = fix.withLines('disagree.txt', [...lines, SIGNED]);
		});

		it('are a finding of lint, and what is unsafe another', async () => {
			const { code, value } = await json('lint', file);
			assert.equal(code, 1);
			const rules = lintReport.parse(value).findings.map(({ rule }) => rule);
			assert.ok(rules.includes('stable-disagree'), rules.join());
			assert.ok(rules.includes('stable-range-unsafe'), rules.join());
		});

		it('stay in the patch that tags writes, and are told', async () => {
			const { code, err, bytes } = await bytesOf('tags', file, '--write');
			assert.equal(code, 0);
			const text = bytes.toString();
			for (const line of lines) assert.equal(text.split(`\n${line}\n`).length, 2, line);
			assert.match(
				err,
				/asks for something else as well: Cc: stable@vger\.kernel\.org #\s+4\.4\.x$/m,
			);
		});

		it('are quoted by reply, which says what it makes of them', async () => {
			const { body } = replyReport.parse((await json('reply', file)).value);
			for (const line of lines) assert.ok(body.includes(`> ${line}\n`), body);
			assert.match(body, /^Cc: <stable@vger\.kernel\.org> # 4\.6\.x$/m);
		});
	});

	describe('ids of commits that are not in this clone', () => {
		let file = '';
		before(() => {
			file = fix.withLines('nowhere.txt', [
				`Fixes: ${NOWHERE.slice(0, 12)} ("iommu/acme-mmu: Never was")`,
				`Cc: <stable@vger.kernel.org> # 4.6.x: ${NOWHERE.slice(0, 12)}: iommu: Nor this`,
				SIGNED,
			]);
		});

		it('are findings of lint, each on its line', async () => {
			const { code, value } = await json('lint', file);
			assert.equal(code, 1);
			const unknown = lintReport
				.parse(value)
				.findings.filter(({ what }) => what === 'there is no commit dddddddddddd in this clone')
				.map(({ text }) => text?.slice(0, 6));
			assert.deepEqual(unknown, ['Fixes:', 'Cc: <s']);
		});

		it('leave tags to what is known, and stay in the patch', async () => {
			for (const words of [[], ['--release', 'v4.6']]) {
				const { code, bytes, err } = await bytesOf('tags', file, '--write', ...words);
				assert.equal(code, 0, err);
				assert.match(bytes.toString(), /^Fixes: dddddddddddd \("iommu\/acme-mmu: Never was"\)$/m);
			}
			const { fixes } = tagsReport.parse((await json('tags', file)).value);
			assert.deepEqual(
				fixes.filter((line) => line.includes('dddd')),
				[],
			);
		});

		it('are no reason for reply to say less', async () => {
			const { code, value } = await json('reply', file);
			assert.equal(code, 0);
			assert.match(replyReport.parse(value).body, /^arm.*:$/m);
		});

		it('hold up nothing with history either', async () => {
			for (const command of ['tags', 'reply']) {
				const { code, err } = await fix.run([command, file, ...THEN, '--json']);
				assert.ok(code === 0, `${command} ${code} ${err}`);
			}
		});
	});
});
