/** What else in the kernel needs a driver at its place in the boot sequence is not modelled. */
import { installationPlace, moves, type Rule } from '../situation.ts';

export const registersAsBefore: Rule = {
	id: 'registers-as-before',
	demand: 'A driver is registered in the way, and at the level, in which it was before the patch.',
	reason:
		'A driver that comes later may be missing to those that use it, and one that comes earlier may miss what it uses; who these are is not known.',
	source:
		'include/linux/init.h: initcalls of a level run in link order, after all of the level before',
	check(situation) {
		return moves(situation).map(({ bus, from, to }) => ({
			missing: 'knowledge' as const,
			code: 'registration-moves',
			text: `registration on ${bus} moves from ${from.style} to ${to.style}; whether something needs it where it was is not known`,
			evidence: [installationPlace(from), installationPlace(to)],
		}));
	},
};
