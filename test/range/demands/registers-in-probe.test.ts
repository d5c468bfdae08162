/** The demand of a driver core that matches under the lock of the device, over whole trees. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MATCH_UNDER_LOCK } from '../../../src/driver/ways/match-lock.ts';
import { sweep } from '../../../src/driver/ways/sweep.ts';
import { ChangedTreeText, type TreeText } from '../../../src/git/tree-text.ts';
import { DEMANDS } from '../../../src/range/demands/index.ts';
import { checkDemands } from '../../../src/range/demands/over-tree.ts';
import {
	CORE,
	DIRECT,
	INIT_ONLY,
	LOCKED,
	MemoryTree,
	MODULE,
	OTHER_BUS,
	platformDriver,
	TABLE,
} from '../../driver/ways/trees.ts';

async function checked(tree: TreeText, assume: readonly string[] = []) {
	return checkDemands({ tree, demands: DEMANDS, assume, sweep: () => sweep(tree) });
}

async function answerOf(files: Readonly<Record<string, string>>) {
	const [answer] = (await checked(new MemoryTree({ ...LOCKED, ...files }))).demands;
	assert.ok(answer !== undefined);
	return answer;
}

const DRIVERS = {
	...MODULE,
	'drivers/bank/bank-acme.c': DIRECT,
	'drivers/fancy/fancy.c': TABLE,
	'drivers/chip/chip.c': OTHER_BUS,
	'drivers/late/late.c': INIT_ONLY,
};

describe('registers-in-probe', () => {
	it('names every driver that registers one of its own bus, and no other', async () => {
		const { violations, unknown } = await answerOf(DRIVERS);
		assert.deepEqual(
			violations.map(({ driver }) => driver),
			['bank-acme', 'fancy', 'acme-mmu'],
		);
		assert.deepEqual(unknown, []);
	});

	it('says when the files of the way are linked', async () => {
		const { violations } = await answerOf(MODULE);
		assert.deepEqual(
			violations.map(({ when, steps, call }) => [when, steps.length, call.name, call.argument]),
			[['ACME_MMU && ACME_MMU_VENDOR', 3, 'platform_driver_register', 'vendor_tbu_driver']],
		);
	});

	it('takes files that are never linked together for none', async () => {
		const makefile = `
obj-$(CONFIG_ACME_MMU) += acme_mmu.o
acme_mmu-y := acme-mmu.o acme-mmu-impl.o
ifndef CONFIG_ACME_MMU
obj-y += acme-mmu-vendor.o
endif
`;
		const { violations } = await answerOf({ ...MODULE, 'drivers/mmu/Makefile': makefile });
		assert.deepEqual(violations, []);
	});

	it('does without Makefiles, and with one that includes itself', async () => {
		const files = { ...MODULE };
		Reflect.deleteProperty(files, 'drivers/mmu/Makefile');
		assert.deepEqual(
			(await answerOf(files)).violations.map(({ when }) => when),
			[''],
		);
		const around = 'obj-y += ../mmu/\ninclude Makefile\nobj-$(CONFIG_A) += ./\n';
		assert.equal(
			(await answerOf({ ...MODULE, 'drivers/mmu/Makefile': around })).violations.length,
			1,
		);
	});

	it('is unknown where a pointer is called by code that was not found, and says which', async () => {
		const text = TABLE.replace('return data->init(fancy);', 'return fancy_core_start(data);');
		const { violations, unknown } = await answerOf({ 'drivers/fancy/fancy.c': text });
		assert.deepEqual(violations, []);
		assert.deepEqual(
			unknown.map(({ why }) => why),
			['fancy_init() is called through fancy_data.init, by code that was not found'],
		);
	});

	it('does not take a pointer that a framework calls for every driver for the way of one', async () => {
		const core = `
int thing_register(struct thing *thing)
{
	return thing->ops->load(thing);
}
EXPORT_SYMBOL(thing_register);
`;
		const loads = `
static int one_load(struct thing *thing)
{
	return platform_driver_register(&one_cell);
}
static const struct thing_ops one_ops = { .load = one_load };
`;
		const other = `
static int other_probe(struct platform_device *pdev)
{
	return thing_register(&other);
}
${platformDriver('other_driver', 'other_probe')}`;
		const { violations, unknown } = await answerOf({
			'drivers/thing/Makefile':
				'obj-y += core.o\nobj-$(CONFIG_ONE) += one.o\nobj-$(CONFIG_OTHER) += other.o\n',
			'drivers/thing/thing.h': 'struct thing {\n\tconst struct thing_ops *ops;\n};\n',
			'drivers/thing/core.c': core,
			'drivers/thing/one.c': loads,
			'drivers/thing/other.c': other,
		});
		assert.deepEqual(violations, []);
		assert.deepEqual(
			unknown.map(({ why }) => why),
			[
				'one_load() is called through ops->load() by thing_register(), which is in another module (drivers/thing/core.c:4)',
			],
		);
	});

	it('does not take the remove of a driver for its probe', async () => {
		const text = DIRECT.replace('.probe	= bank_probe', '.remove	= bank_probe');
		const { violations, unknown } = await answerOf({ 'drivers/bank.c': text });
		assert.deepEqual(violations, []);
		assert.match(unknown[0]?.why ?? '', /^bank_probe\(\) is the remove of bank_driver/);
	});

	it('is asked only of a tree that has the capability, or where it is assumed', async () => {
		const tree = new MemoryTree({ ...CORE, ...DRIVERS });
		const alone = await checked(tree);
		assert.deepEqual(alone.demands, []);
		assert.deepEqual(tree.searched, []);
		assert.equal(alone.capabilities[0]?.value, false);
		const assumed = await checked(tree, [MATCH_UNDER_LOCK]);
		assert.equal(assumed.demands[0]?.violations.length, 3);
		assert.equal(assumed.capabilities[0]?.assumed, true);
	});

	it('follows a patch that brings the capability, a violation, or takes one away', async () => {
		const tree = new MemoryTree({ ...CORE, ...DRIVERS });
		const locked = new MemoryTree(LOCKED).files;
		const brought = await checked(new ChangedTreeText(tree, locked));
		assert.equal(brought.demands[0]?.violations.length, 3);
		const mended = new Map([...locked, ['drivers/bank/bank-acme.c', undefined] as const]);
		const fewer = await checked(new ChangedTreeText(tree, mended));
		assert.deepEqual(
			fewer.demands[0]?.violations.map(({ driver }) => driver),
			['fancy', 'acme-mmu'],
		);
		const more = new Map([...locked, ...new MemoryTree({ 'drivers/new/new.c': DIRECT }).files]);
		const added = await checked(new ChangedTreeText(tree, more));
		assert.equal(added.demands[0]?.violations.length, 4);
	});

	it('cannot tell of a tree without a driver core', async () => {
		const found = await checked(new MemoryTree({ 'a.c': DIRECT }));
		assert.equal(found.capabilities[0]?.value, null);
		assert.match(found.capabilities[0]?.why ?? '', /__driver_attach/);
	});
});
