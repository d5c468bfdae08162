/** What the patch's added lines call has to exist in the tree. */
import { offered, type Rule } from '../situation.ts';

export const symbolsExist: Rule = {
	id: 'symbols-exist',
	demand: 'Every name of the subsystem interface that an added line uses is declared in the tree.',
	reason:
		'A patch that lands and does not build, or is built against something else of that name, is not safe.',
	source:
		'Documentation/process/stable-kernel-rules.rst: "It must be obviously correct and tested"',
	check(situation) {
		return situation.uses.flatMap((name) => {
			const declared = offered(situation, `symbol:${name}`);
			if (declared === undefined || declared.value === true) return [];
			return [
				{
					missing: 'framework' as const,
					code: 'symbol-missing',
					text: `${name}() is not declared in this tree`,
					evidence: declared.evidence,
				},
			];
		});
	},
};
