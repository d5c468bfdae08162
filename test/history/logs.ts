/** What the tests of driver logs have in common: a store's blobs as a source of facts, and a log as a list. */

import type { FileFacts } from '../../src/driver/facts.ts';
import { defaultInterest, type Interest } from '../../src/driver/interest.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { type DriverLogOptions, firstReleases, logDrivers } from '../../src/history/driver-log.ts';
import { readGraph } from '../../src/history/graph.ts';
import type { BlobSource } from '../../src/history/known-blobs.ts';
import type { CapabilityRecord, DriverRecord } from '../../src/history/log-report.ts';
import { releasesFromTags } from '../../src/kernel/releases.ts';
import { sharedExtractor } from '../driver/fixtures.ts';

/**
 * Facts and texts of a store's blobs, parsed whenever they are asked for; `hidden` blobs are not there.
 * @param want what is recorded
 */
export function blobsOf(
	store: ObjectStore,
	hidden: ReadonlySet<string> = new Set(),
	want: Interest = defaultInterest,
): BlobSource {
	const texts = async (blobs: readonly string[]) =>
		store.blobs(blobs.filter((blob) => !hidden.has(blob)));
	return {
		texts,
		facts: async (files) => {
			const extractor = await sharedExtractor();
			const found = new Map<string, FileFacts>();
			for (const [blob, text] of await texts(files.map(({ blob }) => blob))) {
				found.set(blob, extractor.extract(text, want));
			}
			return found;
		},
	};
}

/** Everything a log says of a repository's branches, or of some revisions. */
export async function logOf(
	dir: string,
	options: Partial<DriverLogOptions> & { hidden?: ReadonlySet<string> } = {},
): Promise<{ drivers: DriverRecord[]; capabilities: CapabilityRecord[]; unread: number }> {
	const store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
	try {
		const git = demandGit(store, 'a test');
		const releases = releasesFromTags(await store.tags());
		const heads = await git.output(['for-each-ref', '--format=%(objectname)']);
		const revisions = options.revisions ?? heads.toString().trim().split('\n');
		const tips = releases.map(({ commit }) => commit);
		const graph = await readGraph(git, tips);
		const first = firstReleases(graph, releases);
		const drivers: DriverRecord[] = [];
		const capabilities: CapabilityRecord[] = [];
		const { unread } = await logDrivers(
			{
				git,
				profile: iommu,
				paths: [],
				blobs: blobsOf(store, options.hidden, options.profile?.interest),
				firstRelease: async (commit) => first(commit),
				...options,
				revisions,
			},
			(record) => {
				if (record.kind === 'driver') drivers.push(record);
				else capabilities.push(record);
			},
		);
		return { drivers, capabilities, unread };
	} finally {
		await store.close();
	}
}

/** `subject: driver before -> after` of every transition. */
export function transitionsOf(drivers: readonly DriverRecord[]): string[] {
	return drivers
		.filter(({ transition }) => transition)
		.map(
			({ subject, driver, before, after }) =>
				`${subject}: ${driver} ${before ?? 'not there'} -> ${after ?? 'gone'}`,
		);
}
