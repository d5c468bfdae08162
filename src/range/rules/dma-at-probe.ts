/** Waiting for an IOMMU only helps where DMA is configured when the master's driver is bound. */
import { moves, offered, type Rule } from '../situation.ts';
import { movesBehindMasters } from './lookup-defers.ts';

export const dmaAtProbe: Rule = {
	id: 'dma-at-probe',
	demand:
		'Bus ops installed at or after the level at which masters probe demand that DMA is configured at driver probe.',
	reason:
		'Where DMA is configured when a device is created, an IOMMU that comes later is never looked at again.',
	source:
		'09515ef5ddad ("of/acpi: Configure dma operations at probe time for platform/amba/pci bus devices")',
	check(situation) {
		const configured = offered(situation, 'dma-configured-at-probe');
		if (configured === undefined || configured.value !== false) return [];
		if (!moves(situation).some(movesBehindMasters)) return [];
		return [
			{
				missing: 'framework',
				harms: 'own-masters',
				code: 'dma-configured-at-creation',
				capability: 'dma-configured-at-probe',
				text: 'DMA is configured when a device is created, not when its driver is bound',
				evidence: configured.evidence,
			},
		];
	},
};
