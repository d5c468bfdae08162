/**
 * Trees for the tests of ways: a driver core with two buses, and drivers in the shapes in which real ones
 * register others. All of it is invented.
 */

import { linesWith, type TextFile, type TreeText } from '../../../src/git/tree-text.ts';
import { gitBlobId } from '../../../src/patch/apply.ts';

/** A tree in memory; what was searched for is in `searched`. */
export class MemoryTree implements TreeText {
	readonly files = new Map<string, TextFile>();
	readonly searched: (readonly string[])[] = [];

	constructor(files: Readonly<Record<string, string>>) {
		for (const [path, text] of Object.entries(files)) {
			const bytes = Buffer.from(text, 'latin1');
			this.files.set(path, { blob: gitBlobId(bytes), bytes });
		}
	}

	async find(words: readonly string[], where = {}) {
		this.searched.push(words);
		return linesWith(this.files, words, where);
	}

	async read(paths: readonly string[]) {
		const found = new Map<string, TextFile>();
		for (const path of paths) {
			const file = this.files.get(path);
			if (file !== undefined) found.set(path, file);
		}
		return found;
	}

	unread(): readonly string[] {
		return [];
	}
}

/** The driver core without the lock, with a platform bus and an i2c bus. */
export const CORE: Readonly<Record<string, string>> = {
	'drivers/base/base.h': `
static inline int driver_match_device(struct device_driver *drv, struct device *dev)
{
	return drv->bus->match ? drv->bus->match(dev, drv) : 1;
}
`,
	'drivers/base/dd.c': `
static int __driver_attach(struct device *dev, void *data)
{
	struct device_driver *drv = data;

	if (driver_match_device(drv, dev) == 0)
		return 0;
	__device_driver_lock(dev, dev->parent);
	driver_probe_device(drv, dev);
	__device_driver_unlock(dev, dev->parent);
	return 0;
}
`,
	'drivers/base/driver.c': `
int driver_register(struct device_driver *drv)
{
	return bus_add_driver(drv);
}
EXPORT_SYMBOL_GPL(driver_register);
`,
	'drivers/base/platform.c': `
int __platform_driver_register(struct platform_driver *drv, struct module *owner)
{
	drv->driver.owner = owner;
	drv->driver.bus = &platform_bus_type;
	return driver_register(&drv->driver);
}
EXPORT_SYMBOL_GPL(__platform_driver_register);

int __init_or_module __platform_driver_probe(struct platform_driver *drv,
		int (*probe)(struct platform_device *), struct module *module)
{
	return __platform_driver_register(drv, module);
}
`,
	'include/linux/platform_device.h': `
#define platform_driver_register(drv) \\
	__platform_driver_register(drv, THIS_MODULE)
#define platform_driver_probe(drv, probe) \\
	__platform_driver_probe(drv, probe, THIS_MODULE)
#define module_platform_driver(__platform_driver) \\
	module_driver(__platform_driver, platform_driver_register, \\
			platform_driver_unregister)
`,
	'drivers/i2c/i2c-core.c': `
int i2c_register_driver(struct module *owner, struct i2c_driver *driver)
{
	struct device_driver *core = &driver->driver;

	core->bus = &i2c_bus_type;
	return driver_register(core);
}
`,
	'include/linux/i2c.h': `
#define i2c_add_driver(driver) \\
	i2c_register_driver(THIS_MODULE, driver)
`,
};

/** The driver core with the lock, as the change that brings it has it. */
export const LOCKED: Readonly<Record<string, string>> = {
	...CORE,
	'drivers/base/base.h': `
static inline int driver_match_device(struct device_driver *drv, struct device *dev)
{
	device_lock_assert(dev);

	return drv->bus->match ? drv->bus->match(dev, drv) : 1;
}

static inline int driver_match_device_locked(struct device_driver *drv, struct device *dev)
{
	guard(device)(dev);
	return driver_match_device(drv, dev);
}
`,
	'drivers/base/dd.c': (CORE['drivers/base/dd.c'] ?? '').replace(
		'driver_match_device(',
		'driver_match_device_locked(',
	),
};

/** A platform driver whose probe is `probe`. */
export function platformDriver(name: string, probe: string): string {
	return `
static struct platform_driver ${name} = {
	.probe	= ${probe},
	.driver	= {
		.name = "${name}",
	},
};
module_platform_driver(${name});
`;
}

/** A probe that registers a helper driver of its own bus, through a function. */
export const DIRECT = `
static int bank_helper_probe(struct platform_device *pdev)
{
	return 0;
}

static struct platform_driver bank_helper = {
	.probe = bank_helper_probe,
};

static inline void bank_init(struct bank *bank)
{
	if (platform_driver_register(&bank_helper) == 0)
		platform_device_register(&bank_device);
}

static int bank_probe(struct platform_device *pdev)
{
	bank_init(&banks[0]);
	return 0;
}
${platformDriver('bank_driver', 'bank_probe')}`;

/** The same in a module of three files, as a vendor's part of a driver does it. */
export const MODULE: Readonly<Record<string, string>> = {
	'drivers/mmu/Makefile': `
obj-$(CONFIG_ACME_MMU) += acme_mmu.o
acme_mmu-y := acme-mmu.o acme-mmu-impl.o
acme_mmu-$(CONFIG_ACME_MMU_VENDOR) += acme-mmu-vendor.o
`,
	'drivers/mmu/acme-mmu.h': 'struct acme_mmu *vendor_impl_init(struct acme_mmu *mmu);\n',
	'drivers/mmu/acme-mmu.c': `
static int acme_mmu_probe(struct platform_device *pdev)
{
	mmu = acme_impl_init(mmu);
	return 0;
}
${platformDriver('acme_mmu_driver', 'acme_mmu_probe')}`,
	'drivers/mmu/acme-mmu-impl.c': `
struct acme_mmu *acme_impl_init(struct acme_mmu *mmu)
{
	if (IS_ENABLED(CONFIG_ACME_MMU_VENDOR))
		mmu = vendor_impl_init(mmu);
	return mmu;
}
`,
	'drivers/mmu/acme-mmu-vendor.c': `
static struct platform_driver vendor_tbu_driver = {
	.probe = vendor_tbu_probe,
};

struct acme_mmu *vendor_impl_init(struct acme_mmu *mmu)
{
	static u8 registered;

	if (!registered++)
		platform_driver_register(&vendor_tbu_driver);
	return mmu;
}
`,
};

/** Hooks in a table that match data selects. */
export const TABLE = `
static struct platform_driver child_driver = {
	.probe = child_probe,
};

static int fancy_init(struct fancy *fancy)
{
	return platform_driver_register(&child_driver);
}

static const struct fancy_data fancy_v2 = {
	.init = fancy_init,
};

static const struct of_device_id fancy_match[] = {
	{ .compatible = "acme,fancy-v2", .data = &fancy_v2 },
	{ }
};

static int fancy_probe(struct platform_device *pdev)
{
	const struct fancy_data *data = of_device_get_match_data(&pdev->dev);

	return data->init(fancy);
}
${platformDriver('fancy_driver', 'fancy_probe')}`;

/** A driver of another bus that registers a platform driver. */
export const OTHER_BUS = `
static struct platform_driver cell_driver = {
	.probe = cell_probe,
};

static int chip_probe(struct i2c_client *client)
{
	return platform_driver_register(&cell_driver);
}

static struct i2c_driver chip_driver = {
	.probe = chip_probe,
};
module_i2c_driver(chip_driver);
`;

/** Registered from an initcall only. */
export const INIT_ONLY = `
static struct platform_driver late_driver = {
	.probe = late_probe,
};

static int register_late(void)
{
	return platform_driver_register(&late_driver);
}

static int __init late_init(void)
{
	return register_late();
}
module_init(late_init);
`;
