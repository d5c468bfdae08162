/** Prerequisites that names ask for: functions, macros, types, fields, enumerators, headers, parameters. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { type Sets, Solving, TEN, withLines } from '../solving.ts';

describe('prerequisites that names ask for', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	const SOURCE = `#include <h.h>\n${TEN}`;
	const HEADER = `struct acme {\n\tint id;\n};\n${TEN}int two(int a);\n`;
	const source = (line: string): Sets => ({
		'a.c': withLines({ 8: line }, SOURCE),
	});
	const header = (more: string): Sets => ({ 'include/h.h': `${more}${HEADER}` });

	const NAMES: readonly { name: string; brings: Sets; uses: Sets; why: RegExp }[] = [
		{
			name: 'a function',
			brings: header('int acme_reset(int a);\n'),
			uses: source('\tacme_reset(1);'),
			why: /uses acme_reset, which is not there/,
		},
		{
			name: 'a macro',
			brings: header('#define ACME_BITS 4\n'),
			uses: source('\tx = ACME_BITS;'),
			why: /uses ACME_BITS, which is not there/,
		},
		{
			name: 'a type',
			brings: header('struct acme_port;\n'),
			uses: source('\tstruct acme_port *p;'),
			why: /uses acme_port, which is not there/,
		},
		{
			name: 'an enumerator',
			brings: header('enum state { ACME_IDLE };\n'),
			uses: source('\tx = ACME_IDLE;'),
			why: /uses ACME_IDLE, which is not there/,
		},
		{
			name: 'a field',
			brings: { 'include/h.h': HEADER.replace('\tint id;\n', '\tint id;\n\tint depth;\n') },
			uses: source('\tp->depth = 1;'),
			why: /uses depth, which is not there/,
		},
		{
			name: 'a header',
			brings: { 'include/new.h': '#define NEW 1\n' },
			uses: { 'a.c': `${SOURCE}#include <new.h>\n` },
			why: /includes new\.h, which is not there/,
		},
		{
			name: 'another number of parameters',
			brings: { 'include/h.h': HEADER.replace('two(int a)', 'two(int a, int b)') },
			uses: source('\ttwo(1, 2);'),
			why: /calls two\(\) with 2 arguments, and it takes 1 there/,
		},
	];
	for (const { name, brings, uses, why } of NAMES) {
		it(`are the commit that brought ${name}`, async () => {
			const target = all.root({ 'a.c': SOURCE, 'include/h.h': HEADER });
			const [, brought = '', , fix = ''] = all.chain(
				target,
				{ 'other.c': TEN },
				brings,
				{ 'other.c': SOURCE },
				uses,
			);
			const { commits, kinds, whys } = await all.needed(fix, target);
			assert.deepEqual([commits, kinds], [[brought], ['symbol']]);
			assert.match(whys[0] ?? '', why);
		});
	}

	it('are the commit that brought a function of the same file', async () => {
		const target = all.root({ 'a.c': TEN });
		const [brought = '', fix = ''] = all.chain(
			target,
			{ 'a.c': `static void quiet(void)\n{\n}\n${TEN}` },
			{ 'a.c': `static void quiet(void)\n{\n}\n${withLines({ 8: '\tquiet();' })}` },
		);
		const { commits, kinds } = await all.needed(fix, target);
		assert.deepEqual([commits, kinds], [[brought], ['symbol']]);
	});

	it('are none for what the change brings itself, comments name and strings say', async () => {
		const target = all.root({ 'a.c': SOURCE, 'include/h.h': HEADER });
		const [, fix = ''] = all.chain(target, header('int acme_reset(int a);\n'), {
			'a.c': withLines({ 8: '\town(); /* acme_reset */ say("acme_reset");' }, SOURCE),
			'include/own.h': 'void own(void);\n',
		});
		assert.deepEqual((await all.needed(fix, target)).commits, []);
	});

	it('are what a prerequisite uses, too', async () => {
		const target = all.root({ 'a.c': SOURCE, 'include/h.h': HEADER });
		const [brought = '', made = '', fix = ''] = all.chain(
			target,
			header('int acme_reset(int a);\n'),
			source('\tacme_reset(1);'),
			source('\tacme_reset(1) + 1;'),
		);
		const { commits } = await all.needed(fix, target);
		assert.deepEqual(commits, [brought, made]);
	});

	it('are none for what a prerequisite brings itself and the change takes out in part', async () => {
		// Where the enumerator is, no include line that is known leads.
		const target = all.root({ 'a.c': TEN, 'board/own.h': '' });
		const [made = '', fix = ''] = all.chain(
			target,
			{
				'a.c': withLines({ 5: '\tx = ACME_800;', 8: '\ty = ACME_800;' }),
				'board/own.h': 'enum { ACME_800 };\n',
			},
			{ 'a.c': withLines({ 5: '\tx = ACME_800;', 8: '\ty = 1;' }) },
		);
		assert.deepEqual((await all.needed(fix, target)).commits, [made]);
	});

	it('are still looked for where none may be added for text', async () => {
		const target = all.root({ 'a.c': SOURCE, 'include/h.h': HEADER });
		const [brought = '', fix = ''] = all.chain(
			target,
			header('int acme_reset(int a);\n'),
			source('\tacme_reset(1);'),
		);
		assert.deepEqual((await all.needed(fix, target, { textual: false })).commits, [brought]);
	});
});
