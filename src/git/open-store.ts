/**
 * Chooses the store that reads a repository: git itself where there is one, else the embedded one.
 * Each is imported when it is chosen.
 */
import { failureOf } from '../errors.ts';
import type { FetchOptions } from './partial/partial-objects.ts';
import type { Environment } from './process.ts';
import type { ObjectStore } from './store.ts';

export const STORE_KINDS = ['native', 'embedded'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export interface OpenStoreOptions {
	/** The environment of the caller. */
	readonly env: Environment;
	/** The store to use; without it git is used if there is one. */
	readonly kind?: StoreKind;
	/** How what a partial clone has not is fetched; nothing is without it. */
	readonly fetch?: FetchOptions;
}

/**
 * Opens the repository that `dir` is, or is in.
 * Throws not-a-repository, git-failed; git-missing where git was chosen; needs-git where the
 * embedded store does not read the repository.
 */
export async function openStore(
	dir: string,
	{ env, kind, fetch }: OpenStoreOptions,
): Promise<ObjectStore> {
	if (kind === 'embedded') return openEmbedded(dir);
	const { openNativeStore } = await import('./native-store.ts');
	try {
		return await openNativeStore(dir, { env, ...(fetch === undefined ? {} : { fetch }) });
	} catch (error) {
		const noGit = failureOf(error)?.code === 'git-missing';
		if (kind === undefined && noGit) return openEmbedded(dir);
		throw error;
	}
}

async function openEmbedded(dir: string): Promise<ObjectStore> {
	const { openEmbeddedStore } = await import('./embedded-store.ts');
	return openEmbeddedStore(dir);
}
