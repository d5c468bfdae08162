/** Which files a log walks: what the profile reads, as far as trees of the history have it, and what these need. */
import type { Profile } from '../driver/profile.ts';
import { pathsRead } from '../driver/profile-reads.ts';
import type { GitRunner } from '../git/process.ts';
import type { LeftHeaders } from './left-headers.ts';
import { spread } from './spread.ts';
import { type WalkedCommit, walkCommits } from './walk.ts';

/** With which of its headers a profile's files are walked. */
export interface WalkedHeaders {
	readonly profile: Profile;
	/** What is left out of it; absent where nothing is. */
	readonly left?: LeftHeaders;
}

/** What trees of a clone are asked for; a partial clone would fetch them, and is not asked. */
export interface FileHooks {
	/** Those of some files that are in one of the trees of commits; all of the files where it is left out. */
	readonly filesIn?: (commits: readonly string[], files: readonly string[]) => Promise<string[]>;
	/** The profile with the headers by which sources in trees of some of the commits enter drivers. */
	readonly profileFor?: (commits: readonly string[]) => Promise<WalkedHeaders>;
}

interface WalkedFiles extends Pick<FileHooks, 'filesIn'> {
	readonly git: GitRunner;
	readonly profile: Profile;
	/** Commits, tags or branches whose history is walked. */
	readonly revisions: readonly string[];
}

/** Trees that are looked at for single files, of those at hand. */
export const LOOKED_AT = 64;

/**
 * Walks what the profile reads. Of its single files most were never there in any one repository, and every path
 * makes git's walk slower: those are left out that are neither in trees of the revisions nor in trees of what is
 * walked then, some of each from all of history.
 */
export async function walkFiles(options: WalkedFiles): Promise<WalkedCommit[]> {
	const { git, profile, revisions, filesIn } = options;
	const walk = (files: readonly string[]) =>
		walkCommits(git, { revisions, paths: pathsRead({ ...profile, files }) });
	if (filesIn === undefined) return walk(profile.files);
	const found = await filesIn(spread(revisions, LOOKED_AT), profile.files);
	const commits = await walk(found);
	const known = new Set(found);
	const others = profile.files.filter((path) => !known.has(path));
	const looked = spread(commits, LOOKED_AT).map(({ oid }) => oid);
	const missed = await filesIn(looked, others);
	return missed.length === 0 ? commits : walk(profile.files);
}
