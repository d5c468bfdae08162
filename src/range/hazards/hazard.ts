/**
 * A hazard: something a driver does that a patch may stop it from doing, told from registration facts alone.
 * What a patch removes is what the driver had before it and has no more; who else has it are its siblings.
 */
import type { DriverFacts, Evidence, TreeFacts } from '../../driver/model.ts';
import type { Profile } from '../../driver/profile.ts';
import type { Assignment } from '../../kernel/condition.ts';

/** Where a hazard is looked for: one tree, under one configuration. */
export interface HazardScope {
	profile: Profile;
	tree: TreeFacts;
	values: Assignment;
}

/** A hazard in a driver. */
export interface HazardFound {
	bus: string;
	/** How the driver comes onto the bus. */
	style: string;
	evidence: Evidence[];
}

export interface Hazard {
	id: string;
	/** What a driver does that has it, as the end of a sentence about the driver. */
	says: string;
	/** Where a driver has it; pure. */
	find(driver: DriverFacts, scope: HazardScope): HazardFound[];
}
