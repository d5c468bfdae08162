/**
 * The shape of what `prereqs --json` prints. As in report.ts, the schema is the single source of the types; import
 * values only where validation is wanted.
 */
import { z } from 'zod';
import { VERDICTS } from './report-words.ts';

const place = z.object({
	path: z.string(),
	/** 1-based, of the target with what was picked before; 0 for the whole file. */
	line: z.number().int(),
});

const kind = z.enum(['textual', 'symbol', 'registration']);

const member = z.object({
	commit: z.string(),
	subject: z.string(),
	/** What fails first without it. */
	kind,
	/** All that it was found to be needed for. */
	kinds: z.array(kind),
	/** What fails without it, in one sentence. */
	why: z.string(),
	evidence: z.array(place),
});

const target = z.object({
	onto: z.string(),
	commit: z.string(),
	/**
	 * `lands` alone or `lands-with` the prerequisites; `contained` when it is there; `rework` when the text does not
	 * merge and no commit settles it; `adaptation` when it merges and something it needs comes from no commit;
	 * `unknown` where a bound was hit or something cannot be read.
	 */
	result: z.enum(['lands', 'lands-with', 'contained', 'rework', 'adaptation', 'unknown']),
	/** Whether git itself has picked all of it, to the same tree. */
	proved: z.boolean(),
	/** The tree with all of it; null where there is none. */
	tree: z.string().nullable(),
	/** What the rules say of the patch there; null where none was asked. */
	verdict: z.enum(VERDICTS).nullable(),
	/** In the order in which they are to be picked, the patch after them. */
	prerequisites: z.array(member),
	/** What the patch, or whoever ports it, has to do besides, in one line each. */
	adaptations: z.array(z.object({ text: z.string(), why: z.string() })),
	/** What stays open, where anything does. */
	open: z.object({ kind, why: z.string(), evidence: z.array(place) }).nullable(),
	/** Where it is unknown or stays open: the commits with which it got furthest, in order. */
	partial: z.array(z.object({ commit: z.string(), subject: z.string() })),
	/** Commits that would be needed, and are in the target as copies. */
	already: z.array(z.object({ commit: z.string(), as: z.string() })),
	/** A commit that ends the bug in another way and needs less; null for none. */
	instead: z
		.object({
			/** Null where only the release is known that has it. */
			commit: z.string().nullable(),
			subject: z.string().nullable(),
			why: z.string(),
		})
		.nullable(),
	/** With --rework: what git range-diff says of the adapted patch against the one it was; null elsewhere. */
	rangeDiff: z.string().nullable(),
	/** Why it is unknown, what proof was not had. */
	notes: z.array(z.string()),
});

export const prereqsReport = z.object({
	schema: z.literal('rangefinder.prereqs/1'),
	patch: z.object({
		subject: z.string(),
		author: z.string(),
		commit: z.string().nullable(),
		/** The commit it was made on; null where that is not known. */
		base: z.string().nullable(),
	}),
	targets: z.array(target),
});

export type PrereqsReport = z.infer<typeof prereqsReport>;
export type PrereqTarget = PrereqsReport['targets'][number];
export type PrereqMember = PrereqTarget['prerequisites'][number];
