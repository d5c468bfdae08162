/**
 * Commits whose effect the rules find by themselves, as data with their source: those that ship with
 * the program, and before them those that the history of a clone says (landmark-search.ts). They only name what
 * was found; no verdict depends on them.
 */
import { compareVersions, parseVersion, type Version } from '../kernel/version.ts';

export interface Landmark {
	commit: string;
	subject: string;
	/** The first mainline release that has it. */
	release: string;
	/** Where the id comes from: a thread, a document. */
	source: string;
	/** The capability it brought to the framework. */
	capability?: string;
	/** The driver whose registration it changed. */
	driver?: string;
	/** What it did to the bug that is looked at; of landmarks that were found for it. */
	role?: 'introduced' | 'exposed' | 'ended';
}

/** `7b07cbefb68d ("subject", v4.12)` */
export function citation(landmark: Landmark): string {
	return `${landmark.commit} ("${landmark.subject}", ${landmark.release})`;
}

/**
 * The commit that brought a capability after a release that lacks it, if one is known. One that the release has
 * already was taken back before it.
 */
export function broughtBy(
	landmarks: readonly Landmark[],
	capability: string,
	after: Version,
): Landmark | undefined {
	return landmarks.find((landmark) => {
		if (landmark.capability !== capability) return false;
		const version = parseVersion(landmark.release);
		return version === undefined || compareVersions(version, after) > 0;
	});
}

/**
 * The commit that changed a driver between two releases that were looked at.
 * @param after the last release without the change; undefined when none was looked at
 * @param upTo the first release with it
 */
export function changedBy(
	landmarks: readonly Landmark[],
	driver: string,
	after: Version | undefined,
	upTo: Version,
): Landmark | undefined {
	return landmarks.find((landmark) => {
		if (landmark.driver !== driver) return false;
		const version = parseVersion(landmark.release);
		if (version === undefined || compareVersions(version, upTo) > 0) return false;
		return after === undefined || compareVersions(version, after) > 0;
	});
}

/**
 * What landmarks that were found say against those that ship: one sentence for each that names another
 * commit for the same thing.
 */
export function disagreements(found: readonly Landmark[], shipped: readonly Landmark[]): string[] {
	const release = ({ release: name }: Landmark): Version | undefined => parseVersion(name);
	return shipped.flatMap((listed) => {
		const about = found.filter((one) =>
			listed.capability === undefined
				? one.driver !== undefined && one.driver === listed.driver
				: one.capability === listed.capability,
		);
		const [a] = about;
		const version = release(listed);
		// Of a driver several changes may be found; only one of the same release is about the same.
		const rival = about.find((one) => {
			const other = release(one);
			return (
				listed.capability !== undefined ||
				(version !== undefined && other !== undefined && compareVersions(version, other) === 0)
			);
		});
		if (a === undefined || rival === undefined) return [];
		if (about.some(({ commit }) => commit === listed.commit)) return [];
		const what = listed.capability ?? listed.driver ?? '';
		return [
			`${what}: the history of this clone says ${citation(rival)}, where the list that ships says ${citation(listed)}`,
		];
	});
}
