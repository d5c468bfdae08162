/** What placing patches reads of a partial clone, fetched in one request before any of it is read. */
import type { ReleaseSource } from '../cache/source.ts';
import { failureOf } from '../src/errors.ts';
import type { PartialClone } from '../src/git/store.ts';
import type { Release } from '../src/kernel/releases.ts';

/** A file that a patch touches. */
export interface Touched {
	readonly path: string;
	/** What the index line calls the blob it was made from. */
	readonly preimage: string | undefined;
}

/**
 * Fetches the files of releases that patches touch, and the blobs they were made from. Where such a blob is
 * in none of the releases, its path's history says which it is.
 */
export async function fetchTouched(
	partial: PartialClone,
	source: Pick<ReleaseSource, 'blobIds' | 'expandBlob'>,
	releases: readonly Release[],
	files: readonly Touched[],
): Promise<void> {
	const paths = [...new Set(files.map(({ path }) => path))];
	const wanted = new Set((await source.blobIds(releases, paths)).flat());
	const named = files.filter(({ preimage }) => preimage !== undefined && !/^0*$/.test(preimage));
	const isOf = (file: Touched) => (oid: string | undefined) =>
		oid?.startsWith(file.preimage?.toLowerCase() ?? '-') === true;
	const elsewhere: Touched[] = [];
	for (const file of named) {
		if ([...wanted].some(isOf(file))) continue;
		if ((await source.expandBlob(file.preimage ?? '')) === undefined) elsewhere.push(file);
	}
	if (elsewhere.length > 0) {
		const ever = await everAt(partial, [...new Set(elsewhere.map(({ path }) => path))]);
		for (const oid of ever) if (elsewhere.some((file) => isOf(file)(oid))) wanted.add(oid);
	}
	await partial.fetch([...wanted].filter((oid) => oid !== undefined));
}

/** What paths ever were; nothing in a clone without the trees of its history. */
async function everAt(partial: PartialClone, paths: readonly string[]): Promise<Set<string>> {
	try {
		return await partial.everAt(paths);
	} catch (error) {
		if (failureOf(error)?.code !== 'object-missing') throw error;
		return new Set();
	}
}
