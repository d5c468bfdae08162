/** What added lines call has to exist in the tree. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { symbolsExist } from '../../../src/range/rules/symbols-exist.ts';
import { codes, IN_PROBE, UNCHECKED, violations } from '../fixtures.ts';

const move = { before: UNCHECKED, after: IN_PROBE };

describe('rule symbols-exist', () => {
	it('objects to each name that the headers do not declare, and names it', async () => {
		const found = await violations(symbolsExist, {
			era: 'v4.9',
			...move,
			uses: ['bus_set_iommu', 'iommu_device_register', 'iommu_device_set_fwnode'],
		});
		assert.deepEqual(
			found.map(({ code, text, missing }) => [code, text.split(' ')[0], missing]),
			[
				['symbol-missing', 'iommu_device_register()', 'framework'],
				['symbol-missing', 'iommu_device_set_fwnode()', 'framework'],
			],
		);
		assert.equal(found[0]?.evidence[0]?.path, 'include/linux/iommu.h');
	});

	it('follows names as they come and go', async () => {
		const uses = ['bus_set_iommu'];
		assert.deepEqual(await codes(symbolsExist, { era: 'v4.19', ...move, uses }), []);
		assert.deepEqual(await codes(symbolsExist, { era: 'v6.1', ...move, uses }), ['symbol-missing']);
	});

	it('does not object to names outside of the interface', async () => {
		assert.deepEqual(await codes(symbolsExist, { era: 'v4.9', ...move, uses: ['kmalloc'] }), []);
	});
});
