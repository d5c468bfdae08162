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
			for (const whole of registration.ways) {
				const told = doubtOf(registration, whole);
				if (told === 'fine') continue;
				const { way, why = told } = withinModules(facts, whole);
				const found = finding(facts, registration, way);
				if (found === undefined) continue;
				if (why === undefined) violations.push(found);
				else if (!unknown.some((one) => sameWay(one, found))) unknown.push({ ...found, why });
			}
		}
		return { violations, unknown };
	},
};

/** What keeps a way from being told; undefined where it violates the demand, `fine` where it does not. */
function doubtOf({ call, bus }: Registration, { end }: RegistrationWay): string | undefined {
	if (end.kind === 'unknown') return end.why;
	if (end.kind !== 'probe') return 'fine';
	if (end.bus === undefined) return `the bus of ${end.driver} is not told`;
	if (bus === undefined) return `the bus that ${call}() registers for is not told`;
	return end.bus === bus ? end.doubt : 'fine';
}

/**
 * A way up to where it goes through a pointer that another module calls: whose pointer that is, of all that are
 * put there, is not told by the call.
 */
function withinModules(
	facts: DemandFacts,
	way: RegistrationWay,
): { way: RegistrationWay; why?: string } {
	const { steps } = way;
	const at = steps.findLastIndex((step, i) => {
		const next = steps[i + 1];
		if (step.through === undefined || next === undefined || step.path === next.path) return false;
		const module = facts.linked(step.path)?.module;
		return module === undefined || module !== facts.linked(next.path)?.module;
	});
	const [step, next] = [steps[at], steps[at + 1]];
	if (step === undefined || next === undefined) return { way };
	const why = `${next.function}() is called through ${step.through} by ${step.function}(), which is in another module (${step.path}:${step.line})`;
	return { way: { ...way, steps: steps.slice(at + 1) }, why };
}

/** True for two ways that begin in one function and end in one call: one reason is enough. */
function sameWay(a: Finding, b: Finding): boolean {
	const same = a.call.path === b.call.path && a.call.line === b.call.line;
	const [first, second] = [a.steps[0], b.steps[0]];
	return same && first?.path === second?.path && first?.function === second?.function;
}

/** A way as a finding; undefined where its files are never linked together. */
function finding(
	facts: DemandFacts,
	{ call, bus, driver: argument, path, line, blob }: Registration,
	way: RegistrationWay,
): Finding | undefined {
	const files = new Set(way.steps.map((step) => step.path));
	const built = [...files].map((file) => facts.linked(file)?.when ?? ALWAYS);
	const when = and(parseCondition(way.when), ...built);
	if (!satisfiable(when)) return undefined;
	const what = argument === '' ? `a driver of ${bus ?? 'a bus'}` : argument;
	const [first] = way.steps;
	return {
		driver: driverName(first?.path ?? path, ''),
		text: `${first?.function ?? ''}() registers ${what}${bus === undefined ? '' : `, a driver of ${bus}`}`,
		steps: way.steps,
		call: { name: call, argument, path, line, blob },
		bus,
		when: printCondition(when),
	};
}
