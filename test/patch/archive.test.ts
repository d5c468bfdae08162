/** Pages of list archives saved as text: masked addresses, their dates, quoting of any depth. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readAuthor, showAuthor } from '../../src/patch/address.ts';
import { readPatch } from '../../src/patch/mail.ts';

const DIFF = ['--- a/x.c', '+++ b/x.c', '@@ -1,3 +1,3 @@', ' one', '', '-two', '+three'];
const MESSAGE = ['It hangs.', '', 'Signed-off-by: A Author <a@xxxxxxx>', '---'];
const page = (head: string, mark: string) => {
	const quoted = [...MESSAGE, ...DIFF].map((line) => `${mark}${line}`.trimEnd());
	return readPatch(Buffer.from(`${head}\n\nB wrote:\n${quoted.join('\n')}\nNo.\n`), 'page');
};

describe('a page of an archive', () => {
	const indiana = 'Re: [PATCH] x: y\n\nFrom: B Both\nDate: Tue Nov 21 2017 - 07:59:44 EST\n';

	it('gives the patch at any depth of quoting, however the marks are spaced', () => {
		for (const mark of ['> ', '>', '>> ', '> > ', '>>>>>>> ', '> >> > ', '>>']) {
			const patch = page(indiana, mark);
			assert.equal(patch.damaged, false, mark);
			assert.equal(patch.files[0]?.hunks[0]?.lines.length, 4, mark);
			assert.equal(patch.author, 'A Author <a@xxxxxxx>', mark);
			assert.equal(patch.message, MESSAGE.slice(0, 3).join('\n'), mark);
			assert.equal(patch.answered, true, mark);
		}
	});

	it('gives its date as it stands, which git understands', () => {
		assert.equal(page(indiana, '> ').date, 'Tue Nov 21 2017 - 07:59:44 EST');
	});

	it('may be of lore, with name and date in one line', () => {
		const lore =
			'* Re: [PATCH] x: y\nFrom: B Both @ 2017-11-21 12:59 UTC (permalink / raw)\n  To: A\n';
		const patch = page(lore, '> ');
		assert.equal(patch.subject, '[PATCH] x: y');
		assert.equal(patch.date, '2017-11-21 12:59 UTC');
	});
});

describe('an author', () => {
	const cases: [string, string][] = [
		['A B <a@example.org>', 'A B <a@example.org>'],
		['"B, A" <a@example.org>', 'B, A <a@example.org>'],
		['"A \\"the\\" B" <a@example.org>', 'A "the" B <a@example.org>'],
		['a@example.org (A B)', 'A B <a@example.org>'],
		['<a@example.org>', 'a@example.org'],
		['a at example.org (A B)', 'A B <a@example.org>'],
		['A B <a () example ! org>', 'A B <a@example.org>'],
		['A B <a@xxxxxxx>', 'A B <a@xxxxxxx>'],
		['A B', 'A B'],
		['', ''],
	];
	for (const [written, read] of cases) {
		it(`is read: ${written}`, () => assert.equal(showAuthor(readAuthor(written)), read));
	}
});
