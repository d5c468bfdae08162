/** Joins the command `log` to the engine: opens the clone, walks its history, hands records on as they are found. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { walkedHeaders } from '../../cache/entering-headers.ts';
import type { ReleaseSource } from '../../cache/source.ts';
import type { Profile } from '../../src/driver/profile.ts';
import { profilesFor } from '../../src/driver/profiles/index.ts';
import { RangefinderError } from '../../src/errors.ts';
import { openStore } from '../../src/git/open-store.ts';
import type { GitRunner } from '../../src/git/process.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { firstReleases, logDrivers } from '../../src/history/driver-log.ts';
import { type CommitGraph, readGraph } from '../../src/history/graph.ts';
import type { LogRecord } from '../../src/history/log-report.ts';
import { type Release, releasesFromTags } from '../../src/kernel/releases.ts';
import type { EngineWorld, Progress } from '../engine.ts';
import { cloneSource, fetchOptions, Helpers } from '../sources.ts';
import { KeptLog, type LogQuestion } from './kept-log.ts';

export interface LogOptions {
	/** Files or folders of the tree; all that profiles cover when empty. */
	readonly paths: readonly string[];
	readonly repo?: string;
	/** Fetch nothing that a partial clone has not. */
	readonly offline?: boolean;
	readonly index?: string;
	readonly noIndex: boolean;
	readonly noCache: boolean;
	/** Revisions, or ranges `A..B`; HEAD and the release tags when empty. */
	readonly rev: readonly string[];
	readonly progress: Progress;
}

/** Walks history and gives each record to `take` as it is found. */
export type RunLog = (
	options: LogOptions,
	take: (record: LogRecord) => void | Promise<void>,
) => Promise<void>;

/**
 * Walks history and gives each record to `take`.
 * @param profiles those that say something about the paths; found by them when left out
 * @throws RangefinderError usage, not-a-repository, needs-git, unknown-revision and what git says
 */
export async function runLog(
	world: EngineWorld,
	options: LogOptions,
	take: (record: LogRecord) => void | Promise<void>,
	profiles?: readonly Profile[],
): Promise<void> {
	// Commits are counted, not the sources that are read for them.
	const { progress, ...quiet } = options;
	const paths = options.paths.map(plainPath);
	const chosen = profiles ?? chosenProfiles(paths);
	const where = resolve(world.cwd, options.repo ?? '.');
	const fetch = await fetchOptions(world, quiet);
	const store = await openStore(where, { env: world.env, fetch });
	const helpers = new Helpers(world, quiet);
	const releases = releasesFromTags(await store.tags());
	const { source } = await cloneSource({ store, releases }, helpers, quiet);
	try {
		const git = demandGit(store, 'walking history');
		const { tips, from } = await revisionsOf(store, options.rev, releases);
		const question = { profiles: chosen, paths, rev: options.rev, tips, from, releases };
		// What a named index says, and what a partial clone has next time, is in no key.
		const keeps = options.index === undefined && store.partial === undefined;
		const kept = keeps ? await KeptLog.open(await helpers.cache(), git, question) : undefined;
		if ((await kept?.replay(take)) === true) return;
		// Threads load their parser while git walks.
		if (kept?.isNew !== false) source.prepare?.();
		const complete = await walk({ ...question, store, git, source, progress }, (record) => {
			kept?.add(record);
			return take(record);
		});
		if (complete) await kept?.keep();
	} finally {
		await source.close();
		await (await helpers.cache()).close();
	}
}

/**
 * Walks of git that go on at once, of the graph and of the paths. Where there are no more processors than that, sources
 * are read ahead when the first is over: linking waits for the other.
 */
const WALKS = 2;

interface Walked extends LogQuestion {
	readonly store: ObjectStore;
	readonly git: GitRunner;
	readonly source: ReleaseSource;
	readonly progress: Progress;
}

/**
 * Walks history.
 * @returns whether nothing that was looked for is missing in the clone
 */
async function walk(
	{ profiles, paths, tips, from, releases, store, git, source, progress }: Walked,
	take: (record: LogRecord) => void | Promise<void>,
): Promise<boolean> {
	// git walks the paths at the same time; who reads the graph first waits.
	const reading = readGraph(git, [...new Set([...tips, ...releases.map(({ commit }) => commit)])]);
	reading.catch(() => undefined);
	let known: { graph: CommitGraph; first: (commit: string) => string | null } | undefined;
	const graph = async () => {
		if (known === undefined) {
			const all = await reading;
			known = { graph: all, first: firstReleases(all, releases) };
		}
		return known;
	};
	let old: Uint8Array | undefined;
	const shows = async (commit: string): Promise<boolean> => {
		const { graph: all } = await graph();
		old ??= all.ancestors(from.map((one) => all.find(one)));
		return old[all.find(commit)] !== 1;
	};
	const total = { commits: 0, transitions: 0, unread: 0 };
	const drivers = new Set<string>();
	let complete = true;
	for (const profile of profiles) {
		const summary = await logDrivers(
			{
				git,
				profile,
				profileFor: (commits) => walkedHeaders({ store, source }, commits, profile),
				revisions: tips,
				paths,
				blobs: {
					facts: async (files) =>
						(await source.versionFacts?.(files, profile.interest)) ?? new Map(),
					texts: (blobs) => store.blobs(blobs),
				},
				// A tree that a partial clone lacks would be fetched.
				...(store.partial === undefined
					? {
							filesIn: (...asked) => filesIn(store, ...asked),
							filesBelow: async (...asked) => {
								if (availableParallelism() <= WALKS) await reading;
								return filesBelow(store, ...asked);
							},
						}
					: {}),
				firstRelease: async (commit) => (await graph()).first(commit),
				...(from.length === 0 ? {} : { shows }),
				progress,
			},
			take,
		);
		total.commits += summary.commits;
		total.transitions += summary.transitions;
		total.unread += summary.unread;
		complete &&= summary.complete;
		for (const driver of summary.drivers) drivers.add(driver);
	}
	progress.end();
	if (drivers.size === 0 && from.length === 0) await demandPaths(store, tips, paths);
	const shallow = (await graph()).graph.shallow.size > 0;
	const schema = 'rangefinder.log/1';
	const { commits, transitions, unread } = total;
	const counts = { commits, drivers: drivers.size, transitions, unread };
	await take({ schema, kind: 'summary', ...counts, shallow });
	return complete;
}

/** Those of some files that are in one of the trees of commits. */
async function filesIn(
	store: ObjectStore,
	commits: readonly string[],
	files: readonly string[],
): Promise<string[]> {
	const rows = await store.blobIdsAt(commits, files);
	return files.filter((_, i) => rows.some((row) => row[i] !== undefined));
}

/** The files below a folder of each commit. */
function filesBelow(
	store: ObjectStore,
	commits: readonly string[],
	folder: string,
): Promise<{ path: string; blob: string }[][]> {
	return Promise.all(
		commits.map(async (commit) => {
			const entries = await store.list(commit, folder, true);
			return entries.flatMap(({ type, path, oid }) => (type === 'blob' ? { path, blob: oid } : []));
		}),
	);
}

/** A path as git has it: without `./` before and slashes behind it. */
function plainPath(path: string): string {
	const plain = path.replace(/^(\.\/+)+/, '').replace(/\/+$/, '');
	if (plain !== '' && plain !== '.' && !path.startsWith('/') && !plain.split('/').includes('..')) {
		return plain;
	}
	throw new RangefinderError({
		code: 'usage',
		what: `${path} is no path of the tree`,
		hint: 'give it from the top of the tree: drivers/iommu',
	});
}

function chosenProfiles(paths: readonly string[]): readonly Profile[] {
	const chosen = profilesFor(paths);
	if (chosen.length > 0) return chosen;
	throw new RangefinderError({
		code: 'usage',
		what: `no profile says anything about ${paths.join(' ')}`,
		hint: `there are profiles for ${profilesFor([])
			.flatMap(({ folders }) => folders)
			.join(' ')}`,
	});
}

/** What is walked, as commit ids, and what is left out of it. */
async function revisionsOf(
	store: ObjectStore,
	rev: readonly string[],
	releases: readonly Release[],
): Promise<{ tips: string[]; from: string[] }> {
	const tips = new Set<string>();
	const from: string[] = [];
	const commitOf = async (revision: string): Promise<string> => {
		const commit = await store.resolveCommit(revision === '' ? 'HEAD' : revision);
		if (commit !== undefined) return commit;
		throw new RangefinderError({ code: 'unknown-revision', revision, where: store.where });
	};
	for (const revision of rev) {
		const range = /^(.*?)\.\.(?!\.)(.*)$/.exec(revision);
		if (range !== null) from.push(await commitOf(range[1] ?? ''));
		tips.add(await commitOf(range === null ? revision : (range[2] ?? '')));
	}
	if (rev.length > 0) return { tips: [...tips], from };
	for (const { commit } of releases) tips.add(commit);
	// A bare clone may have a HEAD that names no branch that is there.
	const head = await store.resolveCommit('HEAD');
	if (head !== undefined) tips.add(head);
	if (tips.size > 0) return { tips: [...tips], from };
	throw new RangefinderError({ code: 'unknown-revision', revision: 'HEAD', where: store.where });
}

/** @throws RangefinderError usage where a path was never in the history that was walked */
async function demandPaths(
	store: ObjectStore,
	tips: readonly string[],
	paths: readonly string[],
): Promise<void> {
	const git = demandGit(store, 'walking history');
	for (const path of paths) {
		const found = await git.output(['rev-list', '-1', ...tips, '--', path]);
		if (found.length > 0) continue;
		throw new RangefinderError({
			code: 'usage',
			what: `${path} was never there in the history of ${store.where}`,
			hint: 'git log --oneline -- PATH shows the history of a path',
		});
	}
}
