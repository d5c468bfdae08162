/** The JSON of `demands`: its one schema, from which types, validation and the JSON Schema come. */
import { z } from 'zod';

const evidence = z.object({ path: z.string(), line: z.number(), blob: z.string().optional() });

const finding = z.object({
	driver: z.string().describe('the driver that does it, by its source: gpio-omap'),
	text: z.string(),
	bus: z.string().nullable().describe('platform_bus_type; null where it is not told'),
	steps: z
		.array(
			z.object({
				function: z.string(),
				path: z.string(),
				line: z.number().describe('where it calls the next step; the call itself in the last'),
				through: z
					.string()
					.nullable()
					.describe('how the next step is reached, where not by its name'),
			}),
		)
		.describe('from what runs it down to the call'),
	call: z.object({
		name: z.string(),
		argument: z.string().describe('the driver struct it is given; empty where that has no name'),
		path: z.string(),
		line: z.number(),
		blob: z.string(),
	}),
	when: z.string().describe('CONFIG names with && || ! and parentheses; empty for always'),
});

/** What `demands --json` prints. */
export const demandsReport = z.object({
	schema: z.literal('rangefinder.demands/1'),
	release: z.string(),
	commit: z.string(),
	with: z
		.object({ subject: z.string() })
		.nullable()
		.describe('the patch that the tree was judged with'),
	capabilities: z.array(
		z.object({
			capability: z.string(),
			value: z.boolean().nullable().describe('null where it cannot be told; see why'),
			assumed: z.boolean(),
			before: z.boolean().nullable().optional().describe('without the patch'),
			why: z.string().nullable(),
			evidence: z.array(evidence),
		}),
	),
	demands: z
		.array(
			z.object({
				id: z.string(),
				capability: z.string(),
				demand: z.string(),
				reason: z.string(),
				source: z.string(),
				violations: z.array(finding),
				unknown: z.array(finding.extend({ why: z.string().describe('what is missing') })),
			}),
		)
		.describe('those of capabilities that the tree has, or that were assumed'),
	registrations: z.number().describe('calls that register a driver, in the whole tree'),
	unread: z.array(z.string()).describe('C files that could not be searched or read'),
});

export type DemandsReport = z.infer<typeof demandsReport>;
