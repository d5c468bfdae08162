/**
 * What the rules look at: one patched driver, in one release, under one configuration, before and
 * after the patch. Facts only.
 */
import type { Capability, DriverFacts, Evidence, TreeFacts } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import { capability, type Installation, installations } from '../driver/style.ts';
import { type Assignment, evaluate, parseCondition } from '../kernel/condition.ts';
import type { Prerequisite } from './report.ts';
import type { Lives } from './subjects.ts';

/** One driver that the patch touches, in one tree, under one configuration. */
export interface Situation {
	profile: Profile;
	values: Assignment;
	tree: TreeFacts;
	/** The driver as the tree has it. */
	before: DriverFacts;
	/** The driver with the patch applied; undefined when the patch does not land. */
	after: DriverFacts | undefined;
	/** Names of the subsystem's interface that the patch's added lines use. */
	uses: readonly string[];
	/** What of the names that added lines call this tree has not, and what cannot be told; of drivers of any kind. */
	names: NamesInTree;
	/** The driver's life before the patch and with it; undefined where the patch does not land or its files do not tell. */
	lives(): Lives | undefined;
	/** Whether the driver can be built as a module that is loaded and unloaded. */
	modular(): boolean;
	/** Whether modules can be built into one kernel under this configuration. */
	together(symbols: readonly string[]): boolean;
}

/** Names that the added lines of a patch call, against what a tree declares. */
export interface NamesInTree {
	/** Nowhere in the headers of this tree, though in those of another that was looked at; with where that is. */
	missing: readonly { name: string; declaredAt: Evidence }[];
	/** Declared neither here nor anywhere that was read: made by a macro, perhaps. */
	untold: readonly string[];
}

/** A demand that is not met. */
export interface Violation {
	/**
	 * `framework`: the tree lacks something the patch needs. `driver`: the driver lacks it, and could be given it.
	 * `knowledge`: the rule cannot tell, and the text says for want of what.
	 */
	missing: 'framework' | 'driver' | 'knowledge';
	code: string;
	text: string;
	evidence: Evidence[];
	/**
	 * Whom it harms, where that is known: `own-masters` are devices behind an IOMMU of the patched
	 * driver, so nobody on a machine without such hardware.
	 */
	harms?: 'own-masters';
	/** The capability whose absence this is, for naming the commit that brought it. */
	capability?: string;
	/** What would have to go in first, for a driver that lacks something. */
	prerequisite?: Pick<Prerequisite, 'kind' | 'form' | 'text' | 'why'> & {
		/** Tells, of a driver of some release, whether it has what is missing here. */
		has(driver: DriverFacts): boolean;
	};
}

/** A rule: what is demanded, why, by which source; a pure function from facts to violations. */
export interface Rule {
	id: string;
	demand: string;
	reason: string;
	/** The commit, document or thread the rule comes from. */
	source: string;
	check(situation: Situation): Violation[];
	/** What it could not look at; with any of it, the rule is not among those that were checked. */
	untold?(situation: Situation): readonly string[];
}

/** How a driver's ops come onto a bus before and after the patch. */
export interface Move {
	bus: string;
	from: Installation;
	to: Installation;
}

/** The earliest installation of a driver for each bus, under the situation's configuration. */
export function earliestByBus(
	situation: Pick<Situation, 'tree' | 'values'>,
	driver: DriverFacts,
): Map<string, Installation> {
	const earliest = new Map<string, Installation>();
	for (const installation of installations(driver, situation.tree, situation.values)) {
		if (!earliest.has(installation.bus)) earliest.set(installation.bus, installation);
	}
	return earliest;
}

/** Buses whose ops the patch makes the driver install elsewhere. */
export function moves(situation: Situation): Move[] {
	if (situation.after === undefined) return [];
	const before = earliestByBus(situation, situation.before);
	const after = earliestByBus(situation, situation.after);
	const found: Move[] = [];
	for (const [bus, to] of after) {
		const from = before.get(bus);
		if (from !== undefined && from.style !== to.style) found.push({ bus, from, to });
	}
	return found;
}

/** The value of a capability in the situation's tree. */
export function offered(situation: Pick<Situation, 'tree'>, name: string): Capability | undefined {
	return capability(situation.tree, name);
}

/** Whether a condition holds for certain under a configuration; one that is left open does not. */
export function holds(when: string, values: Assignment): boolean {
	return evaluate(parseCondition(when), values) === true;
}

/** Where an installation is in the source. */
export function installationPlace(installation: Installation): Evidence {
	const call = installation.ops ?? installation.register;
	return {
		path: call?.path ?? installation.chain.entry.path,
		line: call?.line ?? installation.chain.entry.line,
	};
}
