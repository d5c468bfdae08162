/**
 * The releases of a kernel repository, from its tags: kernel order, series, tips, lookup by name.
 * A pure module.
 */
import { RangefinderError } from '../errors.ts';
import type { TagRef } from '../git/store.ts';
import { compareVersions, MAINLINE, parseVersion, seriesOf, type Version } from './version.ts';

export interface Release {
	/** The tag. */
	readonly name: string;
	readonly version: Version;
	/** `4.14.y`, or `mainline` for release candidates. */
	readonly series: string;
	readonly commit: string;
	/** The id of the commit's root tree, where it is known: what tells the same release in any clone. */
	readonly tree?: string;
	/** YYYY-MM-DD of the commit, UTC. */
	readonly date: string;
	/** True for the newest known release of its series. */
	readonly tip: boolean;
}

/**
 * The releases that tags name, in kernel order. Tags that are no versions are left out; of two
 * tags for one version (`v4.11` and `v4.11.0`) the usual spelling is kept.
 */
export function releasesFromTags(tags: readonly TagRef[]): Release[] {
	const known: { tag: TagRef; version: Version }[] = [];
	for (const tag of tags) {
		const version = parseVersion(tag.name);
		if (version !== undefined) known.push({ tag, version });
	}
	known.sort(
		(a, b) => compareVersions(a.version, b.version) || byUsualSpelling(a.tag.name, b.tag.name),
	);
	const single = known.filter((entry, i) => {
		const before = known[i - 1];
		return before === undefined || compareVersions(before.version, entry.version) !== 0;
	});
	const tips = new Map<string, string>();
	for (const { tag, version } of single) {
		const series = seriesOf(version);
		if (version.rc === undefined || series === MAINLINE) tips.set(series, tag.name);
	}
	return single.map(({ tag, version }) => {
		const series = seriesOf(version);
		return {
			name: tag.name,
			version,
			series,
			commit: tag.commit,
			...(tag.tree ? { tree: tag.tree } : {}),
			date: new Date(tag.date * 1000).toISOString().slice(0, 10),
			tip: tips.get(series) === tag.name,
		};
	});
}

/**
 * The release a user names; `v4.11`, `4.11` and `v4.11.0` are the same one.
 * Throws unknown-release, with the releases of its series as `near`.
 */
export function findRelease(releases: readonly Release[], text: string): Release {
	const version = parseVersion(text);
	const found =
		version === undefined
			? undefined
			: releases.find((release) => compareVersions(release.version, version) === 0);
	if (found !== undefined) return found;
	const near =
		version === undefined
			? []
			: releases.filter((release) => release.version.baseText === version.baseText);
	throw new RangefinderError({
		code: 'unknown-release',
		release: text,
		near: near
			.filter((release) => version?.rc !== undefined || release.version.rc === undefined)
			.map((release) => release.name),
	});
}

/** `v4.11` before `4.11` before `v4.11.0`. */
function byUsualSpelling(a: string, b: string): number {
	const dots = a.split('.').length - b.split('.').length;
	if (dots !== 0) return dots;
	return Number(b.startsWith('v')) - Number(a.startsWith('v')) || (a < b ? -1 : 1);
}
