import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { driversOf, LINUX, registeredAs, U_BOOT } from './generic-fixtures.ts';

const STRUCT = `static int acme_probe(struct platform_device *pdev)
{
	return 0;
}

static struct platform_driver acme_driver = {
	.driver = { .name = "acme" },
	.probe = acme_probe,
};
`;

const INCLUDES = '#include <linux/module.h>\n#include <linux/platform_device.h>\n';

async function linux(tail: string, head = STRUCT, more: Record<string, string> = {}) {
	const [driver] = await driversOf(LINUX, { 'drivers/acme.c': INCLUDES + head + tail, ...more });
	return driver;
}

const styleOf = async (tail: string, head = STRUCT): Promise<string[]> => {
	const driver = await linux(tail, head);
	return driver === undefined ? ['no driver'] : registeredAs(driver);
};

describe('a driver of any kind in Linux', () => {
	it('is registered by macros of the tree', async () => {
		for (const macro of ['module_platform_driver', 'builtin_platform_driver']) {
			assert.deepEqual(await styleOf(`${macro}(acme_driver);\n`), ['platform', 'initcall@device']);
		}
		const probed = await linux('module_platform_driver_probe(acme_driver, acme_probe);\n');
		assert.equal(probed?.busOps[0]?.call, 'platform_driver_probe');
		assert.equal(probed?.busOps[0]?.reachedFrom[0]?.installer, 'initcall');
	});

	it('is registered by macros of its own, and of its own headers', async () => {
		const own =
			'#define frob(d) module_driver(d##_driver, platform_driver_register, 0)\nfrob(acme)\n';
		assert.deepEqual(await styleOf(own), ['platform', 'initcall@device']);
		const whole =
			'#define frob(d) module_driver(d, platform_driver_register, 0)\nfrob(acme_driver)\n';
		assert.deepEqual(await styleOf(whole), ['platform', 'initcall@device']);
		const [driver] = await driversOf(
			{ ...LINUX, 'drivers/acme.h': '#define acme_early(d) core_initcall(d##_go);' },
			{
				'drivers/acme.c': `#include "acme.h"\n${INCLUDES}${STRUCT}module_platform_driver(acme_driver);\n`,
			},
		);
		assert.deepEqual(driver?.ownHeaders, ['drivers/acme.h']);
	});

	it('is made whole by macros of the tree, of nothing but a name', async () => {
		const headers = {
			...LINUX,
			'include/linux/irqacme.h': `#include <linux/platform_device.h>
#define ACME_DRIVER_BEGIN(n) static const struct of_device_id n##_match[] = {
#define ACME_MATCH(c, fn) { .compatible = c, .data = fn },
#define ACME_DRIVER_END(n, ...) \\
	{}, \\
}; \\
MODULE_DEVICE_TABLE(of, n##_match); \\
static struct platform_driver n##_driver = { \\
	.probe = acme_chip_probe, \\
	.driver = { .name = #n, .of_match_table = n##_match, __VA_ARGS__ }, \\
}; \\
builtin_platform_driver(n##_driver)
`,
		};
		const source = (end: string): string =>
			`#include <linux/irqacme.h>\nstatic int frob_init(void)\n{\n\treturn 0;\n}\n\nACME_DRIVER_BEGIN(frob)\nACME_MATCH("acme,frob", frob_init)\n${end}MODULE_LICENSE("GPL");\n`;
		for (const end of ['ACME_DRIVER_END(frob)\n', 'ACME_DRIVER_END(frob, .pm = &frob_pm)\n']) {
			const [driver] = await driversOf(headers, { 'drivers/acme.c': source(end) });
			assert.deepEqual(driver && registeredAs(driver), ['platform', 'initcall@device']);
			const [ops] = driver?.busOps ?? [];
			assert.deepEqual(
				[ops?.ops, ops?.call, ops?.line],
				['frob_driver', '__platform_driver_register', 9],
			);
		}
		const without = await driversOf(headers, { 'drivers/acme.c': source('') });
		assert.deepEqual(without, []);
	});

	it('is called by boot code as the handler of a parameter, its own or one that a macro makes', async () => {
		const headers = {
			...LINUX,
			'include/linux/acme_early.h': `#include <linux/platform_device.h>
#define __setup_param(str, unique_id, fn, early) \\
	static const char __setup_str_##unique_id[] __initconst = str; \\
	static struct obs_kernel_param __setup_##unique_id __used __section(.init.setup) \\
		= { __setup_str_##unique_id, fn, early }
#define early_param(str, fn) __setup_param(str, fn, fn, 1)
#define acme_early(class, drv) \\
static __initdata struct early_acme_driver early_driver = { .class_str = class, .pdrv = drv }; \\
static int __init early_acme_setup(char *buffer) \\
{ \\
	return early_acme_driver_register(&early_driver, buffer); \\
} \\
early_param(class, early_acme_setup)
`,
		};
		const by = async (tail: string) => {
			const source = `#include <linux/acme_early.h>\n${STRUCT}${tail}`;
			const [driver] = await driversOf(headers, { 'drivers/acme.c': source });
			return driver;
		};
		const made = await by('acme_early("earlyacme", &acme_driver);\n');
		assert.deepEqual(made && registeredAs(made), ['early_acme', 'called']);
		assert.deepEqual(
			made?.entries.map(({ macro, level }) => [macro, level]),
			[['acme_early', null]],
		);
		const handler =
			'static int __init acme_setup(char *s)\n{\n\treturn platform_driver_register(&acme_driver);\n}\n';
		const own = await by(`${handler}early_param("acme", acme_setup);\n`);
		assert.deepEqual(own && registeredAs(own), ['platform', 'called']);
		assert.equal(own?.busOps[0]?.reachedFrom[0]?.entry.macro, 'early_param');
	});

	it('is registered by an initcall of any level', async () => {
		const by = (macro: string): string =>
			`static int __init acme_init(void)\n{\n\treturn platform_driver_register(&acme_driver);\n}\n${macro}(acme_init);\n`;
		assert.deepEqual(await styleOf(by('core_initcall')), ['platform', 'initcall@core']);
		assert.deepEqual(await styleOf(by('late_initcall')), ['platform', 'initcall@late']);
		assert.deepEqual(await styleOf(by('module_init')), ['platform', 'initcall@device']);
	});

	it('is registered by the probe of another driver, or by whoever calls', async () => {
		const second = `static struct i2c_driver lcd_driver = { .probe = lcd_probe };
static int acme_probe(struct platform_device *pdev)
{
	return i2c_add_driver(&lcd_driver);
}
static struct platform_driver acme_driver = { .probe = acme_probe };
module_platform_driver(acme_driver);
`;
		const driver = await linux('', second);
		const by = new Map(
			driver?.busOps.map(({ bus, reachedFrom }) => [bus, reachedFrom[0]?.installer]),
		);
		assert.deepEqual(
			[...by],
			[
				['platform', 'initcall'],
				['i2c', 'probe'],
			],
		);
		const exported = `int acme_register(void)\n{\n\treturn platform_driver_register(&acme_driver);\n}\nEXPORT_SYMBOL_GPL(acme_register);\n`;
		assert.deepEqual(await styleOf(exported), ['platform', 'called']);
	});

	it('is of the bus that its struct or its call names', async () => {
		const on = async (struct: string, call: string): Promise<string | undefined> => {
			const text = `${struct}\nstatic int __init go(void)\n{\n\treturn ${call};\n}\nmodule_init(go);\n`;
			return (await linux('', text))?.busOps[0]?.bus;
		};
		assert.equal(
			await on('static struct spi_driver d = { .probe = p };', 'spi_register_driver(&d)'),
			'spi',
		);
		assert.equal(
			await on(
				'static struct device_driver d = { .bus = &acme_bus_type, .probe = p };',
				'driver_register(&d)',
			),
			'acme',
		);
		assert.equal(
			await on(
				'static struct phy_driver ds[] = { { .probe = p }, { .probe = q } };',
				'phy_drivers_register(ds, 2)',
			),
			'phy',
		);
		assert.equal(
			await on(
				'static struct usb_serial_driver * const ds[] = { &a, &b, NULL };',
				'usb_serial_register_drivers(ds, "x", ids)',
			),
			'usb_serial',
		);
		assert.equal(await on('', 'pci_register_driver(&elsewhere_driver)'), 'pci');
		// What only has "add_driver" in its name registers none.
		assert.equal(await on('', 'acpi_dev_add_driver_gpios(&acme, gpios)'), 'initcall');
	});

	it('is none where nothing registers it, and an initcall where there is no driver struct', async () => {
		assert.deepEqual(await styleOf(''), ['none']);
		assert.deepEqual(await styleOf('unknown_macro(acme_driver);\n'), ['unknown']);
		assert.deepEqual((await linux('unknown_macro(acme_driver);\n'))?.unknownMacros, [
			'unknown_macro',
		]);
		const misc =
			'static int __init acme_init(void)\n{\n\treturn misc_register(&acme_misc);\n}\nmodule_init(acme_init);\n';
		assert.deepEqual(await styleOf('', misc), ['initcall', 'initcall@device']);
		assert.deepEqual(await styleOf('', 'int helper(void)\n{\n\treturn 0;\n}\n'), ['no driver']);
	});

	it('is declared where a table of the firmware calls it back, if there is one', async () => {
		const text =
			'static int __init acme_setup(struct device_node *np)\n{\n\treturn 0;\n}\nACME_OF_DECLARE(acme, "acme,timer", acme_setup);\n';
		const driver = await linux('', text);
		assert.deepEqual(driver === undefined ? [] : registeredAs(driver), ['acme', 'declared']);
		const without = (name: string) => (name === 'OF' ? ('n' as const) : undefined);
		assert.deepEqual(driver === undefined ? [] : registeredAs(driver, without), ['acme', 'none']);
	});

	it('keeps what the files of one module do together', async () => {
		const [driver] = await driversOf(
			LINUX,
			{
				'drivers/core.c': `${INCLUDES}static int __init all(void)\n{\n\treturn part_register();\n}\ndevice_initcall_sync(all);\n`,
				'drivers/part.c': `${INCLUDES}${STRUCT}int part_register(void)\n{\n\treturn platform_driver_register(&acme_driver);\n}\n`,
			},
			[['drivers/core.c', 'drivers/part.c']],
		);
		assert.deepEqual(driver === undefined ? [] : registeredAs(driver), [
			'platform',
			'initcall@device',
		]);
		assert.equal(driver?.path, 'drivers/core.c');
	});
});

describe('a driver of U-Boot', () => {
	const legacy = `int acme_mmc_init(int index)
{
	struct mmc *mmc = mmc_create(&acme_cfg, NULL);

	return mmc ? 0 : -1;
}
`;
	const modern = `static int acme_mmc_probe(struct udevice *dev)
{
	return 0;
}
U_BOOT_DRIVER(acme_mmc) = {
	.name = "acme_mmc",
	.id = UCLASS_MMC,
	.probe = acme_mmc_probe,
};
`;
	const style = async (text: string, values?: (name: string) => 'y' | 'n' | undefined) => {
		const [driver] = await driversOf(U_BOOT, { 'drivers/mmc/acme_mmc.c': text });
		return driver === undefined ? ['no driver'] : registeredAs(driver, values);
	};

	it('is called by the board, before it is converted to the driver model', async () => {
		assert.deepEqual(await style(legacy), ['mmc', 'called']);
		assert.deepEqual(
			await style('void acme_serial_initialize(void)\n{\n\tserial_register(&acme_drv);\n}\n'),
			['serial', 'called'],
		);
		assert.deepEqual(await style('int acme_init(void)\n{\n\treturn add_sdhci(host, 0, 0);\n}\n'), [
			'sdhci',
			'called',
		]);
	});

	it('is an entry of the list of drivers, bound by the driver model', async () => {
		assert.deepEqual(await style(modern), ['mmc', 'declared@bind']);
	});

	it('is both where the board may do without the driver model', async () => {
		const both = `#ifndef CONFIG_DM_MMC\n${legacy}#else\n${modern}#endif\n`;
		assert.deepEqual(await style(both), ['mmc', 'declared@bind', 'called']);
		const dm = (value: 'y' | 'n') => (name: string) => (name === 'DM_MMC' ? value : undefined);
		assert.deepEqual(await style(both, dm('y')), ['mmc', 'declared@bind']);
		assert.deepEqual(await style(both, dm('n')), ['mmc', 'called']);
	});

	it('is no driver for what its probe hands on, and for a description of a device', async () => {
		const probes = modern.replace('return 0', 'return mmc_create(&acme_cfg, dev) ? 0 : -1');
		assert.deepEqual(await style(probes), ['mmc', 'declared@bind']);
		assert.deepEqual(await style('U_BOOT_DRVINFO(board_acme) = {\n\t.name = "acme_mmc",\n};\n'), [
			'no driver',
		]);
	});
});
