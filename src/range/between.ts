/**
 * Where two looked-at releases of one series get different answers, the point between is found by
 * bisection: halving again and again until the answers of neighbours differ.
 */
import type { Release } from '../kernel/releases.ts';
import type { RangeReport, ReleaseReport } from './report.ts';

/** What makes the answers of two releases the same. */
function answerOf(report: ReleaseReport): string {
	return JSON.stringify([
		report.placement.result,
		report.byConfig.map(({ config, verdict, bug, prerequisites }) => [
			config,
			verdict,
			bug.state,
			prerequisites.map(({ text, commit }) => [text, commit]),
		]),
	]);
}

/**
 * The releases to look at next: of every two neighbours in `report` that are of one series and differ,
 * the one in the middle of those between. Empty when nothing is left to find.
 * @param all every release of the source, in kernel order
 */
export function releasesBetween(report: RangeReport, all: readonly Release[]): Release[] {
	const place = new Map(all.map(({ name }, i) => [name, i]));
	const next: Release[] = [];
	for (const [i, one] of report.releases.entries()) {
		const other = report.releases[i + 1];
		if (other === undefined || other.series !== one.series) continue;
		if (answerOf(one) === answerOf(other)) continue;
		const from = place.get(one.release);
		const to = place.get(other.release);
		if (from === undefined || to === undefined || to - from < 2) continue;
		const middle = all[from + Math.floor((to - from) / 2)];
		if (middle !== undefined) next.push(middle);
	}
	return next;
}
