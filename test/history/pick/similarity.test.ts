/** The likeness of files against what git says of renames. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import {
	MAX_SCORE,
	mayBeAlike,
	similarity,
	spansOf,
} from '../../../src/history/pick/similarity.ts';
import { numbers } from '../random-history.ts';
import { makeThreesomes } from './threesomes.ts';

describe('similarity', () => {
	it('is what git says, in whole percents', () => {
		const below = numbers(3);
		const pairs = Array.from({ length: 60 }, (_, i) => {
			const size = 5 + below(60);
			const eol = i % 3 === 0 ? '\r\n' : '\n';
			const text = (): string => `${'x'.repeat(below(100))}${below(1000)}${eol}`;
			const old = Array.from({ length: size }, text);
			const now = old.map((line) => (below(4) === 0 ? text() : line));
			// Where line ends were converted the lines are the same to git, unless the file is binary.
			const converted = i % 6 === 0 ? now.map((line) => line.replace(eol, '\n')) : now;
			const binary = i % 7 === 0 ? '\0' : '';
			return [binary + old.join(''), binary + converted.join('')];
		});
		const dir = mkdtempSync(join(tmpdir(), 'rangefinder-similarity-'));
		try {
			const commits = makeThreesomes(
				join(dir, 'repo.git'),
				pairs.map(([old = '', now = '']) => ({
					base: { old },
					ours: { old },
					theirs: { new: now },
				})),
			);
			let renamed = 0;
			for (const [i, { base, theirs }] of commits.entries()) {
				const [old = '', now = ''] = pairs[i] ?? [];
				const [one, other] = [old, now].map((text) => spansOf(Buffer.from(text, 'latin1')));
				assert.ok(one && other);
				const args = ['diff-tree', '-r', '-M1%', '--raw', base, theirs];
				const raw = execFileSync('git', ['-C', join(dir, 'repo.git'), ...args], {
					encoding: 'utf8',
				});
				const percent = / R(\d+)\t/.exec(raw)?.[1];
				if (percent === undefined) continue;
				renamed++;
				const score = similarity(one, other);
				assert.equal(Math.floor((score * 100) / MAX_SCORE), Number(percent), `pair ${i}`);
				assert.ok(mayBeAlike(one.size, other.size, score));
			}
			assert.ok(renamed > 40);
		} finally {
			rmSync(dir, { recursive: true, force: true });
		}
	});

	it('is whole for a file and itself, and none for an empty one', () => {
		const file = spansOf(Buffer.from('a\nb\n'));
		assert.equal(similarity(file, file), MAX_SCORE);
		assert.equal(similarity(file, spansOf(new Uint8Array(0))), 0);
	});
});
