import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { GitRunner, spawnGit } from '../../src/git/process.ts';
import { containment, cutsWithin, firstContaining } from '../../src/history/boundary.ts';
import { type CommitGraph, readGraph } from '../../src/history/graph.ts';
import { runGit } from '../kernel/miniature.ts';
import { makeHistory, numbers, randomShape, type Shape } from './random-history.ts';

describe('the boundary of a shallow clone', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-boundary-'));
	});
	after(() => rmSync(folder, { recursive: true }));

	let count = 0;
	/** A history as it is, and as a clone sees it that ends at some of its commits. */
	async function cutHistory(shape: Shape, cuts: readonly number[]) {
		const dir = join(folder, `history-${count++}.git`);
		const ids = makeHistory(dir, shape);
		const git = new GitRunner(dir, { PATH: process.env.PATH }, spawnGit);
		const tags = shape.map((_, i) => `refs/tags/c${i}`);
		const whole = await readGraph(git, tags);
		writeFileSync(join(dir, 'shallow'), cuts.map((cut) => `${ids[cut]}\n`).join(''));
		const cut = await readGraph(git, tags);
		const number = (graph: CommitGraph, i: number): number => graph.find(ids[i] ?? '');
		return { dir, ids, git, whole, cut, number };
	}

	it('says yes and no only where the whole history says so', async () => {
		for (let seed = 1; seed <= 12; seed++) {
			const below = numbers(seed * 7919);
			const shape = randomShape(40, seed);
			const cuts = Array.from({ length: 1 + below(3) }, () => below(40));
			const { whole, cut, number } = await cutHistory(shape, cuts);
			const all = shape.map((_, i) => i);
			const tips = all.map((i) => number(cut, i));
			let unknown = 0;
			for (const commit of all) {
				const truth = whole.descendants([number(whole, commit)]);
				const before = cut.ancestors([number(cut, commit)]);
				for (const [i, said] of containment(cut, [number(cut, commit)], tips).entries()) {
					const contains = truth[number(whole, i)] === 1;
					const what = `seed ${seed}: ${commit} in ${i}`;
					if (said === 'yes') assert.equal(contains, true, what);
					else if (said === 'no') assert.equal(contains, false, what);
					else {
						unknown++;
						const open = cutsWithin(cut, [number(cut, i)]).filter((one) => before[one] !== 1);
						assert.notEqual(open.length, 0, `${what}: there is a place below which it may be`);
					}
				}
			}
			const every = new Set(cuts).size;
			assert.equal(cut.shallow.size, every);
			assert.ok(
				unknown > 0 || cuts.every((one) => (shape[one] ?? []).length === 0),
				`seed ${seed}`,
			);
		}
	});

	it('agrees with git where nothing is cut', async () => {
		const shape = randomShape(30, 3);
		const { dir, ids, whole, number } = await cutHistory(shape, []);
		const tips = shape.map((_, i) => number(whole, i));
		for (const commit of [0, 5, 17, 29]) {
			const out = await runGit(['-C', dir, 'tag', '--contains', ids[commit] ?? '']);
			const expected = new Set(out.split('\n').filter(Boolean));
			const said = containment(whole, [number(whole, commit)], tips);
			assert.deepEqual(
				said,
				shape.map((_, i) => (expected.has(`c${i}`) ? 'yes' : 'no')),
			);
		}
	});

	it('knows of no commit that is not here only where nothing is cut', async () => {
		// 0 - 1 - 2 - 3, and 4 beside them.
		const { cut, whole, number } = await cutHistory([[], [0], [1], [2], []], [2]);
		const tips = [number(cut, 3), number(cut, 4)];
		assert.deepEqual(containment(cut, [-1], tips), ['unknown', 'no']);
		assert.deepEqual(containment(whole, [-1], [number(whole, 3)]), ['no']);
	});

	it('finds where a search may go on below what is here', async () => {
		// 0 - 1 - 2 - 3 and 1 - 4 - 5, merged in 6.
		const shape = [[], [0], [1], [2], [1], [4], [3, 5]];
		const { cut, number } = await cutHistory(shape, [2, 4]);
		const at = (i: number) => number(cut, i);
		assert.deepEqual(cutsWithin(cut, [at(6)]).sort(), [at(2), at(4)].sort());
		assert.deepEqual(cutsWithin(cut, [at(6)], [at(3)]), [at(4)]);
		assert.deepEqual(cutsWithin(cut, [at(6)], [at(3), at(5)]), []);
		assert.deepEqual(cutsWithin(cut, [at(0)]), []);
	});

	it('takes copies together: none is looked for before another of them', async () => {
		// 0 - 1 - 2, and 3 - 4 beside them; 2 and 4 are the same change.
		const { cut, number } = await cutHistory([[], [0], [1], [], [3]], [1, 3]);
		const at = (i: number) => number(cut, i);
		const tips = [1, 2, 3, 4].map(at);
		assert.deepEqual(containment(cut, [at(2)], tips), ['no', 'yes', 'unknown', 'unknown']);
		assert.deepEqual(containment(cut, [at(2), at(4)], tips), ['no', 'yes', 'no', 'yes']);
	});

	it('is sure of the first release only where no earlier one is unknown', () => {
		assert.deepEqual(firstContaining(['no', 'yes', 'unknown']), { at: 1, sure: true });
		assert.deepEqual(firstContaining(['unknown', 'yes']), { at: 1, sure: false });
		assert.deepEqual(firstContaining(['no', 'unknown']), { at: -1, sure: false });
		assert.deepEqual(firstContaining(['no']), { at: -1, sure: true });
	});
});
