/** Joins `contains` to the library: opens the clone, and the cache in which its history is remembered. */
import { resolve } from 'node:path';
import { demandGit } from '../../src/git/store.ts';
import { containsCommit } from '../../src/history/contains.ts';
import type { ContainsReport } from '../../src/history/contains-report.ts';
import type { EngineWorld } from '../engine.ts';
import { Helpers, openClone } from '../sources.ts';
import { historyMemory } from './history-memory.ts';

export interface ContainsOptions {
	/** A revision, or digits of an id. */
	readonly commit: string;
	/** The current folder when left out. */
	readonly repo?: string;
	readonly noCache: boolean;
	readonly offline?: boolean;
	readonly followUps: boolean;
}

/** Answers `contains`. */
export async function findCommit(
	world: EngineWorld,
	{ commit, repo, noCache, offline, followUps }: ContainsOptions,
): Promise<ContainsReport> {
	const { store, releases } = await openClone(resolve(world.cwd, repo ?? '.'), world, {
		store: 'native',
		noCache,
		...(offline === undefined ? {} : { offline }),
	});
	const helpers = new Helpers(world, { noCache });
	try {
		const git = demandGit(store, 'looking for copies of a commit');
		const query = { asked: commit, releases, memory: historyMemory(helpers), followUps };
		return await containsCommit(
			{
				git,
				blobIdsAt: store.blobIdsAt.bind(store),
				blobs: store.blobs.bind(store),
				...(store.partial === undefined ? {} : { partial: store.partial }),
			},
			query,
		);
	} finally {
		await Promise.all([store.close(), helpers.cache().then((cache) => cache.close())]);
	}
}
