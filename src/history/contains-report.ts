/**
 * The shape of what `contains --json` prints. The single source of its type, of validation in tests and
 * of the JSON Schema in the package; importing a value from here loads zod.
 */
import { z } from 'zod';

export const confidence = z.enum(['certain', 'likely', 'possible']);

const how = z
	.enum(['itself', 'upstream-line', 'cherry-pick-line', 'patch-id', 'same-subject-and-author'])
	.describe('how a commit is known to be the same change');

/** How a release is known to have a commit: itself, or by what makes another the same. */
export const knownBy = z.union([how.exclude(['itself']), z.literal('ancestry')]);

/** What the clone is too small to answer. */
export const cannotTell = z.object({
	why: z.string(),
	/** The command that gets what it takes. */
	run: z.string(),
});

const member = z.object({
	commit: z.string(),
	/** Null for an id that this clone has not. */
	subject: z.string().nullable(),
	author: z.string().nullable(),
	/** Author date, YYYY-MM-DD. */
	date: z.string().nullable(),
	how,
	/** The commit it was found by. */
	of: z.string(),
	confidence,
	reason: z.string(),
	/** The first release in kernel order that descends from it; null for none. */
	firstRelease: z.string().nullable(),
});

const reversal = z.object({
	commit: z.string(),
	subject: z.string(),
	/** What it reverts. */
	of: z.string(),
	effect: z.enum(['removes', 'restores']),
	/** True where it reverts a part only, which changes no answer. */
	partly: z.boolean(),
	confidence,
	reason: z.string(),
	firstRelease: z.string().nullable(),
});

export const followUpReport = z.object({
	commit: z.string(),
	subject: z.string(),
	kind: z.enum(['fixes', 'reverts', 'reverts-partly', 'restores']),
	/** What it follows up: the change, or another follow-up. */
	of: z.string(),
	depth: z.number().int(),
	confidence,
	reason: z.string(),
	firstRelease: z.string().nullable(),
	targets: z.array(
		z.object({
			release: z.string(),
			/** Whether it is in, is missing where its code is, or is about code that is not there. */
			state: z.enum(['there', 'concerns', 'elsewhere', 'unknown']),
			why: z.string(),
		}),
	),
});

export const containsReport = z.object({
	schema: z.literal('rangefinder.contains/1'),
	/** As the user named it. */
	asked: z.string(),
	/** The whole id, or the digits of one that is not in this clone. */
	commit: z.string(),
	/** False for an id that this clone has not. */
	here: z.boolean(),
	/** The first release that contains it or a copy; by date of the release. Null for none. */
	first: z
		.object({
			release: z.string(),
			series: z.string(),
			/** False where an earlier release may have it, below where a shallow clone ends. */
			sure: z.boolean(),
		})
		.nullable(),
	/** The commit itself and its copies. */
	members: z.array(member),
	reversals: z.array(reversal),
	series: z.array(
		z.object({
			series: z.string(),
			/** Whether the last release of the series here has the change in effect. */
			contained: z.boolean(),
			first: z.string().nullable(),
			last: z.string(),
			/** The member through which; null for none. */
			by: z.string().nullable(),
			/** `ancestry` for the commit itself. */
			how: knownBy.nullable(),
			confidence: confidence.nullable(),
			reversal: z
				.object({
					commit: z.string(),
					effect: z.enum(['removes', 'restores']),
					release: z.string(),
				})
				.nullable(),
			/** Where it cannot be told whether the series has it, or only which of its releases is the first. */
			cannotTell: cannotTell.extend({ what: z.enum(['contained', 'first']) }).optional(),
		}),
	),
	followUps: z.array(followUpReport),
	/** What could not be seen, one sentence each: a shallow clone, say. */
	unseen: z.array(z.string()),
});

export type ContainsReport = z.infer<typeof containsReport>;
export type FollowUpReport = z.infer<typeof followUpReport>;
