import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { macroFacts } from '../../src/driver/macros/definitions.ts';
import { headerFacts, MeaningMemo, withMeanings } from '../../src/driver/meanings.ts';
import type { SourceFile } from '../../src/driver/profile.ts';

const fileOf = (path: string, text: string, entries: readonly string[] = []): SourceFile => ({
	path,
	blob: '',
	facts: {
		...headerFacts(macroFacts(text)),
		entries: entries.map((entry, i) => {
			const [, macro = '', argument = ''] = /^(\w+)\((\w+)\)$/.exec(entry) ?? [];
			return { macro, line: i + 1, end: i + 1, args: [argument] };
		}),
	},
});

const initcall = (name: string, level: string): string =>
	`#define ${name}(fn) static initcall_t i_##fn __used __section(".initcall${level}.init") = fn;\n`;

const INIT = [
	initcall('early', '1') + initcall('late', '7'),
	initcall('early', '4') + initcall('late', '7'),
	// Further down, and with what nobody asks for.
	`\n#define OTHER 1\n${initcall('early', '1')}${initcall('late', '7')}`,
	`#include <linux/levels.h>\n#define early(fn) LEVEL(fn)\n`,
	`#include <acme.h>\n#define early(fn) LEVEL(fn)\n`,
];
const LEVELS = [
	initcall('LEVEL', '2'),
	initcall('LEVEL', '6'),
	// The same name in two headers: which one is meant hangs on what is included.
	initcall('early', '5') + initcall('LEVEL', '2'),
	`#define UNRELATED(x) x\n${initcall('LEVEL', '2')}`,
];
const INCLUDES = [
	'#include <linux/init.h>\n',
	'#include <linux/levels.h>\n',
	'#include <linux/levels.h>\n#include "../include/linux/init.h"\n',
	'#include <linux/unread.h>\n',
	'',
];
const OWN = ['', '#define SIZE 4\n', initcall('late', '3'), initcall('LEVEL', '3')];

const FILES = {
	acme: fileOf('include/acme.h', initcall('LEVEL', '7')),
	init: INIT.map((text) => fileOf('include/linux/init.h', text)),
	levels: LEVELS.map((text) => fileOf('include/linux/levels.h', text)),
	sources: INCLUDES.flatMap((includes) =>
		OWN.map((own) => fileOf('drivers/a.c', includes + own, ['early(a)', 'late(b)', 'nobody(c)'])),
	),
};

const treeOf = fc
	.record({
		init: fc.constantFrom(...FILES.init),
		levels: fc.option(fc.constantFrom(...FILES.levels), { nil: undefined }),
		source: fc.constantFrom(...FILES.sources),
		turned: fc.boolean(),
	})
	.map(({ init, levels, source, turned }) => {
		const headers = levels === undefined ? [FILES.acme, init] : [FILES.acme, init, levels];
		if (turned) headers.reverse();
		return new Map([...headers, source].map((file) => [file.path, file]));
	});

const toldOf = (tree: ReadonlyMap<string, SourceFile>) =>
	[...tree.values()].map(({ facts, meanings, unknownMacros }) => [
		facts.entries.map((entry) => meanings?.get(entry)),
		[...(unknownMacros ?? [])],
	]);

describe('what entries mean along history', () => {
	it('is what each tree says by itself', () => {
		fc.assert(
			fc.property(fc.array(treeOf, { minLength: 2, maxLength: 12 }), (trees) => {
				const memo = new MeaningMemo();
				for (const tree of trees) {
					assert.deepEqual(toldOf(withMeanings(tree, memo)), toldOf(withMeanings(tree)));
				}
			}),
			{ numRuns: 300 },
		);
	});

	it('hangs on what headers include', () => {
		const [levels] = FILES.levels;
		const source = fileOf('drivers/a.c', '#include <linux/init.h>\n', ['early(a)']);
		const memo = new MeaningMemo();
		const [first, second] = FILES.init.slice(-2).map((init) => {
			const files = [FILES.acme, init, levels, source].flatMap((file) => file ?? []);
			const told = withMeanings(new Map(files.map((file) => [file.path, file])), memo);
			return [...(told.get('drivers/a.c')?.meanings?.values() ?? [])].map(
				({ level }) => level?.name,
			);
		});
		assert.deepEqual([first, second], [['postcore'], ['late']]);
	});
});
