/**
 * Who owns a bus when several drivers want it. Through v6.0 the first `bus_set_iommu()` wins and every
 * later one gets -EBUSY (drivers/iommu/iommu.c, bus_set_iommu()). Initcall level decides, then link
 * order, then the order in which devices are probed.
 */
import type { DriverFacts, Evidence, TreeFacts } from '../driver/model.ts';
import { compareChains, type Installation, installations, isChecked } from '../driver/style.ts';
import type { Assignment } from '../kernel/condition.ts';
import type { BugState, Competitor } from './report.ts';
import { installationPlace } from './situation.ts';

/** A driver with one of its installations. */
export interface Claim {
	driver: DriverFacts;
	installation: Installation;
}

/** What decides between two claims, and for whom. */
interface Order {
	/** Negative when the first claim comes first. */
	sign: number;
	by: Competitor['by'];
	/** In words. */
	said: string;
	/** Where it is decided: the place of the first claim, then that of the second. */
	decidedAt: [Evidence, Evidence];
}

export interface Ownership {
	/** The installation that takes the bus without looking for hardware. */
	hazard: Installation;
	bus: string;
	competitors: Competitor[];
	state: BugState;
}

/**
 * Installations that take a bus although none of the driver's hardware may be present: an initcall
 * with nothing on its path that looks for it. A guard by iommu_present() is no such look.
 */
export function uncheckedInstallations(
	driver: DriverFacts,
	tree: Pick<TreeFacts, 'capabilities'>,
	values: Assignment,
): Installation[] {
	return installations(driver, tree, values).filter(
		({ chain }) => chain.installer === 'initcall' && !isChecked(chain),
	);
}

/**
 * Everybody who competes with an unchecked installation, and how it ends for them on a machine that
 * has their hardware and not this driver's.
 * @param together whether modules can be built into one kernel
 */
export function ownership(
	driver: DriverFacts,
	hazard: Installation,
	tree: TreeFacts,
	values: Assignment,
	together: (symbols: readonly string[]) => boolean,
): Ownership {
	const { bus } = hazard;
	const us: Claim = { driver, installation: hazard };
	const others: Claim[] = [];
	for (const other of tree.drivers) {
		if (other.symbol === driver.symbol && other.path === driver.path) continue;
		const installation = installations(other, tree, values).find((one) => one.bus === bus);
		if (installation !== undefined && together([driver.symbol, other.symbol])) {
			others.push({ driver: other, installation });
		}
	}
	const competitors = others
		.map((claim) => compete(us, claim, others, values, together))
		.sort((a, b) => (a.driver < b.driver ? -1 : 1));
	const order: BugState[] = ['exposed', 'masked', 'latent'];
	const state = order.find((one) => competitors.some((other) => other.state === one)) ?? 'latent';
	return { hazard, bus, competitors, state };
}

function compete(
	us: Claim,
	claim: Claim,
	others: readonly Claim[],
	values: Assignment,
	together: (symbols: readonly string[]) => boolean,
): Competitor {
	const order = precedence(us, claim);
	const { driver, installation } = claim;
	const evidence = [installationPlace(installation), ...order.decidedAt];
	const rivals = { driver: driver.driver, against: us.driver.driver, bus: installation.bus };
	const decided = { by: order.by, style: installation.style, decidedAt: order.decidedAt };
	if (order.sign > 0) {
		const why = `wins by ${order.said}`;
		const nothing = { consequence: null, maskedBy: [], evidence };
		return { ...rivals, state: 'latent', why, ...decided, ...nothing };
	}
	const thirds = others.filter(
		(third) =>
			third !== claim &&
			third.installation.chain.installer === 'initcall' &&
			!isChecked(third.installation.chain) &&
			precedence(third, us).sign < 0 &&
			precedence(third, claim).sign < 0 &&
			together([us.driver.symbol, driver.symbol, third.driver.symbol]),
	);
	const lost = consequence(installation);
	const always = thirds.find(({ driver: third }) => values(third.symbol) === 'y');
	if (always !== undefined) {
		return {
			...rivals,
			state: 'masked',
			why: `${always.driver.driver} takes the bus before both (${always.installation.style})`,
			...decided,
			consequence: lost,
			maskedBy: [always.driver.driver],
			evidence: [...evidence, installationPlace(always.installation)],
		};
	}
	const maskedBy = thirds.map(({ driver: third }) => third.driver).sort();
	const masked = maskedBy.length === 0 ? '' : `; masked where ${maskedBy.join(', ')} is built in`;
	return {
		...rivals,
		state: 'exposed',
		why: `loses by ${order.said}: ${lost}${masked}`,
		...decided,
		consequence: lost,
		maskedBy,
		evidence: [...evidence, ...thirds.map((third) => installationPlace(third.installation))],
	};
}

/** What comes of a driver whose installation comes second. */
function consequence(installation: Installation): string {
	switch (installation.ops?.onBusy) {
		case 'guarded':
			return 'it finds the bus taken and leaves it';
		case 'fails':
			return 'bus_set_iommu() gives it -EBUSY and it fails';
		default:
			return 'bus_set_iommu() gives it -EBUSY and it goes on without';
	}
}

/** Which of two claims on a bus comes first, and what decides it. */
export function precedence(a: Claim, b: Claim): Order {
	const levels = compareChains(a.installation.chain, b.installation.chain);
	if (levels !== 0) {
		const [first, second] = levels < 0 ? [a, b] : [b, a];
		return {
			sign: levels,
			by: 'level',
			said: `level (${first.installation.style} before ${second.installation.style})`,
			decidedAt: [entry(a), entry(b)],
		};
	}
	return {
		sign: a.driver.position - b.driver.position,
		by: 'link-order',
		said: 'link order',
		decidedAt: [a.driver.linkedAt, b.driver.linkedAt],
	};
}

function entry(claim: Claim): Evidence {
	const { path, line } = claim.installation.chain.entry;
	return { path, line };
}
