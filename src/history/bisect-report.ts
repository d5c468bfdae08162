/**
 * The shapes of what `bisect --json` and `probe --json` print: the single source of their types and JSON
 * Schemas. Import types from here freely; import values only where validation is wanted.
 */
import { z } from 'zod';
import { cannotTell } from './contains-report.ts';

const sight = z.object({
	/** What it shows, in one line. */
	text: z.string(),
	path: z.string().optional(),
	line: z.number().int().optional(),
	blob: z.string().optional(),
});

const commit = z.object({
	commit: z.string(),
	author: z.string(),
	/** YYYY-MM-DD of authorship, UTC. */
	date: z.string(),
	subject: z.string(),
});

const answer = z.enum(['good', 'bad', 'skip', 'unknown']);
const told = z.object({ commit: z.string(), answer, evidence: z.array(sight) });

const end = z.object({
	side: z.enum(['good', 'bad']),
	/** As it was given. */
	revision: z.string(),
	commit: z.string(),
});

export const bisectReport = z.object({
	schema: z.literal('rangefinder.bisect/1'),
	repository: z.string(),
	/** The predicate; null with a command. */
	where: z.string().nullable(),
	/** The command; null with a predicate. */
	run: z.array(z.string()).nullable(),
	ends: z.array(end),
	result: z.enum(['found', 'cannot-tell', 'flips']),
	/** The first bad commit: the first where the predicate holds. */
	first: commit.extend({ firstRelease: z.string().nullable() }).nullable(),
	/** The parents of the first bad commit, as far as they were asked about. */
	before: z.array(told),
	after: told.nullable(),
	/** Where it cannot be told: the commits of which one is the first bad one. */
	suspects: z.array(commit.extend({ answer: answer.nullable(), evidence: z.array(sight) })),
	/** With --flips: every commit where the predicate begins or ceases to hold, in topological order. */
	flips: z.array(
		commit.extend({
			firstRelease: z.string().nullable(),
			holds: z.boolean(),
			/** False where commits just before it could not be told. */
			certain: z.boolean(),
			evidence: z.array(sight),
		}),
	),
	/** With --flips: commits that could not be told. */
	untold: z.array(told),
	/** Where a shallow clone ends before the answer; with --flips, before some of it. */
	cannotTell: cannotTell.optional(),
	/** Commits that may be the one: those that touch what the predicate reads. */
	candidates: z.number().int(),
	/** Answers that it took one after the other. */
	steps: z.number().int(),
	/** Commits that were asked about in this run, guesses included. */
	asked: z.number().int(),
	/** Readings of blobs, or runs of the command, in this run; commits with the same blobs share one. */
	evaluations: z.number().int(),
	/** Answers of earlier runs, and revisions that stand for other commits since. */
	resumed: z.object({
		answers: z.number().int(),
		moved: z.array(z.object({ revision: z.string(), was: z.string(), is: z.string() })),
	}),
	/** What limits the answer, one sentence each. */
	notes: z.array(z.string()),
});

export const probeReport = z.object({
	schema: z.literal('rangefinder.probe/1'),
	repository: z.string(),
	revision: z.string(),
	commit: z.string(),
	where: z.string(),
	/** Whether the predicate holds; null when it cannot be told. */
	holds: z.boolean().nullable(),
	evidence: z.array(sight),
});

export type BisectReport = z.infer<typeof bisectReport>;
export type ProbeReport = z.infer<typeof probeReport>;
export type CommitReport = z.infer<typeof commit>;
