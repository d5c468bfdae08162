/** The state of a list with a cursor, and how the keys that every list has move it. */
import type { CommandId } from '../keys.ts';

export interface ListState {
	readonly cursor: number;
}

export const LIST_START: ListState = { cursor: 0 };

/** The place within a list of `count` rows. */
export function within(cursor: number, count: number): number {
	return Math.max(0, Math.min(cursor, count - 1));
}

/** Where a command leaves the cursor of a list; undefined for a command that is none of a list's. */
export function moved(
	cursor: number,
	command: CommandId,
	count: number,
	page: number,
): number | undefined {
	switch (command) {
		case 'down':
			return within(cursor + 1, count);
		case 'up':
			return within(cursor - 1, count);
		case 'page-down':
			return within(cursor + Math.max(1, page - 1), count);
		case 'page-up':
			return within(cursor - Math.max(1, page - 1), count);
		case 'top':
			return 0;
		case 'bottom':
			return within(count - 1, count);
		default:
			return undefined;
	}
}

/** The next place after (or before) the cursor for which `wanted` holds, around the end; undefined for none. */
export function nextWhere(
	cursor: number,
	count: number,
	forward: boolean,
	wanted: (place: number) => boolean,
): number | undefined {
	for (let i = 1; i <= count; i++) {
		const place = (((forward ? cursor + i : cursor - i) % count) + count) % count;
		if (wanted(place)) return place;
	}
	return undefined;
}
