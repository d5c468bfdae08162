/** What the IOMMU profile reads off the framework of releases from v3.18 to v6.12. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Capability } from '../../src/driver/model.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { linked } from './fixtures.ts';
import { ERAS, type FrameworkEra, framework } from './fixtures-framework.ts';

/** What the first of {@link ERAS} offers, by capability. */
const FIRST: Readonly<Record<string, unknown>> = {
	lookup: 'none',
	'lookup-defers': 'none',
	'dma-configured-at-probe': false,
	'declare-arity': 0,
	'declared-callbacks-run': 'never',
	'iommu-device-register': false,
	'one-owner-a-bus': true,
	'core-installs-ops': false,
	'symbol:bus_set_iommu': true,
	'installing-calls-back': 'add_device',
	'registering-calls-back': undefined,
	'asked-again': 'no',
};

/** What is otherwise in each than in the one before. */
const CHANGES: Readonly<Record<FrameworkEra, typeof FIRST>> = {
	'v3.18': {},
	'v4.1': { lookup: 'list', 'declare-arity': 3, 'declared-callbacks-run': 'arch_initcall' },
	'v4.9': { 'declared-callbacks-run': 'postcore_initcall_sync' },
	'v4.11': { lookup: 'core', 'iommu-device-register': true },
	'v4.12': {
		'lookup-defers': 'declared',
		'dma-configured-at-probe': true,
		'asked-again': 'lookup',
	},
	'v4.16': { 'declare-arity': 2, 'declared-callbacks-run': 'never' },
	'v4.19': { 'lookup-defers': 'all', 'declare-arity': 0 },
	'v6.1': {
		'one-owner-a-bus': false,
		'core-installs-ops': true,
		'symbol:bus_set_iommu': false,
		'installing-calls-back': undefined,
		'registering-calls-back': 'probe_device',
	},
	'v6.12': {},
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
	let expected = FIRST;
	for (const era of ERAS) {
		expected = { ...expected, ...CHANGES[era] };
		const values = Object.entries(expected);
		it(`reads the framework of ${era}`, async () => {
			const found = await capabilities(era);
			assert.deepEqual(
				values.map(([name]) => [name, find(found, name)?.value]),
				values,
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
