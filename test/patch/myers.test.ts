/** Myers' diff against git's, and its compiled form against its source. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { compiledModule } from '../../.config/assembly.mjs';
import { diff } from '../../src/patch/myers.ts';
import { numbers } from '../history/random-history.ts';
import { editedText, gitDiff, ourDiff } from './git-diff.ts';

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

	it('refuses lines that need more memory than there is, and goes on with others', () => {
		const many = Int32Array.of(0x7fffffff, 1, 0x7fffffff);
		assert.throws(() => diff(many, Int32Array.of(1, 2, 3)), {
			name: 'RangeError',
			message: 'no memory for a diff of 3 and 3 lines',
		});
		const one = { aStart: 0, aEnd: 1, bStart: 0, bEnd: 1 };
		assert.deepEqual(diff(Int32Array.of(4), Int32Array.of(5)), [one]);
	});

	it('takes ids for which a table has no place', () => {
		const [a, b] = [Int32Array.of(-1, 5, 6, -7, 5), Int32Array.of(5, -1, 6, 5, -7, 9)];
		const added = diff(a, b).reduce((sum, one) => sum + one.bEnd - one.bStart, 0);
		const removed = diff(a, b).reduce((sum, one) => sum + one.aEnd - one.aStart, 0);
		assert.equal(a.length - removed, b.length - added);
	});
});

describe('diff, as git', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-myers-'));
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	const agree = (a: string, b: string): void =>
		assert.deepEqual(ourDiff(diff, a, b), gitDiff(folder, 'myers', a, b), a.slice(0, 200));

	it('finds what git finds in texts with few and many different lines', () => {
		const below = numbers(12);
		for (let round = 0; round < 60; round++) {
			const words = [2, 4, 10, 60][round % 4] ?? 4;
			agree(...editedText(below, { words, size: round % 5 === 0 ? 300 : 40, edits: 12 }));
		}
	});

	it('gives up looking for the shortest where git does', () => {
		const below = numbers(13);
		for (const words of [3, 20, 200]) {
			agree(...editedText(below, { words, size: 9000, edits: 4000 }));
			const [a] = editedText(below, { words, size: 3000, edits: 1 });
			const [b] = editedText(below, { words, size: 3000, edits: 1 });
			agree(a, b);
			agree(`${a}${a}${b}`, `${b}${a}${b}${a}`);
		}
	});

	it('splits long files at a long run of equal lines, where git does', () => {
		for (const seed of [14, 15, 16]) {
			const below = numbers(seed);
			const some = (length: number): string =>
				Array.from({ length }, () => `${below(500)}\n`).join('');
			let [a, b] = ['', ''];
			for (let blocks = 0; blocks < 700; blocks++) {
				const common = some(20 + below(80));
				a += some(below(16)) + common;
				b += some(below(16)) + common;
			}
			agree(a, b);
		}
	});
});

describe('the compiled diff', () => {
	it('is what its source compiles to', async () => {
		const file = new URL('../../src/patch/xdiff-wasm.ts', import.meta.url);
		assert.equal(readFileSync(file, 'utf8'), await compiledModule(), 'run npm run assembly');
	});
});
