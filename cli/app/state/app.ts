/** The state of the app: the screens that are open, what is typed and said, and each screen's own state. */
import type { RangeReport } from '../../../src/range/report.ts';
import type { ScreenName } from '../keys.ts';
import type { Row } from '../views/release.ts';
import type { CloneInfo, PatchInput } from '../work/tasks.ts';
import type { BisectState } from './bisect.ts';
import { HISTORY_START, type HistoryState } from './history.ts';
import { LINES_START, type LinesState } from './lines.ts';
import { type OpenState, openStart } from './open.ts';
import { RANGE_START, type RangeState } from './range.ts';
import { STYLES_START, type StylesState } from './styles.ts';

/** What is said below the screen until the next key. */
export interface Message {
	readonly tone: 'plain' | 'good' | 'bad';
	readonly text: string;
}

/** Work that is going on. */
export interface Running {
	readonly id: number;
	readonly label: string;
	readonly done: number;
	readonly total: number;
}

/** A line that is being typed. */
export interface Prompt {
	readonly label: string;
	readonly text: string;
}

/** A text that lies over the screens. */
export interface PagerState {
	readonly title: string;
	readonly rows: readonly Row[];
	readonly lines: LinesState;
	/** Where the sources that its lines name are from. */
	readonly revisions: readonly string[];
}

export interface AppState {
	readonly columns: number;
	readonly rows: number;
	/** The last is shown; esc goes back to the one before. */
	readonly stack: readonly ScreenName[];
	/** The first line of the help that is shown; undefined where there is none. */
	readonly help: number | undefined;
	readonly prompt: Prompt | undefined;
	readonly message: Message | undefined;
	readonly running: readonly Running[];
	readonly clone: CloneInfo | undefined;
	/** The patch that is open, with its reports: several of a series. */
	readonly patch:
		| { readonly input: PatchInput; readonly reports: readonly RangeReport[]; readonly at: number }
		| undefined;
	readonly open: OpenState;
	readonly range: RangeState;
	readonly release: { readonly name: string | undefined; readonly lines: LinesState };
	readonly styles: StylesState;
	readonly history: HistoryState;
	readonly bisect: BisectState | undefined;
	readonly tags: number;
	readonly pagers: readonly PagerState[];
}

export function appStart(columns: number, rows: number, folder: string): AppState {
	return {
		columns,
		rows,
		stack: ['open'],
		help: undefined,
		prompt: undefined,
		message: undefined,
		running: [],
		clone: undefined,
		patch: undefined,
		open: openStart(folder),
		range: RANGE_START,
		release: { name: undefined, lines: LINES_START },
		styles: STYLES_START,
		history: HISTORY_START,
		bisect: undefined,
		tags: 0,
		pagers: [],
	};
}

export function shownScreen({ stack }: AppState): ScreenName {
	return stack.at(-1) ?? 'open';
}

/** The state with a screen shown; one that was open already is not opened twice. */
export function onScreen(state: AppState, screen: ScreenName): AppState {
	const others = state.stack.filter((one) => one !== screen || one === 'pager');
	return { ...state, stack: [...others, screen] };
}

/** The state with the screen before; the same where there is none. */
export function backScreen(state: AppState): AppState {
	if (state.stack.length < 2) return state;
	const pagers = shownScreen(state) === 'pager' ? state.pagers.slice(0, -1) : state.pagers;
	return { ...state, stack: state.stack.slice(0, -1), pagers };
}

/** The state with a text over the screens. */
export function withPager(state: AppState, pager: PagerState): AppState {
	return { ...onScreen(state, 'pager'), pagers: [...state.pagers, pager] };
}

/** The report that is shown; undefined where none is there yet. */
export function shownReport({ patch }: AppState): RangeReport | undefined {
	return patch?.reports[patch.at];
}
