/**
 * The shape of what `repair --json` prints: the single source of its type, of validation in tests and of the JSON
 * Schema in the package; importing a value from here loads zod.
 */
import { z } from 'zod';

export const repairReport = z.object({
	schema: z.literal('rangefinder.repair/1'),
	/** Whether anything had to be restored. */
	repaired: z.boolean(),
	/** What the ids of the `index` line prove: the result, what it was made from, or nothing. */
	proof: z.enum(['postimage', 'preimage', 'none']),
	/** What could not be brought back, one sentence each. */
	lost: z.array(z.string()),
	files: z.array(
		z.object({
			path: z.string(),
			preimage: z.string().nullable(),
			postimage: z.string().nullable(),
		}),
	),
	/** The file it was written to, as the user named it; null without --output. */
	output: z.string().nullable(),
	/** How `text` holds the bytes of the patch: base64 where they are no UTF-8. */
	encoding: z.enum(['utf-8', 'base64']),
	/** The patch, ready for git am; null where it was written to a file. */
	text: z.string().nullable(),
});

export type RepairReport = z.infer<typeof repairReport>;
