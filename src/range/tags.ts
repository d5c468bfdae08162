/**
 * What a maintainer pastes into a patch: the `Fixes:` and `Cc: stable` lines that follow from the answers of
 * releases, and notes that say why, or why there are none. Only ids that are known are written.
 */
import { maintainedSeries, type SeriesTable } from '../kernel/series-table.ts';
import { readStableTag } from '../kernel/stable-tag.ts';
import { trailerBlock } from '../kernel/trailer-block.ts';
import { commitWords } from '../kernel/trailers.ts';
import type { Landmark } from './landmarks.ts';
import type { RangeReport, ReleaseReport } from './report.ts';
import { firstWithBug, fixesOf } from './tags-fixes.ts';
import { stableOf } from './tags-stable.ts';

/** What tags are wanted for. */
export interface Tagging {
	/** Only series that were maintained on a day; all that were looked at without it. */
	readonly maintained?: {
		readonly table: SeriesTable;
		/** YYYY-MM-DD. */
		readonly asOf: string;
	};
	/** The reason for the stable team's tools to leave the patch alone; no other `Cc:` is proposed then. */
	readonly noautosel?: string;
}

/** The patch, as far as tags go. */
export interface TaggedPatch {
	readonly subject: string;
	/** The commit message without the subject; undefined where it is not known. */
	readonly message?: string;
	/** Subjects of all patches of its series. */
	readonly together?: readonly string[];
}

/** Tags and notes for a patch. */
export function tagsOf(
	releases: readonly ReleaseReport[],
	landmarks: readonly Landmark[],
	tagging: Tagging = {},
	patch?: TaggedPatch,
): RangeReport['tags'] {
	const fixes = fixesOf(releases, landmarks);
	const saysFix = patch !== undefined && namesWhatItFixes(patch);
	const { maintained, noautosel } = tagging;
	const quiet = firstWithBug(releases) === undefined && !saysFix && noautosel === undefined;
	const cc = quiet
		? { lines: [], notes: nothingToFix(releases) }
		: stableOf(releases, {
				saysFix,
				...(patch?.together === undefined ? {} : { together: patch.together }),
				...(noautosel === undefined ? {} : { noautosel }),
				...(maintained === undefined
					? {}
					: {
							maintained: {
								asOf: maintained.asOf,
								series: maintainedSeries(maintained.table, maintained.asOf).map(
									({ series }) => series,
								),
							},
						}),
			});
	return {
		fixes: [...fixes.lines],
		cc: [...cc.lines],
		notes: [...fixes.notes, ...cc.notes],
		...(maintained === undefined ? {} : { asOf: maintained.asOf }),
	};
}

/** Why a patch that says nothing of a bug gets no tags. */
function nothingToFix(releases: readonly ReleaseReport[]): string[] {
	const unknown = releases.some(({ bug, verdict }) => bug === 'unknown' && verdict !== 'not-built');
	if (!unknown) return [];
	return [
		'no tags: the rules know no bug that this ends, and the patch names none in a Fixes: or Cc: stable line',
	];
}

/** Whether a patch says itself that it fixes something, or is wanted in stable. */
function namesWhatItFixes({ subject, message }: TaggedPatch): boolean {
	if (message === undefined) return false;
	if (commitWords(subject, message).some(({ kind }) => kind === 'fixes')) return true;
	const { trailers } = trailerBlock([subject, '', ...message.split('\n')]);
	return trailers.some(
		({ name, value }) =>
			/^cc$/i.test(name) && readStableTag(value)?.address.includes('noautosel') === false,
	);
}
