/** Kbuild Makefiles, and the link order that is read off them. */
import { linkOrder, modules, parseMakefile } from '../../../src/kernel/makefile.ts';
import type { Target } from '../target.ts';

export const makefile: Target = {
	seeds: [
		'obj-$(CONFIG_ACME) += acme.o\nobj-y += acme/ core.o\nobj-m := test.o\n',
		'acme-y := probe.o irq.o\nacme-$(CONFIG_ACME_DEBUG) += debug.o \\\n\ttrace.o # more\nacme-objs-y += a.o\n',
		'ifeq ($(CONFIG_ARM64),y)\nobj-y += a.o\nelse ifneq ($(CONFIG_ARM),)\nobj-y += b.o\nelse\nobj-y += c.o\nendif\n',
		'ifdef CONFIG_PM\nobj-$(CONFIG_PM) += pm.o\nendif\nifndef CONFIG_SMP\nobj-y += up.o\nendif\n',
		'files := x.o y.o\nmore = $(files) z.o\nobj-$(CONFIG_ACME) += $(more) $(patsubst %.c,%.o,a.c)\n',
		'ccflags-y += -DDEBUG\nobj-$(CONFIG_A)$(CONFIG_B) += ab.o\nlib-y += lib.o\n',
	],
	vocabulary: {
		words: [
			...['obj-y', 'obj-m', 'obj-$(CONFIG_A)', 'acme-objs', '+=', ':=', '?=', '::=', '=', '#'],
			...[
				'ifeq ',
				'ifneq ',
				'ifdef ',
				'ifndef ',
				'else\n',
				'else ',
				'endif\n',
				'$(',
				')',
				'${',
				'}',
			],
			...['$(CONFIG_X)', '$(a)', 'a.o', 'b/', '\\\n', '\t', ',', 'y', 'm', '(', '__proto__', '$$'],
			'a := $(a) $(a)\n',
			'b = $(a)$(a)$(a)\n',
		],
		pairs: [
			['$(', ')'],
			['ifdef CONFIG_A\n', 'endif\n'],
			['ifeq ($(CONFIG_A),y)\n', 'else\nendif\n'],
			['a/', ''],
		],
	},
	run: (input) => {
		const facts = parseMakefile(Buffer.from(input).toString());
		const files = new Map([['drivers/Makefile', facts]]);
		// A folder below that says the same; large inputs are read once.
		if (input.length < 4096) files.set('drivers/acme/Makefile', facts);
		const order = linkOrder(files, ['drivers', 'drivers/acme']);
		JSON.stringify([facts, modules(order)]);
	},
};
