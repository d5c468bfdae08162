/** What the added lines of a patch to any driver call has to exist in the tree. */
import type { Rule } from '../situation.ts';

export const namesExist: Rule = {
	id: 'names-exist',
	demand:
		'Every function and macro that an added line calls is in the file, or in a header of the tree.',
	reason: 'A patch that lands and does not build is not safe.',
	source:
		'Documentation/process/stable-kernel-rules.rst: "It must be obviously correct and tested"',
	check({ names }) {
		return names.missing.map(({ name, declaredAt }) => ({
			missing: 'framework' as const,
			code: 'symbol-missing',
			text: `${name}() is in no header of this tree (elsewhere ${declaredAt.path}:${declaredAt.line})`,
			evidence: [],
		}));
	},
	untold: ({ names }) => names.untold,
};
