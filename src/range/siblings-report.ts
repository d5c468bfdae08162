/** The shape of what `siblings --json` prints, and of siblings in other reports; the single source of types and JSON Schema. */
import { z } from 'zod';

const place = z.object({ path: z.string(), line: z.number().int() });

export const sibling = z.object({
	/** The id of the hazard: takes-bus-unchecked. */
	hazard: z.string(),
	driver: z.string(),
	symbol: z.string(),
	/** Its main source. */
	path: z.string(),
	bus: z.string(),
	/** How it comes onto the bus. */
	style: z.string(),
	/** The configurations that build it and under which it has the hazard. */
	configs: z.array(z.object({ config: z.string(), when: z.string() })),
	evidence: z.array(place),
});

export const siblingsReport = z.object({
	schema: z.literal('rangefinder.siblings/1'),
	patch: z.object({ subject: z.string(), messageId: z.string().nullable() }),
	source: z.object({ kind: z.enum(['clone', 'index']), releases: z.number().int() }),
	/** What the patch removes; empty where it removes nothing that is modelled, or what it does is not known. */
	removes: z.array(
		z.object({
			hazard: z.string(),
			/** What a driver with the hazard does. */
			says: z.string(),
			driver: z.string(),
			bus: z.string(),
			before: z.string(),
			after: z.string(),
		}),
	),
	/** Why nothing can be told; null where it can. */
	unknown: z.string().nullable(),
	releases: z.array(
		z.object({
			release: z.string(),
			series: z.string(),
			tip: z.boolean(),
			siblings: z.array(sibling),
		}),
	),
});

export type Sibling = z.infer<typeof sibling>;
export type SiblingsReport = z.infer<typeof siblingsReport>;
