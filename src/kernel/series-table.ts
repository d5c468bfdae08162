/**
 * Which stable series were maintained on a date, by a table that was read on another. A pure module; the
 * table that ships is cache/series.json, and says where it is from.
 */

export interface MaintainedSeries {
	/** `4.14.y`. */
	readonly series: string;
	readonly kind: 'stable' | 'longterm';
	/** YYYY-MM-DD of its first release. */
	readonly released: string;
	/**
	 * YYYY-MM-DD of its last release; after the day the table was read, the end that is projected. Null
	 * where none had been said.
	 */
	readonly ended: string | null;
}

export interface SeriesTable {
	/** YYYY-MM-DD on which it was read; nothing later is in it. */
	readonly read: string;
	readonly source: string;
	/** In kernel order. */
	readonly series: readonly MaintainedSeries[];
}

/**
 * The series that were maintained on a day, in kernel order: from the day of their first release to that of
 * their last, both included.
 * @param asOf YYYY-MM-DD
 */
export function maintainedSeries(table: SeriesTable, asOf: string): MaintainedSeries[] {
	return table.series.filter(
		({ released, ended }) => released <= asOf && (ended === null || asOf <= ended),
	);
}

/** Whether a text is a day of the calendar, YYYY-MM-DD. */
export function isDay(text: string): boolean {
	if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
	const time = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}
