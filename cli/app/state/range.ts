/** The state of the screen Range: where the cursor is, and which releases and configurations are shown. */
import type {
	ConfigReport,
	RangeReport,
	ReleaseReport,
	Verdict,
} from '../../../src/range/report.ts';
import { VERDICTS } from '../../../src/range/report-words.ts';
import type { CommandId } from '../keys.ts';
import { moved, nextWhere, within } from './list.ts';

export interface RangeState {
	/** Among the releases that are shown. */
	readonly cursor: number;
	/** Which configuration of them the cursor is in. */
	readonly column: number;
	/** Words that a release has to have. */
	readonly filter: string;
	readonly verdict: Verdict | undefined;
	/** The one configuration that is shown. */
	readonly config: string | undefined;
	readonly longterm: boolean;
}

export const RANGE_START: RangeState = {
	cursor: 0,
	column: 0,
	filter: '',
	verdict: undefined,
	config: undefined,
	longterm: false,
};

/** Series that kernel.org has maintained as longterm (kernel.org/category/releases.html), up to 6.18. */
const LONGTERM: ReadonlySet<string> = new Set(
	'2.6.16 2.6.27 2.6.32 2.6.33 2.6.34 2.6.35 3.0 3.2 3.4 3.10 3.12 3.14 3.16 3.18 4.1 4.4 4.9 4.14 4.19 5.4 5.10 5.15 6.1 6.6 6.12 6.18'
		.split(' ')
		.map((series) => `${series}.y`),
);

/** Stands for the whole release where there are no configurations: with no profile for the paths. */
export const WHOLE = '';

/** The configurations that are shown. */
export function shownConfigs({ configs }: RangeReport, { config }: RangeState): string[] {
	if (configs.length === 0) return [WHOLE];
	return configs.map(({ name }) => name).filter((name) => config === undefined || name === config);
}

/** What a release answers for a configuration. */
export function answerIn(
	release: ReleaseReport | undefined,
	config: string,
): Pick<ConfigReport, 'built' | 'verdict' | 'bug'> | undefined {
	if (release !== undefined && config === WHOLE) {
		const { verdict, bug } = release;
		return { built: true, verdict, bug: { state: bug, competitors: [] } };
	}
	return release?.byConfig.find((one) => one.config === config);
}

/** The releases that are shown. */
export function shownReleases(report: RangeReport, state: RangeState): ReleaseReport[] {
	const configs = shownConfigs(report, state);
	const words = state.filter
		.toLowerCase()
		.split(/\s+/)
		.filter((word) => word !== '');
	return report.releases.filter((release) => {
		if (state.longterm && !LONGTERM.has(release.series)) return false;
		const answers = configs.flatMap((config) => answerIn(release, config) ?? []);
		if (state.verdict !== undefined && !answers.some(({ verdict }) => verdict === state.verdict)) {
			return false;
		}
		if (words.length === 0) return true;
		const text = [
			release.release,
			release.series,
			release.placement.result,
			...configs,
			...answers.flatMap(({ verdict, bug }) => [verdict, bug.state]),
		]
			.join(' ')
			.toLowerCase();
		return words.every((word) => text.includes(word));
	});
}

/** The release the cursor is on; undefined where none is shown. */
export function chosenRelease(report: RangeReport, state: RangeState): ReleaseReport | undefined {
	const shown = shownReleases(report, state);
	return shown[within(state.cursor, shown.length)];
}

/** The state with the cursor on a release, as near to it as what is shown allows. */
export function onRelease(
	report: RangeReport,
	state: RangeState,
	release: string | undefined,
): RangeState {
	const place = shownReleases(report, state).findIndex((one) => one.release === release);
	return { ...state, cursor: Math.max(0, place) };
}

function nextOf<T>(items: readonly T[], current: T | undefined): T | undefined {
	return items[current === undefined ? 0 : items.indexOf(current) + 1];
}

/** What a release answers, as far as the cells show it. */
function answerOf(release: ReleaseReport | undefined): string {
	return JSON.stringify(release?.byConfig.map(({ verdict, bug }) => [verdict, bug.state]));
}

/** The state after a command; the same for one that is none of this screen's. */
export function reduceRange(
	state: RangeState,
	command: CommandId,
	report: RangeReport,
	page: number,
): RangeState {
	const shown = shownReleases(report, state);
	const at = shown[within(state.cursor, shown.length)]?.release;
	const cursor = moved(within(state.cursor, shown.length), command, shown.length, page);
	if (cursor !== undefined) return { ...state, cursor };
	const columns = shownConfigs(report, state).length;
	switch (command) {
		case 'left':
			return { ...state, column: within(state.column - 1, columns) };
		case 'right':
			return { ...state, column: within(state.column + 1, columns) };
		case 'next':
		case 'previous': {
			const here = within(state.cursor, shown.length);
			const differs = (place: number) => answerOf(shown[place]) !== answerOf(shown[here]);
			const forward = command === 'next';
			return { ...state, cursor: nextWhere(here, shown.length, forward, differs) ?? here };
		}
		case 'verdict': {
			const there = VERDICTS.filter((verdict) =>
				report.releases.some(({ byConfig }) => byConfig.some((one) => one.verdict === verdict)),
			);
			return onRelease(report, { ...state, verdict: nextOf(there, state.verdict) }, at);
		}
		case 'config': {
			const names = report.configs.map(({ name }) => name);
			return { ...state, config: nextOf(names, state.config), column: 0 };
		}
		case 'longterm':
			return onRelease(report, { ...state, longterm: !state.longterm }, at);
		case 'clear':
			return onRelease(report, { ...RANGE_START, column: state.column }, at);
		default:
			return state;
	}
}
