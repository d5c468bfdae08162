/** What `range` says of siblings, and of what remains when the patch is in. */
import type { RangeReport, Remains } from '../../src/range/report.ts';
import type { Sibling } from '../../src/range/siblings-report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { busName, releaseSpanText } from './headings.ts';

/** A driver in a run of releases in which it is alike. */
export interface Row {
	from: string;
	to: string;
	sibling: Sibling;
}

type WithSiblings = readonly { release: string; siblings?: readonly Sibling[] | undefined }[];

/** Siblings by driver, with the runs of neighbouring releases in which they are alike. */
export function rowsOf(releases: WithSiblings, alike: (one: Sibling) => string): Row[] {
	const rows: Row[] = [];
	let open = new Map<string, Row>();
	for (const { release, siblings = [] } of releases) {
		const next = new Map<string, Row>();
		for (const sibling of siblings) {
			const key = `${sibling.driver}\0${alike(sibling)}`;
			if (next.has(key)) continue;
			const known = open.get(key);
			const row = known ?? { from: release, to: release, sibling };
			row.to = release;
			if (known === undefined) rows.push(row);
			next.set(key, row);
		}
		open = next;
	}
	return rows;
}

/** The note of `range`: how many other drivers do the same, which, and where. */
export function siblingsNote({ releases }: Pick<RangeReport, 'releases'>): string[] {
	const rows = rowsOf(releases, () => '');
	if (rows.length === 0) return [];
	const spans = new Map<string, string[]>();
	for (const { from, to, sibling } of rows) {
		const known = spans.get(sibling.driver) ?? [];
		known.push(releaseSpanText(from, to));
		spans.set(sibling.driver, known);
	}
	const names = [...spans]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([driver, where]) => `${driver} (${where.join(', ')})`);
	const what = names.length === 1 ? '1 other driver does' : `${names.length} other drivers do`;
	return [`${what} what the patch stops this one from doing: ${names.join(', ')}; see siblings`];
}

/** What `--why` says of what remains under a configuration. */
export function remainsLines(remains: Remains | undefined, width: number): string[] {
	if (remains === undefined) return [];
	const said = [
		...remains.losers.map(({ driver, bus, why, evidence }) => ({
			text: `${driver} still loses ${busName(bus)}: ${why}`,
			evidence,
		})),
		...remains.halfway.map(({ driver, why, evidence }) => ({
			text: `${driver}: ${why}`,
			evidence,
		})),
	];
	return [
		'  what remains:',
		...said.flatMap(({ text, evidence }) => [
			...wrap(printableLine(text), width, '    ', '      '),
			...evidence.flatMap(({ path, line }) =>
				wrap(`${printableLine(path)}:${line}`, width, '      ', '        '),
			),
		]),
	];
}
