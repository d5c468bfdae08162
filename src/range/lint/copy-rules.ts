/**
 * Rules for the lines that say what a commit is a copy of, or takes back: stable-kernel-rules.rst, "Option 3",
 * and git-revert(1).
 */
import type { RevertLine, UpstreamLine } from './lines.ts';
import {
	type CommitFact,
	type LintFacts,
	type LintRule,
	type Said,
	STABLE_RULES,
} from './model.ts';

/** Digits of a whole id. */
const WHOLE = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
const REVERT = 'git-revert(1)';

function whole(id: string, fact: CommitFact | undefined): string | undefined {
	if (fact?.state === 'known') return fact.id;
	return WHOLE.test(id) ? id.toLowerCase() : undefined;
}

function upstreamLine({ id, form }: UpstreamLine, fact: CommitFact | undefined): string[] | null {
	const known = whole(id, fact);
	if (known === undefined) return null;
	return [form === 'line' ? `commit ${known} upstream.` : `[ Upstream commit ${known} ]`];
}

/** What git revert puts behind the id: a full stop, or a comma and the parent of a merge. */
const GITS_OWN = /^[.,]/;
/** A subject in parentheses, which the subject line of a revert quotes already. */
const QUOTED = /^\(".*"\)\.?$/;
/** What may be words for another rule, and so is moved by nobody but the author. */
const OF_OTHERS = /[0-9a-f]{5}|:/i;

/** What goes on behind the id in other words than git's becomes a line of its own. */
function revertLine({ id, rest }: RevertLine, fact: CommitFact | undefined): string[] | null {
	const known = whole(id, fact);
	if (known === undefined) return null;
	const line = `This reverts commit ${known}`;
	if (GITS_OWN.test(rest)) return [`${line}${rest}`];
	if (rest === '' || QUOTED.test(rest)) return [`${line}.`];
	return OF_OTHERS.test(rest) ? null : [`${line}.`, rest];
}

/** A rule about each of some lines: what is wrong with one, or undefined. */
function lineRule<L extends UpstreamLine | RevertLine>(
	rule: Omit<LintRule, 'check'>,
	linesOf: (facts: LintFacts) => readonly L[],
	correct: (line: L, fact: CommitFact | undefined) => string[] | null,
	wrong: (line: L, fact: CommitFact | undefined, facts: LintFacts) => string | undefined,
): LintRule {
	return {
		...rule,
		check: (facts) =>
			linesOf(facts).flatMap((line): Said[] => {
				const fact = facts.commits?.get(line.id.toLowerCase());
				const what = wrong(line, fact, facts);
				return what === undefined ? [] : [{ at: line, what, correction: correct(line, fact) }];
			}),
	};
}

const upstream = (
	rule: Omit<LintRule, 'check'>,
	wrong: (line: UpstreamLine, fact: CommitFact | undefined, facts: LintFacts) => string | undefined,
): LintRule => lineRule(rule, ({ lines }) => lines.upstream, upstreamLine, wrong);

const revert = (
	rule: Omit<LintRule, 'check'>,
	wrong: (line: RevertLine, fact: CommitFact | undefined, facts: LintFacts) => string | undefined,
): LintRule => lineRule(rule, ({ lines }) => lines.reverts, revertLine, wrong);

/** What a repository cannot find, or finds several times. */
function notOne(id: string, fact: CommitFact | undefined): string | undefined {
	if (fact?.state === 'unknown') return `there is no commit ${id} in this clone`;
	if (fact?.state !== 'ambiguous') return undefined;
	return `${id} is the start of ${fact.candidates.length} commits: ${fact.candidates.map((one) => one.slice(0, 16)).join(', ')}`;
}

/** The subject that a subject says is reverted. */
function quoted(subject: string): string | undefined {
	return /^Revert "(.*)"$/.exec(subject)?.[1];
}

export const copyRules: readonly LintRule[] = [
	upstream(
		{
			id: 'upstream-form',
			demand: 'the line is commit <id> upstream. or [ Upstream commit <id> ]',
			source: STABLE_RULES,
		},
		({ formed }) => (formed ? undefined : 'it is in neither of the two forms'),
	),
	upstream(
		{ id: 'upstream-id-short', demand: 'the id is whole', source: STABLE_RULES },
		({ id }) =>
			WHOLE.test(id) ? undefined : `the id has ${id.length} digits, and all 40 are asked for`,
	),
	upstream(
		{ id: 'upstream-place', demand: 'the line stands above the commit text', source: STABLE_RULES },
		({ first }) => (first ? undefined : 'there is text above it'),
	),
	upstream(
		{
			id: 'upstream-unknown',
			demand: 'the commit is in the repository',
			source: STABLE_RULES,
			needs: 'repository',
		},
		({ id }, fact) => notOne(id, fact),
	),
	{
		id: 'upstream-title',
		demand: 'the subject is that of the upstream commit',
		source: STABLE_RULES,
		needs: 'repository',
		check: ({ lines, commits }) =>
			lines.upstream.flatMap(({ id }): Said[] => {
				const fact = commits?.get(id.toLowerCase());
				if (fact?.state !== 'known' || fact.subject === lines.subject) return [];
				return [
					{
						at: { line: 1, text: lines.subject },
						what: `the upstream commit ${fact.id.slice(0, 12)} has another subject`,
						correction: [fact.subject],
					},
				];
			}),
	},
	revert(
		{ id: 'revert-form', demand: 'the line is This reverts commit <id>.', source: REVERT },
		({ formed }) => (formed ? undefined : 'it is not in the form that git revert writes'),
	),
	revert({ id: 'revert-id-short', demand: 'the id is whole', source: REVERT }, ({ id }) =>
		WHOLE.test(id) ? undefined : `the id has ${id.length} digits, and git revert writes all 40`,
	),
	revert(
		{
			id: 'revert-unknown',
			demand: 'the commit is in the repository',
			source: REVERT,
			needs: 'repository',
		},
		({ id }, fact) => notOne(id, fact),
	),
	revert(
		{
			id: 'revert-not-ancestor',
			demand: 'what is taken back is in the history of the patch',
			source: REVERT,
			needs: 'repository',
		},
		({ id }, fact, { base }) =>
			fact?.state === 'known' && !fact.ancestor
				? `${id} is in this clone, and not in the history of ${base ?? 'HEAD'}`
				: undefined,
	),
	{
		id: 'revert-title',
		demand: 'the subject quotes that of the commit it takes back',
		source: REVERT,
		needs: 'repository',
		check: ({ lines, commits }) => {
			const said = quoted(lines.subject);
			const [only, ...others] = lines.reverts;
			const fact = only === undefined ? undefined : commits?.get(only.id.toLowerCase());
			if (said === undefined || others.length > 0 || fact?.state !== 'known') return [];
			if (said === fact.subject) return [];
			return [
				{
					at: { line: 1, text: lines.subject },
					what: `the commit ${fact.id.slice(0, 12)} has another subject`,
					correction: [`Revert "${fact.subject}"`],
				},
			];
		},
	},
	{
		id: 'revert-id-missing',
		demand: 'a revert names the commit',
		source: REVERT,
		check: ({ lines }) =>
			quoted(lines.subject) === undefined || lines.reverts.length > 0
				? []
				: [
						{
							at: { line: 1, text: lines.subject },
							what: 'no line says This reverts commit <id>.',
							correction: null,
						},
					],
	},
];
