/** The shape of what `built --json` prints; the single source of the type and of the JSON Schema. */
import { z } from 'zod';

const answer = z.enum(['yes', 'no', 'unknown']);
const place = z.object({ path: z.string(), line: z.number().int() });

const competitor = z.object({
	driver: z.string(),
	symbol: z.string(),
	/** Buses that both install ops on. */
	buses: z.array(z.string()),
	/** Whether both can be built into one kernel. */
	together: answer,
});

const onArch = z.object({
	/** The folder below arch/. */
	arch: z.string(),
	built: answer,
	/** Why it is unknown; null where it is not. */
	why: z.string().nullable(),
	/** Where Kconfig defines the symbol; null when it does not. */
	at: place.nullable(),
	/** Drivers of the same bus, those left out that cannot be built together with it. */
	with: z.array(competitor),
});

export const builtReport = z.object({
	schema: z.literal('rangefinder.built/1'),
	source: z.object({ kind: z.enum(['clone', 'index']), releases: z.number().int() }),
	/** The driver's name; null for a symbol that is no driver's. */
	driver: z.string().nullable(),
	/** The CONFIG symbol that was asked about. */
	symbol: z.string(),
	/** The .config that decides, as the user named it; null without one. */
	config: z.string().nullable(),
	releases: z.array(
		z.object({ release: z.string(), series: z.string(), tip: z.boolean(), archs: z.array(onArch) }),
	),
	/** Runs of releases that were looked at, with one answer; architectures that never build it are left out. */
	ranges: z.array(
		z.object({
			arch: z.string(),
			from: z.string(),
			to: z.string(),
			built: answer,
			why: z.string().nullable(),
			with: z.array(competitor),
		}),
	),
	/** Architectures that build it in no release looked at. */
	never: z.array(z.string()),
});

export type BuiltReport = z.infer<typeof builtReport>;
export type BuiltOnArch = BuiltReport['releases'][number]['archs'][number];
