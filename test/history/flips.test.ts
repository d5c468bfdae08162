import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Answer } from '../../src/history/bisect.ts';
import { findFlips } from '../../src/history/flips.ts';
import { numbers, randomShape } from './random-history.ts';

const name = (commit: number): string => `c${commit}`;
const numberOf = (id: string): number => Number(id.slice(1));

/** Flips of a whole history of which the commits from `from` on are in the graph. */
async function flipsOf(
	shape: readonly (readonly number[])[],
	from: number,
	answers: readonly Answer[],
	jobs = 1,
) {
	return findFlips({
		dag: {
			size: shape.length - from,
			parents: (commit) =>
				(shape[commit + from] ?? []).filter((one) => one >= from).map((one) => one - from),
			id: (commit) => name(commit + from),
		},
		parentIds: async (id) => (shape[numberOf(id)] ?? []).map(name),
		ask: async (id) => answers[numberOf(id)] ?? 'unknown',
		jobs,
	});
}

const cases = fc.record({
	size: fc.integer({ min: 1, max: 90 }),
	seed: fc.integer({ min: 1, max: 1 << 30 }),
	from: fc.nat({ max: 30 }),
});

describe('flips', () => {
	it('are the commits that differ from all of their parents', async () => {
		await fc.assert(
			fc.asyncProperty(cases, async ({ size, seed, from: some }) => {
				const shape = randomShape(size, seed);
				const from = Math.min(some, size - 1);
				const below = numbers(seed + 1);
				const answers = shape.map((): Answer => (below(4) === 0 ? 'bad' : 'good'));
				const expected = shape.flatMap((parents, commit) => {
					const differs = parents.every((parent) => answers[parent] !== answers[commit]);
					if (commit < from || parents.length === 0 || !differs) return [];
					return [{ commit: commit - from, to: answers[commit], certain: true }];
				});
				const { flips, untold } = await flipsOf(shape, from, answers, 1 + below(4));
				assert.deepEqual(
					flips.map(({ commit, to, certain }) => ({ commit, to, certain })),
					expected,
				);
				assert.ok(flips.every((flip) => flip.from !== flip.to));
				assert.deepEqual(untold, []);
			}),
		);
	});

	it('behind commits that cannot be told are found, and are not certain', async () => {
		const line = [[], [0], [1], [2], [3], [4]];
		const answers: Answer[] = ['good', 'unknown', 'skip', 'bad', 'unknown', 'bad'];
		const { flips, untold } = await flipsOf(line, 0, answers);
		assert.deepEqual(flips, [{ commit: 3, from: 'good', to: 'bad', certain: false }]);
		assert.deepEqual(untold, [1, 2, 4]);
	});

	it('are not made of what nobody can tell', async () => {
		const { flips } = await flipsOf([[], [0], [1]], 0, ['unknown', 'bad', 'bad']);
		assert.deepEqual(flips, []);
	});

	it('at the first commit of the graph are told by its parents outside', async () => {
		const { flips } = await flipsOf([[], [0], [1]], 1, ['good', 'bad', 'bad']);
		assert.deepEqual(flips, [{ commit: 0, from: 'good', to: 'bad', certain: true }]);
	});
});
