/**
 * A series of patches, judged in order, each on top of those before it. Where one of them does not
 * land, or changes what is not modelled, those after it are placed on what there is, and their
 * verdict is unknown, with that reason.
 */
import type { ReleaseSource } from '../../cache/source.ts';
import { Overlay } from './overlay.ts';
import { place } from './placements.ts';
import type { PreparedPatch } from './prepare.ts';
import { type RangeInput, rangeOfPlaced } from './range.ts';
import type { RangeReport } from './report.ts';

export interface SeriesInput extends Omit<RangeInput, 'patch' | 'blocked'> {
	/**
	 * The patches in order, each made ready when its turn comes: it may be made on files that those
	 * before it leave behind, which `source` then knows.
	 */
	patches: readonly ((source: ReleaseSource) => Promise<PreparedPatch>)[];
}

/** Answers for every patch of a series, in order. */
export async function rangeOfSeries(input: SeriesInput): Promise<RangeReport[]> {
	const { patches, ...rest } = input;
	const source = new Overlay(input.source);
	const blocked = new Map<string, string>();
	const reports: RangeReport[] = [];
	for (const [i, ready] of patches.entries()) {
		const patch = await ready(source);
		const placed = await place(patch, source, input.releases);
		const one = { ...rest, patch, source, blocked: new Map(blocked) };
		reports.push(await rangeOfPlaced(one, placed));
		const number = `patch ${i + 1} of the series`;
		const unmodelled = reports
			.at(-1)
			?.releases.some(({ byConfig }) =>
				byConfig.some(({ reasons }) => reasons.some(({ code }) => UNMODELLED.includes(code))),
			);
		for (const { release, result } of placed) {
			if (blocked.has(release.name)) continue;
			if (result === 'conflict' || result === 'missing') {
				blocked.set(release.name, `${number} does not land here`);
			} else if (result === 'unknown') {
				blocked.set(release.name, `whether ${number} lands here is not known`);
			} else if (unmodelled === true) {
				blocked.set(release.name, `${number} changes what is not modelled`);
			}
		}
		await source.add(placed);
	}
	return reports;
}

/** Reasons that say that a patch is about more than drivers of a profile. */
const UNMODELLED: readonly string[] = ['no-profile', 'no-driver'];
