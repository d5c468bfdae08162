import assert from 'node:assert/strict';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { codeOf, Includes, includesOf } from '../../../src/history/needs/includes.ts';
import { Picker } from '../../../src/history/pick/pick.ts';
import { Solving } from '../../range/solving.ts';

describe('code', () => {
	it('is text without comments, strings and characters, every line in its place', () => {
		const text = 'a /* b\nc */ d "e // f" \'"\' g // h\n"i\\"j" k\n';
		assert.equal(codeOf(text).replace(/ +/g, ' '), 'a \n d g \n k\n');
	});

	it('keeps lines and length of any text', () => {
		const texts = fc.string({ unit: fc.constantFrom('/', '*', '"', "'", '\\', '\n', 'a', ' ') });
		fc.assert(
			fc.property(texts, (text) => {
				const code = codeOf(text);
				assert.equal(code.length, text.length);
				assert.equal(code.split('\n').length, text.split('\n').length);
			}),
		);
	});

	it('names what it includes', () => {
		assert.deepEqual(includesOf('#include <a/b.h>\n # include "c.h" /* x */\n#define X <d.h>\n'), [
			{ path: 'a/b.h', beside: false },
			{ path: 'c.h', beside: true },
		]);
	});
});

describe('what a file sees', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	it('is itself, then what it includes, level by level and each once', async () => {
		const root = all.root({
			'drivers/a.c': '#include <one.h>\n#include "beside.h"\n',
			'drivers/beside.h': '#include <two.h>\n',
			'include/one.h': '#include <two.h>\n#include <one.h>\n',
			'include/two.h': '#include <one.h>\n',
			'include/other.h': 'x\n',
		});
		const picker = new Picker(all.store);
		const levels: string[][] = [];
		const seen = new Includes(picker.pool).seen(await picker.treeOf(root), 'drivers/a.c');
		for await (const level of seen) levels.push(level.map(({ path }) => path));
		assert.deepEqual(
			levels.filter(({ length }) => length > 0),
			[['drivers/a.c'], ['include/one.h', 'drivers/beside.h'], ['include/two.h']],
		);
	});

	it('is nothing where the file is not there or is a link', async () => {
		const root = all.root({ 'a.c': { mode: '120000', text: 'b.c' }, 'b.c': 'b\n' });
		const picker = new Picker(all.store);
		const includes = new Includes(picker.pool);
		for (const path of ['a.c', 'none.c']) {
			for await (const level of includes.seen(await picker.treeOf(root), path)) {
				assert.deepEqual(level, []);
			}
		}
	});
});
