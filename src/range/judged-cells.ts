/** The judgement of a whole table of releases and configurations, release by release: what one says of the bug, the next builds on. */
import type { ArchitectureUsers } from '../../cache/source.ts';
import { styles } from '../driver/style.ts';
import type { Version } from '../kernel/version.ts';
import type { Cell } from './cells.ts';
import { type Effect, judge } from './judge.ts';
import { changedBy, type Landmark } from './landmarks.ts';
import { conflictText } from './placements.ts';
import type { BugState, ConfigReport } from './report.ts';
import type { Rule } from './situation.ts';
import { losers, type Users } from './users.ts';

/** By what cells are judged. */
export interface CellRules {
	readonly rules: readonly Rule[];
	readonly landmarks: readonly Landmark[];
}

/** What was said of a cell. */
export interface JudgedCell {
	readonly report: ConfigReport;
	/** The last release before it that had the bug under this configuration. */
	readonly lastWithBug: Version | undefined;
	/** Whether it hangs on who has the hardware. */
	readonly asked: boolean;
}

/** States of a bug that is there. */
const PRESENT: readonly BugState[] = ['latent', 'masked', 'exposed'];

/**
 * Judges all cells.
 * @param cells by release in kernel order, and configuration
 * @param before the same as they were judged with other users: those that do not hang on them stand
 */
export function judgeCells(
	rules: CellRules,
	users: Users,
	cells: readonly Cell[][],
	effect: Effect,
	before: readonly JudgedCell[][] = [],
): JudgedCell[][] {
	const bugs: (Version | undefined)[] = [];
	return cells.map((row, i) =>
		row.map((one, j) => {
			const known = before[i]?.[j];
			const stands = known?.asked === false && known.lastWithBug === bugs[j];
			const now = stands ? known : judgeCell(i, j, one, bugs[j]);
			if (PRESENT.includes(now.report.bug.state)) bugs[j] = one.placed.release.version;
			return now;
		}),
	);

	function judgeCell(
		i: number,
		j: number,
		one: Cell,
		lastWithBug: Version | undefined,
	): JudgedCell {
		let asked = false;
		const usersHere = (): ArchitectureUsers | undefined => {
			asked = true;
			return users.of(i, one.configuration.arch);
		};
		const column = cells.map((row) => row[j]);
		const report = reportOf(rules, one, effect, lastWithBug, column, usersHere);
		return { report, lastWithBug, asked };
	}
}

function reportOf(
	{ rules, landmarks }: CellRules,
	{ placed, configuration, built, situation, notBuilt }: Cell,
	effect: Effect,
	lastWithBug: Version | undefined,
	column: readonly (Cell | undefined)[],
	users: () => ArchitectureUsers | undefined,
): ConfigReport {
	const config = configuration.name;
	if (!built || situation === undefined) {
		const state: BugState = lastWithBug === undefined ? 'absent' : 'fixed';
		return {
			config,
			built: false,
			style: { before: [], after: null },
			bug: { state, competitors: [] },
			verdict: 'not-built',
			prerequisites: [],
			reasons: notBuilt,
		};
	}
	const { before, after, tree, values } = situation;
	const { version } = placed.release;
	const judgement = judge({
		version,
		situation,
		placement: placed.result,
		conflict: conflictText(placed),
		effect,
		hadBug: lastWithBug !== undefined,
		rules,
		landmarks,
		users,
		supersededBy: changedBy(landmarks, before.driver, lastWithBug, version),
		firstWith: (has) =>
			column.find(
				(other) => other?.built && other.situation !== undefined && has(other.situation.before),
			)?.placed.release.name ?? null,
	});
	return {
		config,
		built: true,
		style: {
			before: styles(before, tree, values),
			after: after === undefined ? null : styles(after, tree, values),
		},
		...judgement,
		...losers(judgement.bug.competitors, situation, users),
	};
}
