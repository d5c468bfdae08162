/** Prerequisites on random histories: minimal, in the order of history, and proved by git. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { numbers } from '../../history/random-history.ts';
import { type Sets, Solving, TEN } from '../solving.ts';

describe('prerequisites on random histories', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	/** Edits of lines one after the other on two files, and which of the commits is asked about. */
	const edits = fc.array(fc.tuple(fc.nat(1), fc.nat(7), fc.nat(3)), {
		minLength: 3,
		maxLength: 9,
	});

	it('are minimal, in the order of history, and what git makes the same tree of', async () => {
		let sets = 0;
		await fc.assert(
			fc.asyncProperty(edits, fc.nat(1000), async (steps, seed) => {
				const state = [TEN, TEN];
				const target = all.root({ f0: TEN, f1: TEN });
				const below = numbers(seed);
				const ids = all.chain(
					target,
					...steps.map(([which, line, kind], i): Sets => {
						const now = (state[which] ?? '').split('\n');
						if (kind === 0) now.splice(line, 1);
						else if (kind === 1) now.splice(line, 0, `new ${i}`);
						else now[line] = `changed ${i} ${below(3)}`;
						state[which] = now.join('\n');
						return { [`f${which}`]: state[which] };
					}),
				);
				const fix = ids.at(-1) ?? '';
				const { solution } = await all.solve(fix, target, { trials: 500 });
				// All that came before always lands.
				assert.equal(solution.result, 'lands');
				if (solution.result !== 'lands') return;
				const found = solution.members.map(({ commit }) => commit);
				assert.deepEqual(
					found,
					ids.filter((commit) => found.includes(commit)),
				);
				assert.deepEqual(await all.proof(target, [...found, fix]), {
					result: 'applied',
					tree: solution.trial.tree,
				});
				if (found.length > 0) sets++;
				for (const commit of found) {
					const rest = found.filter((one) => one !== commit);
					const proof = await all.proof(target, [...rest, fix]);
					assert.equal(proof.result, 'conflict', `${commit} is not needed`);
				}
			}),
			{ numRuns: 25, seed: 4 },
		);
		assert.ok(sets > 5, `${sets} histories needed something`);
	});
});
