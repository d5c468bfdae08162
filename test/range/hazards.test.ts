/** What a patch removes from its driver, who still loses, and whose probe then fails half-way. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lifecycleOf } from '../../src/driver/link.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { installations } from '../../src/driver/style.ts';
import { removedBy, removedIn } from '../../src/range/hazards/index.ts';
import { halfway, losersReport, stillLose } from '../../src/range/remains.ts';
import {
	driverSource,
	initcall,
	LOOK,
	linked,
	REGISTER,
	TAKE,
	TAKE_IF_FREE,
} from '../driver/fixtures.ts';
import {
	acme,
	DECLARE_3,
	IN_PROBE,
	PLAIN,
	type Setting,
	situation,
	UNCHECKED,
} from './fixtures.ts';

const removed = async (setting: Setting): Promise<string[]> =>
	removedIn(await situation(setting)).map(
		({ hazard, bus, before, after }) => `${hazard.id} ${bus}: ${before} -> ${after}`,
	);

describe('what a patch removes', () => {
	it('is that the driver takes a bus unchecked, whatever it does instead', async () => {
		const move = { era: 'v4.9', before: UNCHECKED, after: IN_PROBE } as const;
		assert.deepEqual(await removed(move), [
			'takes-bus-unchecked platform_bus_type: initcall@subsys -> probe@device',
		]);
		const after = acme(initcall('subsys_initcall', TAKE_IF_FREE, { first: LOOK }));
		assert.deepEqual(await removed({ ...move, after }), [
			'takes-bus-unchecked platform_bus_type: initcall@subsys -> initcall@subsys+dt',
		]);
	});

	it('is told of each bus', async () => {
		const pci = TAKE.replace('platform_bus_type', 'pci_bus_type');
		const before = acme(initcall('subsys_initcall', `${TAKE}${pci}`));
		const after = acme(initcall('subsys_initcall', TAKE));
		assert.deepEqual(await removed({ era: 'v4.9', before, after }), [
			'takes-bus-unchecked pci_bus_type: initcall@subsys -> none',
		]);
	});

	it('is that masters do not wait', async () => {
		const after = acme(`${PLAIN}${DECLARE_3}`, TAKE_IF_FREE);
		assert.deepEqual(await removed({ era: 'v4.12', before: IN_PROBE, after }), [
			'not-awaited platform_bus_type: probe@device -> probe@device+awaited',
		]);
	});

	it('is the style it gives up, where nothing better is known', async () => {
		const before = acme(initcall('subsys_initcall', TAKE_IF_FREE, { first: LOOK }));
		const after = acme(initcall('device_initcall', TAKE_IF_FREE, { first: LOOK }));
		const setting = { era: 'v4.9', before, after } as const;
		assert.deepEqual(await removed(setting), [
			'style:initcall@subsys+dt platform_bus_type: initcall@subsys+dt -> initcall@device+dt',
		]);
		const both = [await situation(setting), await situation({ ...setting, before: UNCHECKED })];
		assert.deepEqual(
			removedBy(both).map(({ hazard }) => hazard.id),
			['takes-bus-unchecked'],
		);
	});

	it('is nothing where the registration stays, the patch does not land, or the core installs', async () => {
		const check = (setting: Setting) => removed(setting);
		assert.deepEqual(await check({ era: 'v4.9', before: UNCHECKED, after: UNCHECKED }), []);
		assert.deepEqual(await check({ era: 'v4.9', before: UNCHECKED }), []);
		const core = acme(initcall('subsys_initcall', ''), REGISTER);
		assert.deepEqual(await check({ era: 'v6.1', before: core, after: core }), []);
	});

	it('is not a look for what a driver without a table makes its device of', async () => {
		const look = LOOK.replace(
			'of_find_matching_node(NULL, NAME_ids)',
			'of_find_compatible_node(NULL, NULL, "maker,other")',
		);
		const source = acme(initcall('subsys_initcall', TAKE, { first: look }));
		const bare = source.replace(/\t\t\.of_match_table = .*\n/, '');
		const hazards = async (before: string) =>
			removed({ era: 'v4.9', before, after: acme(PLAIN) }).then((all) =>
				all.map((one) => one.split(' ')[0]),
			);
		assert.deepEqual(await hazards(source), ['takes-bus-unchecked']);
		assert.deepEqual(await hazards(bare), []);
	});
});

describe('what remains with the patch in', () => {
	const other = (name: string, tail: string, probe = '') =>
		driverSource(`${name}-mmu`, { tail, probe });
	const MORE = {
		'drivers/iommu/beta-mmu.c': other('beta', initcall('core_initcall', TAKE)),
		'drivers/iommu/zeta-mmu.c': other(
			'zeta',
			PLAIN,
			`\tret = iommu_device_register(&mmu->iommu);\n\tif (ret)\n\t\treturn ret;\n\tret = ${TAKE.trim()}\n\tif (ret)\n\t\treturn ret;\n`,
		),
	};

	it('is a third that still takes the bus before the loser', async () => {
		const field = await situation({ era: 'v4.12', before: UNCHECKED, more: MORE });
		const lose = stillLose(field, field.before, 'platform_bus_type', ['zeta-mmu']);
		const [found, ...more] = losersReport(lose);
		assert.deepEqual(more, []);
		assert.deepEqual([found?.driver, found?.to], ['zeta-mmu', ['beta-mmu']]);
		assert.equal(
			found?.why,
			'beta-mmu takes the bus before it by level (initcall@core before probe@device)',
		);
		const apart = { ...field, together: (symbols: readonly string[]) => symbols.length < 2 };
		assert.deepEqual(stillLose(apart, field.before, 'platform_bus_type', ['zeta-mmu']), []);
		assert.deepEqual(stillLose(field, field.before, 'pci_bus_type', ['zeta-mmu']), []);
	});

	it('is a probe that fails when it is refused, and takes nothing back', async () => {
		const tree = await linked(MORE);
		const driver = tree.facts.drivers.find(({ driver: name }) => name === 'zeta-mmu');
		const module = tree.modules.find(({ symbol }) => symbol === 'ZETA_MMU');
		assert.ok(driver && module);
		const [installation] = installations(driver, tree.facts, () => undefined);
		assert.ok(installation);
		const life = lifecycleOf(iommu, tree.files, module, tree.facts.capabilities);
		const [found] = halfway({ driver, installation }, life);
		assert.deepEqual(found?.left, ['iommu_device_register']);
		assert.equal(
			found?.why,
			'its probe fails when bus_set_iommu() is refused, and nothing takes iommu_device_register() back',
		);
		assert.deepEqual(halfway({ driver, installation }, undefined), []);
	});
});
