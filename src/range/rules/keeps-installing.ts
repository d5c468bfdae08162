/** A driver that installed the ops of a bus still has to install them with the patch in. */
import { installations } from '../../driver/style.ts';
import { earliestByBus, holds, installationPlace, offered, type Rule } from '../situation.ts';

export const keepsInstalling: Rule = {
	id: 'keeps-installing',
	demand: 'A bus whose ops the driver installed before the patch still gets them with the patch.',
	reason:
		'A driver whose installation is gone, or is reached by no path, leaves its masters without an IOMMU.',
	source: 'bus_set_iommu() and its callers in drivers/iommu through v6.0',
	check(situation) {
		const { before, after, tree, values } = situation;
		if (after === undefined || offered(situation, 'core-installs-ops')?.value === true) return [];
		const certain = ({ when }: { when: string }): boolean => holds(when, values);
		const left = installations(after, tree, values);
		return [...earliestByBus(situation, before)]
			.filter(([bus, { ops }]) => {
				// What was installed for certain is not kept by what a configuration may leave out.
				const sure = ops?.reachedFrom.some(certain) === true;
				return !left.some(
					(one) => one.bus === bus && (!sure || one.ops?.reachedFrom.some(certain) === true),
				);
			})
			.map(([bus, installation]) => ({
				missing: 'framework' as const,
				code: 'installs-no-more',
				text: `with the patch no path leads to an installation of ops on ${bus}`,
				evidence: [installationPlace(installation)],
			}));
	},
};
