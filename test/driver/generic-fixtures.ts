/** Trees for the tests of drivers of any kind: headers in the shape of Linux and of U-Boot, and drivers, all invented. */
import { createExtractor } from '../../src/driver/extract.ts';
import { linkTree } from '../../src/driver/link.ts';
import { macroFacts } from '../../src/driver/macros/definitions.ts';
import { headerFacts } from '../../src/driver/meanings.ts';
import type { DriverFacts } from '../../src/driver/model.ts';
import type { SourceFile } from '../../src/driver/profile.ts';
import { genericInterest, genericProfile } from '../../src/driver/profiles/generic.ts';
import { styles } from '../../src/driver/style.ts';
import type { Assignment } from '../../src/kernel/condition.ts';

/** Headers of a Linux of the middle years. */
export const LINUX: Readonly<Record<string, string>> = {
	'include/linux/init.h': `#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H
#define __define_initcall(fn, id) \\
	static initcall_t __initcall_##fn##id __used \\
	__attribute__((__section__(".initcall" #id ".init"))) = fn;
#define core_initcall(fn)		__define_initcall(fn, 1)
#define subsys_initcall(fn)		__define_initcall(fn, 4)
#define device_initcall(fn)		__define_initcall(fn, 6)
#define device_initcall_sync(fn)	__define_initcall(fn, 6s)
#define late_initcall(fn)		__define_initcall(fn, 7)
#endif
`,
	'include/linux/module.h': `#include <linux/init.h>
#ifndef MODULE
#define module_init(x)	device_initcall(x);
#define module_exit(x)
#else
#define module_init(initfn) int init_module(void) __attribute__((alias(#initfn)));
#endif
#define MODULE_LICENSE(x)
#define EXPORT_SYMBOL_GPL(sym) extern typeof(sym) sym;
`,
	'include/linux/device.h': `#define module_driver(__driver, __register, __unregister, ...) \\
static int __init __driver##_init(void) \\
{ \\
	return __register(&(__driver) , ##__VA_ARGS__); \\
} \\
module_init(__driver##_init);
#define builtin_driver(__driver, __register, ...) \\
static int __init __driver##_init(void) \\
{ \\
	return __register(&(__driver) , ##__VA_ARGS__); \\
} \\
device_initcall(__driver##_init);
`,
	'include/linux/platform_device.h': `#include <linux/device.h>
#define platform_driver_register(drv) __platform_driver_register(drv, THIS_MODULE)
int __platform_driver_register(struct platform_driver *, struct module *);
#define module_platform_driver(__drv) \\
	module_driver(__drv, platform_driver_register, platform_driver_unregister)
#define builtin_platform_driver(__drv) builtin_driver(__drv, platform_driver_register)
#define module_platform_driver_probe(__drv, __probe) \\
static int __init __drv##_init(void) { return platform_driver_probe(&(__drv), __probe); } \\
module_init(__drv##_init);
`,
	'include/linux/of_table.h': `#ifdef CONFIG_OF
#define ACME_OF_DECLARE(name, compat, fn) \\
	static const struct of_device_id __of_table_##name __used \\
	__section(__acme_of_table) = { .compatible = compat, .data = fn };
#else
#define ACME_OF_DECLARE(name, compat, fn)
#endif
`,
};

/** Headers of U-Boot with linker lists, and where Linux's macros do nothing. */
export const U_BOOT: Readonly<Record<string, string>> = {
	'include/linker_lists.h': `#define ll_entry_declare(_type, _name, _list) \\
	_type _u_boot_list_2_##_list##_2_##_name __aligned(4) \\
	__attribute__((unused, section(".u_boot_list_2_"#_list"_2_"#_name)))
`,
	'include/dm/device.h': `#define U_BOOT_DRIVER(__name) ll_entry_declare(struct driver, __name, driver)
`,
	'include/dm/platdata.h': `#define U_BOOT_DRVINFO(__name) ll_entry_declare(struct driver_info, __name, driver_info)
`,
	'include/linux/compat.h': '#define module_init(...)\n#define module_exit(...)\n',
};

/** Links sources as one module each, in order; the symbol is the file's name in capitals. */
export async function driversOf(
	headers: Readonly<Record<string, string>>,
	sources: Readonly<Record<string, string>>,
	modules: readonly (readonly string[])[] = Object.keys(sources).map((path) => [path]),
): Promise<DriverFacts[]> {
	const extractor = await createExtractor();
	const tree = new Map<string, SourceFile>();
	for (const [path, text] of Object.entries(headers)) {
		tree.set(path, { path, blob: '', facts: headerFacts(macroFacts(text)) });
	}
	for (const [path, text] of Object.entries(sources)) {
		tree.set(path, { path, blob: '', facts: extractor.extract(text, genericInterest) });
	}
	const list = modules.map((paths, position) => ({
		symbol: (paths[0] ?? '').replace(/^.*\/|\.c$/g, '').toUpperCase(),
		sources: paths.map((path) => ({ path, when: '' })),
		position,
		at: { path: 'drivers/Makefile', line: position + 1 },
	}));
	return linkTree(genericProfile(['drivers']), tree, list).drivers;
}

/** `bus style`, of one driver; what a configuration leaves open holds. */
export function registeredAs(driver: DriverFacts, values: Assignment = () => undefined): string[] {
	const all = styles(driver, { capabilities: [] }, values);
	const buses = [...new Set(driver.busOps.map(({ bus }) => bus))];
	return [...buses, ...all];
}
