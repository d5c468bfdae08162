/** No patch may make a driver take a bus without having seen its own hardware. */
import { compareChains, type Installation } from '../../driver/style.ts';
import { uncheckedInstallations } from '../ownership.ts';
import { installationPlace, type Rule, type Violation } from '../situation.ts';

export const takesBusUnchecked: Rule = {
	id: 'takes-bus-unchecked',
	demand:
		'No driver comes to install bus ops from an initcall that does not look for its hardware, or does so earlier than it did.',
	reason:
		'A bus has one owner; on a machine with another IOMMU the driver takes the bus from the one that is there.',
	source: 'bus_set_iommu() in drivers/iommu/iommu.c through v6.0',
	check({ before, after, tree, values }) {
		if (after === undefined) return [];
		const known = new Map<string, Installation>();
		for (const installation of uncheckedInstallations(before, tree, values)) {
			if (!known.has(installation.bus)) known.set(installation.bus, installation);
		}
		return uncheckedInstallations(after, tree, values).flatMap((installation) =>
			objection(installation, known.get(installation.bus)),
		);
	},
};

/** The level decides who gets a bus: an unchecked installation that comes earlier takes it from more drivers. */
function objection(installation: Installation, before: Installation | undefined): Violation[] {
	const { bus, style } = installation;
	const found = { missing: 'framework' as const, evidence: [installationPlace(installation)] };
	if (before === undefined) {
		const text = `with the patch the driver takes ${bus} in an initcall without looking for its hardware`;
		return [{ ...found, code: 'takes-bus-unchecked', text }];
	}
	if (compareChains(installation.chain, before.chain) >= 0) return [];
	const text = `with the patch the driver takes ${bus} without looking for its hardware earlier than before: as ${style}, not as ${before.style}`;
	return [{ ...found, code: 'takes-bus-earlier', text }];
}
