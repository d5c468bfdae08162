/**
 * What `siblings` prints for people: drivers with the releases in which they do what the patch stops its
 * driver from doing.
 */
import type { Sibling, SiblingsReport } from '../../src/range/siblings-report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { busName, releaseSpanText } from './headings.ts';
import type { Paint } from './paint.ts';
import { sourceText } from './range-text.ts';
import { rowsOf } from './siblings-notes.ts';

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
