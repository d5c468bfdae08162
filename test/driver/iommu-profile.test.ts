/** What the IOMMU profile reads off the framework of releases from v3.18 to v6.12. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Capability } from '../../src/driver/model.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { linked } from './fixtures.ts';
import { ERAS, type FrameworkEra, framework } from './fixtures-framework.ts';

const NAMES = [
	'lookup',
	'lookup-defers',
	'dma-configured-at-probe',
	'declare-arity',
	'declared-callbacks-run',
	'iommu-device-register',
	'one-owner-a-bus',
	'core-installs-ops',
	'symbol:bus_set_iommu',
	'installing-calls-back',
	'registering-calls-back',
	'asked-again',
];

const never = 'never';
const sync = 'postcore_initcall_sync';
const EXPECTED: Record<FrameworkEra, unknown[]> = {
	'v3.18': [
		'none',
		'none',
		false,
		0,
		never,
		false,
		true,
		false,
		true,
		'add_device',
		undefined,
		'no',
	],
	'v4.1': [
		'list',
		'none',
		false,
		3,
		'arch_initcall',
		false,
		true,
		false,
		true,
		'add_device',
		undefined,
		'no',
	],
	'v4.9': ['list', 'none', false, 3, sync, false, true, false, true, 'add_device', undefined, 'no'],
	'v4.11': ['core', 'none', false, 3, sync, true, true, false, true, 'add_device', undefined, 'no'],
	'v4.12': [
		'core',
		'declared',
		true,
		3,
		sync,
		true,
		true,
		false,
		true,
		'add_device',
		undefined,
		'lookup',
	],
	'v4.16': [
		'core',
		'declared',
		true,
		2,
		never,
		true,
		true,
		false,
		true,
		'add_device',
		undefined,
		'lookup',
	],
	'v4.19': [
		'core',
		'all',
		true,
		0,
		never,
		true,
		true,
		false,
		true,
		'add_device',
		undefined,
		'lookup',
	],
	'v6.1': [
		'core',
		'all',
		true,
		0,
		never,
		true,
		false,
		true,
		false,
		undefined,
		'probe_device',
		'lookup',
	],
	'v6.12': [
		'core',
		'all',
		true,
		0,
		never,
		true,
		false,
		true,
		false,
		undefined,
		'probe_device',
		'lookup',
	],
};

async function capabilities(
	era: FrameworkEra,
	change: Record<string, string> = {},
): Promise<Capability[]> {
	return (await linked({ ...framework(era), ...change })).facts.capabilities;
}

const find = (all: readonly Capability[], name: string) =>
	all.find(({ capability }) => capability === name);

describe('capabilities of the IOMMU framework', () => {
	for (const era of ERAS) {
		it(`reads the framework of ${era}`, async () => {
			const found = await capabilities(era);
			assert.deepEqual(
				NAMES.map((name) => find(found, name)?.value),
				EXPECTED[era],
			);
		});
	}

	it('says where each answer was read, on the line that decides', async () => {
		const sources = framework('v4.12');
		const found = await capabilities('v4.12');
		const lineOf = ({ path, line }: { path: string; line: number }) =>
			sources[path]?.split('\n')[line - 1]?.trim();
		assert.deepEqual(find(found, 'lookup-defers')?.evidence.map(lineOf), [
			'return of_match_node(&__iommu_of_table, np);',
			'return ERR_PTR(-EPROBE_DEFER);',
		]);
		assert.deepEqual(find(found, 'dma-configured-at-probe')?.evidence.map(lineOf), [
			'int ret = dma_configure(dev);',
		]);
		assert.deepEqual(find(found, 'one-owner-a-bus')?.evidence.map(lineOf), ['return -EBUSY;']);
		for (const { evidence } of found) {
			for (const { blob } of evidence) assert.match(blob ?? '', /^[0-9a-f]{40}$/);
		}
	});

	it('takes no word in a comment for deferral', async () => {
		const of = 'drivers/iommu/of_iommu.c';
		const text = `/* One day this will return -EPROBE_DEFER. */\n${framework('v4.11')[of]}`;
		const found = await capabilities('v4.11', { [of]: text });
		assert.equal(find(found, 'lookup-defers')?.value, 'none');
	});

	it('does not say who owns a bus where the core is neither the old nor the new one', async () => {
		const found = await capabilities('v4.12', {
			'drivers/iommu/iommu.c': 'int iommu_group_id(struct iommu_group *group)\n{\n\treturn 0;\n}\n',
		});
		assert.equal(find(found, 'one-owner-a-bus'), undefined);
		assert.equal(find(found, 'core-installs-ops'), undefined);
	});

	it('knows a tree in which a second owner of a bus is not refused', async () => {
		const core = 'drivers/iommu/iommu.c';
		const text = framework('v4.12')[core]?.replace(
			'\t\treturn -EBUSY;',
			'\t\tpr_warn("again\\n");',
		);
		const found = await capabilities('v4.12', { [core]: text ?? '' });
		assert.equal(find(found, 'one-owner-a-bus')?.value, false);
	});

	it('covers sources and headers below drivers/iommu and nothing else', () => {
		const paths = [
			'drivers/iommu/acme.c',
			'drivers/iommu/arm/acme/acme.h',
			'drivers/iommu/Kconfig',
			'drivers/iommufd/acme.c',
			'drivers/memory/acme-mc.c',
		];
		assert.deepEqual(paths.map(iommu.covers), [true, true, false, false, false]);
	});

	it('runs ACPI callbacks at the subsys level and device tree ones where the tree says', async () => {
		const level = async (table: 'of' | 'acpi', era: FrameworkEra) =>
			iommu.declaredLevel(table, await capabilities(era))?.name;
		assert.equal(await level('acpi', 'v4.16'), 'subsys');
		assert.equal(await level('of', 'v4.1'), 'arch');
		assert.equal(await level('of', 'v4.9'), 'postcore');
		assert.equal(await level('of', 'v4.16'), undefined);
	});
});
