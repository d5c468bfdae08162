import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { inOrder } from '../../../cli/each/in-order.ts';

const turns = async (count: number): Promise<void> => {
	for (let i = 0; i < count; i++) await Promise.resolve();
};

describe('answers in order', () => {
	it('come in the order of the things, however long each takes, and no more is read than fits', async () => {
		const thing = fc.record({ takes: fc.nat(20), weighs: fc.nat(10), late: fc.nat(5) });
		await fc.assert(
			fc.asyncProperty(
				fc.array(thing),
				fc.integer({ min: 1, max: 5 }),
				fc.integer({ min: 1, max: 20 }),
				async (things, most, weight) => {
					const waiting = new Set<number>();
					const given: number[] = [];
					async function* read() {
						for (const [i, one] of things.entries()) {
							await turns(one.late);
							yield { ...one, i };
						}
					}
					const window = { most, weight };
					const answers = inOrder(
						read(),
						window,
						({ weighs }) => weighs,
						async (one) => {
							waiting.add(one.i);
							const others = [...waiting].filter((i) => i !== one.i);
							const heavy = others.reduce((sum, i) => sum + (things[i]?.weighs ?? 0), 0);
							assert.ok(waiting.size <= most);
							assert.ok(others.length === 0 || heavy < weight);
							await turns(one.takes);
							return one.i;
						},
					);
					for await (const i of answers) {
						waiting.delete(i);
						given.push(i);
					}
					assert.deepEqual(given, [...things.keys()]);
				},
			),
		);
	});

	it('do not wait for things that are slow to come', async () => {
		let more = (_: IteratorResult<number>): void => undefined;
		const results = [
			Promise.resolve({ done: false as const, value: 1 }),
			new Promise<IteratorResult<number>>((resolve) => {
				more = resolve;
			}),
			Promise.resolve({ done: true as const, value: undefined }),
		];
		const things = { next: () => results.shift() ?? assert.fail('read too far') };
		const answers = inOrder(
			things,
			{ most: 8, weight: 8 },
			() => 1,
			async (thing) => thing * 10,
		);
		assert.equal((await answers.next()).value, 10);
		more({ done: false, value: 2 });
		assert.equal((await answers.next()).value, 20);
		assert.equal((await answers.next()).done, true);
	});

	it('end with the failure of what gives the things', async () => {
		async function* read() {
			yield 1;
			throw new Error('gone');
		}
		const answers = inOrder(
			read(),
			{ most: 2, weight: 8 },
			() => 1,
			async (thing) => thing,
		);
		await assert.rejects(async () => {
			for await (const one of answers) assert.equal(one, 1);
		}, /gone/);
	});
});
