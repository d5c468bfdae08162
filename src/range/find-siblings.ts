/** Answers of the command `siblings`: what a patch removes, and who else has it in each release. */

import type { Judged } from './assemble.ts';
import { place } from './placements.ts';
import { judgePlaced, type RangeInput } from './range.ts';
import type { SiblingsReport } from './siblings-report.ts';

export interface SiblingsInput extends RangeInput {
	/** Further releases on which it may be found out what the patch does, if it lands on none of `releases`. */
	others: RangeInput['releases'];
}

/** Answers for a patch. */
export async function findSiblings(input: SiblingsInput): Promise<SiblingsReport> {
	const first = await judgeOn(input, input.releases);
	const known = first.answers.some(({ removed }) => removed.length > 0);
	const all = known ? input.releases : both(input);
	const judged = known || all.length === input.releases.length ? first : await judgeOn(input, all);
	const { patch, source } = input;
	const removes = judged.answers.flatMap(({ removed }) =>
		removed.map(({ hazard, ...rest }) => ({ hazard: hazard.id, says: hazard.says, ...rest })),
	);
	return {
		schema: 'rangefinder.siblings/1',
		patch: { subject: patch.subject, messageId: patch.messageId },
		source: { kind: source.kind, releases: source.releases.length },
		removes,
		unknown: removes.length > 0 ? null : whyUnknown(judged),
		releases: input.releases.map(({ name, series, tip }) => ({
			release: name,
			series,
			tip,
			siblings: judged.releases.find(({ release }) => release === name)?.siblings ?? [],
		})),
	};
}

async function judgeOn(input: SiblingsInput, releases: RangeInput['releases']): Promise<Judged> {
	const on = { ...input, releases };
	return judgePlaced(on, await place(input.patch, input.source, releases));
}

/** Both kinds of releases, in kernel order. */
function both({ releases, others, source }: SiblingsInput): RangeInput['releases'] {
	const names = new Set([...releases, ...others].map(({ name }) => name));
	const known = source.releases.filter(({ name }) => names.has(name));
	return [...known, ...releases.filter((one) => !known.includes(one))];
}

function whyUnknown({ answers, releases }: Judged): string {
	if (answers.length === 0) {
		const reasons = releases.flatMap(({ byConfig }) => byConfig.flatMap((one) => one.reasons));
		return reasons[0]?.text ?? 'no release was looked at';
	}
	const lands = releases.some(({ byConfig }) =>
		byConfig.some(({ built, style }) => built && style.after !== null),
	);
	return lands
		? 'the patch changes nothing in how its driver is registered'
		: 'the patch lands on none of the releases looked at, and what it does is not known';
}
