/**
 * What the release index says, before it is bytes: the writer takes this, the builder makes it.
 */
import type { FileFacts } from '../src/driver/facts.ts';
import type { Release } from '../src/kernel/releases.ts';
import type { Fingerprints } from '../src/patch/lines.ts';
import type { StoredAnswers } from './answers.ts';
import type { ArchitectureUsers, FileId, ProfiledTree } from './source.ts';

/** What one profile reads off each release, in order of the releases. */
export interface ProfiledReleases {
	/** Id of the profile. */
	profile: string;
	/** Digest of the paths its keys are made of; see tree-keys.ts. */
	reads: string;
	/** With the key by which a clone asks for a tree with the same files. */
	trees: readonly { key: string; tree: ProfiledTree }[];
	/** Users in the tree of each release; absent when they were not read. */
	users?: readonly (readonly ArchitectureUsers[])[];
	/** Answers about what can be built: of each release, and of all together. */
	answers?: IndexAnswers;
}

/** Answers as the index holds them. */
export interface IndexAnswers {
	trees: StoredAnswers[];
	joint: StoredAnswers;
}

export interface IndexContent {
	/** In kernel order. */
	releases: readonly Pick<Release, 'name' | 'commit' | 'date' | 'tree'>[];
	/** The files of each release, in order of the releases. */
	files: readonly (readonly FileId[])[];
	/** By blob id, for every blob of `files`. */
	lines: ReadonlyMap<string, Fingerprints>;
	/** By blob id; for C sources and headers. */
	facts: ReadonlyMap<string, FileFacts>;
	profiles: readonly ProfiledReleases[];
	/** The prepared example, any JSON value; the index does not look into it. */
	example?: unknown;
}

/** Names of sections. */
export const SECTION = {
	meta: 'meta',
	blobs: 'blobs',
	table: 'table',
	example: 'example',
	lines: (path: number): string => `lines:${path}`,
	facts: (path: number): string => `facts:${path}`,
	trees: (profile: string): string => `trees:${profile}`,
	kconfig: (profile: string): string => `kconfig:${profile}`,
	answers: (profile: string): string => `answers:${profile}`,
	users: (profile: string): string => `users:${profile}`,
} as const;

/** What the section `users` of a profile holds. */
export interface IndexUsers {
	/** DEVICE_TREE_VERSION of the program that built it; what another version says is not used. */
	version: number;
	/** Of each release, by architecture. */
	releases: readonly (readonly ArchitectureUsers[])[];
}

/** What the section `meta` holds. */
export interface IndexMeta {
	releases: { name: string; commit: string; date: string; tree?: string }[];
	paths: string[];
	/** Per path and release: number of the blob from 1 on, 0 where the file is not there. */
	blobs: number[][];
	/** Bytes of a blob id. */
	idBytes: number;
	profiles: string[];
	/** Of each profile the digest of what it reads; absent in older indexes, whose keys are not used by root tree. */
	reads?: string[];
}

/**
 * The path where each blob is at home: the first that has it, path by path in order of the releases.
 * Blobs are numbered in that order. Throws RangeError when they are not.
 */
export function blobHomes(blobs: readonly (readonly number[])[]): Int32Array {
	let count = 0;
	let cells = 0;
	for (const row of blobs) {
		cells += row.length;
		for (const number of row) if (number > count) count = number;
	}
	if (count > cells) throw new RangeError('blob numbers have a gap');
	const homes = new Int32Array(count).fill(-1);
	let known = 0;
	blobs.forEach((row, path) => {
		for (const number of row) {
			if (number <= known) continue;
			if (number !== known + 1) throw new RangeError('blob numbers have a gap');
			homes[known++] = path;
		}
	});
	return homes;
}
