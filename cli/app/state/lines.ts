/**
 * The state of a screen of lines that are read, searched and opened: the screen Release, a source, a diff.
 */
import type { CommandId } from '../keys.ts';
import { moved, nextWhere, within } from './list.ts';

export interface LinesState {
	readonly cursor: number;
	/** Columns that are scrolled past. */
	readonly left: number;
	/** What was searched for. */
	readonly search: string;
}

export const LINES_START: LinesState = { cursor: 0, left: 0, search: '' };

const STEP = 8;

/** The lines as far as moving among them asks. */
export interface LinesLook {
	readonly count: number;
	readonly page: number;
	text(place: number): string;
	/** Whether a line opens something. */
	opens(place: number): boolean;
}

function matches(look: LinesLook, search: string): (place: number) => boolean {
	const wanted = search.toLowerCase();
	return (place) => wanted !== '' && look.text(place).toLowerCase().includes(wanted);
}

/** The state after a command; the same for one that is none of such a screen's. */
export function reduceLines(state: LinesState, command: CommandId, look: LinesLook): LinesState {
	const here = within(state.cursor, look.count);
	const cursor = moved(here, command, look.count, look.page);
	if (cursor !== undefined) return { ...state, cursor };
	const to = (place: number | undefined) => ({ ...state, cursor: place ?? here });
	switch (command) {
		case 'left':
			return { ...state, left: Math.max(0, state.left - STEP) };
		case 'right':
			return { ...state, left: state.left + STEP };
		case 'next':
		case 'previous':
			return to(nextWhere(here, look.count, command === 'next', matches(look, state.search)));
		case 'next-target':
		case 'previous-target':
			return to(
				nextWhere(here, look.count, command === 'next-target', (place) => look.opens(place)),
			);
		default:
			return state;
	}
}

/** The state while a search is typed: at the first match from where it began. */
export function searched(
	state: LinesState,
	search: string,
	begun: number,
	look: LinesLook,
): LinesState {
	const isMatch = matches(look, search);
	const first = isMatch(begun) ? begun : nextWhere(begun, look.count, true, isMatch);
	return { ...state, search, cursor: first ?? begun };
}
