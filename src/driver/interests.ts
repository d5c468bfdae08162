/** Every interest there is, by its id: what threads and caches are told. */
import type { Interest } from './interest.ts';
import { genericInterest } from './profiles/generic.ts';
import { PROFILES } from './profiles/index.ts';

/** @throws RangeError for an id that no interest has */
export function interestNamed(id: string): Interest {
	const all = [...PROFILES.map(({ interest }) => interest), genericInterest];
	const found = all.find((one) => one.id === id);
	if (found === undefined) throw new RangeError(`no interest is called ${id}`);
	return found;
}
