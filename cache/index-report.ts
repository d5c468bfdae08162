/**
 * The shapes of what the `index` commands print with `--json`: the single source of their types and JSON Schemas.
 * Import types from here freely; import values only where validation is wanted.
 */
import { z } from 'zod';

export const indexBuildReport = z.object({
	schema: z.literal('rangefinder.index-build/1'),
	/** The index that was written. */
	path: z.string(),
	releases: z.number().int(),
	bytes: z.number().int(),
});

export const indexInfoReport = z.object({
	schema: z.literal('rangefinder.index-info/1'),
	path: z.string(),
	bytes: z.number().int(),
	formatVersion: z.number().int(),
	extractorVersion: z.number().int(),
	releases: z.array(
		z.object({
			release: z.string(),
			/** YYYY-MM-DD. */
			date: z.string(),
			/** Indexed files. */
			files: z.number().int(),
		}),
	),
	/** Subject of the patch it carries; null without one. */
	example: z.string().nullable(),
});

export const indexVerifyReport = z.object({
	schema: z.literal('rangefinder.index-verify/1'),
	/** Answers of the index that were compared, or parts whose checksums were. */
	checked: z.number().int(),
	/** One sentence each. */
	differences: z.array(z.string()),
});

export type IndexBuildReport = z.infer<typeof indexBuildReport>;
export type IndexInfoReport = z.infer<typeof indexInfoReport>;
export type IndexVerifyReport = z.infer<typeof indexVerifyReport>;
