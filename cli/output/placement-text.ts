/**
 * Where a patch lands, hunk by hunk: the table of `range --only placement` and the lines that
 * `--why` prints.
 */
import type { RangeReport, ReleaseReport } from '../../src/range/report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import { abbreviated, releaseSpan } from './headings.ts';
import type { Paint } from './paint.ts';
import { patchHead } from './range-text.ts';
import { runsOf } from './rows.ts';
import { NBSP, renderTable } from './table.ts';

type FilePlacement = ReleaseReport['placement']['files'][number];
type Hunk = FilePlacement['hunks'][number];

/** How a hunk lands, in a word or two: `offset +3`. */
export function hunkText(hunk: Hunk): string {
	switch (hunk.result) {
		case 'offset':
			return `offset ${hunk.offset > 0 ? '+' : ''}${hunk.offset}`;
		case 'fuzz':
			return `fuzz ${hunk.fuzz}`;
		default:
			return hunk.result;
	}
}

/** `1-3 exact, 4 conflict`. */
function hunksText(hunks: readonly Hunk[]): string {
	const numbered = hunks.map((hunk, i) => ({ number: i + 1, text: hunkText(hunk) }));
	return runsOf(numbered, ({ text }) => text)
		.map(({ first, last, key }) => {
			const which = first === last ? `${first.number}` : `${first.number}-${last.number}`;
			return `${which} ${key}`.replaceAll(' ', NBSP);
		})
		.join(', ');
}

function filesText(files: readonly FilePlacement[]): string {
	return files
		.map(({ path, movedTo, result, hunks }) => {
			const how = hunks.length === 0 ? result : hunksText(hunks);
			const landed = movedTo === null ? how : `${how} in ${printableLine(movedTo)}`;
			return files.length === 1 ? landed : `${printableLine(path)}: ${landed}`;
		})
		.join('; ');
}

/** Results with which a patch is not known to land. */
const NOT_LANDED: ReadonlySet<string> = new Set(['conflict', 'missing', 'unknown']);

/** The text of `range --only placement`; `width` columns. */
export function placementText(report: RangeReport, width: number, paint: Paint): string[] {
	const columns = [{ title: 'release' }, { title: 'lands' }, { title: 'hunks' }];
	const rows = runsOf(report.releases, ({ placement }) =>
		JSON.stringify([placement.result, filesText(placement.files)]),
	).map(({ first, last }) => [
		{ text: releaseSpan(first.release, last.release) },
		{ text: first.placement.result },
		{ text: filesText(first.placement.files) },
	]);
	const table =
		renderTable(columns, rows, width, paint) ??
		renderTable(columns, rows, Number.POSITIVE_INFINITY, paint) ??
		[];
	const lands = report.releases.filter(({ placement }) => {
		return !NOT_LANDED.has(placement.result);
	});
	return [
		...patchHead(report, width, paint),
		'',
		...table,
		'',
		...wrap(
			`It lands on ${lands.length} of ${report.releases.length} releases; where it is safe was not asked.`,
			width,
		),
	];
}

/** One line a hunk, for `--why`. */
export function hunkLines(files: readonly FilePlacement[], width: number): string[] {
	return files.flatMap(({ path, movedTo, result, hunks }) => [
		...wrap(
			`${printableLine(path)}${movedTo === null ? '' : ` (here ${printableLine(movedTo)})`}: ${result}`,
			width,
			'  ',
			'    ',
		),
		...hunks.flatMap((hunk, i) => {
			const at = hunk.at === null ? '' : `, at line ${hunk.at}`;
			const why = hunk.why === null ? '' : `: ${printableLine(hunk.why)}`;
			return [
				...wrap(`hunk ${i + 1}: ${hunkText(hunk)}${at}${why}`, width, '    ', '      '),
				...(hunk.changedBy ?? []).flatMap(({ commit, subject }) =>
					wrap(
						`changed by ${abbreviated(commit)} ("${printableLine(subject)}")`,
						width,
						'      ',
						'        ',
					),
				),
			];
		}),
	]);
}
