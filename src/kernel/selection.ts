/**
 * Which releases are looked at. By default: of every series since the touched files appeared, its
 * first release and its tip. (What lies between the two is found by bisection, elsewhere.)
 * A pure module: whether the touched files exist at a release is asked through a predicate.
 */
import { RangefinderError } from '../errors.ts';
import { findRelease, type Release } from './releases.ts';
import { MAINLINE, parseSeries } from './version.ts';

export interface SelectionOptions {
	/** Releases by name; looked at whatever they contain. */
	readonly release?: readonly string[];
	/** Series by name (`4.14.y`, `4.14`, `mainline`); the others are left out. */
	readonly series?: readonly string[];
	/** Every release of the series, release candidates included, instead of the first and the tip. */
	readonly all?: boolean;
}

/**
 * The releases the options ask about before it is known where the touched files exist, in kernel
 * order; they are the ones {@link selectReleases} calls its predicate with, so that a caller can
 * find the answers for all of them in one batch.
 * Throws unknown-release for a name, unknown-series for a series that is not there.
 */
export function selectionCandidates(
	releases: readonly Release[],
	options: SelectionOptions,
): Release[] {
	const wanted = (options.series ?? []).map((text) => seriesNamed(releases, text));
	if (wanted.length === 0 && (options.release ?? []).length > 0 && options.all !== true) return [];
	const candidates: Release[] = [];
	for (const [series, members] of bySeries(releases)) {
		if (wanted.length > 0 && !wanted.includes(series)) continue;
		if (options.all === true) {
			candidates.push(...members);
		} else if (series === MAINLINE) {
			// Candidates of many versions in one series: their first says nothing, their newest does.
			if (wanted.includes(MAINLINE)) candidates.push(...members.slice(-1));
		} else {
			const stable = members.filter((release) => release.version.rc === undefined);
			candidates.push(...stable.slice(0, 1), ...stable.slice(1).slice(-1));
		}
	}
	return inOrder(releases, candidates);
}

/**
 * The releases to look at, in kernel order: those named, and of the candidates those from the
 * first on at which `touched` holds. A series whose first release lacks the files while a later
 * one has them (a backported driver) starts with the later one; where the files went away again
 * the releases stay, so that it can be said. When `touched` holds nowhere, all candidates stay.
 * Throws unknown-release.
 */
export function selectReleases(
	releases: readonly Release[],
	options: SelectionOptions,
	touched: (release: Release) => boolean,
): Release[] {
	const named = (options.release ?? []).map((text) => findRelease(releases, text));
	const candidates = selectionCandidates(releases, options);
	const present = candidates.map(touched);
	const appeared = present.indexOf(true);
	if (appeared < 0) return inOrder(releases, [...named, ...candidates]);
	const firstOfSeries = new Map<string, number>();
	candidates.forEach((release, i) => {
		if (present[i] && !firstOfSeries.has(release.series)) firstOfSeries.set(release.series, i);
	});
	const kept = candidates.filter(
		(release, i) => i >= (firstOfSeries.get(release.series) ?? appeared),
	);
	return inOrder(releases, [...named, ...kept]);
}

function seriesNamed(releases: readonly Release[], text: string): string {
	const series = parseSeries(text);
	if (series !== undefined && releases.some((release) => release.series === series)) return series;
	throw new RangefinderError({
		code: 'unknown-series',
		series: text,
		known: [...new Set(releases.map((release) => release.series))],
	});
}

function bySeries(releases: readonly Release[]): Map<string, Release[]> {
	const groups = new Map<string, Release[]>();
	for (const release of releases) {
		const group = groups.get(release.series);
		if (group === undefined) groups.set(release.series, [release]);
		else group.push(release);
	}
	return groups;
}

/** The members of `chosen` without repetition, in the order of `releases`. */
function inOrder(releases: readonly Release[], chosen: readonly Release[]): Release[] {
	const names = new Set(chosen.map((release) => release.name));
	return releases.filter((release) => names.has(release.name));
}
