/** Rules for `Fixes:` lines: submitting-patches.rst, "Describe your changes", and BAD_FIXES_TAG of checkpatch.pl. */
import type { FixesLine } from './lines.ts';
import {
	CHECKPATCH,
	type CommitFact,
	type LintFacts,
	type LintRule,
	type Said,
	SUBMITTING,
} from './model.ts';

/** Digits that an id has to have. */
export const SHORTEST_ID = 12;

function factOf({ commits }: LintFacts, id: string): CommitFact | undefined {
	return commits?.get(id.toLowerCase());
}

/** The line in its form, by what the repository knows of the commit; null where the title is not known. */
export function fixesLine(line: FixesLine, fact: CommitFact | undefined): string[] | null {
	const known = fact?.state === 'known' ? fact : undefined;
	const title = known?.subject ?? line.title;
	const digits = Math.max(SHORTEST_ID, line.id.length);
	const id = known === undefined ? line.id.toLowerCase() : known.id.slice(0, digits);
	if (title === undefined || id.length < SHORTEST_ID) return null;
	return [`Fixes: ${id} ("${title}")`];
}

/** A rule about one `Fixes:` line: what is wrong with it, or undefined. */
function fixesRule(
	rule: Omit<LintRule, 'check'>,
	wrong: (line: FixesLine, fact: CommitFact | undefined, facts: LintFacts) => string | undefined,
): LintRule {
	return {
		...rule,
		check: (facts) =>
			facts.lines.fixes.flatMap((line): Said[] => {
				const fact = factOf(facts, line.id);
				const what = wrong(line, fact, facts);
				return what === undefined ? [] : [{ at: line, what, correction: fixesLine(line, fact) }];
			}),
	};
}

export const fixesRules: readonly LintRule[] = [
	fixesRule(
		{
			id: 'fixes-form',
			demand: 'the form is Fixes: <id> ("title"), nothing else between or around',
			source: CHECKPATCH,
		},
		({ formed, title, tag }) => {
			if (title === undefined) return 'the title of the commit is missing';
			if (!tag.endsWith(':')) return 'there is no colon behind Fixes';
			return formed ? undefined : 'it is not in the form Fixes: <id> ("title")';
		},
	),
	fixesRule(
		{ id: 'fixes-case', demand: 'Fixes has a capital, the id none', source: CHECKPATCH },
		({ tag, id }) => {
			if (tag.replace(':', '') !== 'Fixes') return `it is written ${tag}`;
			return /[A-F]/.test(id) ? 'the id is written in capitals' : undefined;
		},
	),
	fixesRule(
		{
			id: 'fixes-wrapped',
			demand: 'the tag is on one line, however long',
			source: SUBMITTING,
		},
		({ lines }) => (lines > 1 ? `it goes over ${lines} lines` : undefined),
	),
	fixesRule(
		{
			id: 'fixes-id-short',
			demand: `the id has ${SHORTEST_ID} digits or more`,
			source: SUBMITTING,
		},
		({ id }) =>
			id.length < SHORTEST_ID
				? `the id has ${id.length} digits, and ${SHORTEST_ID} or more are asked for`
				: undefined,
	),
	fixesRule(
		{
			id: 'fixes-unknown',
			demand: 'the commit is in the repository',
			source: SUBMITTING,
			needs: 'repository',
		},
		({ id }, fact) =>
			fact?.state === 'unknown' ? `there is no commit ${id} in this clone` : undefined,
	),
	fixesRule(
		{
			id: 'fixes-ambiguous',
			demand: 'the id names one commit',
			source: SUBMITTING,
			needs: 'repository',
		},
		({ id }, fact) =>
			fact?.state === 'ambiguous'
				? `${id} is the start of ${fact.candidates.length} commits: ${fact.candidates.map((one) => one.slice(0, 16)).join(', ')}`
				: undefined,
	),
	fixesRule(
		{
			id: 'fixes-not-ancestor',
			demand: 'the commit is in the history of the patch',
			source: SUBMITTING,
			needs: 'repository',
		},
		({ id }, fact, { base }) =>
			fact?.state === 'known' && !fact.ancestor
				? `${id} is in this clone, and not in the history of ${base ?? 'HEAD'}`
				: undefined,
	),
	fixesRule(
		{
			id: 'fixes-title',
			demand: 'the title is that of the commit',
			source: CHECKPATCH,
			needs: 'repository',
		},
		({ title }, fact) =>
			fact?.state === 'known' && title !== undefined && squeezed(title) !== squeezed(fact.subject)
				? `the commit has the title "${fact.subject}"`
				: undefined,
	),
];

/** A wrapped title is not another one. */
function squeezed(title: string): string {
	return title.replace(/\s+/g, ' ').trim();
}
