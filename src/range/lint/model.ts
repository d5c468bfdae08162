/** What lint works with: facts of a message and its repository, rules, and what rules find. */
import type { RangeReport } from '../report.ts';
import type { LintedLines, Place } from './lines.ts';

/** The documents of the kernel that rules are from. */
export const SUBMITTING = 'Documentation/process/submitting-patches.rst';
export const STABLE_RULES = 'Documentation/process/stable-kernel-rules.rst';
export const CHECKPATCH = 'scripts/checkpatch.pl';

/** What a repository knows of an id that a message names. */
export type CommitFact =
	| { readonly state: 'unknown' }
	| { readonly state: 'ambiguous'; readonly candidates: readonly string[] }
	| {
			readonly state: 'known';
			/** Whole. */
			readonly id: string;
			readonly subject: string;
			/** Whether it is in the history of what the message belongs to. */
			readonly ancestor: boolean;
	  };

/** A commit that fixes or reverts the one at hand, and where it is missing. */
export interface MissingFix {
	/** Whole id. */
	readonly commit: string;
	readonly subject: string;
	readonly kind: 'fixes' | 'reverts';
	/** The id of what it fixes. */
	readonly of: string;
	/** Releases or branches that have the one and not the other. */
	readonly missingIn: readonly string[];
}

export interface LintFacts {
	readonly lines: LintedLines;
	/** By the digits that are named, lower case; undefined without a repository. */
	readonly commits?: ReadonlyMap<string, CommitFact>;
	/** What the history is called that ids have to be in: `HEAD`, the start of an id. */
	readonly base?: string;
	/** Undefined where history was not asked. */
	readonly missing?: readonly MissingFix[];
	/** The patch over its releases; undefined where it was not judged. */
	readonly report?: Pick<RangeReport, 'releases' | 'tags'>;
	/** The series that count; all that were looked at without it. */
	readonly maintained?: readonly string[];
}

/** What a rule says of a message. */
export interface Said {
	/** Null for what no line says. */
	readonly at: Place | null;
	readonly what: string;
	/** The line as it should be; several where one line becomes several; [] to take it out. Null where nobody can tell. */
	readonly correction: readonly string[] | null;
}

/** What a rule takes besides the message. */
export type Need = 'repository' | 'history' | 'range';

/** A demand on commit messages. */
export interface LintRule {
	readonly id: string;
	/** What is demanded, in one sentence. */
	readonly demand: string;
	/** The document it is from. */
	readonly source: string;
	readonly needs?: Need;
	/** Pure. Called only where what it needs is there. */
	check(facts: LintFacts): Said[];
}
