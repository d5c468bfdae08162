/**
 * The shape of what `log --json` prints: one record a line, each complete in itself. The single source of its
 * types and of the JSON Schema.
 */
import { z } from 'zod';

const evidence = z.object({
	path: z.string(),
	line: z.number(),
	blob: z.string().optional(),
});

const commit = z.object({
	schema: z.literal('rangefinder.log/1'),
	profile: z.string().describe('which profile read it'),
	commit: z.string(),
	author: z.string(),
	email: z.string(),
	date: z.string().describe('of authorship, YYYY-MM-DD, UTC'),
	subject: z.string(),
	merge: z.boolean().describe('a merge that differs from each of its parents'),
	firstRelease: z
		.string()
		.nullable()
		.describe('the first of the releases looked at that contains the commit'),
});

const change = z.object({
	kind: z.enum([
		'driver',
		'entry',
		'call',
		'path',
		'level',
		'gate',
		'declaration',
		'condition',
		'capability',
	]),
	text: z.string(),
	evidence: z.array(evidence),
});

const driverRecord = commit.extend({
	kind: z.literal('driver'),
	driver: z.string(),
	symbol: z.string().describe('CONFIG symbol, without prefix; empty for what is always built'),
	path: z.string().describe('the source that names the driver'),
	touched: z.boolean().describe('the commit changes a source of the driver'),
	renamedFrom: z
		.object({ driver: z.string(), symbol: z.string(), path: z.string() })
		.optional()
		.describe('what it was called before, where that differs'),
	before: z.string().nullable().describe('its style before; null when it was not there'),
	after: z.string().nullable().describe('its style after; null when it is gone'),
	transition: z.boolean().describe('the style differs from that after every parent'),
	changes: z.array(change).describe('the facts that differ, of a transition'),
});

const value = z.union([z.string(), z.number(), z.boolean()]).nullable();

const capabilityRecord = commit.extend({
	kind: z.literal('capability'),
	capability: z.string(),
	before: value,
	after: value,
	evidence: z.array(evidence),
	drivers: z
		.array(z.object({ driver: z.string(), before: z.string(), after: z.string() }))
		.describe('the drivers whose style changes in the same commit without a change of their own'),
});

const summaryRecord = z.object({
	schema: z.literal('rangefinder.log/1'),
	kind: z.literal('summary'),
	commits: z.number().describe('commits that touch what the profiles read'),
	drivers: z.number(),
	transitions: z.number(),
	unread: z.number().describe('blobs that the clone lacks'),
	shallow: z.boolean().describe('history before a boundary was not seen'),
});

export const logRecord = z.discriminatedUnion('kind', [
	driverRecord,
	capabilityRecord,
	summaryRecord,
]);

export type LogRecord = z.infer<typeof logRecord>;
export type DriverRecord = z.infer<typeof driverRecord>;
export type CapabilityRecord = z.infer<typeof capabilityRecord>;
export type SummaryRecord = z.infer<typeof summaryRecord>;
