/** No patch makes a driver take a bus without having seen its hardware. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { takesBusUnchecked } from '../../../src/range/rules/takes-bus-unchecked.ts';
import { initcall, LOOK, TAKE } from '../../driver/fixtures.ts';
import { acme, codes, IN_PROBE, PLAIN, UNCHECKED, violations } from '../fixtures.ts';

describe('rule takes-bus-unchecked', () => {
	it('objects to an installation that moves from probe to an initcall', async () => {
		const [found] = await violations(takesBusUnchecked, {
			era: 'v4.12',
			before: IN_PROBE,
			after: UNCHECKED,
		});
		assert.equal(found?.code, 'takes-bus-unchecked');
		assert.equal(found?.missing, 'framework');
	});

	it('objects when the look for hardware is taken away', async () => {
		const before = acme(initcall('subsys_initcall', TAKE, { first: LOOK }));
		assert.deepEqual(await codes(takesBusUnchecked, { era: 'v4.12', before, after: UNCHECKED }), [
			'takes-bus-unchecked',
		]);
	});

	it('objects to one more bus', async () => {
		const pci = TAKE.replace('platform_bus_type', 'pci_bus_type');
		const after = acme(initcall('subsys_initcall', `${TAKE}${pci}`));
		assert.equal(
			(await codes(takesBusUnchecked, { era: 'v4.12', before: UNCHECKED, after })).length,
			1,
		);
	});

	it('objects when a bus that was taken unchecked is taken at an earlier level', async () => {
		const after = acme(initcall('core_initcall', TAKE));
		assert.deepEqual(await codes(takesBusUnchecked, { era: 'v4.12', before: UNCHECKED, after }), [
			'takes-bus-earlier',
		]);
	});

	it('does not object to what was there before', async () => {
		assert.deepEqual(
			await codes(takesBusUnchecked, { era: 'v4.12', before: UNCHECKED, after: UNCHECKED }),
			[],
		);
	});

	it('is content with probe and with a look for the hardware', async () => {
		const checked = acme(initcall('subsys_initcall', TAKE, { first: LOOK }));
		for (const after of [IN_PROBE, checked]) {
			assert.deepEqual(
				await codes(takesBusUnchecked, { era: 'v4.12', before: acme(PLAIN), after }),
				[],
			);
		}
	});
});
