/** What commit messages say of other commits, in the forms that are met in kernel trees. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commitWords, mayHaveWords, revertedSubject } from '../../src/kernel/trailers.ts';
import { cpuTime } from '../cpu.ts';

const ID = '0123456789abcdef0123456789abcdef01234567';
const OTHER = 'fedcba9876543210fedcba9876543210fedcba98';

function words(body: string, subject = 'acme: Do something'): string[] {
	return commitWords(subject, body).map((one) =>
		[one.kind, one.id, one.subject].filter((part) => part !== '').join(' | '),
	);
}

describe('words of commit messages', () => {
	it('reads Fixes: as submitting-patches.rst wants it', () => {
		assert.deepEqual(words('Text.\n\nFixes: 0123456789ab ("acme: Add it")\nCc: x@example.org\n'), [
			'fixes | 0123456789ab | acme: Add it',
		]);
	});

	it('reads Fixes: as people write it', () => {
		const cases: Record<string, string> = {
			'Fixes: 012345 ("acme: Add it")': 'fixes | 012345 | acme: Add it',
			'fixes: 0123456 (acme: Add it)': 'fixes | 0123456 | acme: Add it',
			'Fixes: 0123456789AB "acme: Add it"': 'fixes | 0123456789ab | acme: Add it',
			'Fixes: commit 0123456789ab ("acme: Add it")': 'fixes | 0123456789ab | acme: Add it',
			'Fixes: Fixes: 0123456789ab ("acme: Add it")': 'fixes | 0123456789ab | acme: Add it',
			'Fixes: 0123456789ab acme: Add it': 'fixes | 0123456789ab | acme: Add it',
			'Fixes: <0123456789ab> ("acme: Add it")': 'fixes | 0123456789ab | acme: Add it',
			'Fixes: (0123456789ab "acme: Add it")': 'fixes | 0123456789ab | acme: Add it',
			'Fixes: 0123456789ab': 'fixes | 0123456789ab',
			'Fixes: 0123456789ab ("acme: Revert "that" for now")':
				'fixes | 0123456789ab | acme: Revert "that" for now',
			[`Fixes: ${ID} ("acme: Add it")`]: `fixes | ${ID} | acme: Add it`,
		};
		for (const [line, expected] of Object.entries(cases)) assert.deepEqual(words(line), [expected]);
	});

	it('joins lines that were wrapped, and stops at the next trailer', () => {
		assert.deepEqual(words('Fixes: 0123456789ab ("acme: Add\n  it to all")\nCc: a@b\n'), [
			'fixes | 0123456789ab | acme: Add it to all',
		]);
		assert.deepEqual(words('Fixes: 0123456789ab\n("acme: Add it")\n'), [
			'fixes | 0123456789ab | acme: Add it',
		]);
		assert.deepEqual(words('Fixes:\n0123456789ab ("acme: Add it")\n'), [
			'fixes | 0123456789ab | acme: Add it',
		]);
		assert.deepEqual(words('Fixes: commit\n0123456789ab ("acme: Add it")\n'), [
			'fixes | 0123456789ab | acme: Add it',
		]);
		assert.deepEqual(words('Fixes: 0123456789ab ("acme: Add\nFixes: fedcba987654 ("acme: B")\n'), [
			'fixes | 0123456789ab | acme: Add',
			'fixes | fedcba987654 | acme: B',
		]);
	});

	it('takes no other thing for an id', () => {
		for (const line of [
			'Fixes: 01234 ("too short")',
			'Fixes: https://example.org/1234567',
			'Fixes: CID 345678',
			'Fixes: 0123456xyz',
			'It fixes: 0123456789ab',
			'Fixes: deadbeefish thing',
		]) {
			assert.deepEqual(words(line), [], line);
		}
	});

	it('reads the lines by which stable trees name the upstream commit', () => {
		assert.deepEqual(words(`commit ${ID} upstream.\n\nText`), [`upstream | ${ID}`]);
		assert.deepEqual(words(`[ Upstream commit ${ID} ]\n\nText`), [`upstream | ${ID}`]);
		assert.deepEqual(words(`[Upstream commit ${ID}]`), [`upstream | ${ID}`]);
		assert.deepEqual(words(`Upstream commit ${ID}.`), [`upstream | ${ID}`]);
		assert.deepEqual(words(`[ Upstream commit\n${ID} ]`), [`upstream | ${ID}`]);
		assert.deepEqual(words(`This goes on where commit ${ID} upstream ended.`), []);
	});

	it('reads cherry-pick lines, several of them too', () => {
		assert.deepEqual(
			words(`(cherry picked from commit ${ID})\n(backported from commit ${OTHER})\n`),
			[`cherry-pick | ${ID}`, `cherry-pick | ${OTHER}`],
		);
		assert.deepEqual(words(`(cherry picked from commit\n${ID})`), [`cherry-pick | ${ID}`]);
	});

	it('reads reverts, with what git writes and what people write', () => {
		assert.deepEqual(words(`This reverts commit ${ID}.`), [`reverts | ${ID}`]);
		assert.deepEqual(words(`This reverts commit ${ID.slice(0, 12)} ("acme: X")`), [
			`reverts | ${ID.slice(0, 12)}`,
		]);
		assert.deepEqual(words(`It broke, so this reverted commit ${ID}.`), [`reverts | ${ID}`]);
		assert.deepEqual(words(`This reverts\ncommit ${ID}.`), [`reverts | ${ID}`]);
		assert.deepEqual(words('This reverts commits 01234567, 12345678 and 23456789.'), [
			'reverts | 01234567',
			'reverts | 12345678',
			'reverts | 23456789',
		]);
		assert.deepEqual(words(`This partially reverts commit ${ID}.`), [`reverts-partly | ${ID}`]);
		assert.deepEqual(words(`One could revert commit ${ID}.`), []);
	});

	it('takes one Revert off a subject at a time', () => {
		assert.equal(revertedSubject('Revert "acme: Add it"'), 'acme: Add it');
		assert.equal(revertedSubject('Revert "Revert "acme: Add it""'), 'Revert "acme: Add it"');
		assert.equal(revertedSubject('Reapply "acme: Add it"'), 'Revert "acme: Add it"');
		assert.equal(revertedSubject('Revert "acme: Add it'), 'acme: Add it');
		assert.equal(revertedSubject('UPSTREAM: Revert "acme: Add it"'), 'acme: Add it');
		assert.equal(revertedSubject('acme: Revert it'), undefined);
		assert.deepEqual(words('', 'Revert "acme: Add it"'), ['reverts | acme: Add it']);
		assert.deepEqual(words(`This reverts commit ${ID}.`, 'Revert "acme: Add it"'), [
			`reverts | ${ID} | acme: Add it`,
		]);
	});

	it('says each thing once', () => {
		const line = `Fixes: ${ID.slice(0, 12)} ("acme: Add it")\n`;
		assert.equal(words(line.repeat(3)).length, 1);
	});

	it('passes over messages without such words', () => {
		assert.equal(mayHaveWords('Add a thing.\n\nSigned-off-by: A <a@example.org>\n'), false);
	});

	it('is linear in hostile messages', () => {
		const started = cpuTime();
		const ids = (i: number) => i.toString(16).padStart(12, '0');
		const many = Array.from({ length: 20_000 }, (_, i) => `Fixes: ${ids(i)} ("s ${i}")`);
		assert.equal(words(many.join('\n')).length, 20_000);
		words(`Fixes: 0123456789ab (${'"'.repeat(5_000_000)}`);
		words(' '.repeat(10_000_000));
		words('Fixes: 0123456789ab ("\n'.repeat(200_000));
		words('this reverts commit , , , ,'.repeat(300_000));
		words(`\0\x1b[31mFixes: 0123456789ab ("\x07")\n${'revert '.repeat(1_000_000)}`);
		revertedSubject(`Revert "${'Revert "'.repeat(500_000)}`);
		assert.ok(cpuTime() - started < 5_000);
	});
});
