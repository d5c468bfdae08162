import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { printCondition } from '../../src/kernel/condition.ts';
import type { SymbolDef } from '../../src/kernel/kconfig.ts';
import { defaultCondition, parseKconfig } from '../../src/kernel/kconfig.ts';

const parse = (...lines: string[]) => parseKconfig(lines.join('\n'), 'drivers/widget/Kconfig');

/** The one definition of a symbol in these lines. */
function one(name: string, ...lines: string[]): SymbolDef {
	const found = parse(...lines).symbols.filter((def) => def.name === name);
	assert.equal(found.length, 1);
	return found[0] as SymbolDef;
}

describe('a Kconfig file', () => {
	it('gives a symbol with its type, prompt, dependencies, selects and defaults', () => {
		const def = one(
			'WIDGET',
			'config WIDGET',
			'\ttristate "Widgets, if any" if EXPERT',
			'\tdepends on ARM || ARM64 # for now',
			'\tdepends on !BROKEN',
			'\tselect WIDGET_CORE',
			'\tselect WIDGET_DMA if HAS_DMA && !TINY',
			'\timply WIDGET_LED',
			'\tdefault y if ARCH_BLUE',
			'\tdefault m',
		);
		assert.deepEqual(def, {
			name: 'WIDGET',
			type: 'tristate',
			prompt: { when: 'EXPERT' },
			depends: '(ARM || ARM64) && !BROKEN',
			selects: [
				{ target: 'WIDGET_CORE', when: '' },
				{ target: 'WIDGET_DMA', when: 'HAS_DMA && !TINY' },
			],
			implies: [{ target: 'WIDGET_LED', when: '' }],
			defaults: [
				{ value: 'y', when: 'ARCH_BLUE' },
				{ value: 'm', when: '' },
			],
			line: 1,
			path: 'drivers/widget/Kconfig',
		});
	});

	it('folds if, menu and their nesting into the dependencies', () => {
		const file = parse(
			'menuconfig WIDGETS',
			'\tbool "Widgets"',
			'if WIDGETS',
			'menu "Blue ones"',
			'\tdepends on BLUE',
			'\tvisible if EXPERT',
			'config BLUE_WIDGET',
			'\tbool "Blue"',
			'\tdepends on OF',
			'source "drivers/widget/blue/Kconfig"',
			'endmenu',
			'config RED_WIDGET',
			'\tbool',
			'endif',
			'config LAST',
			'\tbool',
		);
		assert.deepEqual(
			file.symbols.map(({ name, depends, prompt }) => [name, depends, prompt?.when]),
			[
				['WIDGETS', '', ''],
				['BLUE_WIDGET', 'WIDGETS && BLUE && OF', 'EXPERT'],
				['RED_WIDGET', 'WIDGETS', undefined],
				['LAST', '', undefined],
			],
		);
		assert.deepEqual(file.sources, [
			{ path: 'drivers/widget/blue/Kconfig', when: 'WIDGETS && BLUE' },
		]);
	});

	it('skips help by its indentation, whatever stands in it', () => {
		const file = parse(
			'config A',
			'\tbool "A"',
			'\t---help---',
			'\t  This is',
			'',
			'\t  config NOT_ONE',
			'\t    depends on nothing \\',
			'\tselect B',
			'config C',
			'\tbool "C"',
			'\thelp',
			'config D',
			'\tbool',
		);
		assert.deepEqual(
			file.symbols.map(({ name, selects, depends }) => [name, selects.length, depends]),
			[
				['A', 1, ''],
				['C', 0, ''],
				['D', 0, ''],
			],
		);
	});

	it('joins continued lines', () => {
		assert.equal(one('A', 'config A', '\tbool', '\tdepends on B && \\', '\t\tC').depends, 'B && C');
	});

	it('reduces comparisons with y, m and n and leaves others opaque', () => {
		const depends = (text: string) => one('A', 'config A', `\tdepends on ${text}`).depends;
		assert.equal(depends('B=y && C!=n'), 'B && C');
		assert.equal(depends('B || B=n'), '');
		assert.equal(depends('!B=n'), 'B');
		assert.equal(depends('m'), '');
		assert.equal(depends('n'), '0');
		assert.equal(depends('B && "$(ARCH)" = "x86"'), 'B && "$(ARCH)" = "x86"');
		assert.equal(depends('$(cc-option,-mabi=a && b) && B'), '$(cc-option,-mabi=a && b) && B');
	});

	it('knows what a default gives, the first that applies', () => {
		const yes = (...lines: string[]) =>
			printCondition(defaultCondition(one('A', 'config A', '\tbool', ...lines)));
		assert.equal(yes(), '0');
		assert.equal(yes('\tdefault n if B', '\tdefault y'), '!B');
		assert.equal(yes('\tdefault B && C'), 'B && C');
		assert.equal(yes('\tdef_bool y if B'), 'B');
		assert.equal(yes('\tdef_bool B'), 'B');
	});

	it('resolves sources of every kind', () => {
		assert.deepEqual(
			parse(
				'source "init/Kconfig"',
				'source arch/sub/Kconfig',
				'source "arch/$SRCARCH/Kconfig"',
				'source "arch/$(SRCARCH)/Kconfig"',
				'rsource "blue/Kconfig"',
				'orsource "red/Kconfig"',
			).sources.map(({ path }) => path),
			[
				'init/Kconfig',
				'arch/sub/Kconfig',
				'arch/$(SRCARCH)/Kconfig',
				'arch/$(SRCARCH)/Kconfig',
				'drivers/widget/blue/Kconfig',
				'drivers/widget/red/Kconfig',
			],
		);
	});

	it('marks the members of a choice, and lets no comment or choice property leak', () => {
		const file = parse(
			'menu "M"',
			'comment "Odd"',
			'\tdepends on ODD',
			'choice',
			'\tprompt "Which"',
			'\tdepends on WHICH',
			'\tdefault A',
			'config A',
			'\tbool "a"',
			'config B',
			'\tbool "b"',
			'endchoice',
			'config C',
			'\tbool',
			'endmenu',
		);
		assert.deepEqual(
			file.symbols.map(({ name, depends, choice }) => [name, depends, choice]),
			[
				['A', 'WHICH', 1],
				['B', 'WHICH', 1],
				['C', '', undefined],
			],
		);
	});

	it('survives JSON and damaged text', () => {
		const token = fc.constantFrom(
			'config A\n',
			'\tbool "x\n',
			'\tdepends on (B && \n',
			'if X\n',
			'endif\n',
			'endmenu\n',
			'choice\n',
			'\tselect\n',
			'\thelp\n',
			'\tdefault \\\n',
			'source "',
			'\0',
			'  ',
		);
		fc.assert(
			fc.property(fc.array(token), (tokens) => {
				const facts = parseKconfig(tokens.join(''), 'Kconfig');
				assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
			}),
		);
	});

	it('may be a megabyte long', () => {
		const text = Array.from(
			{ length: 8000 },
			(_, i) =>
				`config W${i}\n\ttristate "Widget ${i}"\n\tdepends on B${i % 50} && (C || !D)\n\tselect E if F\n\thelp\n\t  A widget of some kind,\n\t  of which there are many.\n\n`,
		).join('');
		assert.ok(text.length > 1_000_000);
		const { symbols } = parseKconfig(text, 'Kconfig');
		assert.equal(symbols.length, 8000);
		assert.equal(symbols.at(-1)?.depends, 'B49 && (C || !D)');
	});
});
