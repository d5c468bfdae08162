/**
 * The shape of a line that `range`, `tags` and `lint` print of each of many patches: the report of the command, or
 * why there is none, with the place of the patch. The single source of its type, of validation in tests and of the
 * JSON Schema in the package; importing a value from here loads zod.
 */
import { z } from 'zod';
import { lintReport } from './lint/report.ts';
import { errorReport, rangeReport } from './report.ts';
import { tagsReport } from './tags-report.ts';

export const itemReport = z.object({
	/** Place of the message in the whole input, from 1; messages without a patch count, and have no line. */
	index: z.number().int(),
	/** Which patch of its message, from 1, and how many it has. */
	patch: z.number().int(),
	patches: z.number().int(),
	/** Names the message: a file, a message of it, the start of a commit's id. */
	where: z.string(),
	/** A digest of the message, of the words that bear on the answer and of what is read. */
	key: z.string(),
	/** The day on which series had to be maintained; null where any counts. */
	asOf: z.string().nullable(),
	/** What the exit code would be of this patch alone. */
	exit: z.number().int(),
});

const item = { item: itemReport };

export const eachRecord = z.discriminatedUnion('schema', [
	rangeReport.extend(item),
	tagsReport.extend(item),
	lintReport.extend(item),
	errorReport.extend(item),
]);

export type ItemReport = z.infer<typeof itemReport>;
