/**
 * Kernel version numbers as release tags spell them: parsing, true kernel order, series.
 * A pure module; what is not a version (`next-20171113`) is undefined, never an error.
 */

/** The name of the series of release candidates. */
export const MAINLINE = 'mainline';

export interface Version {
	/** What names the series: [4, 14], before 3.0 three numbers: [2, 6, 32]. */
	readonly base: readonly number[];
	/** The base as it was written (`2024.01` keeps its zero). */
	readonly baseText: string;
	/** The number of the stable release, 0 for the release itself. */
	readonly patch: number;
	/** The number of the release candidate; undefined for a release. */
	readonly rc: number | undefined;
}

const VERSION =
	/^v?(2\.6\.\d{1,4}|\d{1,4}\.\d{1,4})(?:-rc(\d{1,4}))?(?:\.(\d{1,4}))?(?:-rc(\d{1,4}))?$/;

/**
 * Reads `v4.14`, `4.14.5`, `v4.14-rc3`, `v2.6.32.61`, `v4.14.0` (which is v4.14).
 * Returns undefined for anything else.
 */
export function parseVersion(text: string): Version | undefined {
	const match = VERSION.exec(text);
	const baseText = match?.[1];
	if (match === null || baseText === undefined) return undefined;
	if (match[2] !== undefined && match[4] !== undefined) return undefined;
	const rc = match[2] ?? match[4];
	return {
		base: baseText.split('.').map(Number),
		baseText,
		patch: Number(match[3] ?? 0),
		rc: rc === undefined ? undefined : Number(rc),
	};
}

/** Kernel order: v4.14-rc8, v4.14, v4.14.1, v4.15-rc1. Negative when `a` comes first. */
export function compareVersions(a: Version, b: Version): number {
	for (let i = 0; i < Math.max(a.base.length, b.base.length); i++) {
		const difference = (a.base[i] ?? 0) - (b.base[i] ?? 0);
		if (difference !== 0) return difference;
	}
	if (a.patch !== b.patch) return a.patch - b.patch;
	if (a.rc === b.rc) return 0;
	if (a.rc === undefined) return 1;
	if (b.rc === undefined) return -1;
	return a.rc - b.rc;
}

/**
 * The series: `4.14.y` for v4.14 and v4.14.5, `mainline` for v4.14-rc3. A candidate of a stable
 * release (v4.14.5-rc1) belongs to its stable series.
 */
export function seriesOf(version: Version): string {
	if (version.rc !== undefined && version.patch === 0) return MAINLINE;
	return `${version.baseText}.y`;
}

/**
 * The series a user names: `4.14.y`, `v4.14`, `4.14`, `linux-4.14.y` and `mainline` are all
 * understood. Undefined when it names none.
 */
export function parseSeries(text: string): string | undefined {
	if (text === MAINLINE) return MAINLINE;
	const version = parseVersion(text.replace(/^linux-/, '').replace(/\.y$/, ''));
	if (version === undefined || version.rc !== undefined) return undefined;
	return seriesOf(version);
}
