/**
 * Commits whose effect the rules find by themselves, as data with their source. They only name what
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
}

/** `7b07cbefb68d ("subject", v4.12)` */
export function citation(landmark: Landmark): string {
	return `${landmark.commit} ("${landmark.subject}", ${landmark.release})`;
}

/** The commit that brought a capability, if one is known. */
export function broughtBy(
	landmarks: readonly Landmark[],
	capability: string,
): Landmark | undefined {
	return landmarks.find((landmark) => landmark.capability === capability);
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
