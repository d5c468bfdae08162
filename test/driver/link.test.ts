/** From the files of a tree to its drivers: modules, names, places in the link. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { driverName, linkTree } from '../../src/driver/link.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import {
	driverIn,
	driverSource,
	initcall,
	linked,
	MAKEFILE,
	onlyBusOps,
	REGISTER,
	stylesIn,
	TAKE,
} from './fixtures.ts';
import { framework } from './fixtures-framework.ts';

const TAKES = driverSource('acme-mmu', { tail: initcall('subsys_initcall', TAKE) });

describe('drivers of a tree', () => {
	it('links a module of several objects as one driver, named after the source that installs', async () => {
		const core = `int acme_take(void)\n{\n\treturn bus_set_iommu(&platform_bus_type, &acme_ops);\n}\n`;
		const main = `static int __init acme_main_init(void)\n{\n\treturn acme_take();\n}\narch_initcall(acme_main_init);\n`;
		const found = await linked({
			...framework('v4.9'),
			[MAKEFILE]: 'obj-$(CONFIG_ACME) += acme.o\nacme-y := acme-main.o acme-bus.o\n',
			'drivers/iommu/acme-main.c': main,
			'drivers/iommu/acme-bus.c': core,
		});
		const driver = driverIn(found, 'acme-bus');
		assert.equal(driver.symbol, 'ACME');
		assert.deepEqual(
			driver.files.map(({ path }) => path),
			['drivers/iommu/acme-main.c', 'drivers/iommu/acme-bus.c'],
		);
		const [chain] = onlyBusOps(driver).reachedFrom;
		assert.equal(chain?.installer, 'initcall');
		assert.deepEqual(chain?.steps, ['acme_main_init', 'acme_take']);
	});

	it('compiles an object of a module only under the symbol that links it', async () => {
		const extra = `static int __init acme_quirk_init(void)\n{\n\treturn bus_set_iommu(&platform_bus_type, &acme_ops);\n}\narch_initcall(acme_quirk_init);\n`;
		const found = await linked({
			...framework('v4.9'),
			[MAKEFILE]:
				'obj-$(CONFIG_ACME) += acme.o\nacme-y := acme-mmu.o\nacme-$(CONFIG_ACME_QUIRK) += acme-quirk.o\n',
			'drivers/iommu/acme-mmu.c': driverSource('acme-mmu', {
				tail: 'module_platform_driver(NAME_driver);\n',
			}),
			'drivers/iommu/acme-quirk.c': extra,
		});
		const name = found.facts.drivers[0]?.driver ?? '';
		assert.deepEqual(stylesIn(found, name, { ACME_QUIRK: 'y' }), ['initcall@arch']);
		assert.deepEqual(stylesIn(found, name, { ACME_QUIRK: 'n' }), ['none']);
	});

	it('puts drivers in the order of the Makefile, and says on which line they are', async () => {
		const found = await linked({
			...framework('v4.9'),
			[MAKEFILE]: 'obj-$(CONFIG_ZETA) += zeta.o\nobj-$(CONFIG_ACME_MMU) += acme-mmu.o\n',
			'drivers/iommu/acme-mmu.c': TAKES,
			'drivers/iommu/zeta.c': driverSource('zeta', { tail: initcall('subsys_initcall', TAKE) }),
		});
		const acme = driverIn(found, 'acme-mmu');
		const zeta = driverIn(found, 'zeta');
		assert.ok(zeta.position < acme.position);
		assert.deepEqual(zeta.linkedAt, { path: MAKEFILE, line: 1 });
		assert.deepEqual(acme.linkedAt, { path: MAKEFILE, line: 2 });
	});

	it('leaves out sources that no Makefile links and modules that are no drivers', async () => {
		const found = await linked({
			...framework('v4.9'),
			[MAKEFILE]: 'obj-$(CONFIG_ACME_MMU) += acme-mmu.o\nobj-$(CONFIG_HELP) += helpers.o\n',
			'drivers/iommu/acme-mmu.c': TAKES,
			'drivers/iommu/forgotten.c': TAKES.replaceAll('acme', 'forgotten'),
			'drivers/iommu/helpers.c': 'int acme_help(void)\n{\n\treturn 0;\n}\n',
		});
		assert.deepEqual(
			found.facts.drivers.map(({ driver }) => driver),
			['acme-mmu'],
		);
	});

	it('reads entries, declarations and compatible strings, each with condition and line', async () => {
		const tail = `${initcall('subsys_initcall', TAKE)}#ifdef CONFIG_IOMMU_DMA
IOMMU_OF_DECLARE(NAME_of, "maker,NAME", NULL);
#endif
`;
		const text = driverSource('acme-mmu', { tail });
		const driver = driverIn(
			await linked({ ...framework('v4.12'), 'drivers/iommu/acme-mmu.c': text }),
			'acme-mmu',
		);
		const lines = text.split('\n');
		const [entry] = driver.entries;
		assert.equal(lines[(entry?.line ?? 0) - 1], 'subsys_initcall(acme_mmu_init);');
		assert.equal(entry?.level?.name, 'subsys');
		const [declared] = driver.declares;
		assert.equal(
			lines[(declared?.line ?? 0) - 1],
			'IOMMU_OF_DECLARE(acme_mmu_of, "maker,acme_mmu", NULL);',
		);
		assert.deepEqual(
			{ ...declared, line: 0 },
			{
				table: 'of',
				compatible: 'maker,acme_mmu',
				callback: null,
				arity: 3,
				when: 'IOMMU_DMA',
				path: 'drivers/iommu/acme-mmu.c',
				line: 0,
			},
		);
		assert.deepEqual(driver.compatible, ['maker,acme_mmu']);
		assert.deepEqual(driver.doubtful, []);
	});

	it('ties a registration to its firmware node only where a device is given', async () => {
		const call = (hwdev: string) =>
			driverSource('acme-mmu', {
				probe: `\tret = iommu_device_register(&mmu->iommu, &NAME_ops, ${hwdev});\n`,
				tail: 'module_platform_driver(NAME_driver);\n',
			});
		const ties = async (text: string) =>
			driverIn(await linked({ ...framework('v6.1'), 'drivers/iommu/acme-mmu.c': text }), 'acme-mmu')
				.setFwnode.length;
		assert.equal(await ties(call('&pdev->dev')), 1);
		assert.equal(await ties(call('NULL')), 0);
		const old = driverSource('acme-mmu', {
			probe: REGISTER,
			tail: 'module_platform_driver(NAME_driver);\n',
		});
		assert.equal(await ties(old), 1);
	});

	it('keeps the name of a driver whose file moves into a folder', () => {
		assert.equal(driverName('drivers/iommu/acme_mmu.c', 'ACME'), 'acme-mmu');
		assert.equal(driverName('drivers/iommu/maker/acme-mmu/acme-mmu.c', 'ACME'), 'acme-mmu');
		assert.equal(driverName('drivers/iommu/acme-iommu.c', 'ACME_IOMMU'), 'acme-iommu');
		assert.equal(driverName('drivers/iommu/acme/iommu.c', 'ACME_IOMMU'), 'acme-iommu');
		assert.equal(driverName('drivers/iommu/acme/init.c', 'ACME_IOMMU'), 'acme-iommu');
		assert.equal(driverName('drivers/iommu/main.c', ''), 'main');
	});

	it('links the same facts again when asked for one driver only', async () => {
		const sources = {
			...framework('v4.12'),
			'drivers/iommu/acme-mmu.c': TAKES,
			'drivers/iommu/beta.c': driverSource('beta', { tail: initcall('arch_initcall', TAKE) }),
		};
		const { facts, modules, files } = await linked(sources);
		const only = new Set(['drivers/iommu/beta.c']);
		const again = linkTree(iommu, files, modules, facts.capabilities, only);
		assert.deepEqual(
			again.drivers,
			facts.drivers.filter(({ driver }) => driver === 'beta'),
		);
		assert.deepEqual(again.capabilities, facts.capabilities);
	});
});
