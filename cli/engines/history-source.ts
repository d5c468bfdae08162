/** Opens a clone for commands that look at any of its commits, whether it has kernel releases or not. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../../cache/facts-cache.ts';
import { RangefinderError } from '../../src/errors.ts';
import type { GitRunner } from '../../src/git/process.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { releasesFromTags } from '../../src/kernel/releases.ts';
import type { EngineWorld, Progress } from '../engine.ts';
import { cloneSource, fetchOptions, Helpers, type OpenSource } from '../sources.ts';

export interface HistorySource {
	readonly open: OpenSource & { store: ObjectStore };
	readonly store: ObjectStore;
	readonly git: GitRunner;
	close(): Promise<void>;
}

/**
 * Opens the clone that is named, or that the current folder is in.
 * @param what the doing, for the message where there is no git
 * @throws RangefinderError not-a-repository, git-missing, needs-git
 */
export async function openHistory(
	world: EngineWorld,
	options: {
		readonly repo?: string;
		readonly noCache: boolean;
		readonly offline?: boolean;
		readonly progress: Progress;
	},
	what: string,
): Promise<HistorySource> {
	const { openStore } = await import('../../src/git/open-store.ts');
	const store = await openStore(resolve(world.cwd, options.repo ?? '.'), {
		env: world.env,
		// Without git nothing of this can be done: it is said what is wrong with it.
		kind: 'native',
		fetch: await fetchOptions(world, options),
	});
	try {
		const git = demandGit(store, what);
		const releases = releasesFromTags(await store.tags());
		const helpers = new Helpers(world, options);
		const opened = await cloneSource({ store, releases }, helpers, options);
		return { open: { ...opened, store }, store, git, close: () => opened.source.close() };
	} catch (error) {
		await store.close();
		throw error;
	}
}

/**
 * The commit of a revision.
 * @throws RangefinderError unknown-revision
 */
export async function commitOf(store: ObjectStore, revision: string): Promise<string> {
	const commit = await store.resolveCommit(revision);
	if (commit !== undefined) return commit;
	throw new RangefinderError({ code: 'unknown-revision', revision, where: store.where });
}

/** A folder of our own in the user's cache. */
export function ownFolder(world: EngineWorld, name: string): string {
	return join(cacheFolder(world.env, homedir()), name);
}
