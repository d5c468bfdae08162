/** A driver that was registered still has to be registered with the patch in. */

import type { DriverFacts } from '../../driver/model.ts';
import { chainsUnder } from '../../driver/style.ts';
import {
	earliestByBus,
	installationPlace,
	type Rule,
	type Situation,
	type Violation,
} from '../situation.ts';

/** How many driver structs of each bus are registered under the configuration. */
function countByBus(driver: DriverFacts, { values }: Situation): Map<string, number> {
	const names = new Map<string, Set<string>>();
	for (const { bus, ops, reachedFrom } of driver.busOps) {
		if (chainsUnder(reachedFrom, values).length === 0) continue;
		names.set(bus, (names.get(bus) ?? new Set()).add(ops));
	}
	return new Map([...names].map(([bus, all]) => [bus, all.size]));
}

export const keepsRegistering: Rule = {
	id: 'keeps-registering',
	demand:
		'A driver that was registered on a bus before the patch is registered on it with the patch.',
	reason: 'A driver that nothing registers is never bound to its devices.',
	source:
		'Documentation/driver-api/driver-model/driver.rst; doc/develop/driver-model/design.rst of U-Boot',
	check(situation) {
		const { before, after } = situation;
		if (after === undefined) return [];
		const left = countByBus(after, situation);
		const earliest = earliestByBus(situation, before);
		return [...countByBus(before, situation)].flatMap(([bus, count]): Violation[] => {
			const now = left.get(bus) ?? 0;
			const was = earliest.get(bus);
			if (now >= count || was === undefined) return [];
			const evidence = [installationPlace(was)];
			// What a macro does that nobody was found to define may be just that.
			const unread = after.unknownMacros ?? [];
			if (now === 0 && unread.length === 0) {
				const text = `with the patch nothing registers the driver on ${bus}`;
				return [{ missing: 'framework', code: 'registers-no-more', text, evidence }];
			}
			const why = unread.length > 0 ? `; what ${unread.join(', ')} does is not known` : '';
			const text = `with the patch fewer drivers are registered on ${bus} (${now} of ${count})${why}`;
			return [{ missing: 'knowledge', code: 'registers-fewer', text, evidence }];
		});
	},
	// Where it is not known what registers the driver now, nothing can be said of later.
	untold: ({ before }) => (before.busOps.length === 0 ? (before.unknownMacros ?? []) : []),
};
