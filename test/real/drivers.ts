/** What is found of a driver beside what a person read. */
import { profilesFor } from '../../src/driver/profiles/index.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { type Release, releasesFromTags } from '../../src/kernel/releases.ts';
import type { StylesReport } from '../../src/range/report.ts';
import { stylesOf } from '../../src/range/styles.ts';
import { cloneOf } from '../cache/clone.ts';
import type { DriverKey } from './drivers-key.ts';

type Found = StylesReport['drivers'][number]['releases'][number];

/** The drivers that have a file, in single releases of a repository. */
export async function foundIn(
	store: ObjectStore,
	release: Release,
	path: string,
): Promise<Found[]> {
	const source = cloneOf(store, [release]);
	const report = await stylesOf(source, [release], profilesFor([path]), [path]);
	return report.drivers.flatMap(({ releases }) => releases);
}

/** The releases of a repository by the names of their tags. */
export async function releasesByTag(store: ObjectStore): Promise<Map<string, Release>> {
	return new Map(releasesFromTags(await store.tags()).map((one) => [one.name, one]));
}

/** In what that differs from the key, in sentences; empty where all of it is as read. */
export function againstKey(found: readonly Found[], key: DriverKey): string[] {
	const problems: string[] = [];
	const said = found.map(({ style }) => style).join('; ') || 'no driver';
	if (setOf(said) !== setOf(key.style)) problems.push(`style ${said}, read: ${key.style}`);
	const facts = found.map(({ facts }) => facts);
	// What a table of the firmware holds is a registration, and no entry of a level.
	const entries = facts
		.flatMap(({ entries, busOps }) => [
			...entries.map(({ macro, level, line, path }) => ({ macro, level, line, path })),
			...busOps.map(({ call, line, path }) => ({ macro: call, level: null, line, path })),
		])
		.filter(({ path }) => path === key.path)
		.map(({ macro, level, line }) => `${macro} ${level ?? '-'} ${line}`);
	for (const wanted of key.entries) {
		if (entries.includes(wanted)) continue;
		problems.push(`no ${wanted} among ${entries.join(', ') || 'no entries'}`);
	}
	const installs = facts.flatMap(({ busOps }) =>
		busOps.map(({ bus, line }) => `${bus.replace(/^&/, '')} ${line}`),
	);
	for (const wanted of key.installs ?? []) {
		if (!installs.includes(wanted)) {
			problems.push(`no ${wanted} among ${installs.join(', ') || 'no installations'}`);
		}
	}
	return problems;
}

/** Ways in any order. */
function setOf(style: string): string {
	return style.split(', ').sort().join(', ');
}
