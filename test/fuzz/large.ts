/**
 * Findings that were large: texts by parser that took more than a second per 100 kB, or all memory,
 * when they were found.
 */

const SIZE = 150_000;
const repeat = (text: string): string => text.repeat(Math.ceil(SIZE / text.length));
const numbered = (make: (i: number) => string): string => {
	let out = '';
	for (let i = 0; out.length < SIZE; i++) out += make(i);
	return out;
};

export const LARGE: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
	c: {
		'parentheses without end': () => repeat('(ode'),
		'braces without end': () => repeat('{ a'),
		'a member of nothing, again and again': () => `int f(void)\n{\n\t${repeat('.probe = ')}a;\n}\n`,
		'members named in a block': () => `int f(void)\n{\n\t${repeat('.a = a, ')}a;\n}\n`,
		'assignments of nothing': () => `int f(void)\n{\n\t${repeat('a = a = ;')}\n}\n`,
		'members named in parentheses': () => `int f(void)\n{\n\t${repeat('(.a), ')}a;\n}\n`,
		'blocks within blocks': () => repeat('{do '),
		'pointers to pointers': () => `int static a${repeat('*')}b;\n`,
		'numbers behind names': () => `int f(void)\n{\n\tswitch (a) {${repeat(' a 1: b')};\n}\n}\n`,
		'tests of one function': () =>
			`int f(void)\n{\n${repeat('\tif (!a || done)\n\t\treturn 0;\n\tdone = g();\n')}}\n`,
		'tests without a function': () => repeat('\tif (!a || b)\n\t\tgoto c;\n\td();\nc:\n'),
		'calls within calls': () => `int f(void)\n{\n\treturn ${repeat('f(')}`,
		'white space before parentheses': () => `a ${' '.repeat(SIZE)}(b);\n`,
		'a directive of one long line behind a string': () => `f("a", b);\n${repeat('#endi')}`,
	},
	kconfig: {
		'continued lines': () => `${repeat('\\\n')}\tdefault A`,
		'blocks within blocks': () => repeat('if A\nconfig B\n\tbool\n'),
		'different blocks within blocks': () => numbered((i) => `if A${i}\nconfig B${i}\n\tbool\n`),
		'dependencies of one symbol': () =>
			`config A\n\tbool\n${numbered((i) => `\tdepends on B${i} || C${i}\n`)}`,
		'one dependency of many terms': () =>
			`config A\n\tbool\n\tdepends on X${numbered((i) => ` && (B${i} || C${i})`)}\n`,
		'defaults of one symbol': () =>
			`config A\n\tbool\n${numbered((i) => `\tdefault y if B${i}\n`)}`,
		'defaults of one symbol under two each': () =>
			`config A\n\tbool\n${numbered((i) => `\tdefault y if A${i} || B${i}\n`)}`,
		'definitions of the members of a choice': () =>
			`choice\n\tprompt "c"\n${repeat('config A\n\tbool "A"\nconfig B\n\tbool "B"\n')}`,
		'defaults of other symbols': () =>
			`config A\n\tbool\n${numbered((i) => `\tdefault C${i} if A${i} && B${i}\n`)}`,
	},
	makefile: {
		'a variable that doubles': () => repeat('a := $(a) $(a) x\n'),
		'branches of one conditional': () =>
			`ifeq ($(CONFIG_A),y)\n${repeat('else ifneq ($(CONFIG_B),)\nobj-y += a.o\n')}`,
		'different conditionals within each other': () =>
			numbered((i) => `ifdef CONFIG_A${i}\nobj-y += a${i}.o\n`),
		'a long condition before many objects': () =>
			`ifdef ${'x'.repeat(SIZE / 2)}\nifdef CONFIG_A\n${repeat('obj-y += a.o\n')}`,
		'an object under many symbols': () => numbered((i) => `obj-$(CONFIG_A${i}) += a.o\n`),
		'an object of many parts under many symbols': () =>
			numbered((i) => `obj-$(CONFIG_A${i}) += a.o\na-y += b${i}.o\n`),
		'a part under many symbols': () =>
			`obj-y += a.o\n${numbered((i) => `a-$(CONFIG_A${i}) += b.o\n`)}`,
		'continued lines': () => `obj-y += ${repeat('\\\n')}`,
		spaces: () => `a${' '.repeat(SIZE)}b\n`,
		'a prefix of many words': () =>
			`p := $(addprefix ${'x'.repeat(SIZE / 2)},${'a '.repeat(SIZE / 4)})\n`,
		'a prefix without end': () => `p := $(addprefix x,${' '.repeat(SIZE)}\n`,
	},
};
