/** The histogram diff against git's. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { histogramDiff } from '../../src/patch/histogram.ts';
import { cpuTime } from '../cpu.ts';
import { numbers } from '../history/random-history.ts';
import { ourDiff as diffOf, editedText, gitDiff } from './git-diff.ts';

const ourDiff = (a: string, b: string): string[] => diffOf(histogramDiff, a, b);

describe('histogram diff', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-histogram-'));
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	it('finds what git finds in texts with few and many different lines', () => {
		const below = numbers(11);
		for (let round = 0; round < 60; round++) {
			const words = [2, 4, 10, 60][round % 4] ?? 4;
			const size = round % 5 === 0 ? 300 : 40;
			const [a, b] = editedText(below, { words, size, edits: 8 });
			assert.deepEqual(ourDiff(a, b), gitDiff(folder, 'histogram', a, b), a);
		}
	});

	it('leaves lines that are too common to the classic search, as git does', () => {
		const brace = '}\n\n'.repeat(90);
		const a = `${brace}one\n${brace}`;
		const b = `${'}\n'.repeat(70)}${brace}`;
		assert.deepEqual(ourDiff(a, b), gitDiff(folder, 'histogram', a, b));
	});

	it('takes texts that have nothing in common, or nothing at all', () => {
		assert.deepEqual(ourDiff('', ''), []);
		assert.deepEqual(ourDiff('a\n', ''), ['-0']);
		assert.deepEqual(ourDiff('', 'a\nb'), ['+0', '+1']);
		assert.deepEqual(ourDiff('a\nb\n', 'c\n'), ['-0', '-1', '+0']);
	});

	it('ends soon on text made to be slow', () => {
		const blocks = (seed: number): string => {
			const below = numbers(seed);
			return Array.from({ length: 60_000 }, () => `${below(1200)}\n`).join('');
		};
		const start = cpuTime();
		assert.ok(ourDiff(blocks(1), blocks(2)).length > 0);
		assert.ok(cpuTime() - start < 20_000);
	});
});
