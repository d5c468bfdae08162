/** Ops that are installed are called back at once: what they read is to be written before. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { installsBeforeState } from '../../../src/range/rules/installs-before-state.ts';
import { initcall, REGISTER, TAKE_IF_FREE } from '../../driver/fixtures.ts';
import { acme, codes, PLAIN, violations } from '../fixtures.ts';

/** A driver whose add_device(), or probe_device(), walks a list. */
function listed(source: string, member = 'add_device', walk = WALK): string {
	return source.replace('\t.attach_dev', `\t.${member} = acme_mmu_take_in,\n\t.attach_dev`).replace(
		'static const struct iommu_ops',
		`static LIST_HEAD(acme_list);
static struct acme_mmu *acme_only;

static int acme_mmu_take_in(struct device *dev)
{
	struct acme_mmu *mmu;

${walk}	return -ENODEV;
}

static const struct iommu_ops`,
	);
}

const WALK = `	list_for_each_entry(mmu, &acme_list, node)
		if (acme_owns(mmu, dev))
			return 0;
`;
const FOLLOW = '\tif (!acme_only->ready)\n\t\treturn -ENODEV;\n';
const ADD = '\tlist_add(&mmu->node, &acme_list);\n';
const INIT = initcall('subsys_initcall', TAKE_IF_FREE);

const FROM_INITCALL = listed(acme(INIT, ADD));
const TOO_EARLY = listed(acme(PLAIN, `${TAKE_IF_FREE}${ADD}`));
const IN_TIME = listed(acme(PLAIN, `${ADD}${TAKE_IF_FREE}`));

describe('rule installs-before-state', () => {
	it('objects to ops whose callback walks a list that is still empty', async () => {
		const [found, ...more] = await violations(installsBeforeState, {
			era: 'v4.12',
			before: FROM_INITCALL,
			after: TOO_EARLY,
		});
		assert.equal(found?.code, 'installs-before-state');
		assert.equal(found?.missing, 'framework');
		assert.deepEqual(more, []);
		assert.match(found?.text ?? '', /^bus_set_iommu\(\) calls add_device\(\) back at once/);
		assert.match(found?.text ?? '', /acme_mmu_take_in\(\) reads acme_list there/);
		assert.match(found?.text ?? '', /acme_mmu_probe\(\) writes it only after the call/);
	});

	it('shows the call, the way back, the read and the write', async () => {
		const [found] = await violations(installsBeforeState, {
			era: 'v4.9',
			before: FROM_INITCALL,
			after: TOO_EARLY,
		});
		const lines = TOO_EARLY.split('\n');
		const inDriver = found?.evidence.filter(({ path }) => path.endsWith('acme-mmu.c')) ?? [];
		assert.deepEqual(
			inDriver.map(({ line }) => /\w+\(/.exec(lines[line - 1] ?? '')?.[0]),
			['bus_set_iommu(', 'list_for_each_entry(', 'list_add('],
		);
		const core = found?.evidence.filter(({ path }) => path === 'drivers/iommu/iommu.c');
		assert.equal(core?.length, 3);
		assert.match(found?.text ?? '', /a device that is refused is not asked for again$/);
	});

	it('is content with a list that is filled before', async () => {
		const move = { before: FROM_INITCALL, after: IN_TIME } as const;
		assert.deepEqual(await codes(installsBeforeState, { era: 'v4.12', ...move }), []);
	});

	it('does not object to what was so before the patch', async () => {
		const same = { before: TOO_EARLY, after: TOO_EARLY } as const;
		assert.deepEqual(await codes(installsBeforeState, { era: 'v4.12', ...same }), []);
	});

	it('says nothing of a patch that does not land', async () => {
		assert.deepEqual(await codes(installsBeforeState, { era: 'v4.12', before: TOO_EARLY }), []);
	});

	it('is content where the lookup asks again, and finds the driver', async () => {
		const before = listed(acme(INIT, `${REGISTER}${ADD}`));
		const after = listed(acme(PLAIN, `${REGISTER}${TAKE_IF_FREE}${ADD}`));
		assert.deepEqual(await codes(installsBeforeState, { era: 'v4.12', before, after }), []);
		assert.deepEqual(await codes(installsBeforeState, { era: 'v4.11', before, after }), [
			'installs-before-state',
		]);
	});

	it('cannot tell what a pointer that is not set does to the first time', async () => {
		const source = (tail: string, probe: string) =>
			listed(acme(tail, `${REGISTER}${probe}`), 'add_device', FOLLOW);
		const move = {
			before: source(INIT, '\tacme_only = mmu;\n'),
			after: source(PLAIN, `${TAKE_IF_FREE}\tacme_only = mmu;\n`),
		};
		const [found] = await violations(installsBeforeState, { era: 'v4.12', ...move });
		assert.equal(found?.missing, 'knowledge');
		assert.match(found?.text ?? '', /acme_mmu_take_in\(\) follows acme_only the first time$/);
	});

	it('asks the tree which member is called back, and by which call', async () => {
		const later = (source: string) => source.replace('.add_device', '.probe_device');
		const move = { before: later(FROM_INITCALL), after: later(TOO_EARLY) };
		// The framework of v4.12 knows no probe_device().
		assert.deepEqual(await codes(installsBeforeState, { era: 'v4.12', ...move }), []);
		const register = '\tret = iommu_device_register(&mmu->iommu, &acme_mmu_ops, &pdev->dev);\n';
		const keep = '\tacme_only = mmu;\n';
		const core = {
			before: listed(acme(PLAIN, `${keep}${register}`), 'probe_device', FOLLOW),
			after: listed(acme(PLAIN, `${register}${keep}`), 'probe_device', FOLLOW),
		};
		const [found] = await violations(installsBeforeState, { era: 'v6.1', ...core });
		assert.match(found?.text ?? '', /^iommu_device_register\(\) calls probe_device\(\) back/);
		assert.deepEqual(await codes(installsBeforeState, { era: 'v4.12', ...core }), []);
	});

	it('answers for each configuration', async () => {
		const after = listed(acme(PLAIN, `#ifdef CONFIG_EARLY\n${ADD}#endif\n${TAKE_IF_FREE}${ADD}`));
		const under = (values: Record<string, 'y' | 'n'>) =>
			codes(installsBeforeState, { era: 'v4.12', before: FROM_INITCALL, after, values });
		assert.deepEqual(await under({ EARLY: 'y' }), []);
		assert.deepEqual(await under({ EARLY: 'n' }), ['installs-before-state']);
		assert.deepEqual(await under({}), ['state-order-unknown']);
	});

	it('does not know what a call does that gets an address', async () => {
		const walk = '\tif (acme_find(&acme_list, dev))\n\t\treturn 0;\n';
		const found = await codes(installsBeforeState, {
			era: 'v4.12',
			before: listed(acme(INIT, ADD), 'add_device', walk),
			after: listed(acme(PLAIN, `${TAKE_IF_FREE}${ADD}`), 'add_device', walk),
		});
		assert.deepEqual(found, ['state-order-unknown']);
	});
});
