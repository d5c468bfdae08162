/** Where what is found of a driver differs from what a person read: each with its reason. */
import type { DriverKey } from './drivers-key.ts';

interface Reason {
	why: string;
	/** `release path` of the drivers it holds for. */
	of: readonly string[];
}

const REASONS: readonly Reason[] = [];

/** Why a driver differs from its key; undefined where nothing explains it. */
export function explainDriver({ release, path }: DriverKey): string | undefined {
	return REASONS.find(({ of }) => of.includes(`${release} ${path}`))?.why;
}
