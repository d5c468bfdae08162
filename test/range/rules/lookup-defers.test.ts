/** Ops that come as late as masters demand that masters wait. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lookupDefers } from '../../../src/range/rules/lookup-defers.ts';
import { declaredCallback, initcall, TAKE } from '../../driver/fixtures.ts';
import {
	acme,
	codes,
	DECLARE_3,
	DECLARED_IN_PROBE,
	IN_PROBE,
	PLAIN,
	situation,
	UNCHECKED,
	violations,
} from '../fixtures.ts';

const move = { before: UNCHECKED, after: IN_PROBE };

describe('rule lookup-defers', () => {
	for (const era of ['v3.18', 'v4.1', 'v4.9', 'v4.11'] as const) {
		it(`objects on ${era}, where no lookup defers, and nothing in the driver would help`, async () => {
			const [found, ...more] = await violations(lookupDefers, { era, ...move });
			assert.deepEqual(more, []);
			assert.equal(found?.code, 'lookup-does-not-defer');
			assert.equal(found?.missing, 'framework');
			assert.equal(found?.prerequisite, undefined);
			assert.match(found?.text ?? '', /from the subsys to the device level/);
			assert.equal(found?.evidence[0]?.path, 'drivers/iommu/of_iommu.c');
		});
	}

	it('asks for a declaration of each compatible string where only declared IOMMUs are waited for', async () => {
		const [found] = await violations(lookupDefers, { era: 'v4.12', ...move });
		assert.equal(found?.code, 'not-declared');
		assert.equal(found?.missing, 'driver');
		assert.equal(found?.prerequisite?.form, 'adaptation');
		assert.equal(
			found?.prerequisite?.text,
			'add IOMMU_OF_DECLARE(acme_mmu, "maker,acme_mmu", NULL);',
		);
		assert.equal(
			found?.prerequisite?.has((await situation({ era: 'v4.12', ...move })).before),
			false,
		);
		const declared = await situation({ era: 'v4.12', before: DECLARED_IN_PROBE });
		assert.equal(found?.prerequisite?.has(declared.before), true);
	});

	it('writes the declaration with as many arguments as the tree has', async () => {
		const [found] = await violations(lookupDefers, { era: 'v4.16', ...move });
		assert.equal(found?.prerequisite?.text, 'add IOMMU_OF_DECLARE(acme_mmu, "maker,acme_mmu");');
	});

	it('is content with a declaration, and only under the configuration that compiles it', async () => {
		const after = acme(`${PLAIN}#ifdef CONFIG_IOMMU_DMA\n${DECLARE_3}#endif\n`, TAKE);
		const asked = (value: 'y' | 'n') =>
			codes(lookupDefers, { era: 'v4.12', before: UNCHECKED, after, values: { IOMMU_DMA: value } });
		assert.deepEqual(await asked('y'), []);
		assert.deepEqual(await asked('n'), ['not-declared']);
	});

	it('does not trust a declaration whose condition nobody knows', async () => {
		const after = acme(`${PLAIN}#ifdef CONFIG_IOMMU_DMA\n${DECLARE_3}#endif\n`, TAKE);
		assert.deepEqual(await codes(lookupDefers, { era: 'v4.12', before: UNCHECKED, after }), [
			'not-declared',
		]);
	});

	it('is content where every lookup defers', async () => {
		assert.deepEqual(await codes(lookupDefers, { era: 'v4.19', ...move }), []);
	});

	it('does not object to ops that come before any master probes', async () => {
		const after = acme(declaredCallback(), TAKE);
		assert.deepEqual(await codes(lookupDefers, { era: 'v4.9', before: UNCHECKED, after }), []);
		const core = acme(initcall('core_initcall', TAKE));
		assert.deepEqual(
			await codes(lookupDefers, { era: 'v4.9', before: core, after: UNCHECKED }),
			[],
		);
	});

	it('objects to a driver whose early probe becomes a late one', async () => {
		const before = acme(declaredCallback(), TAKE);
		assert.deepEqual(await codes(lookupDefers, { era: 'v4.9', before, after: acme(PLAIN, TAKE) }), [
			'lookup-does-not-defer',
		]);
	});

	it('objects to ops that come nobody knows when', async () => {
		const after = acme(`${PLAIN}int NAME_setup(void)\n{\n${TAKE}\treturn 0;\n}\n`);
		assert.deepEqual(await codes(lookupDefers, { era: 'v4.9', before: UNCHECKED, after }), [
			'lookup-does-not-defer',
		]);
	});

	it('does not object to a driver that was late before the patch', async () => {
		const after = acme(PLAIN, `\tdev_info(&pdev->dev, "hello\\n");\n${TAKE}`);
		assert.deepEqual(
			await codes(lookupDefers, { era: 'v4.9', before: acme(PLAIN, TAKE), after }),
			[],
		);
	});

	it('says nothing of a patch that does not land', async () => {
		assert.deepEqual(await codes(lookupDefers, { era: 'v4.9', before: UNCHECKED }), []);
	});
});
