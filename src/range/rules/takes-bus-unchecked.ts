/** No patch may make a driver take a bus without having seen its own hardware. */
import { uncheckedInstallations } from '../ownership.ts';
import { installationPlace, type Rule } from '../situation.ts';

export const takesBusUnchecked: Rule = {
	id: 'takes-bus-unchecked',
	demand: 'No driver installs bus ops from an initcall that does not look for its hardware.',
	reason:
		'A bus has one owner; on a machine with another IOMMU the driver takes the bus from the one that is there.',
	source: 'bus_set_iommu() in drivers/iommu/iommu.c through v6.0',
	check({ before, after, tree, values }) {
		if (after === undefined) return [];
		const known = new Set(uncheckedInstallations(before, tree, values).map(({ bus }) => bus));
		return uncheckedInstallations(after, tree, values)
			.filter(({ bus }) => !known.has(bus))
			.map((installation) => ({
				missing: 'framework' as const,
				code: 'takes-bus-unchecked',
				text: `with the patch the driver takes ${installation.bus} in an initcall without looking for its hardware`,
				evidence: [installationPlace(installation)],
			}));
	},
};
