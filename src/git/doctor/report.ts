/** The shape of what `doctor --json` prints; single source of its type, validation and JSON Schema. */
import { z } from 'zod';
import { SEVERITIES } from './finding.ts';

export const doctorReport = z.object({
	schema: z.literal('rangefinder.doctor/1'),
	/** The folder that was looked at. */
	where: z.string(),
	/** What `git version` says. */
	git: z.string(),
	findings: z.array(
		z.object({
			/** Names the finding for scripts: `commit-graph`, `shallow`. */
			id: z.string(),
			severity: z.enum(SEVERITIES),
			text: z.string(),
			/** What mends or improves it; null where there is nothing to do. Nothing of it was run. */
			command: z.string().nullable(),
		}),
	),
	/** How many findings hurt. */
	hurts: z.number().int(),
});

export type DoctorReport = z.infer<typeof doctorReport>;
