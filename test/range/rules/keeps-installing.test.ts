/** A bus that had ops before the patch has them with it. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { keepsInstalling } from '../../../src/range/rules/keeps-installing.ts';
import { initcall, TAKE } from '../../driver/fixtures.ts';
import { acme, codes, IN_PROBE, PLAIN, UNCHECKED, violations } from '../fixtures.ts';

const both = initcall(
	'subsys_initcall',
	`${TAKE}${TAKE.replace('platform_bus_type', 'pci_bus_type')}`,
);

describe('rule keeps-installing', () => {
	it('objects when the installation is gone', async () => {
		const [found] = await violations(keepsInstalling, {
			era: 'v4.9',
			before: UNCHECKED,
			after: acme(PLAIN),
		});
		assert.equal(found?.code, 'installs-no-more');
		assert.match(found?.text ?? '', /platform_bus_type/);
		assert.equal(
			UNCHECKED.split('\n')[(found?.evidence[0]?.line ?? 0) - 1]?.includes('bus_set_iommu'),
			true,
		);
	});

	it('objects when the call is left and nothing leads to it', async () => {
		const dead = `${PLAIN}static void __init NAME_take(void)\n{\n${TAKE}}\n`;
		assert.deepEqual(
			await codes(keepsInstalling, { era: 'v4.9', before: UNCHECKED, after: acme(dead) }),
			['installs-no-more'],
		);
	});

	it('objects when one of two buses is forgotten', async () => {
		const found = await violations(keepsInstalling, {
			era: 'v4.9',
			before: acme(both),
			after: acme(PLAIN, TAKE),
		});
		assert.deepEqual(
			found.map(({ text }) => /ops on (\w+)/.exec(text)?.[1]),
			['pci_bus_type'],
		);
	});

	it('objects only under the configuration that loses it', async () => {
		const after = acme(PLAIN, `#ifdef CONFIG_IOMMU_DMA\n${TAKE}#endif\n`);
		const under = (value: 'y' | 'n') =>
			codes(keepsInstalling, {
				era: 'v4.9',
				before: UNCHECKED,
				after,
				values: { IOMMU_DMA: value },
			});
		assert.deepEqual(await under('y'), []);
		assert.deepEqual(await under('n'), ['installs-no-more']);
	});

	it('is content with a move, and with a core that installs', async () => {
		assert.deepEqual(
			await codes(keepsInstalling, { era: 'v4.9', before: UNCHECKED, after: IN_PROBE }),
			[],
		);
		assert.deepEqual(
			await codes(keepsInstalling, { era: 'v6.1', before: UNCHECKED, after: acme(PLAIN) }),
			[],
		);
	});
});
