/** Compares two answers to one question, and prints one as a plain table. */
import { isDeepStrictEqual } from 'node:util';
import type { ConfigReport, RangeReport, ReleaseReport } from '../../src/range/report.ts';

/** Release, placement, and per configuration the bug and the verdict. */
export function tableOf(report: RangeReport): string {
	const rows = report.releases.map((release) => [
		release.release,
		release.placement.result,
		...release.byConfig.map(({ config, built, bug, verdict }) =>
			built ? `${config}: ${bug.state}, ${verdict}` : `${config}: not built`,
		),
	]);
	const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
	return rows
		.map((row) =>
			row
				.map((cell, i) => cell.padEnd(widths[i] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** What differs besides the commits, which differ in every repository made for this. */
export function compareReports(a: RangeReport, b: RangeReport): string[] {
	const problems: string[] = [];
	const without = ({ commit: _commit, ...rest }: ReleaseReport) => rest;
	for (const [i, one] of a.releases.entries()) {
		const other = b.releases[i];
		if (other === undefined || !isDeepStrictEqual(without(one), without(other))) {
			problems.push(`${one.release}: ${firstDifference(one, other)}`);
		}
	}
	const parts = ['effect', 'configs', 'ranges', 'tags', 'rules'] as const;
	for (const part of parts) {
		if (!isDeepStrictEqual(a[part], b[part])) problems.push(`${part} differ`);
	}
	return problems;
}

/** Where two trees of plain values first differ, as `path: one / other`. */
function firstDifference(a: unknown, b: unknown, path = ''): string | undefined {
	if (isDeepStrictEqual(a, b) || path === '.commit') return undefined;
	if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
		const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
		for (const key of new Set([...left.keys(), ...right.keys()])) {
			const found = firstDifference(left.get(key), right.get(key), `${path}.${key}`);
			if (found !== undefined) return found;
		}
		return undefined;
	}
	return `${path}: ${JSON.stringify(a)} / ${JSON.stringify(b)}`;
}

/** How two judgements of one release differ. */
export interface Difference {
	text: string;
	/** The first cannot tell what the second knows: a loss, no contradiction. */
	loss: boolean;
}

/** How the judgement of one release differs: undefined when it does not. */
export function judgementDifference(a: ReleaseReport, b: ReleaseReport): Difference | undefined {
	if (a.placement.result !== b.placement.result) {
		return { text: `placement ${a.placement.result} / ${b.placement.result}`, loss: false };
	}
	const names = new Set([...a.byConfig, ...b.byConfig].map(({ config }) => config));
	for (const name of names) {
		const one = a.byConfig.find(({ config }) => config === name);
		const other = b.byConfig.find(({ config }) => config === name);
		if (isDeepStrictEqual(essence(one), essence(other))) continue;
		return {
			text: `${name}: ${told(one)} / ${told(other)}`,
			loss: one?.verdict === 'unknown' && other?.verdict !== 'unknown',
		};
	}
	return undefined;
}

function essence(report: ConfigReport | undefined): unknown {
	if (report === undefined) return undefined;
	const { config, built, verdict, bug, style, reasons } = report;
	return [config, built, verdict, bug.state, style, reasons.map(({ code }) => code)];
}

function told(report: ConfigReport | undefined): string {
	if (report === undefined) return 'no such configuration';
	const { verdict, bug, style, reasons } = report;
	const codes = [...new Set(reasons.map(({ code }) => code))].join(' ');
	const styles = `${style.before.join(', ')} -> ${style.after?.join(', ') ?? 'not landed'}`;
	return `${verdict} (${bug.state}; ${styles}; ${codes})`;
}
