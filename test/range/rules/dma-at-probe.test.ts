/** Waiting helps only where DMA is configured when a driver is bound. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dmaAtProbe } from '../../../src/range/rules/dma-at-probe.ts';
import { IN_PROBE, situation, UNCHECKED, violations } from '../fixtures.ts';

const move = { before: UNCHECKED, after: IN_PROBE };

describe('rule dma-at-probe', () => {
	it('objects where DMA is configured when a device is created, and says where', async () => {
		const [found] = await violations(dmaAtProbe, { era: 'v4.11', ...move });
		assert.equal(found?.code, 'dma-configured-at-creation');
		assert.equal(found?.missing, 'framework');
		assert.deepEqual(
			found?.evidence.map(({ path }) => path),
			['drivers/of/platform.c'],
		);
	});

	it('does not object where the driver core or the bus configures DMA at probe', async () => {
		assert.deepEqual(await violations(dmaAtProbe, { era: 'v4.12', ...move }), []);
		assert.deepEqual(await violations(dmaAtProbe, { era: 'v6.1', ...move }), []);
	});

	it('does not object to a patch that moves nothing', async () => {
		const same = { before: UNCHECKED, after: UNCHECKED };
		assert.deepEqual(await violations(dmaAtProbe, { era: 'v4.11', ...same }), []);
	});

	it('does not invent an answer for a tree in which it could not be read', async () => {
		const known = await situation({ era: 'v4.11', ...move });
		const capabilities = known.tree.capabilities.filter(
			({ capability }) => capability !== 'dma-configured-at-probe',
		);
		assert.deepEqual(dmaAtProbe.check({ ...known, tree: { ...known.tree, capabilities } }), []);
	});
});
