/** The lock of a device is held while drivers are matched with it: registering one from a probe waits for itself. */
import { driverName } from '../../driver/link.ts';
import { MATCH_UNDER_LOCK } from '../../driver/ways/match-lock.ts';
import type { Registration, RegistrationWay } from '../../driver/ways/sweep.ts';
import {
	ALWAYS,
	and,
	parseCondition,
	printCondition,
	satisfiable,
} from '../../kernel/condition.ts';
import type { Demand, DemandFacts, Finding } from './demand.ts';

/** The demand of dc23806a7c47. */
export const registersInProbe: Demand = {
	id: 'registers-in-probe',
	capability: MATCH_UNDER_LOCK,
	demand: 'no driver registers a driver of its own bus from its probe',
	reason:
		'probe runs under the lock of its device, and registering a driver takes the lock of every device of the bus to match it: the probe waits for itself, and the machine hangs at boot',
	source:
		'dc23806a7c47 ("driver core: enforce device_lock for driver_match_device()"), taken into stable series without all of its companions and reverted there',
	check(facts) {
		const violations: Finding[] = [];
		const unknown: (Finding & { why: string })[] = [];
		for (const registration of facts.registrations) {
			for (const way of registration.ways) {
				const { end } = way;
				if (end.kind === 'unknown') {
					const found = finding(facts, registration, way, `${end.path.replace(/^.*\//, '')}`);
					if (found !== undefined) unknown.push({ ...found, why: end.why });
				}
				if (end.kind !== 'probe') continue;
				const driver = driverName(end.path, '');
				const found = finding(facts, registration, way, driver);
				if (found === undefined) continue;
				if (end.bus === undefined || registration.bus === undefined) {
					const which =
						end.bus === undefined
							? `of ${end.driver}`
							: `that ${registration.call}() registers for`;
					unknown.push({ ...found, why: `the bus ${which} is not told` });
				} else if (end.bus === registration.bus) violations.push(found);
			}
		}
		return { violations, unknown };
	},
};

/** A way as a finding; undefined where its files are never linked together. */
function finding(
	facts: DemandFacts,
	{ call, bus, driver: argument, path, line, blob }: Registration,
	way: RegistrationWay,
	driver: string,
): Finding | undefined {
	const files = new Set(way.steps.map((step) => step.path));
	const built = [...files].map((file) => facts.builtWhen(file) ?? ALWAYS);
	const when = and(parseCondition(way.when), ...built);
	if (!satisfiable(when)) return undefined;
	const what = argument === '' ? `a driver of ${bus ?? 'a bus'}` : argument;
	const [first] = way.steps;
	return {
		driver,
		text: `${first?.function ?? ''}() registers ${what}${bus === undefined ? '' : `, a driver of ${bus}`}`,
		steps: way.steps,
		call: { name: call, argument, path, line, blob },
		bus,
		when: printCondition(when),
	};
}
