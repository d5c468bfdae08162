import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Stretch } from '../../../src/history/needs/change.ts';
import { textualCandidates } from '../../../src/history/needs/textual.ts';
import { Picker } from '../../../src/history/pick/pick.ts';
import { type Sets, Solving, TEN, withLines } from '../../range/solving.ts';

describe('candidates for text', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	/** For the conflicts of a fix picked onto a target. */
	const candidates = async (fix: string, target: string): Promise<string[]> => {
		const picker = new Picker(all.store);
		const picked = await picker.pick(await picker.treeOf(target), fix);
		assert.equal(picked.result, 'conflict');
		if (picked.result !== 'conflict') return [];
		const change = await all.change(picker, fix);
		const stretch = new Stretch(all.git, target, change.from);
		return textualCandidates(stretch, picker.pool, change, picked.conflicts);
	};
	const file = (changed: Record<number, string>, path = 'a.c'): Sets => ({
		[path]: withLines(changed),
	});

	it('are the commits that changed the lines, the newest first', async () => {
		const target = all.root({ 'a.c': TEN });
		const [one = '', , two = '', fix = ''] = all.chain(
			target,
			file({ 5: 'a' }),
			file({ 5: 'a', 0: 'zero' }),
			file({ 5: 'b', 0: 'zero' }),
			file({ 5: 'c', 0: 'zero' }),
		);
		assert.deepEqual(await candidates(fix, target), [two, one]);
	});

	it('are followed through a rename, whatever the path is like', async () => {
		for (const path of ['new.c', 'odd :[x]*.c', 'quo"te\\é.c']) {
			const target = all.root({ 'a.c': TEN });
			const [made = '', moved = '', fix = ''] = all.chain(
				target,
				file({ 5: 'five' }),
				{ 'a.c': undefined, [path.replace(/["\\]/g, '+')]: withLines({ 5: 'five' }) },
				{ [path.replace(/["\\]/g, '+')]: withLines({ 5: 'FIVE' }) },
			);
			const found = await candidates(fix, target);
			assert.ok(found.includes(made) || found.includes(moved), path);
		}
	});

	it('are those of the file where the target has none', async () => {
		const target = all.root({ 'b.c': 'b\n' });
		const [added = '', changed = '', fix = ''] = all.chain(
			target,
			file({}),
			file({ 5: 'five' }),
			file({ 5: 'FIVE' }),
		);
		assert.deepEqual(await candidates(fix, target), [changed, added]);
	});

	it('are none of those that the target has, and no merges', async () => {
		const root = all.root({ 'a.c': TEN });
		const [there = '', made = ''] = all.chain(root, file({ 5: 'a' }), file({ 5: 'b' }));
		const [side = ''] = all.chain(root, { 'b.c': 'b\n' });
		const merge = all.history.commit({
			on: made,
			merges: [side],
			subject: 'merge',
			files: { 'b.c': 'b\n' },
		});
		const [fix = ''] = all.chain(merge, file({ 5: 'c' }));
		const [target = ''] = all.chain(there, { 'c.c': 'c\n' });
		assert.deepEqual(await candidates(fix, target), [made]);
	});

	it('are few for a change of very many places', async () => {
		const many = Array.from({ length: 400 }, (_, i) => `line ${i}\n`).join('');
		const each = (word: string): string => many.replace(/line (\d*[05])\n/g, `${word} $1\n`);
		const target = all.root({ 'a.c': many });
		const [made = '', fix = ''] = all.chain(target, { 'a.c': each('a') }, { 'a.c': each('b') });
		assert.deepEqual(await candidates(fix, target), [made]);
	});
});
