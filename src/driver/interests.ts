/** Every interest there is, by its id: what threads and caches are told. */
import { defaultInterest, type Interest } from './interest.ts';
import { genericInterest } from './profiles/generic.ts';

/** @throws RangeError for an id that no interest has */
export function interestNamed(id: string): Interest {
	const found = [defaultInterest, genericInterest].find((one) => one.id === id);
	if (found === undefined) throw new RangeError(`no interest is called ${id}`);
	return found;
}
