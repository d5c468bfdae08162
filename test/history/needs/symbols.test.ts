import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Stretch } from '../../../src/history/needs/change.ts';
import { Symbols, symbolCandidates } from '../../../src/history/needs/symbols.ts';
import { Picker } from '../../../src/history/pick/pick.ts';
import { type Sets, Solving } from '../../range/solving.ts';

const BODY = 'int probe(void)\n{\n\treturn 0;\n}\n';

describe('names that a target lacks', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	/** Of the last of some commits, on the tree that they were all made on. */
	const missing = async (base: Sets, ...more: Sets[]) => {
		const target = all.root(base);
		const ids = all.chain(target, ...more);
		const picker = new Picker(all.store);
		const fix = ids.at(-1) ?? '';
		const change = await all.change(picker, fix);
		const stretch = new Stretch(all.git, target, change.from);
		const picked = await picker.pick(await picker.treeOf(target), fix);
		assert.equal(picked.result, 'clean');
		if (picked.result !== 'clean') return { found: [], ids, candidates: [] };
		const found = await new Symbols(picker.pool, stretch).missing(
			change,
			picked.changed,
			picked.tree,
		);
		const [first] = found;
		const candidates = first === undefined ? [] : await symbolCandidates(stretch, change, first);
		return { found, ids, candidates };
	};
	const using = (line: string): Sets => ({
		'a.c': `#include <h.h>\n${BODY.replace('return 0', `${line}\n\treturn 0`)}`,
	});
	const BASE: Sets = { ...using('/* nothing */'), 'include/h.h': 'int old(int a);\n' };

	it('are told with the file and line, and where they are from', async () => {
		const { found, ids, candidates } = await missing(
			BASE,
			{ 'include/h.h': 'int old(int a);\nint fresh(void);\n' },
			using('fresh();'),
		);
		assert.deepEqual(found, [
			{
				name: 'fresh',
				what: 'name',
				path: 'a.c',
				line: 4,
				from: 'include/h.h',
				why: 'uses fresh, which is not there',
			},
		]);
		assert.deepEqual(candidates, [ids[0]]);
	});

	it('are none where any header of the target has the word', async () => {
		const { found } = await missing(
			{ ...BASE, 'arch/x/include/asm/far.h': 'int fresh(void);\n' },
			{ 'include/h.h': 'int old(int a);\nint fresh(void);\n' },
			using('fresh();'),
		);
		assert.deepEqual(found, []);
	});

	it('are none where the tree of the change does not show them either', async () => {
		const { found } = await missing(BASE, { 'b.c': 'b\n' }, using('generated_elsewhere();'));
		assert.deepEqual(found, []);
	});

	it('are none for variables and parameters that the change declares itself', async () => {
		const other = 'int other(int caps)\n{\n\tint level;\n\treturn caps + level;\n}\n';
		const own =
			'int own(const struct mode *caps)\n{\n\tint level = 0;\n\treturn level + caps->x;\n}\n';
		const { found } = await missing(
			{ 'a.c': BODY },
			{ 'a.c': `${other}${BODY}` },
			{ 'a.c': `${other}${BODY}${own}` },
		);
		assert.deepEqual(found, []);
	});

	it('are none for parts of words, and for words of comments of the header', async () => {
		const { found } = await missing(
			BASE,
			{ 'include/h.h': 'int old(int a);\nint freshest(void); /* fresh */\n' },
			using('fresh();'),
		);
		assert.deepEqual(found, []);
	});

	it('are none in files that are no C', async () => {
		const { found } = await missing(
			{ 'doc.rst': 'text\n', 'include/h.h': 'x\n' },
			{ 'include/h.h': 'x fresh\n' },
			{ 'doc.rst': 'fresh\n' },
		);
		assert.deepEqual(found, []);
	});

	it('are headers that are not there, and none that are beside the file', async () => {
		const base: Sets = { 'drivers/a.c': BODY, 'drivers/there.h': '\n' };
		const { found, ids, candidates } = await missing(
			base,
			{ 'include/new.h': '\n' },
			{ 'drivers/a.c': `#include "there.h"\n#include <new.h>\n${BODY}` },
		);
		assert.deepEqual(
			found.map(({ name, what, from }) => [name, what, from]),
			[['new.h', 'header', 'include/new.h']],
		);
		assert.deepEqual(candidates, [ids[0]]);
	});

	it('are functions that take another number of parameters there', async () => {
		const { found, ids, candidates } = await missing(
			BASE,
			{ 'include/h.h': 'int old(int a, int b);\n' },
			using('old(1, 2);'),
		);
		assert.deepEqual(
			found.map(({ name, what, why }) => [name, what, why]),
			[['old', 'parameters', 'calls old() with 2 arguments, and it takes 1 there']],
		);
		assert.deepEqual(candidates, [ids[0]]);
	});

	it('are said not to be asked about where a file uses very many', async () => {
		const names = Array.from({ length: 401 }, (_, i) => `name_${i}`).join(' + ');
		const target = all.root(BASE);
		const [fix = ''] = all.chain(target, using(`x = ${names};`));
		const picker = new Picker(all.store);
		const change = await all.change(picker, fix);
		const picked = await picker.pick(await picker.treeOf(target), fix);
		assert.equal(picked.result, 'clean');
		if (picked.result !== 'clean') return;
		const symbols = new Symbols(picker.pool, new Stretch(all.git, target, change.from));
		assert.deepEqual(await symbols.missing(change, picked.changed, picked.tree), []);
		assert.deepEqual(symbols.untold(), [
			`${fix.slice(0, 12)} ("step 1") uses 401 names in a.c: whether all of them are there was not looked at`,
		]);
	});
});
