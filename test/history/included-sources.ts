/** Versions of the files of a tree in which sources include others, for random histories. */

const registering = (name: string, how = `module_init(${name}_init);`) =>
	`static struct platform_driver ${name}_driver;\nstatic int ${name}_init(void)\n{\n\treturn platform_driver_register(&${name}_driver);\n}\n${how}\n`;
const INIT_MACROS =
	'#define module_init(fn) static initcall_t i_##fn __section(".initcall6.init") = fn;\n#define core_initcall(fn) static initcall_t i_##fn __section(".initcall1.init") = fn;\n';
const CALLS_START = 'static int go(void)\n{\n\treturn part_init();\n}\ncore_initcall(go);\n';

/** Sources that are compiled with others, with several, with none, and with each other. */
export const INCLUDED: Readonly<Record<string, readonly (string | null)[]>> = {
	'include/linux/init.h': [INIT_MACROS],
	'drivers/acme/a.c': [
		'#include "part.c"\n',
		`#ifdef CONFIG_A_PART\n#include "part.c"\n#endif\n${registering('a')}`,
		registering('a'),
		`#include "part.c"\n${CALLS_START}`,
	],
	'drivers/acme/b.c': ['#include "part.c"\n', `#include "deep/more.c"\n${CALLS_START}`, null],
	'drivers/acme/part.c': [
		registering('part'),
		registering('part', ''),
		registering('part', 'core_initcall(part_init);'),
		'#include "deep/more.c"\n',
		'#include "a.c"\n',
		null,
	],
	'drivers/acme/deep/more.c': [registering('more'), '#include "../part.c"\n', null],
	'drivers/acme/Makefile': [
		'obj-$(CONFIG_A) += a.o\nobj-$(CONFIG_B) += b.o\n',
		'obj-$(CONFIG_A) += a.o part.o\nobj-y += b.o\n',
		'obj-$(CONFIG_PART) += part.o\nobj-$(CONFIG_A) += a.o\n',
		null,
	],
};
