/** The histogram diff against git's. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { histogramDiff } from '../../src/patch/histogram.ts';
import { TextInterner } from '../../src/patch/lines.ts';
import { numbers } from '../history/random-history.ts';

/** Added and removed lines by number (`+3`, `-5`), as git says them. */
function gitDiff(folder: string, a: string, b: string): string[] {
	writeFileSync(join(folder, 'a'), a);
	writeFileSync(join(folder, 'b'), b);
	// With all context: git trims what is equal at the end where it shows none.
	const options = ['--no-ext-diff', '--histogram', '--no-indent-heuristic', '-U100000', '--text'];
	const { stdout } = spawnSync('git', ['diff', '--no-index', ...options, 'a', 'b'], {
		cwd: folder,
		encoding: 'latin1',
		maxBuffer: 1 << 28,
	});
	const found: string[] = [];
	let [before, after, inHunk] = [0, 0, false];
	for (const line of stdout.split('\n')) {
		if (line.startsWith('@@')) inHunk = true;
		else if (inHunk && line.startsWith('+')) found.push(`+${after++}`);
		else if (inHunk && line.startsWith('-')) found.push(`-${before++}`);
		else if (inHunk && line.startsWith(' ')) {
			before++;
			after++;
		}
	}
	return found;
}

function ourDiff(a: string, b: string): string[] {
	const interner = new TextInterner();
	const found: string[] = [];
	for (const change of histogramDiff(interner.lines(a).exact, interner.lines(b).exact)) {
		for (let i = change.aStart; i < change.aEnd; i++) found.push(`-${i}`);
		for (let i = change.bStart; i < change.bEnd; i++) found.push(`+${i}`);
	}
	return found;
}

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
			const size = 1 + below(round % 5 === 0 ? 300 : 40);
			const old = Array.from({ length: size }, () => `${below(words)}`);
			const now = old.slice();
			for (let edits = 1 + below(8); edits > 0; edits--) {
				now.splice(
					below(now.length + 1),
					below(4),
					...Array.from({ length: below(4) }, () => `${below(words)}`),
				);
			}
			const [a, b] = [`${old.join('\n')}\n`, now.join('\n') + (below(4) === 0 ? '' : '\n')];
			assert.deepEqual(ourDiff(a, b), gitDiff(folder, a, b), JSON.stringify([a, b]));
		}
	});

	it('leaves lines that are too common to the classic search, as git does', () => {
		const brace = '}\n\n'.repeat(90);
		const a = `${brace}one\n${brace}`;
		const b = `${'}\n'.repeat(70)}${brace}`;
		assert.deepEqual(ourDiff(a, b), gitDiff(folder, a, b));
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
		const start = performance.now();
		assert.ok(ourDiff(blocks(1), blocks(2)).length > 0);
		assert.ok(performance.now() - start < 20_000);
	});
});
