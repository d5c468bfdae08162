import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import {
	FingerprintInterner,
	fingerprints,
	looseFingerprint,
	shapeFingerprint,
} from '../../src/patch/lines.ts';
import { diff } from '../../src/patch/myers.ts';

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

describe('diff', () => {
	it('turns the one file into the other', () => {
		const ids = fc.array(fc.nat(6), { maxLength: 40 });
		fc.assert(
			fc.property(ids, ids, (left, right) => {
				const changes = diff(Int32Array.from(left), Int32Array.from(right));
				const out: number[] = [];
				let at = 0;
				for (const change of changes) {
					out.push(...left.slice(at, change.aStart), ...right.slice(change.bStart, change.bEnd));
					at = change.aEnd;
				}
				assert.deepEqual([...out, ...left.slice(at)], right);
			}),
			{ numRuns: 500, seed: 4 },
		);
	});

	it('copes with large files that have little in common', () => {
		const left = Int32Array.from({ length: 6000 }, (_, n) => (n * 7919) % 4001);
		const right = Int32Array.from({ length: 6000 }, (_, n) => (n * 104729) % 4003);
		const changes = diff(left, right);
		let kept = 0;
		let at = 0;
		for (const change of changes) {
			kept += change.aStart - at;
			at = change.aEnd;
		}
		kept += left.length - at;
		const added = changes.reduce((sum, change) => sum + change.bEnd - change.bStart, 0);
		assert.equal(kept + added, right.length);
	});
});
