/** What `built` prints for people: per architecture, the releases that build a driver, and with whom. */
import type { BuiltReport } from '../../src/range/built-report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { busName, cellName, releaseSpan } from './headings.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';

type Range = BuiltReport['ranges'][number];

function withText({ with: others, why }: Range): string {
	if (why !== null) return printableLine(why);
	const names = others.map(
		({ driver, together }) => printableLine(driver) + (together === 'unknown' ? '?' : ''),
	);
	return names.length === 0 ? '-' : names.join(', ');
}

function head({ driver, symbol, config, source }: BuiltReport): string {
	const named = driver === null ? symbol : `${driver} (${symbol})`;
	const under = config === null ? '' : ` under ${config}`;
	const from = source.kind === 'index' ? `index: ${source.releases} releases, not tips` : 'clone';
	return printableLine(`${named}${under}, ${from}`);
}

function busesText({ ranges }: BuiltReport): string[] {
	const buses = new Set(ranges.flatMap((range) => range.with.flatMap((other) => other.buses)));
	const names = [...buses].sort().map(busName).map(printableLine);
	return names.length === 0 ? [] : [`same bus: ${names.join(', ')}`];
}

/** The text of `built`; `width` columns. */
export function builtText(report: BuiltReport, width: number, paint: Paint): string[] {
	const { never } = report;
	// Where some architectures are known to build it, what is not known of others is said in one line.
	const yes = new Set(report.ranges.filter(({ built }) => built === 'yes').map(({ arch }) => arch));
	const ranges = report.ranges.filter(({ arch }) => yes.size === 0 || yes.has(arch));
	const all = new Set(report.ranges.map(({ arch }) => arch));
	const open = [...all].filter((arch) => yes.size > 0 && !yes.has(arch)).map(printableLine);
	const rows = ranges.map((range, i) => [
		{ text: ranges[i - 1]?.arch === range.arch ? '' : cellName(range.arch) },
		{ text: releaseSpan(range.from, range.to) },
		{ text: range.built },
		{ text: withText(range) },
	]);
	const columns = ['arch', 'releases', 'built', 'together with'].map((title) => ({ title }));
	const table =
		rows.length === 0
			? []
			: (renderTable(columns, rows, width, paint) ??
				renderTable(columns, rows, Number.POSITIVE_INFINITY, paint) ??
				[]);
	const others = [
		...(open.length === 0 ? [] : wrap(`not known of ${open.join(', ')}`, width, '', '  ')),
		...(never.length === 0
			? []
			: wrap(`not built on ${never.map(printableLine).join(', ')}`, width, '', '  ')),
	];
	const parts = [[...wrap(head(report), width), ...busesText(report)], table, others].filter(
		(lines) => lines.length > 0,
	);
	return parts.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}
