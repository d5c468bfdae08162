/**
 * What `siblings` prints for people, and what `range` says of siblings and of what remains: drivers with the
 * releases in which they do what the patch stops its driver from doing.
 */
import type { RangeReport, Remains } from '../../src/range/report.ts';
import type { Sibling, SiblingsReport } from '../../src/range/siblings-report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { busName, releaseSpanText } from './headings.ts';
import type { Paint } from './paint.ts';
import { sourceText } from './range-text.ts';

interface Row {
	from: string;
	to: string;
	sibling: Sibling;
}

type WithSiblings = readonly { release: string; siblings?: readonly Sibling[] | undefined }[];

/** Siblings by driver, with the runs of neighbouring releases in which they are alike. */
function rowsOf(releases: WithSiblings, alike: (one: Sibling) => string): Row[] {
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

/** The architectures of the configurations that build it. */
function builtText({ configs }: Sibling): string {
	const archs = configs.map(({ config }) => /^\w+/.exec(config)?.[0] ?? config);
	return [...new Set(archs)].map(printableLine).join(', ');
}

function placeText({ evidence: [first] }: Sibling): string {
	return first === undefined ? '' : `${printableLine(first.path)}:${first.line}`;
}

/** The text of `siblings`; `width` columns. */
export function siblingsText(report: SiblingsReport, width: number, paint: Paint): string[] {
	const head = [
		...wrap(printableLine(report.patch.subject), width).map((line) => paint('strong', line)),
		...wrap(sourceText(report.source), width),
		...(report.unknown === null
			? report.removes.flatMap(({ driver, bus, says, before, after }) => {
					const text = `removes: ${driver} ${says} (${busName(bus)}: ${before} -> ${after})`;
					return wrap(printableLine(text), width, '', '  ');
				})
			: wrap(`what it removes is not known: ${printableLine(report.unknown)}`, width, '', '  ')),
	];
	if (report.unknown !== null) return head;
	const several = new Set(report.removes.map(({ hazard }) => hazard)).size > 1;
	const rows = rowsOf(report.releases, (one) =>
		[one.hazard, one.bus, one.style, builtText(one)].join('\0'),
	).sort((a, b) =>
		a.sibling.driver < b.sibling.driver ? -1 : a.sibling.driver > b.sibling.driver ? 1 : 0,
	);
	if (rows.length === 0) return [...head, '', 'No other driver does.'];
	const list = rows.flatMap(({ from, to, sibling }, i) => {
		const head =
			rows[i - 1]?.sibling.driver === sibling.driver ? [] : [printableLine(sibling.driver)];
		const why = several ? ` (${sibling.hazard})` : '';
		const where = `${releaseSpanText(from, to)}: ${busName(sibling.bus)}, ${sibling.style}${why}`;
		const text = `${where}, built on ${builtText(sibling)}, ${placeText(sibling)}`;
		return [...head, ...wrap(printableLine(text), width, '  ', '    ')];
	});
	const drivers = new Set(rows.map(({ sibling }) => sibling.driver)).size;
	const clean = report.releases.filter(({ siblings }) => siblings.length === 0);
	const none =
		clean.length === 0
			? ''
			: `; none in ${runs(
					clean.map(({ release }) => release),
					report,
				).join(', ')}`;
	const sum = `${drivers} other driver${drivers === 1 ? '' : 's'}${none}.`;
	return [...head, '', ...list, '', ...wrap(sum, width)];
}

/** Runs of releases among all that were looked at. */
function runs(names: readonly string[], { releases }: Pick<SiblingsReport, 'releases'>): string[] {
	const found: { from: string; to: string; at: number }[] = [];
	for (const [at, { release }] of releases.entries()) {
		if (!names.includes(release)) continue;
		const last = found.at(-1);
		if (last !== undefined && last.at === at - 1) Object.assign(last, { to: release, at });
		else found.push({ from: release, to: release, at });
	}
	return found.map(({ from, to }) => releaseSpanText(from, to));
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
