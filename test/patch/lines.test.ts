import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import {
	FingerprintInterner,
	fingerprints,
	looseFingerprint,
	shapeFingerprint,
} from '../../src/patch/lines.ts';

const spaced = fc
	.array(fc.constantFrom('a', 'b', 'ret', ' ', '\t', '  ', '=', ';'), { maxLength: 8 })
	.map((parts) => parts.join(''));

describe('lines as integers', () => {
	it('tell lines apart exactly, and alike without white space', () => {
		fc.assert(
			fc.property(fc.array(spaced, { maxLength: 12 }), (texts) => {
				const interner = new FingerprintInterner();
				const { exact, loose } = interner.lines(texts.map((t) => `${t}\n`).join(''));
				texts.forEach((a, i) => {
					texts.forEach((b, j) => {
						assert.equal(exact[i] === exact[j], a === b);
						assert.equal(loose[i] === loose[j], a.replace(/\s/g, '') === b.replace(/\s/g, ''));
					});
				});
			}),
			{ numRuns: 300, seed: 3 },
		);
	});

	it('are the same from text, from bytes, from fingerprints, and line by line', () => {
		const text = 'int é;\n\n\treturn 0;\n}';
		const interner = new FingerprintInterner();
		const lines = interner.lines(text);
		assert.deepEqual(interner.lines(Buffer.from(text)), lines);
		assert.deepEqual(interner.ofFingerprints(fingerprints(Buffer.from(text))), lines);
		assert.equal(interner.line('\treturn 0;').exact, lines.exact[2]);
		assert.equal(interner.line('  ').loose, interner.blank);
		assert.equal(lines.exact.length, 4);
	});

	it('know a last line without newline from one with', () => {
		const interner = new FingerprintInterner();
		const [open, closed] = [interner.lines('a\nb'), interner.lines('a\nb\n')];
		assert.notEqual(open.exact[1], closed.exact[1]);
		assert.equal(open.loose[1], closed.loose[1]);
		assert.equal(open.finalNewline, false);
		assert.equal(interner.line('b', true).exact, open.exact[1]);
	});

	it('have fingerprints of 40 and 32 bits', () => {
		assert.ok(looseFingerprint('\tret = 0;') < 2 ** 40);
		assert.equal(looseFingerprint('\tret = 0;'), looseFingerprint('ret=0;'));
		assert.notEqual(shapeFingerprint('\tret = 0;'), shapeFingerprint('ret = 0;'));
		assert.equal(shapeFingerprint('\tret'), shapeFingerprint('\tfoo'));
	});

	it('keep their ids when there are many', () => {
		const text = Array.from({ length: 20_000 }, (_, n) => `\tline ${n};\n`).join('');
		const interner = new FingerprintInterner();
		const first = interner.lines(text);
		assert.deepEqual(interner.lines(text), first);
		assert.equal(new Set(first.exact).size, 20_000);
	});
});
