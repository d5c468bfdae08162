/** All rules of lint, and how they are put to a message. */
import { copyRules } from './copy-rules.ts';
import { fixesRules } from './fixes-rules.ts';
import { idsNamed } from './lines.ts';
import type { LintFacts, LintRule, Need } from './model.ts';
import { rangeRules } from './range-rules.ts';
import { stableRules } from './stable-rules.ts';

/** In the order in which they are told. */
export const lintRules: readonly LintRule[] = [
	...fixesRules,
	...stableRules,
	...copyRules,
	...rangeRules,
];

export interface Finding {
	readonly rule: string;
	/** Where the rule is from. */
	readonly source: string;
	/** From 1, the subject is 1; null for what no line says. */
	readonly line: number | null;
	/** The line as it is written; null for none. */
	readonly text: string | null;
	readonly what: string;
	/** The lines as they should be, [] to take it out; null where nobody can tell. */
	readonly correction: string[] | null;
}

export interface Linted {
	readonly findings: Finding[];
	/** Rules that had nothing to look at: what they need is not there. */
	readonly unchecked: { readonly rule: string; readonly needs: Need }[];
}

/** Puts all rules to the facts of a message. Findings come by line, in the order of the rules. */
export function lint(facts: LintFacts): Linted {
	const { lines } = facts;
	// A message that names no commit, or asks for no series, has nothing that would have to be looked up.
	const has: Record<Need, boolean> = {
		repository: facts.commits !== undefined || idsNamed(lines).length === 0,
		history: facts.missing !== undefined,
		range: facts.report !== undefined || lines.stable.length === 0,
	};
	const findings: Finding[] = [];
	const unchecked: { rule: string; needs: Need }[] = [];
	for (const { id, source, needs, check } of lintRules) {
		if (needs !== undefined && !has[needs]) {
			unchecked.push({ rule: id, needs });
			continue;
		}
		for (const { at, what, correction } of check(facts)) {
			findings.push({
				rule: id,
				source,
				line: at?.line ?? null,
				text: at?.text ?? null,
				what,
				correction: correction === null ? null : [...correction],
			});
		}
	}
	const last = Number.MAX_SAFE_INTEGER;
	findings.sort((a, b) => (a.line ?? last) - (b.line ?? last));
	return { findings, unchecked };
}
