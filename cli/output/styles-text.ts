/**
 * What `styles` prints for people: how each driver registers over the releases, then what the
 * framework of each offers.
 */
import type { StylesReport } from '../../src/range/report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { cellName, releaseSpan } from './headings.ts';
import type { Paint } from './paint.ts';
import { runsOf } from './rows.ts';
import { renderTable } from './table.ts';

type DriverRelease = StylesReport['drivers'][number]['releases'][number];

/** Release names in the order in which the report has them. */
function releaseOrder(report: StylesReport): string[] {
	const names = [
		...report.capabilities.map(({ release }) => release),
		...report.drivers.flatMap(({ releases }) => releases.map(({ release }) => release)),
	];
	return [...new Set(names)];
}

/** The style of a release; by configuration where those that build the driver differ. */
function styleText({ style, byConfig }: DriverRelease): string {
	const built = byConfig.filter((one) => one.built);
	const styles = new Set(built.map((one) => one.style));
	if (styles.size < 2) return printableLine(style);
	return [...styles]
		.map((one) => {
			const where = built.filter((config) => config.style === one);
			return `${one} (${where.map(({ config }) => config).join('; ')})`;
		})
		.map(printableLine)
		.join(', ');
}

/** One row for each run of releases with one value; `values` is the value at each release, in order. */
function matrixRows(name: string, order: readonly string[], values: ReadonlyMap<string, string>) {
	const cells = order.map((release) => ({ release, value: values.get(release) }));
	return runsOf(cells, ({ value }) => JSON.stringify(value ?? null))
		.filter(({ first }) => first.value !== undefined)
		.map(({ first, last }, i) => [
			{ text: i === 0 ? cellName(name) : '' },
			{ text: releaseSpan(first.release, last.release) },
			{ text: first.value ?? '' },
		]);
}

function table(
	titles: readonly string[],
	rows: ReturnType<typeof matrixRows>,
	width: number,
	paint: Paint,
): string[] {
	if (rows.length === 0) return [];
	const columns = titles.map((title) => ({ title }));
	return (
		renderTable(columns, rows, width, paint) ??
		renderTable(columns, rows, Number.POSITIVE_INFINITY, paint) ??
		[]
	);
}

/** The text of `styles`; `width` columns. */
export function stylesText(report: StylesReport, width: number, paint: Paint): string[] {
	const order = releaseOrder(report);
	const drivers = report.drivers.flatMap(({ driver, releases }) => {
		const values = new Map(releases.map((one) => [one.release, styleText(one)]));
		return matrixRows(driver, order, values);
	});
	// That a name exists is said in JSON; here it would hide what the framework offers.
	const names = [...new Set(report.capabilities.map(({ capability }) => capability))].filter(
		(name) => !name.startsWith('symbol:'),
	);
	const capabilities = names.flatMap((name) => {
		const own = report.capabilities.filter(({ capability }) => capability === name);
		const values = new Map(own.map(({ release, value }) => [release, printableLine(`${value}`)]));
		return matrixRows(name, order, values);
	});
	const unread = (report.unread ?? []).flatMap(({ release, why }) =>
		wrap(`${printableLine(release)} is not known: ${printableLine(why)}`, width, '', '  '),
	);
	if (drivers.length === 0) {
		return ['No driver that a profile covers is in these paths.', ...unread];
	}
	const tables = [
		table(['driver', 'releases', 'style'], drivers, width, paint),
		table(['capability', 'releases', 'value'], capabilities, width, paint),
	].filter((lines) => lines.length > 0);
	const text = tables.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
	return unread.length === 0 ? text : [...text, '', ...unread];
}
