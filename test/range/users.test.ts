/** What device trees may change in a verdict, and what not. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ArchitectureUsers } from '../../cache/source.ts';
import type { NodeUse } from '../../src/kernel/device-tree.ts';
import { type Case, judge } from '../../src/range/judge.ts';
import { hardwareOf } from '../../src/range/users.ts';
import { initcall, TAKE, TAKE_IF_FREE } from '../driver/fixtures.ts';
import { acme, caseOf, IN_PROBE, PLAIN, type Setting, UNCHECKED } from './fixtures.ts';

const OWN = 'maker,acme_mmu';
const node = (compatible: string, counts: Partial<NodeUse> = {}): NodeUse => ({
	compatible: [compatible],
	enabled: 0,
	disabled: 0,
	masters: 0,
	mastersDisabled: 0,
	at: { path: 'arch/arm/boot/dts/a.dtsi', line: 3 },
	...counts,
});

function users(nodes: NodeUse[], boards: Partial<ArchitectureUsers['boards']> = {}) {
	const kinds = nodes.length === 0 ? [] : [{ boards: 2, example: 'a.dts', nodes }];
	return {
		boards: {
			arch: 'arm',
			asked: [OWN, 'x,y'],
			boards: 9,
			kinds,
			undecided: { boards: 0 },
			...boards,
		},
		defconfigs: 0,
		builds: [],
	} satisfies ArchitectureUsers;
}

const SETTING: Setting = { era: 'v4.9', before: UNCHECKED, after: IN_PROBE };

async function verdict(known: ArchitectureUsers | undefined, setting = SETTING): Promise<string> {
	const change: Partial<Case> = { users: () => known };
	const { verdict, reasons } = judge(await caseOf(setting, change));
	return [verdict, ...reasons.map(({ code }) => code)].join(' ');
}

const UNSAFE = 'unsafe lookup-does-not-defer dma-configured-at-creation';

describe('a verdict with device trees', () => {
	it('is safe where none has the hardware of the driver, and keeps what would be wrong elsewhere', async () => {
		assert.equal(await verdict(users([])), `safe no-in-tree-users ${UNSAFE.slice(7)}`);
		const other = users([node('x,y', { enabled: 1, masters: 1 })]);
		assert.match(await verdict(other), /^safe /);
	});

	it('stays where there is such hardware, enabled or not, with masters or without', async () => {
		for (const counts of [{ enabled: 1, masters: 1 }, { enabled: 1 }, { disabled: 1 }]) {
			assert.equal(await verdict(users([node(OWN, counts)])), UNSAFE);
		}
	});

	it('stays where that is not known', async () => {
		const gone = { path: 'a.dts', line: 1, why: 'b.dtsi is not there' };
		assert.equal(await verdict(undefined), UNSAFE);
		assert.equal(await verdict(users([], { undecided: { boards: 1, first: gone } })), UNSAFE);
		assert.equal(await verdict(users([], { boards: 0 })), UNSAFE, 'no device trees at all');
		assert.equal(await verdict(users([], { asked: ['x,y'] })), UNSAFE, 'nobody asked');
	});

	it('stays where the driver makes its device itself', async () => {
		const creates = '\tplatform_device_register_simple("acme", -1, NULL, 0);\n';
		const after = acme(
			`static int __init late(void)\n{\n${creates}\treturn platform_driver_register(&acme_mmu_driver);\n}\ndevice_initcall(late);\n`,
			TAKE_IF_FREE,
		);
		assert.match(await verdict(users([]), { ...SETTING, after }), /^unsafe /);
	});

	it('stays where something else is wrong, that does not need the hardware', async () => {
		const uses = ['iommu_device_register'];
		assert.match(await verdict(users([]), { ...SETTING, uses }), /^unsafe symbol-missing/);
		const before = acme(PLAIN);
		const after = acme(initcall('subsys_initcall', TAKE));
		assert.match(await verdict(users([]), { ...SETTING, before, after }), /^(?!safe)/);
	});
});

describe('the hardware of a driver', () => {
	it('is counted in boards, and shown where masters use it', () => {
		const all = users([]);
		const used = node('b', { enabled: 2, masters: 1, master: { path: 'm.dts', line: 7 } });
		all.boards.asked = ['a', 'b'];
		all.boards.kinds = [
			{ boards: 3, example: 'x', nodes: [node('a', { disabled: 2 })] },
			{ boards: 5, example: 'y', nodes: [node('a', { enabled: 1 }), used] },
			{ boards: 7, example: 'z', nodes: [node('a', { enabled: 1 })] },
		];
		assert.deepEqual(hardwareOf(all, { compatible: ['a', 'b'] }), {
			enabled: 12,
			disabled: 3,
			masters: 5,
			node: used.at,
			master: { path: 'm.dts', line: 7 },
		});
		assert.equal(hardwareOf(all, { compatible: ['b'] })?.enabled, 5);
		assert.equal(hardwareOf(all, { compatible: [] }), undefined);
		assert.equal(hardwareOf(all, { compatible: ['c'] }), undefined);
	});
});
