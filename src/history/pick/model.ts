/**
 * What a pick is made of: paths with what the three sides have there, and what comes of it. Sides are
 * numbered as git's stages are: 0 is the base, 1 ours, 2 theirs. Paths are bytes (see git/tree-pool.ts).
 */
import type { Version } from '../../git/tree-pool.ts';
import type { ConflictingLines } from '../../patch/merge-contents.ts';

export const BASE = 0;
export const OURS = 1;
export const THEIRS = 2;
export type Side = typeof OURS | typeof THEIRS;

/** A bit per side: 1 base, 2 ours, 4 theirs. */
export type Mask = number;

export function maskOf(side: 0 | 1 | 2): Mask {
	return 1 << side;
}

/** A path that the sides do not agree on at once. */
export interface PathInfo {
	/** What each side has there as a file (or link, or submodule). */
	readonly stages: [Version | undefined, Version | undefined, Version | undefined];
	/** Where each side has it: renames make these differ. */
	readonly pathnames: [string, string, string];
	/** The sides that have a file there. */
	filemask: Mask;
	/** The sides that have a folder there. */
	dirmask: Mask;
	/** The sides that have the same: 3, 5 or 6; 0 for none. */
	matchMask: Mask;
	/** What the target has there. */
	readonly target: Version | undefined;
	/** Set where something besides its contents is in the way. */
	conflict?: PickConflict;
	/** It is dealt with: there is no file there any more. */
	gone: boolean;
}

/** Why a commit cannot be picked as it is. Kinds are git's words, where it has one. */
export type ConflictKind =
	| 'content'
	| 'add/add'
	| 'binary'
	| 'mode'
	| 'symlink'
	| 'submodule'
	| 'modify/delete'
	| 'rename/delete'
	| 'rename/rename'
	| 'rename/add'
	| 'distinct types'
	| 'file/directory'
	| 'file location'
	| 'directory rename split'
	| 'implicit directory rename';

export interface PickConflict {
	readonly kind: ConflictKind;
	/** The path in the target, or the one in the way. */
	readonly path: string;
	/** The path the picked commit knows, where it is another. */
	readonly theirPath?: string;
	/** Both paths of a rename that one side made differently. */
	readonly otherPath?: string;
	/** The lines, where contents conflict. */
	readonly hunks?: readonly ConflictingLines[];
	/** For `modify/delete` and `rename/delete`: the side that has the file no more. */
	readonly deletedBy?: 'target' | 'commit';
}

/** A path that a pick changes in the target: undefined where there is nothing. */
export interface ChangedPath {
	readonly path: string;
	readonly before: Version | undefined;
	readonly after: Version | undefined;
	/** The path the commit changes, where the target has the file under another. */
	readonly theirPath?: string;
}

/** Added and deleted paths of a side, in the order in which they were met. */
export interface SidePairs {
	readonly added: Map<string, Version>;
	readonly deleted: Map<string, Version>;
}

/** How much hangs on where a folder that a side removed went. */
export type FolderRelevance = 'none' | 'ancestor' | 'self';
/** Why it matters where a deleted file went: for what is in it, or for where its folder went. */
export type SourceRelevance = 'content' | 'location';

/** A file that a side renamed. */
export interface Rename {
	readonly side: Side;
	readonly from: string;
	/** Changed where its folder went elsewhere on the other side. */
	to: string;
}
