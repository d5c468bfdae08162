/** Blobs that a tree names have to be there: facts of half a tree would be wrong, and be kept. */
import { RangefinderError } from '../src/errors.ts';
import type { ObjectStore } from '../src/git/store.ts';

/** Contents by id of all of `oids`. Throws object-missing when one of them is not there. */
export async function demandBlobs(
	store: ObjectStore,
	oids: readonly string[],
): Promise<Map<string, Uint8Array>> {
	const found = await store.blobs(oids);
	const missing = oids.find((oid) => !found.has(oid));
	if (missing === undefined) return found;
	const why = store.partial?.why(missing) ?? 'it is not there or is damaged';
	const what = `the blob ${missing} cannot be read: ${why}`;
	throw new RangefinderError({ code: 'object-missing', where: store.where, what });
}
