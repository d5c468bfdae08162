/** Registration styles: who installs the ops of a bus, when, and what holds on the way there. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { installations, isChecked } from '../../src/driver/style.ts';
import {
	assign,
	declaredCallback,
	driverIn,
	driverSource,
	initcall,
	type Linked,
	LOOK,
	linked,
	REGISTER,
	stylesIn,
	TAKE,
	TAKE_IF_FREE,
} from './fixtures.ts';
import { type FrameworkEra, framework } from './fixtures-framework.ts';

const tree = (
	era: FrameworkEra,
	source: string,
	more: Record<string, string> = {},
): Promise<Linked> => linked({ ...framework(era), 'drivers/iommu/acme-mmu.c': source, ...more });
const acme = (tail: string, probe?: string): string =>
	driverSource('acme-mmu', probe === undefined ? { tail } : { tail, probe });
const PLAIN = 'module_platform_driver(NAME_driver);\n';

async function checked(era: FrameworkEra, source: string): Promise<boolean[]> {
	const found = await tree(era, source);
	const all = installations(driverIn(found, 'acme-mmu'), found.facts, assign({}));
	return all.map(({ chain }) => isChecked(chain));
}

describe('registration styles', () => {
	it('is initcall@subsys when nothing asks for the hardware', async () => {
		const source = acme(initcall('subsys_initcall', TAKE));
		assert.deepEqual(stylesIn(await tree('v4.9', source), 'acme-mmu'), ['initcall@subsys']);
		assert.deepEqual(await checked('v4.9', source), [false]);
	});

	for (const [macro, level] of [
		['core_initcall', 'core'],
		['arch_initcall', 'arch'],
		['module_init', 'device'],
		['device_initcall', 'device'],
		['late_initcall', 'late'],
	] as const) {
		it(`knows the level of ${macro}`, async () => {
			const found = await tree('v4.9', acme(initcall(macro, TAKE)));
			assert.deepEqual(stylesIn(found, 'acme-mmu'), [`initcall@${level}`]);
		});
	}

	it('has +dt, and counts as checked, when the device tree is asked first', async () => {
		const source = acme(initcall('subsys_initcall', TAKE, { first: LOOK }));
		assert.deepEqual(stylesIn(await tree('v4.9', source), 'acme-mmu'), ['initcall@subsys+dt']);
		assert.deepEqual(await checked('v4.9', source), [true]);
	});

	it('does not count a look at the device tree that comes after the bus was taken', async () => {
		const source = acme(initcall('subsys_initcall', `${TAKE}${LOOK}`));
		assert.deepEqual(stylesIn(await tree('v4.9', source), 'acme-mmu'), ['initcall@subsys']);
		assert.deepEqual(await checked('v4.9', source), [false]);
	});

	it("does not count a look for somebody else's hardware as a check", async () => {
		const other = LOOK.replace('NAME_ids', 'soc_ids');
		assert.deepEqual(
			await checked('v4.9', acme(initcall('subsys_initcall', TAKE, { first: other }))),
			[false],
		);
	});

	it('does not count a look whose answer is thrown away', async () => {
		const first = '\tnp = of_find_matching_node(NULL, NAME_ids);\n\tof_node_put(np);\n';
		const source = acme(initcall('subsys_initcall', TAKE, { first }));
		assert.deepEqual(await checked('v4.9', source), [false]);
	});

	it('does not count iommu_present() as a look for hardware', async () => {
		const source = acme(initcall('subsys_initcall', TAKE_IF_FREE));
		assert.deepEqual(stylesIn(await tree('v4.9', source), 'acme-mmu'), ['initcall@subsys']);
		assert.deepEqual(await checked('v4.9', source), [false]);
	});

	it('is probe@device for a plain platform driver, whose bound device proves the hardware', async () => {
		const source = acme(PLAIN, TAKE);
		assert.deepEqual(stylesIn(await tree('v4.9', source), 'acme-mmu'), ['probe@device']);
		assert.deepEqual(await checked('v4.9', source), [true]);
	});

	it('is probe at the level of the devices for a driver registered before there are any', async () => {
		const source = acme(initcall('core_initcall', ''), TAKE);
		assert.deepEqual(stylesIn(await tree('v4.9', source), 'acme-mmu'), ['probe@arch']);
	});

	it('is probe@postcore when a declared callback creates the device', async () => {
		const source = acme(declaredCallback(), TAKE);
		assert.deepEqual(stylesIn(await tree('v4.9', source), 'acme-mmu'), ['probe@postcore']);
	});

	it('runs declared callbacks when the architecture does, before v4.9', async () => {
		const source = acme(declaredCallback(), TAKE);
		assert.deepEqual(stylesIn(await tree('v4.1', source), 'acme-mmu'), ['probe@arch']);
	});

	it('waits for the devices when a declared callback only registers the driver', async () => {
		const source = acme(declaredCallback({ creates: false }), TAKE);
		assert.deepEqual(stylesIn(await tree('v4.9', source), 'acme-mmu'), ['probe@arch']);
	});

	it('is declared@postcore when the callback itself installs', async () => {
		const tail = declaredCallback({ creates: false }).replace(
			'\treturn 0;\n}\nIOMMU',
			`${TAKE}\n\treturn 0;\n}\nIOMMU`,
		);
		assert.deepEqual(stylesIn(await tree('v4.9', acme(tail)), 'acme-mmu'), ['declared@postcore']);
	});

	it('does not run a callback in a tree that runs none', async () => {
		const found = await tree('v4.16', acme(declaredCallback(), TAKE));
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['none']);
	});

	it('is awaited on v4.12 to v4.18 only where the driver declares itself', async () => {
		const declared = `${PLAIN}IOMMU_OF_DECLARE(NAME, "maker,NAME", NULL);\n`;
		assert.deepEqual(stylesIn(await tree('v4.12', acme(PLAIN, TAKE)), 'acme-mmu'), [
			'probe@device',
		]);
		assert.deepEqual(stylesIn(await tree('v4.12', acme(declared, TAKE)), 'acme-mmu'), [
			'probe@device+awaited',
		]);
		assert.deepEqual(stylesIn(await tree('v4.11', acme(declared, TAKE)), 'acme-mmu'), [
			'probe@device',
		]);
	});

	it('is awaited on v4.19 for everybody', async () => {
		const found = await tree('v4.19', acme(PLAIN, TAKE));
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['probe@device+awaited']);
	});

	it('is awaited only under the configuration that compiles the declaration', async () => {
		const tail = `${PLAIN}#ifdef CONFIG_IOMMU_DMA\nIOMMU_OF_DECLARE(NAME, "maker,NAME", NULL);\n#endif\n`;
		const found = await tree('v4.12', acme(tail, TAKE));
		assert.deepEqual(stylesIn(found, 'acme-mmu', { IOMMU_DMA: 'y' }), ['probe@device+awaited']);
		assert.deepEqual(stylesIn(found, 'acme-mmu', { IOMMU_DMA: 'n' }), ['probe@device']);
	});

	it('differs per configuration when each compiles an installation of its own', async () => {
		const inInit = `#if defined(CONFIG_ARM) && !defined(CONFIG_IOMMU_DMA)\n${TAKE}#endif\n`;
		const inProbe = `#if defined(CONFIG_IOMMU_DMA)\n${TAKE}#endif\n`;
		const tail = `${initcall('subsys_initcall', inInit)}#ifdef CONFIG_IOMMU_DMA\nIOMMU_OF_DECLARE(NAME, "maker,NAME", NULL);\n#endif\n`;
		const found = await tree('v4.12', acme(tail, inProbe));
		assert.deepEqual(stylesIn(found, 'acme-mmu', { ARM: 'n', ARM64: 'y', IOMMU_DMA: 'y' }), [
			'probe@subsys+awaited',
		]);
		assert.deepEqual(stylesIn(found, 'acme-mmu', { ARM: 'y', ARM64: 'n', IOMMU_DMA: 'n' }), [
			'initcall@subsys',
		]);
		assert.deepEqual(stylesIn(found, 'acme-mmu', { ARM: 'n', ARM64: 'y', IOMMU_DMA: 'n' }), [
			'none',
		]);
	});

	it('lists several installers of one driver, earliest first', async () => {
		const found = await tree('v4.9', acme(initcall('subsys_initcall', TAKE), TAKE_IF_FREE));
		// Of one level: probe runs while the initcall registers the driver.
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['probe@subsys', 'initcall@subsys']);
		const reversed = await tree(
			'v4.9',
			acme(`${PLAIN}${lateInit('late_initcall')}${lateInit('core_initcall')}`, TAKE),
		);
		assert.deepEqual(stylesIn(reversed, 'acme-mmu'), [
			'initcall@core',
			'probe@device',
			'initcall@late',
		]);
	});

	it('is core where the core installs and the driver registers with it', async () => {
		const register = '\tret = iommu_device_register(&mmu->iommu, &NAME_ops, &pdev->dev);\n';
		const found = await tree('v6.1', acme(PLAIN, register));
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['core']);
	});

	it('is none for a driver that is registered with the core of a tree that installs nothing', async () => {
		const found = await tree('v4.12', acme(PLAIN, REGISTER));
		assert.deepEqual(stylesIn(found, 'acme-mmu'), ['none']);
		assert.equal(driverIn(found, 'acme-mmu').deviceRegister.length, 1);
		assert.equal(driverIn(found, 'acme-mmu').setFwnode.length, 1);
	});
});

/** Another initcall that takes the bus. */
function lateInit(macro: string): string {
	return `static int __init NAME_${macro}(void)\n{\n${TAKE}\treturn 0;\n}\n${macro}(NAME_${macro});\n`;
}
