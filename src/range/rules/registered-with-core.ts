/**
 * Where masters find their IOMMU through the core's list, ops that come late demand that the driver
 * is on that list, with its firmware node, before its ops can be called.
 */
import type { Chain, DriverFacts, Evidence } from '../../driver/model.ts';
import type { Installation } from '../../driver/style.ts';
import type { Assignment } from '../../kernel/condition.ts';
import {
	holds,
	installationPlace,
	moves,
	offered,
	type Rule,
	type Situation,
	type Violation,
} from '../situation.ts';
import { movesBehindMasters } from './lookup-defers.ts';

export const registeredWithCore: Rule = {
	id: 'registered-with-core',
	demand:
		'Where the lookup goes through the IOMMU core, a driver whose ops come as late as its masters registers with the core, with its firmware node, before it installs them.',
	reason:
		'The lookup finds an IOMMU by firmware node among the registered ones; one that is not there is not found, however long a master waits.',
	source: 'iommu_ops_from_fwnode() and its caller of_iommu_configure(), drivers/iommu from v4.11',
	check(situation: Situation): Violation[] {
		const { after, values } = situation;
		const lookup = offered(situation, 'lookup');
		// Where nothing defers, being registered would not help: that tree fails another demand.
		if (after === undefined || lookup?.value !== 'core') return [];
		if (offered(situation, 'lookup-defers')?.value === 'none') return [];
		const late = moves(situation).filter(movesBehindMasters);
		return late.flatMap(({ to }) => {
			if (!isRegistered(after, values)) return [unregistered(lookup.evidence, to, values)];
			const before = registersAfter(after, to, values);
			return before === undefined ? [] : [tooLate(before, to)];
		});
	},
};

/** Whether a driver registers with the core, with its firmware node, for certain. */
export function isRegistered(driver: DriverFacts, values: Assignment): boolean {
	const reached = (calls: DriverFacts['deviceRegister']): boolean =>
		calls.some((call) => call.reachedFrom.some(({ when }) => holds(when, values)));
	return reached(driver.deviceRegister) && reached(driver.setFwnode);
}

function unregistered(evidence: Evidence[], to: Installation, values: Assignment): Violation {
	return {
		missing: 'driver',
		harms: 'own-masters',
		code: 'not-registered',
		text: 'masters look their IOMMU up in the list of the core, and the driver is not on it',
		evidence: [...evidence, installationPlace(to)],
		prerequisite: {
			kind: 'registration',
			form: 'adaptation',
			text: 'in probe, before the ops are installed: iommu_device_set_ops(), iommu_device_set_fwnode(), iommu_device_register()',
			why: 'the lookup finds registered IOMMUs only',
			has: (driver) => isRegistered(driver, values),
		},
	};
}

/** The registration that comes after the installation, where every one that is reached does. */
function registersAfter(
	driver: DriverFacts,
	to: Installation,
	values: Assignment,
): Evidence | undefined {
	const reached = driver.deviceRegister.flatMap((call) =>
		call.reachedFrom
			.filter(({ when }) => holds(when, values))
			.map((chain) => ({ call, order: order(to.chain, chain) })),
	);
	if (reached.some(({ order: one }) => one !== 'after')) return undefined;
	const [first] = reached;
	return first === undefined ? undefined : { path: first.call.path, line: first.call.line };
}

/**
 * Whether a registration runs before or after an installation: decided in the last function that
 * leads to both of them; `unknown` when none does.
 */
function order(install: Chain, register: Chain): 'before' | 'after' | 'unknown' {
	const at = install.steps.findLastIndex((step) => register.steps.includes(step));
	const step = install.steps[at];
	if (step === undefined) return 'unknown';
	const installs = install.lines[at] ?? 0;
	const registers = register.lines[register.steps.indexOf(step)] ?? 0;
	return registers > installs ? 'after' : 'before';
}

function tooLate(register: Evidence, to: Installation): Violation {
	return {
		missing: 'driver',
		harms: 'own-masters',
		code: 'registers-too-late',
		text: 'the ops are installed before the driver is on the list of the core that their callbacks walk',
		evidence: [installationPlace(to), register],
		prerequisite: {
			kind: 'registration',
			form: 'adaptation',
			text: 'install the ops after iommu_device_register()',
			why: 'installing ops calls them for every device at once',
			has: () => false,
		},
	};
}
