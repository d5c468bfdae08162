/**
 * The shape of what `export --json` prints: the single source of its type, of validation in tests and of the JSON
 * Schema in the package; importing a value from here loads zod.
 */
import { z } from 'zod';
import { prereqsReport } from './prereqs-report.ts';

export const exportReport = z.object({
	schema: z.literal('rangefinder.export/1'),
	patch: prereqsReport.shape.patch,
	/** As `prereqs` has them: the one target. */
	targets: prereqsReport.shape.targets,
	/** The mails that were written, in the order for git am, below the folder as the user named it. */
	written: z.array(z.string()),
	/** Why nothing was written; null where it was. */
	why: z.string().nullable(),
});

export type ExportReport = z.infer<typeof exportReport>;
