/**
 * The shape of what `tags --json` prints. The single source of its type, of validation in tests and of the
 * JSON Schema in the package; importing a value from here loads zod.
 */
import { z } from 'zod';
import { rangeReport } from './report.ts';

const { patch, source, tags } = rangeReport.shape;

export const tagsReport = z.object({
	schema: z.literal('rangefinder.tags/1'),
	patch,
	source,
	/** Whole lines, in the order in which they go into the message. */
	fixes: tags.shape.fixes,
	cc: tags.shape.cc,
	/** Why there are these, or none. */
	notes: tags.shape.notes,
	/** The day on which series had to be maintained; null where any that was looked at counts. */
	asOf: z.string().nullable(),
});

export type TagsReport = z.infer<typeof tagsReport>;
