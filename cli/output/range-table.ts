/**
 * The table of `range`: where the patch lands, and per configuration the bug and the verdict.
 * Configurations that do not fit side by side go into tables one below the other.
 */
import { wrap } from '../../src/text.ts';
import { cellName, releaseSpan } from './headings.ts';
import { bugTone, type Paint, verdictTone } from './paint.ts';
import { type Answer, type AnsweredRelease, rowsOf } from './rows.ts';
import { BREAK, type Cell, type Column, NBSP, renderTable } from './table.ts';

const WITHOUT_LIMIT = Number.POSITIVE_INFINITY;

/** A verdict that a narrow column may break: `needs-prerequisites`. */
function breakable(verdict: string): string {
	return verdict.replace(/^needs-/, `needs-${BREAK}`);
}

function cellsOf(answer: Answer | undefined): Cell[] {
	const report = answer?.report;
	if (answer === undefined || report === undefined) return [{ text: '-' }, { text: '-' }];
	if (!report.built) {
		return [
			{ text: `not${NBSP}built`, tone: 'dim' },
			{ text: '-', tone: 'dim' },
		];
	}
	const { bug, verdict } = report;
	return [
		{ text: bug.state, mark: answer.bugMark, tone: bugTone(bug.state) },
		{ text: breakable(verdict), mark: answer.verdictMark, tone: verdictTone(verdict) },
	];
}

function tableOf(
	releases: readonly AnsweredRelease[],
	configs: readonly string[],
	groups: readonly (string | undefined)[],
	width: number,
	paint: Paint,
): string[] | undefined {
	const columns: Column[] = [{ title: 'release' }, { title: 'lands' }];
	for (const group of groups) {
		const shared = group === undefined ? {} : { group };
		columns.push({ title: 'bug', ...shared }, { title: 'patch', ...shared });
	}
	if (configs.length === 0) columns.push({ title: 'verdict' });
	const rows = rowsOf(releases, configs).map(({ first, last }) => [
		{ text: releaseSpan(first.release.release, last.release.release) },
		{ text: first.release.placement.result },
		...configs.flatMap((config) => cellsOf(first.answers.get(config))),
		...(configs.length === 0
			? [{ text: first.release.verdict, tone: verdictTone(first.release.verdict) }]
			: []),
	]);
	return renderTable(columns, rows, width, paint);
}

/**
 * The lines of the table or tables, none wider than `width` while names are of a usual length.
 * `headings` names the configurations in the order in which they are shown.
 */
export function rangeTable(
	releases: readonly AnsweredRelease[],
	headings: ReadonlyMap<string, string>,
	width: number,
	paint: Paint,
): string[] {
	const configs = [...headings.keys()];
	if (configs.length === 0) {
		return (
			tableOf(releases, [], [], width, paint) ??
			tableOf(releases, [], [], WITHOUT_LIMIT, paint) ??
			[]
		);
	}
	const lines: string[] = [];
	for (let start = 0; start < configs.length; ) {
		let table: string[] | undefined;
		let count = configs.length - start;
		for (; count > 1 && table === undefined; ) {
			const some = configs.slice(start, start + count);
			const groups = some.map((config) => headings.get(config) ?? cellName(config));
			table = tableOf(releases, some, groups, width, paint);
			if (table === undefined) count -= 1;
		}
		const [config = ''] = configs.slice(start);
		if (lines.length > 0) lines.push('');
		if (table === undefined) {
			const heading = headings.get(config) ?? cellName(config);
			lines.push(
				...wrap(heading, width),
				...(tableOf(releases, [config], [undefined], width, paint) ??
					tableOf(releases, [config], [undefined], WITHOUT_LIMIT, paint) ??
					[]),
			);
		} else {
			lines.push(...table);
		}
		start += count;
	}
	return lines;
}
