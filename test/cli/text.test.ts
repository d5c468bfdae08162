import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { displayWidth, printable, printableLine, safeJson, wrap } from '../../src/text.ts';

/** What acts on a terminal when it is written raw. */
const ACTS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('text that is safe on a terminal', () => {
	it('shows an escape sequence in a subject instead of obeying it', () => {
		assert.equal(printable('\x1b[2J[PATCH] x\x07\x9b1m'), '\\x1b[2J[PATCH] x\\x07\\x9b1m');
	});

	it('shows characters that reorder or hide text', () => {
		assert.equal(printable('a\u202eb\u2066c\u200bd\ufeff'), 'a\\u202eb\\u2066c\\u200bd\\ufeff');
	});

	it('keeps letters of any language, newline and tab', () => {
		assert.equal(printable('Jörg Rödel\n\t日本語 𝄞'), 'Jörg Rödel\n\t日本語 𝄞');
	});

	it('keeps a line on its line', () => {
		assert.equal(printableLine('a\nb\tc\r'), 'a\\nb\\tc\\x0d');
	});

	it('lets nothing through that acts on a terminal, whatever the input', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				assert.doesNotMatch(printable(text), ACTS);
				assert.doesNotMatch(printableLine(text), /[\n\t]/);
			}),
		);
	});

	it('leaves the data of JSON as it was', () => {
		fc.assert(
			fc.property(anyText, fc.boolean(), (text, indent) => {
				const json = safeJson({ subject: text }, indent);
				assert.doesNotMatch(json, ACTS);
				assert.deepEqual(JSON.parse(json), { subject: text });
			}),
		);
	});
});

describe('wrapping', () => {
	it('breaks at spaces and hangs what follows under the text', () => {
		assert.deepEqual(wrap('lookup does not defer for this driver', 24, '[1] ', '    '), [
			'[1] lookup does not',
			'    defer for this',
			'    driver',
		]);
	});

	it('breaks a path that is longer than a line after a slash', () => {
		assert.deepEqual(wrap('see drivers/iommu/arm/arm-smmu/arm-smmu.c:12', 24), [
			'see',
			'drivers/iommu/arm/arm-',
			'smmu/arm-smmu.c:12',
		]);
	});

	it('counts the columns of wide and combining characters', () => {
		assert.equal(displayWidth('日本'), 4);
		assert.equal(displayWidth('e\u0301'), 1);
	});

	it('never exceeds the width and loses no character', () => {
		fc.assert(
			fc.property(
				fc.string({ maxLength: 200 }),
				fc.integer({ min: 10, max: 100 }),
				(text, width) => {
					const lines = wrap(text, width, '[a] ', '    ');
					for (const line of lines) assert.ok(displayWidth(line) <= width, line);
					const bare = (value: string) => value.replace(/[ \n]/g, '');
					assert.equal(bare(lines.join('')), `[a]${bare(text)}`);
				},
			),
		);
	});
});
