/**
 * The shape of what `lint --json` prints: one record a line, for each patch. The single source of its type, of
 * validation in tests and of the JSON Schema in the package; importing a value from here loads zod.
 */
import { z } from 'zod';

export const lintReport = z.object({
	schema: z.literal('rangefinder.lint/1'),
	/** What was read: a file, a message of it, the start of a commit's id. */
	where: z.string(),
	subject: z.string(),
	commit: z.string().nullable(),
	messageId: z.string().nullable(),
	findings: z.array(
		z.object({
			rule: z.string(),
			/** The document that the rule is from. */
			source: z.string(),
			/** From 1: the subject is 1, the message begins at 3. Null for what no line says. */
			line: z.number().int().nullable(),
			text: z.string().nullable(),
			what: z.string(),
			/** The line as it should be; several, or none to take it out; null where nobody can tell. */
			correction: z.array(z.string()).nullable(),
		}),
	),
	/** Rules that were not put to it: what they need is not there. */
	unchecked: z.array(
		z.object({ rule: z.string(), needs: z.enum(['repository', 'history', 'range']) }),
	),
});

export type LintReport = z.infer<typeof lintReport>;
