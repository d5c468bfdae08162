/** Commits of a clone as patches that are ready to be judged. */
import { readPatch } from '../../src/patch/mail.ts';
import { type PreparedPatch, prepare } from '../../src/range/prepare.ts';
import type { OpenSource } from '../sources.ts';

/** Reads commits of the clone as patches. */
export function commitReader({ source, interner, extractor, store }: OpenSource) {
	return async (revision: string): Promise<PreparedPatch> => {
		const commit = (await store?.resolveCommit(revision)) ?? revision;
		const bytes = (await store?.patchOf(commit)) ?? new Uint8Array();
		const read = readPatch(bytes, revision);
		const patch = await prepare(read, { source, interner, extractor, where: revision });
		return { ...patch, commit };
	};
}
