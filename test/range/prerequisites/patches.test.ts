/** Prerequisites of a patch that is no commit of the history. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { changeOfPatch } from '../../../src/history/needs/patch-change.ts';
import { Picker } from '../../../src/history/pick/pick.ts';
import type { FilePatch } from '../../../src/patch/diff.ts';
import { readPatch } from '../../../src/patch/mail.ts';
import { file, Solving, TEN } from '../solving.ts';

describe('prerequisites of a patch', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	it('are found where it is no commit here, and proved with it', async () => {
		const target = all.root({ 'a.c': TEN });
		const [made = '', fix = ''] = all.chain(target, file({ 5: 'five' }), file({ 5: 'FIVE' }));
		const mail = all.history.git(['format-patch', '-1', '--stdout', '--full-index', fix]);
		const { files } = readPatch(Buffer.from(`${mail}\n`), 'a mail');
		const picker = new Picker(all.store);
		const asked = files.map((one: FilePatch) => ({
			file: one,
			preimage: all.history.git(['rev-parse', `${made}:a.c`]),
		}));
		const search = { git: all.git, store: all.store, pool: picker.pool, upstream: made };
		const change = await changeOfPatch('the fix', asked, search);
		assert.ok(change);
		assert.equal(change.commit, undefined);
		const { solution } = await all.solve(change, target, { picker });
		assert.equal(solution.result, 'lands');
		if (solution.result !== 'lands') return;
		assert.deepEqual(
			solution.members.map(({ commit }) => commit),
			[made],
		);
		const step = {
			parent: change.from,
			tree: change.theirs,
			objects: picker.pool.madeBelow(change.theirs),
			author: 'A U Thor <author@example.com>',
			message: 'the fix',
		};
		assert.deepEqual(await all.proof(target, [made, step]), {
			result: 'applied',
			tree: solution.trial.tree,
		});
	});
});
