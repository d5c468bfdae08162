/**
 * The registration style of a driver: the short form of its facts, per configuration.
 * `installer@level` with `+gate` and `+awaited` where they hold.
 */
import { type Assignment, parseCondition, residual, satisfiable } from '../kernel/condition.ts';
import { compareLevels, LEVELS } from './levels.ts';
import type {
	BusOps,
	Capability,
	Chain,
	CoreCall,
	DriverFacts,
	Evidence,
	TreeFacts,
} from './model.ts';

/** One way in which a driver's ops come onto a bus, under one configuration. */
export interface Installation {
	bus: string;
	style: string;
	ops: BusOps | undefined;
	register: CoreCall | undefined;
	/** Its earliest chain. */
	chain: Chain;
}

/** The value of a capability of a tree; undefined when it could not be read. */
export function capability(
	tree: Pick<TreeFacts, 'capabilities'>,
	name: string,
): Capability | undefined {
	return tree.capabilities.find((candidate) => candidate.capability === name);
}

/** Orders chains by when they run; one without a known level is last. */
export function compareChains(a: Chain, b: Chain): number {
	if (a.level === undefined || b.level === undefined) {
		return Number(a.level === undefined) - Number(b.level === undefined);
	}
	return compareLevels(a.level, b.level);
}

/** Chains that exist under a configuration, earliest first. */
export function chainsUnder(chains: readonly Chain[], values: Assignment): Chain[] {
	return chains.filter(({ when }) => mayHold(when, values)).sort(compareChains);
}

/** Whether a condition holds under a configuration, or may hold under one that settles more. */
function mayHold(when: string, values: Assignment): boolean {
	return when === '' || satisfiable(residual(parseCondition(when), values));
}

/**
 * Every installation of a driver under a configuration, earliest first.
 * Where the core installs the ops, a registration with the core is the installation.
 */
export function installations(
	driver: DriverFacts,
	tree: Pick<TreeFacts, 'capabilities'>,
	values: Assignment,
): readonly Installation[] {
	// Rules ask for the same drivers again and again.
	let byDriver = FOUND.get(values);
	if (byDriver === undefined) {
		byDriver = new WeakMap();
		FOUND.set(values, byDriver);
	}
	let known = byDriver.get(driver);
	if (known?.capabilities !== tree.capabilities) {
		known = { capabilities: tree.capabilities, all: findInstallations(driver, tree, values) };
		byDriver.set(driver, known);
	}
	return known.all;
}

/** By configuration and driver. */
const FOUND = new WeakMap<
	Assignment,
	WeakMap<DriverFacts, { capabilities: readonly Capability[]; all: readonly Installation[] }>
>();

function findInstallations(
	driver: DriverFacts,
	tree: Pick<TreeFacts, 'capabilities'>,
	values: Assignment,
): Installation[] {
	const found: Installation[] = [];
	for (const ops of driver.busOps) {
		const chain = chainsUnder(ops.reachedFrom, values)[0];
		if (chain === undefined) continue;
		found.push({
			bus: ops.bus,
			style: chainStyle(chain, masterWaits(driver, tree, values) !== undefined),
			ops,
			register: undefined,
			chain,
		});
	}
	if (found.length === 0 && capability(tree, 'core-installs-ops')?.value === true) {
		for (const register of driver.deviceRegister) {
			const chain = chainsUnder(register.reachedFrom, values)[0];
			if (chain === undefined) continue;
			found.push({ bus: '', style: 'core', ops: undefined, register, chain });
		}
	}
	return found.sort((a, b) => compareChains(a.chain, b.chain));
}

/** The distinct styles of a driver under a configuration, earliest first; `none` when it installs nothing. */
export function styles(
	driver: DriverFacts,
	tree: Pick<TreeFacts, 'capabilities'>,
	values: Assignment,
): string[] {
	const found = new Set(installations(driver, tree, values).map(({ style }) => style));
	if (found.size > 0) return [...found];
	// It may be a macro that nobody was found to define.
	return [(driver.unknownMacros ?? []).length > 0 ? 'unknown' : 'none'];
}

/**
 * Whether, and by what, masters of this driver wait for it: the lookup of this tree defers for
 * everybody, or only for declared IOMMUs and the driver declares itself under the configuration.
 */
export function masterWaits(
	driver: DriverFacts,
	tree: Pick<TreeFacts, 'capabilities'>,
	values: Assignment,
): Evidence | undefined {
	const defers = capability(tree, 'lookup-defers');
	if (defers === undefined || defers.value === 'none') return undefined;
	if (defers.value === 'declared') {
		const declared = driver.declares.some(
			({ table, when }) => table === 'of' && mayHold(when, values),
		);
		if (!declared) return undefined;
	}
	return defers.evidence[0];
}

/** `initcall@subsys+dt`: the style of one chain. */
export function chainStyle(chain: Chain, awaited: boolean): string {
	if (chain.installer === 'called' || chain.installer === 'core') return chain.installer;
	const gates = new Set<string>();
	for (const gate of chain.gates) {
		if (gate.kind === 'devicetree' && !gate.negated) gates.add('dt');
		else if (gate.kind === 'acpi' && !gate.negated) gates.add('acpi');
		// Inside probe a flag chooses between ways; the bound device is what proves the hardware.
		else if (gate.kind === 'flag' && chain.installer !== 'probe') gates.add('flag');
	}
	const level = chain.stage ?? chain.level?.name ?? 'unknown';
	// The framework calls it back, at a time of its own.
	if (chain.installer === 'declared' && level === 'unknown') return 'declared';
	const suffix = [...gates].sort().map((gate) => `+${gate}`);
	if (awaited && chain.installer === 'probe') suffix.push('+awaited');
	return `${chain.installer}@${level}${suffix.join('')}`;
}

/** True when something on the path proves the driver's own hardware before the call runs. */
export function isChecked(chain: Chain): boolean {
	return chain.gates.some((gate) => gate.own);
}

/** Level names as masters know them: a driver for an ordinary device binds at the device level. */
export const MASTERS_PROBE = LEVELS.indexOf('device');
