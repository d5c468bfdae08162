/** The state of the screen History: records as the walk finds them, those that are shown, and chosen ends. */
import type { CapabilityRecord, DriverRecord, LogRecord } from '../../../src/history/log-report.ts';
import type { CommandId } from '../keys.ts';
import { moved, nextWhere, within } from './list.ts';

export type CommitRecord = DriverRecord | CapabilityRecord;

interface Entry {
	readonly record: CommitRecord;
	/** What a search looks in, in small letters. */
	readonly text: string;
}

export interface HistoryState {
	/** The files or folders whose history it is; undefined until one is chosen. */
	readonly paths: readonly string[] | undefined;
	readonly entries: readonly Entry[];
	/** Places in `entries` that are shown, ascending. */
	readonly shown: readonly number[];
	readonly filter: string;
	readonly onlyTransitions: boolean;
	readonly cursor: number;
	readonly good: string | undefined;
	readonly bad: string | undefined;
	/** The walk came to its end. */
	readonly complete: boolean;
}

export const HISTORY_START: HistoryState = {
	paths: undefined,
	entries: [],
	shown: [],
	filter: '',
	onlyTransitions: false,
	cursor: 0,
	good: undefined,
	bad: undefined,
	complete: false,
};

export function isTransition(record: CommitRecord): boolean {
	return record.kind === 'capability' || record.transition;
}

function entryOf(record: CommitRecord): Entry {
	const what =
		record.kind === 'driver'
			? `${record.driver} ${record.before ?? ''} ${record.after ?? ''}`
			: record.capability;
	const text = `${record.commit} ${record.date} ${record.author} ${record.firstRelease ?? ''} ${what} ${record.subject}`;
	return { record, text: text.toLowerCase() };
}

function isShown({ record, text }: Entry, filter: string, onlyTransitions: boolean): boolean {
	return (!onlyTransitions || isTransition(record)) && text.includes(filter);
}

/** The state with records that were found. */
export function withRecords(state: HistoryState, records: readonly LogRecord[]): HistoryState {
	const more = records.flatMap((one) => (one.kind === 'summary' ? [] : [entryOf(one)]));
	const filter = state.filter.toLowerCase();
	const start = state.entries.length;
	const fresh = more.flatMap((entry, i) =>
		isShown(entry, filter, state.onlyTransitions) ? [start + i] : [],
	);
	return {
		...state,
		entries: state.entries.concat(more),
		shown: fresh.length === 0 ? state.shown : state.shown.concat(fresh),
	};
}

/** The state with another filter; the cursor stays on its commit where that is still shown. */
export function filtered(
	state: HistoryState,
	change: Partial<Pick<HistoryState, 'filter' | 'onlyTransitions'>>,
): HistoryState {
	const next = { ...state, ...change };
	const filter = next.filter.toLowerCase();
	const narrower =
		filter.includes(state.filter.toLowerCase()) && next.onlyTransitions === state.onlyTransitions;
	const among = narrower ? state.shown : state.entries.keys();
	const shown: number[] = [];
	for (const place of among) {
		const entry = state.entries[place];
		if (entry !== undefined && isShown(entry, filter, next.onlyTransitions)) shown.push(place);
	}
	const at = state.shown[within(state.cursor, state.shown.length)] ?? 0;
	const after = shown.findIndex((place) => place >= at);
	return { ...next, shown, cursor: after === -1 ? Math.max(0, shown.length - 1) : after };
}

/** The record at a place of what is shown. */
export function recordAt(
	{ entries, shown }: HistoryState,
	place: number,
): CommitRecord | undefined {
	const entry = shown[place];
	return entry === undefined ? undefined : entries[entry]?.record;
}

export function chosenRecord(state: HistoryState): CommitRecord | undefined {
	return recordAt(state, within(state.cursor, state.shown.length));
}

/** The record of a commit, of a transition where it has one. */
export function recordOf({ entries }: HistoryState, commit: string): CommitRecord | undefined {
	const of = entries.filter(({ record }) => record.commit === commit);
	return (of.find(({ record }) => isTransition(record)) ?? of[0])?.record;
}

/** The state after a command; the same for one that is none of this screen's. */
export function reduceHistory(state: HistoryState, command: CommandId, page: number): HistoryState {
	const count = state.shown.length;
	const here = within(state.cursor, count);
	const cursor = moved(here, command, count, page);
	if (cursor !== undefined) return { ...state, cursor };
	const commit = chosenRecord(state)?.commit;
	switch (command) {
		case 'next':
		case 'previous': {
			const found = nextWhere(here, count, command === 'next', (place) => {
				const record = recordAt(state, place);
				return record !== undefined && isTransition(record);
			});
			return { ...state, cursor: found ?? here };
		}
		case 'transitions':
			return filtered(state, { onlyTransitions: !state.onlyTransitions });
		case 'clear':
			return {
				...filtered(state, { filter: '', onlyTransitions: false }),
				good: undefined,
				bad: undefined,
			};
		case 'good':
			return { ...state, good: commit, bad: state.bad === commit ? undefined : state.bad };
		case 'bad':
			return { ...state, bad: commit, good: state.good === commit ? undefined : state.good };
		default:
			return state;
	}
}
