/** Words of C in a text. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { indexOfWord, isWord } from '../../src/driver/identifiers.ts';

describe('identifiers', () => {
	it('are found as whole words only', () => {
		assert.equal(indexOfWord('probe_a(probe)', 'probe'), 8);
		assert.equal(indexOfWord('probe', 'probe'), 0);
		assert.equal(indexOfWord('reprobe probe2 _probe', 'probe'), -1);
		assert.equal(isWord(Number.NaN), false);
	});

	it('are found where an expression finds them', () => {
		const text = fc.string({ unit: fc.constantFrom('a', 'b', '_', '1', ' ', '(', 'ß', '\n') });
		fc.assert(
			fc.property(text, fc.constantFrom('a', 'ab', '_', 'a1', 'b_'), (code, word) => {
				assert.equal(indexOfWord(code, word), code.search(new RegExp(`\\b${word}\\b`)));
			}),
		);
	});
});
