/** The state of a bisection that is watched. */
import type { BisectReport } from '../../../src/history/bisect-report.ts';
import type { BisectStep } from '../../engines/bisect-types.ts';
import type { TaskFailure } from '../work/tasks.ts';

export interface BisectState {
	readonly good: string;
	readonly bad: string;
	readonly where: string;
	readonly steps: readonly BisectStep[];
	readonly cursor: number;
	readonly report: BisectReport | undefined;
	readonly failure: TaskFailure | undefined;
}

export function bisectStart(good: string, bad: string, where: string): BisectState {
	return { good, bad, where, steps: [], cursor: 0, report: undefined, failure: undefined };
}

/** The state with a step: a new one, or the answer to the last. */
export function withStep(state: BisectState, step: BisectStep): BisectState {
	const last = state.steps.at(-1);
	const before = last?.commit === step.commit ? state.steps.slice(0, -1) : state.steps;
	return { ...state, steps: [...before, step] };
}

/** The commits that the cursor goes through: the steps, then what was found. */
export function bisectCommits({ steps, report }: BisectState): string[] {
	const found = report?.first == null ? (report?.suspects ?? []) : [report.first];
	return [...steps.map(({ commit }) => commit), ...found.map(({ commit }) => commit)];
}
