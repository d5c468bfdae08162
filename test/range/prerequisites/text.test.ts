/** Prerequisites that text asks for, on histories written for it; every set is proved by git. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { file, Solving, TEN, withLines } from '../solving.ts';

describe('prerequisites that text asks for', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	it('are none where the change lands alone', async () => {
		const target = all.root({ 'a.c': TEN });
		const [, fix = ''] = all.chain(target, file({ 1: 'one' }), file({ 1: 'one', 8: 'eight' }));
		assert.deepEqual((await all.needed(fix, target)).commits, []);
	});

	it('are not looked for where the change is there', async () => {
		const root = all.root({ 'a.c': TEN });
		const [, fix = ''] = all.chain(root, file({ 1: 'one' }), file({ 1: 'one', 8: 'eight' }));
		const [target = ''] = all.chain(root, file({ 8: 'eight' }));
		assert.deepEqual((await all.solve(fix, target)).solution, { result: 'contained' });
	});

	it('are the commit that made the line, and not those beside it', async () => {
		const target = all.root({ 'a.c': TEN, 'b.c': TEN });
		const [, made = '', , fix = ''] = all.chain(
			target,
			file({ 0: 'zero' }),
			file({ 0: 'zero', 5: 'five' }),
			{ 'b.c': withLines({ 5: 'other' }) },
			file({ 0: 'zero', 5: 'FIVE' }),
		);
		const { solution } = await all.solve(fix, target);
		assert.equal(solution.result, 'lands');
		if (solution.result !== 'lands') return;
		const [member, ...others] = solution.members;
		assert.deepEqual([member?.commit, others], [made, []]);
		assert.deepEqual(
			member?.needs.map(({ kind, why, places }) => ({ kind, why, places })),
			[
				{
					kind: 'textual',
					why: `${fix.slice(0, 12)} ("step 4") does not merge at a.c:6`,
					places: [{ path: 'a.c', line: 6 }],
				},
			],
		);
	});

	it('are a chain of commits in the order of history, each with what fails without it', async () => {
		const target = all.root({ 'a.c': TEN });
		const [one = '', two = '', three = '', fix = ''] = all.chain(
			target,
			file({ 5: 'a' }),
			file({ 5: 'b' }),
			file({ 5: 'c' }),
			file({ 5: 'd' }),
		);
		const { commits, whys } = await all.needed(fix, target);
		assert.deepEqual(commits, [one, two, three]);
		for (const [i, why] of whys.entries()) {
			const next = [two, three, fix][i] ?? '';
			assert.ok(why?.startsWith(next.slice(0, 12)), `${why} is about ${next}`);
		}
	});

	it('leave out candidates that took a change and gave it back', async () => {
		const target = all.root({ 'a.c': TEN });
		const [, , made = '', fix = ''] = all.chain(
			target,
			file({ 5: 'a' }),
			file({}),
			file({ 5: 'c' }),
			file({ 5: 'd' }),
		);
		assert.deepEqual((await all.needed(fix, target)).commits, [made]);
	});

	it('are the commit that added the file, with what renamed it', async () => {
		const target = all.root({ 'b.c': 'b\n' });
		const [added = '', renamed = '', fix = ''] = all.chain(
			target,
			{ 'old.c': TEN },
			{ 'old.c': undefined, 'new.c': TEN },
			{ 'new.c': withLines({ 5: 'five' }) },
		);
		const { commits } = await all.needed(fix, target);
		// Where the file is renamed afterwards is found by git too: the fix lands on the old name.
		assert.deepEqual(commits, [added]);
		assert.ok(renamed);
	});

	it('come from branches that were merged, also of many parents', async () => {
		const target = all.root({ 'a.c': TEN, 'b.c': TEN, 'c.c': TEN });
		const [made = ''] = all.chain(target, file({ 5: 'five' }));
		const [other = ''] = all.chain(target, { 'b.c': withLines({ 2: 'two' }) });
		const [third = ''] = all.chain(target, { 'c.c': withLines({ 2: 'two' }) });
		const octopus = all.history.commit({
			on: other,
			merges: [made, third],
			subject: 'merge them',
			files: { ...file({ 5: 'five' }), 'c.c': withLines({ 2: 'two' }) },
		});
		const [fix = ''] = all.chain(octopus, file({ 5: 'FIVE' }));
		assert.deepEqual((await all.needed(fix, target)).commits, [made]);
	});

	it('leave a merge alone that made the line itself', async () => {
		const target = all.root({ 'a.c': TEN });
		const [one = ''] = all.chain(target, file({ 5: 'one' }));
		const [other = ''] = all.chain(target, file({ 5: 'other' }));
		const merge = all.history.commit({
			on: one,
			merges: [other],
			subject: 'evil merge',
			files: file({ 5: 'both' }),
		});
		const [fix = ''] = all.chain(merge, file({ 5: 'FIX' }));
		const { solution } = await all.solve(fix, target);
		assert.equal(solution.result, 'open');
	});
});
