import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { MakefileFacts } from '../../src/kernel/makefile.ts';
import { comparePositions, linkOrder, modules, parseMakefile } from '../../src/kernel/makefile.ts';

const tree = (files: Record<string, string>): Map<string, MakefileFacts> =>
	new Map(Object.entries(files).map(([path, text]) => [path, parseMakefile(text)]));

const DRIVERS = tree({
	'drivers/Makefile': [
		'obj-y += bus/',
		'# widgets before gadgets',
		'obj-$(CONFIG_WIDGETS)\t+= widget/',
		'obj-y += gadget/',
	].join('\n'),
	'drivers/gadget/Makefile': 'obj-$(CONFIG_GADGET) += gadget.o\n',
	'drivers/widget/Makefile': [
		'obj-y += fast/',
		'obj-$(CONFIG_WIDGETS) += core.o sysfs.o',
		'obj-$(CONFIG_BLUE) += blue.o',
		'obj-$(subst m,y,$(CONFIG_RED)) += red.o',
		'obj-y += helper.o',
		'obj-m += example.o',
	].join('\n'),
	'drivers/widget/fast/Kbuild': [
		'fast_widget-$(CONFIG_FAST_EXTRA) += extra.o',
		'fast_widget-objs := main.o \\',
		'\tqueue.o # the queue',
		'obj-$(CONFIG_FAST) += fast_widget.o',
	].join('\n'),
});

describe('a Kbuild Makefile', () => {
	it('tells objects, folders and composites with their CONFIG symbols', () => {
		const { entries } = parseMakefile(
			'obj-$(CONFIG_A) += a.o b.o sub/\nobj-y := c.o\nfoo-objs := x.o\nfoo-$(CONFIG_B) += y.o\n',
		);
		assert.deepEqual(
			entries.map(({ kind, symbol, target, objects, line }) => ({
				kind,
				symbol,
				target,
				objects,
				line,
			})),
			[
				{ kind: 'obj', symbol: 'A', target: undefined, objects: ['a.o', 'b.o', 'sub/'], line: 1 },
				{ kind: 'obj', symbol: '', target: undefined, objects: ['c.o'], line: 2 },
				{ kind: 'composite', symbol: '', target: 'foo', objects: ['x.o'], line: 3 },
				{ kind: 'composite', symbol: 'B', target: 'foo', objects: ['y.o'], line: 4 },
			],
		);
	});

	it('puts conditionals into the condition of what they enclose', () => {
		const { entries } = parseMakefile(
			[
				'ifdef CONFIG_A',
				'obj-$(CONFIG_B) += b.o',
				'else ifeq ($(CONFIG_C),y)',
				'obj-y += c.o',
				'else',
				'obj-y += d.o',
				'endif',
				'ifneq ($(CONFIG_E)$(CONFIG_F),)',
				'obj-y += e.o',
				'endif',
				'ifeq ($(CONFIG_G),)',
				'obj-y += g.o',
				'endif',
				'obj-y += h.o',
			].join('\n'),
		);
		assert.deepEqual(
			entries.map(({ when }) => when),
			['A && B', '!A && C', '!A && !C', 'E || F', '!G', ''],
		);
	});

	it('takes no flags, targets or recipes for objects', () => {
		const { entries } = parseMakefile(
			[
				'ccflags-y += -DX -I$(src)/x.o',
				'extra-y += head.o',
				'targets += t.o',
				'CFLAGS_a.o := -O0',
				'$(obj)/a.o: $(obj)/b.o',
				'\tld -o obj-y = a.o',
			].join('\n'),
		);
		assert.deepEqual(entries, []);
	});

	it('puts variables and prefixes in where they are plain', () => {
		const { entries } = parseMakefile(
			'common := a.o\ncommon += b.o\nobj-y += $(common) $(addprefix sub/,c.o d.o) $(wildcard *.o)\n',
		);
		assert.deepEqual(entries[0]?.objects, ['a.o', 'b.o', 'sub/c.o', 'sub/d.o']);
	});

	it('survives JSON and damaged text', () => {
		for (const facts of DRIVERS.values()) {
			assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
		}
		const token = fc.constantFrom(
			'obj-$(CONFIG_A)',
			' += ',
			'a.o ',
			'\\\n',
			'\n',
			'endif',
			'else',
			'ifeq ($(CONFIG_A),y)',
			'$(',
			')',
			'#',
		);
		fc.assert(
			fc.property(fc.array(token), (tokens) => {
				assert.ok(Array.isArray(parseMakefile(tokens.join('')).entries));
			}),
		);
	});
});

describe('the link order', () => {
	it('descends into a folder where it is named', () => {
		assert.deepEqual(
			linkOrder(DRIVERS, 'drivers').map(({ source }) => source.replace('drivers/', '')),
			[
				'widget/fast/main.c',
				'widget/fast/queue.c',
				'widget/fast/extra.c',
				'widget/core.c',
				'widget/sysfs.c',
				'widget/blue.c',
				'widget/red.c',
				'widget/helper.c',
				'gadget/gadget.c',
			],
		);
	});

	it('knows all that an object needs, and which line names it', () => {
		const extra = linkOrder(DRIVERS, 'drivers/widget').find((o) => o.source.endsWith('extra.c'));
		assert.equal(extra?.symbol, 'FAST');
		assert.equal(extra?.when, 'WIDGETS && FAST && FAST_EXTRA');
		assert.equal(extra?.part, 'FAST_EXTRA');
		assert.deepEqual(extra?.at, { path: 'drivers/widget/fast/Kbuild', line: 4 });
	});

	it('compares places in different folders by the Makefile above them', () => {
		const order = linkOrder(DRIVERS, ['drivers/gadget', 'drivers/widget']);
		const gadget = order.find((o) => o.symbol === 'GADGET');
		const blue = order.find((o) => o.symbol === 'BLUE');
		assert.ok(gadget && blue);
		assert.ok(comparePositions(blue, gadget) < 0);
	});

	it('falls back to the given order of folders without a Makefile above', () => {
		const makefiles = new Map(DRIVERS);
		makefiles.delete('drivers/Makefile');
		const order = linkOrder(makefiles, ['drivers/gadget', 'drivers/widget']);
		assert.equal(order[0]?.symbol, 'GADGET');
	});

	it('links an object once, at its first place, on either condition', () => {
		const order = linkOrder(
			tree({
				'd/Makefile': 'obj-$(CONFIG_A) += usb/\nobj-y += x.o\nobj-$(CONFIG_B) += usb/\n',
				'd/usb/Makefile': 'obj-y += host.o\n',
			}),
			'd',
		);
		assert.deepEqual(
			order.map(({ source, when }) => [source, when]),
			[
				['d/usb/host.c', 'A || B'],
				['d/x.c', ''],
			],
		);
	});

	it('knows every symbol under which an object is listed', () => {
		const makefile =
			'obj-$(CONFIG_A) += a.o both.o\nobj-$(CONFIG_B) += both.o x.o\nobj-$(CONFIG_C) += both.o\nobj-y += x.o y.o\nobj-$(CONFIG_C) += y.o\n';
		const order = linkOrder(tree({ 'd/Makefile': makefile }), 'd');
		assert.deepEqual(
			order.map(({ source, symbol, also, when }) => [source, symbol, also, when]),
			[
				['d/a.c', 'A', [], 'A'],
				['d/both.c', 'A', ['B', 'C'], 'A || B || C'],
				['d/x.c', 'B', [''], ''],
				['d/y.c', '', [], ''],
			],
		);
		assert.deepEqual(modules(order)[0]?.sources, [
			{ path: 'd/a.c', when: '' },
			{ path: 'd/both.c', when: '', also: ['B', 'C'] },
		]);
	});

	it('ends on folders that name themselves', () => {
		const order = linkOrder(tree({ 'd/Makefile': 'obj-$(CONFIG_A) += ./ ../d/ a.o\n' }), 'd');
		assert.deepEqual(
			order.map(({ source }) => source),
			['d/a.c'],
		);
	});
});

describe('modules', () => {
	it('gather all objects under one CONFIG symbol, and each object under obj-y by itself', () => {
		const found = modules(linkOrder(DRIVERS, 'drivers/widget'));
		assert.deepEqual(
			found.map(({ symbol, sources }) => [symbol, sources.map((s) => s.path.split('/').at(-1))]),
			[
				['FAST', ['main.c', 'queue.c', 'extra.c']],
				['WIDGETS', ['core.c', 'sysfs.c']],
				['BLUE', ['blue.c']],
				['RED', ['red.c']],
				['', ['helper.c']],
			],
		);
		assert.deepEqual(
			found[0]?.sources.map((s) => s.when),
			['', '', 'FAST_EXTRA'],
		);
	});
});
