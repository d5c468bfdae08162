/** The ways that lead to an installation of bus ops, and those that only seem to. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { BusOps } from '../../src/driver/model.ts';
import {
	driverIn,
	driverSource,
	initcall,
	type Linked,
	linked,
	onlyBusOps,
	stylesIn,
	TAKE,
	TAKE_IF_FREE,
} from './fixtures.ts';
import { type FrameworkEra, framework } from './fixtures-framework.ts';

const PATH = 'drivers/iommu/acme-mmu.c';

const tree = (
	parts: { probe?: string; tail: string },
	more: Record<string, string> = {},
	era: FrameworkEra = 'v4.9',
): Promise<Linked> =>
	linked({ ...framework(era), [PATH]: driverSource('acme-mmu', parts), ...more });

async function ops(tail: string, more: Record<string, string> = {}): Promise<BusOps> {
	return onlyBusOps(driverIn(await tree({ tail }, more), 'acme-mmu'));
}

const WRAPPER = `static int NAME_set_bus(const struct iommu_ops *ops)
{
	int err;

	err = bus_set_iommu(&platform_bus_type, ops);
	if (err)
		return err;

	return 0;
}

`;

describe('ways to an installation', () => {
	it('names every step from the initcall down', async () => {
		const tail = `static void NAME_take(void)\n{\n${TAKE}}\n\n${initcall('subsys_initcall', '\tNAME_take();\n')}`;
		const { reachedFrom, when, function: holder } = await ops(tail);
		assert.equal(holder, 'acme_mmu_take');
		assert.equal(when, '');
		assert.equal(reachedFrom.length, 1);
		assert.deepEqual(reachedFrom[0]?.steps, ['acme_mmu_init', 'acme_mmu_take']);
		assert.equal(reachedFrom[0]?.entry.macro, 'subsys_initcall');
		assert.equal(reachedFrom[0]?.installer, 'initcall');
	});

	it('finds one chain for each initcall that leads there, the earliest deciding', async () => {
		const take = `static int __init NAME_take(void)\n{\n${TAKE}\treturn 0;\n}\n`;
		const found = await tree({
			tail: `${take}arch_initcall(NAME_take);\nlate_initcall(NAME_take);\n`,
		});
		const { reachedFrom } = onlyBusOps(driverIn(found, 'acme-mmu'));
		assert.deepEqual(reachedFrom.map(({ level }) => level?.name).sort(), ['arch', 'late']);
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['initcall@arch']);
	});

	it('says that a driver registered by its initcall binds at that level', async () => {
		const found = await tree({ probe: TAKE, tail: initcall('subsys_initcall', '') });
		const [chain] = onlyBusOps(driverIn(found, 'acme-mmu')).reachedFrom;
		assert.equal(chain?.installer, 'probe');
		assert.equal(chain?.level?.name, 'subsys');
		assert.ok(chain?.gates.some(({ kind, own }) => kind === 'bound' && own));
	});

	it('binds at once with platform_driver_probe()', async () => {
		const tail = `static int __init NAME_init(void)
{
	return platform_driver_probe(&NAME_driver, NAME_probe);
}
subsys_initcall(NAME_init);
`;
		const found = await tree({ probe: TAKE, tail });
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['probe@subsys']);
	});

	it('takes no path whose conditions contradict each other', async () => {
		const tail = `#ifdef CONFIG_ARM
static void NAME_take(void)
{
${TAKE}}
#else
static void NAME_take(void)
{
}
#endif

#ifndef CONFIG_ARM
${initcall('subsys_initcall', '\tNAME_take();\n')}#endif
`;
		const found = await tree({ tail });
		assert.deepEqual(onlyBusOps(driverIn(found, 'acme-mmu')).reachedFrom, []);
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['none']);
	});

	it('carries the conditions of every step', async () => {
		const tail = `#ifdef CONFIG_OF
static void NAME_take(void)
{
${TAKE}}
#endif

#ifndef CONFIG_SMP
${initcall('subsys_initcall', '\tNAME_take();\n')}#endif
`;
		const found = await tree({ tail });
		const values = [
			[{ OF: 'y', SMP: 'n' }, 'initcall@subsys'],
			[{ OF: 'y', SMP: 'y' }, 'none'],
			[{ OF: 'n', SMP: 'n' }, 'none'],
		] as const;
		for (const [given, style] of values) {
			assert.deepEqual(stylesIn(found, 'acme-mmu', given), [style]);
		}
	});

	it('reads IS_ENABLED() as a condition', async () => {
		const body = `\tif (IS_ENABLED(CONFIG_ARM) && !IS_ENABLED(CONFIG_IOMMU_DMA))\n\t${TAKE}`;
		const found = await tree({ tail: initcall('subsys_initcall', body) });
		assert.deepEqual(stylesIn(found, 'acme-mmu', { ARM: 'y', IOMMU_DMA: 'n' }), [
			'initcall@subsys',
		]);
		assert.deepEqual(stylesIn(found, 'acme-mmu', { ARM: 'y', IOMMU_DMA: 'y' }), ['none']);
		assert.deepEqual(stylesIn(found, 'acme-mmu', { ARM: 'n', IOMMU_DMA: 'n' }), ['none']);
	});

	it('reads an early return behind IS_ENABLED() as the opposite condition', async () => {
		const first = '\tif (IS_ENABLED(CONFIG_IOMMU_DMA))\n\t\treturn 0;\n\n';
		const found = await tree({ tail: initcall('subsys_initcall', TAKE, { first }) });
		assert.deepEqual(stylesIn(found, 'acme-mmu', { IOMMU_DMA: 'y' }), ['none']);
		assert.deepEqual(stylesIn(found, 'acme-mmu', { IOMMU_DMA: 'n' }), ['initcall@subsys']);
	});

	it('takes no call that removes ops for an installation', async () => {
		const tail = `static int NAME_remove(void)
{
	return bus_set_iommu(&platform_bus_type, NULL);
}
${initcall('subsys_initcall', '\tNAME_remove();\n')}`;
		assert.deepEqual(driverIn(await tree({ tail }), 'acme-mmu').busOps, []);
	});

	it('follows ops through a wrapper, and not where it is called with NULL', async () => {
		const probe = '\tret = NAME_set_bus(&NAME_ops);\n\tif (ret)\n\t\treturn ret;\n';
		const source = driverSource('acme-mmu', {
			probe,
			tail: `static int __init NAME_undo(void)
{
	return NAME_set_bus(NULL);
}
early_initcall(NAME_undo);
module_platform_driver(NAME_driver);
`,
		}).replace(
			'static int acme_mmu_probe',
			`${WRAPPER.replaceAll('NAME', 'acme_mmu')}static int acme_mmu_probe`,
		);
		const found = await linked({ ...framework('v4.9'), [PATH]: source });
		const installed = onlyBusOps(driverIn(found, 'acme-mmu'));
		assert.equal(installed.ops, 'acme_mmu_ops');
		assert.deepEqual(
			installed.reachedFrom.map(({ steps }) => steps),
			[['acme_mmu_probe', 'acme_mmu_set_bus']],
		);
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['probe@device']);
	});

	it('calls it called when another driver reaches the installation', async () => {
		const entry = `int NAME_setup(struct device *dev)\n{\n${TAKE}\treturn 0;\n}\n`;
		const memory = `static int maker_mc_probe(struct platform_device *pdev)
{
	return acme_mmu_setup(&pdev->dev);
}

static struct platform_driver maker_mc_driver = {
	.driver.name = "maker-mc",
	.probe = maker_mc_probe,
};

static int __init maker_mc_init(void)
{
	return platform_driver_register(&maker_mc_driver);
}
arch_initcall(maker_mc_init);
`;
		const found = await tree({ tail: entry }, { 'drivers/memory/maker-mc.c': memory });
		const driver = driverIn(found, 'acme-mmu');
		const [chain] = onlyBusOps(driver).reachedFrom;
		assert.equal(chain?.installer, 'called');
		assert.equal(chain?.level?.name, 'arch');
		assert.equal(chain?.entry.path, 'drivers/memory/maker-mc.c');
		assert.ok(driver.neighbours.includes('drivers/memory/maker-mc.c'));
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['called']);
	});

	it('calls it called when nobody that was read calls an exported function', async () => {
		const found = await tree({ tail: `int NAME_setup(void)\n{\n${TAKE}\treturn 0;\n}\n` });
		const [chain] = onlyBusOps(driverIn(found, 'acme-mmu')).reachedFrom;
		assert.equal(chain?.installer, 'called');
		assert.equal(chain?.level, undefined);
	});

	it('takes a static function that nobody calls for dead', async () => {
		const found = await tree({ tail: `static int NAME_setup(void)\n{\n${TAKE}\treturn 0;\n}\n` });
		assert.deepEqual(onlyBusOps(driverIn(found, 'acme-mmu')).reachedFrom, []);
	});

	it("goes up through the architecture's hook", async () => {
		const tail = `int __init NAME_init(void)
{
	return bus_set_iommu(&pci_bus_type, &NAME_ops);
}

int __init NAME_detect(void)
{
	x86_init.iommu.iommu_init = NAME_init;
	return 1;
}
`;
		const dma = `static int __init pci_iommu_init(void)
{
	x86_init.iommu.iommu_init();
	return 0;
}
rootfs_initcall(pci_iommu_init);
`;
		const found = await tree({ tail }, { 'arch/x86/kernel/pci-dma.c': dma });
		const installed = onlyBusOps(driverIn(found, 'acme-mmu'));
		assert.equal(installed.bus, 'pci_bus_type');
		assert.deepEqual(
			installed.reachedFrom.map(({ installer, level }) => [installer, level?.name]),
			[['called', 'rootfs']],
		);
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['called']);
	});

	it("keeps a file's static function apart from another file's of the same name", async () => {
		const other = `static int __init acme_mmu_take(void)\n{\n\treturn 0;\n}\narch_initcall(acme_mmu_take);\n`;
		const tail = `static int NAME_take(void)\n{\n${TAKE}\treturn 0;\n}\n${initcall('late_initcall', '\tNAME_take();\n')}`;
		const found = await tree({ tail }, { 'drivers/iommu/other-mmu.c': other });
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['initcall@late']);
	});

	it('does not hang on functions that call each other', async () => {
		const tail = `static int NAME_a(int n);
static int NAME_b(int n)
{
	if (n)
		return NAME_a(n - 1);
${TAKE}	return 0;
}
static int NAME_a(int n)
{
	return NAME_b(n);
}
${initcall('subsys_initcall', '\tNAME_a(3);\n')}`;
		const found = await tree({ tail });
		assert.deepEqual(stylesIn(found, 'acme-mmu')[0]?.split('+')[0], 'initcall@subsys');
	});

	it('tells what happens when the bus is taken already', async () => {
		const fails =
			'\tret = bus_set_iommu(&platform_bus_type, &NAME_ops);\n\tif (ret)\n\t\treturn ret;\n';
		const busy = async (body: string) => (await ops(initcall('subsys_initcall', body))).onBusy;
		assert.equal(await busy(TAKE), 'ignored');
		assert.equal(await busy(TAKE_IF_FREE), 'guarded');
		assert.equal(await busy(fails), 'fails');
		assert.equal(
			await busy(TAKE_IF_FREE.replace('platform_bus_type)', 'amba_bustype)')),
			'ignored',
		);
	});
});
