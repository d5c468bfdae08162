/** The records of a log: what all of one commit have in common, and what tells one from the others. */
import type { CapabilityChange } from './capabilities.ts';
import type { CapabilityRecord, DriverRecord } from './log-report.ts';
import type { DriverChange } from './transitions.ts';

export type LogEntry = DriverRecord | CapabilityRecord;

/** What all records of a commit say. */
export type Head = Omit<
	CapabilityRecord,
	'kind' | 'capability' | 'before' | 'after' | 'evidence' | 'drivers'
>;

/** Tells a record from all others of a log. */
export function keyOf(record: LogEntry): string {
	const { commit, kind } = record;
	if (record.kind === 'capability') return [commit, kind, record.capability].join('\0');
	return [commit, kind, record.driver, record.symbol, record.path].join('\0');
}

/** The value of a capability after a change, where it is among some. */
export function valueIn(
	all: readonly CapabilityChange[],
	capability: string,
): CapabilityChange['after'] {
	return all.find((one) => one.capability === capability)?.after;
}

/** The record of a changed capability, with the drivers whose style it changes. */
export function capabilityRecord(
	head: Head,
	{ capability, before, after, evidence }: CapabilityChange,
	changes: readonly DriverChange[],
): CapabilityRecord {
	const drivers = changes.flatMap(({ before: was, after: is, touched, transition }) =>
		was === undefined || is === undefined || touched || !transition
			? []
			: [{ driver: is.driver, before: was.style, after: is.style }],
	);
	return {
		...head,
		kind: 'capability',
		capability,
		before: before ?? null,
		after: after ?? null,
		evidence: [...evidence],
		drivers,
	};
}
