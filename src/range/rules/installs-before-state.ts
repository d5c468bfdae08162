/**
 * Installing ops calls them back at once, for every device that is there: what the callbacks read has to
 * be written before.
 */
import type { BusOps, CoreCall, DriverFacts, Evidence, LateState } from '../../driver/model.ts';
import type { Installation } from '../../driver/style.ts';
import { evaluate, parseCondition } from '../../kernel/condition.ts';
import { earliestByBus, offered, type Rule, type Situation, type Violation } from '../situation.ts';
import { isRegistered } from './registered-with-core.ts';

export const installsBeforeState: Rule = {
	id: 'installs-before-state',
	demand:
		'What the ops read when they are called back for the devices that are there is written before the call that installs them.',
	reason:
		'The call walks the devices of the bus before it returns; a callback that finds nothing refuses its device, and nobody asks again.',
	source:
		'bus_set_iommu(), iommu_bus_init() and add_iommu_group() in drivers/iommu/iommu.c; of_iommu_configure() in drivers/iommu/of_iommu.c',
	check(situation: Situation): Violation[] {
		const { before, after } = situation;
		if (after === undefined) return [];
		const known = new Set(lateInstallations(situation, before).map(({ late }) => nameOf(late)));
		// What was so before the patch is not the patch's doing.
		const fresh = lateInstallations(situation, after).filter(
			({ late }) => !known.has(nameOf(late)),
		);
		const said = new Set<string>();
		return fresh.flatMap((one) => {
			const name = nameOf(one.late);
			if (said.has(name)) return [];
			said.add(name);
			return violation(situation, after, one);
		});
	},
};

/** State that is late on the path by which ops come onto a bus first. */
export interface LateInstallation {
	late: LateState;
	call: BusOps | CoreCall;
	installation: Installation;
	/** The capability that says that the call calls back. */
	how: { value: string; evidence: readonly Evidence[] };
}

function nameOf({ variable, read }: LateState): string {
	return `${read.path} ${variable}`;
}

type Scope = Pick<Situation, 'profile' | 'tree' | 'values'>;

/** The state that a driver writes too late, in one tree and configuration. */
export function lateInstallations(situation: Scope, driver: DriverFacts): LateInstallation[] {
	return [...earliestByBus(situation, driver).values()].flatMap((one) =>
		ofInstallation(situation, one),
	);
}

function ofInstallation(situation: Scope, installation: Installation): LateInstallation[] {
	const { ops, register, chain } = installation;
	const call = ops ?? register;
	if (call?.late === undefined) return [];
	const at = call.reachedFrom.indexOf(chain);
	const known = situation.profile.synchronousCalls.get(call.call);
	const how = known === undefined ? undefined : offered(situation, known.capability);
	if (how === undefined || typeof how.value !== 'string') return [];
	const { value, evidence } = how;
	return call.late
		.filter((late) => late.chain === at && late.callback === value)
		.filter(({ when }) => evaluate(parseCondition(when), situation.values) !== false)
		.map((late) => ({ late, call, installation, how: { value, evidence } }));
}

function violation(situation: Situation, driver: DriverFacts, one: LateInstallation): Violation[] {
	const { late, call, how } = one;
	const { read, write, variable } = late;
	const again = offered(situation, 'asked-again');
	const replayed = again?.value === 'lookup' && isRegistered(driver, situation.values);
	// Who is asked again once the variable is written has lost nothing, unless the first time does harm.
	if (replayed && late.follows !== true) return [];
	const text = `${call.call}() calls ${how.value}() back at once for every device; ${read.function}() reads ${variable} there, and ${write.function}() writes it only after the call`;
	const evidence = [
		{ path: call.path, line: call.line },
		...how.evidence,
		{ path: read.path, line: read.line },
		{ path: write.path, line: write.line },
	];
	const unsure = unknownOf(situation, late, replayed);
	if (unsure !== undefined) {
		return [
			{
				missing: 'knowledge',
				code: 'state-order-unknown',
				text: `${text}; not certain: ${unsure}`,
				evidence,
			},
		];
	}
	const refused =
		again?.value === 'lookup'
			? 'a device that is refused is asked for again only where the lookup finds its IOMMU on the list of the core, and the driver is not on it'
			: 'a device that is refused is not asked for again';
	return [
		{
			missing: 'framework',
			code: 'installs-before-state',
			text: `${text}; ${refused}`,
			evidence: again?.value === 'lookup' ? [...evidence, ...again.evidence] : evidence,
		},
	];
}

/** What keeps a finding from being certain. */
function unknownOf(
	{ values }: Situation,
	{ doubt, when, read, variable }: LateState,
	replayed: boolean,
): string | undefined {
	if (doubt !== undefined) return doubt;
	if (evaluate(parseCondition(when), values) !== true) return `it depends on ${when}`;
	if (replayed)
		return `devices are asked for again, but ${read.function}() follows ${variable} the first time`;
	return undefined;
}
