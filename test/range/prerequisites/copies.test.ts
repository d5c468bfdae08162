/** Commits that are no prerequisites, as the target has copies of them or what comes later took them back. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Stretch } from '../../../src/history/needs/change.ts';
import { TakenBack } from '../../../src/history/needs/copies.ts';
import { file, type Sets, Solving, TEN, withLines } from '../solving.ts';

describe('prerequisites where the target has copies', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	const SOURCE = `#include <h.h>\n${TEN}`;
	const COPIED = (id: string): string => `commit ${id} upstream.`;

	it('are without them, and name them', async () => {
		const root = all.root({ 'a.c': TEN });
		const [copied = '', made = '', fix = ''] = all.chain(
			root,
			file({ 5: 'five' }),
			file({ 5: 'five', 6: 'six' }),
			file({ 5: 'FIVE', 6: 'SIX' }),
		);
		const target = all.history.commit({
			on: root,
			subject: 'step 1',
			body: COPIED(copied),
			files: file({ 5: 'five' }),
		});
		const { solution, copies } = await all.solve(fix, target);
		assert.equal(solution.result, 'lands');
		if (solution.result !== 'lands') return;
		assert.deepEqual(
			solution.members.map(({ commit }) => commit),
			[made],
		);
		assert.deepEqual(copies.met(), [{ commit: copied, as: target }]);
	});

	it('count what a revert took back as not there', async () => {
		const root = all.root({ 'a.c': TEN });
		const [made = '', fix = ''] = all.chain(root, file({ 5: 'five' }), file({ 5: 'FIVE' }));
		const copy = all.history.commit({
			on: root,
			subject: 'step 1',
			body: COPIED(made),
			files: file({ 5: 'five' }),
		});
		const target = all.history.commit({
			on: copy,
			subject: 'Revert "step 1"',
			body: `This reverts commit ${copy}.`,
			files: file({}),
		});
		const { commits } = await all.needed(fix, target);
		assert.deepEqual(commits, [made]);
	});

	it('are without what later commits took back before the change', async () => {
		const source = (line: string): Sets => ({ 'a.c': withLines({ 8: line }, SOURCE) });
		const header = (more: string): Sets => ({ 'include/h.h': `${more}${TEN}` });
		const root = all.root({ ...source(''), ...header('') });
		const [early = ''] = all.chain(root, header('int acme_reset(int a);\n'));
		const back = all.history.commit({
			on: early,
			subject: 'Revert "step 1"',
			body: `This reverts commit ${early}.`,
			files: header(''),
		});
		const [made = '', fix = ''] = all.chain(
			back,
			header('int acme_reset(int b);\n'),
			source('\tacme_reset(1);'),
		);
		assert.deepEqual((await all.needed(fix, root)).commits, [made]);
		const takenBack = new TakenBack(new Stretch(all.git, root, fix));
		assert.deepEqual(await takenBack.of([early, back, made]), new Set([early]));
	});
});
