/**
 * The shape of what `reply --json` prints: the single source of its type, of validation in tests and of the JSON
 * Schema in the package; importing a value from here loads zod.
 */
import { z } from 'zod';
import { rangeReport } from './report.ts';

const { patch, source, tags } = rangeReport.shape;

export const replyReport = z.object({
	schema: z.literal('rangefinder.reply/1'),
	patch,
	source,
	/** The headers of the mail in their order, unfolded; what is not ASCII is encoded by RFC 2047. */
	headers: z.array(z.object({ name: z.string(), value: z.string() })),
	/** The text of the mail, its lines ended by a newline. */
	body: z.string(),
	tags,
});

export type ReplyReport = z.infer<typeof replyReport>;
