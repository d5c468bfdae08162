/** One path merged from three versions of it, as git's handle_content_merge() (merge-ort.c) does it. */
import { blobId, isRegular, MODE, type Version } from '../../git/tree-pool.ts';
import { type ConflictingLines, isBinary, mergeContents } from '../../patch/merge-contents.ts';
import { type ConflictKind, OURS, type PathInfo, THEIRS } from './model.ts';

/** Larger files are not merged line by line. Bytes. */
export const LARGEST_MERGED = 10 * 1024 * 1024;

export type FileMerge =
	/** `content` is set where it is nobody's yet. */
	| { readonly result: 'clean'; readonly version: Version; readonly content?: Uint8Array }
	| {
			readonly result: 'conflict';
			readonly kind: ConflictKind;
			readonly hunks?: readonly ConflictingLines[];
	  }
	| { readonly result: 'unread'; readonly oid: string };

type Stages = PathInfo['stages'];

/** Whether two modes are of one type: file, link or submodule. */
export function sameType(one: Version | undefined, other: Version | undefined): boolean {
	return (
		one !== undefined && other !== undefined && (one.mode & 0o170000) === (other.mode & 0o170000)
	);
}

/** The ids of the files whose contents a merge of these versions needs; none where ids say all. */
export function contentsNeeded([base, ours, theirs]: Stages): string[] {
	if (ours === undefined || theirs === undefined) return [];
	if (!isRegular(ours) || !sameType(ours, theirs)) return [];
	if (ours.oid === theirs.oid || ours.oid === base?.oid || theirs.oid === base?.oid) return [];
	return [ours.oid, theirs.oid, ...(base !== undefined && isRegular(base) ? [base.oid] : [])];
}

/**
 * Merges what both sides have at a path; ours and theirs are of one type.
 * @param contents files by id
 */
export function mergeFile(stages: Stages, contents: ReadonlyMap<string, Uint8Array>): FileMerge {
	const base = stages[0];
	const ours = stages[OURS];
	const theirs = stages[THEIRS];
	if (ours === undefined || theirs === undefined) {
		throw new RangeError('a merge of files needs both sides');
	}
	const mode = ours.mode === theirs.mode || ours.mode === base?.mode ? theirs.mode : ours.mode;
	if (mode === ours.mode && mode !== theirs.mode && theirs.mode !== base?.mode) {
		return { result: 'conflict', kind: 'mode' };
	}
	if (ours.oid === theirs.oid || ours.oid === base?.oid) {
		return { result: 'clean', version: { mode, oid: theirs.oid } };
	}
	if (theirs.oid === base?.oid) return { result: 'clean', version: { mode, oid: ours.oid } };
	if (ours.mode === MODE.submodule) return { result: 'conflict', kind: 'submodule' };
	if (ours.mode === MODE.symlink) return { result: 'conflict', kind: 'symlink' };
	const missing = contentsNeeded(stages).find((oid) => !isReadable(contents.get(oid)));
	if (missing !== undefined) return { result: 'unread', oid: missing };
	const isThreeWay = base !== undefined && isRegular(base);
	const merged = mergeContents(
		(isThreeWay ? contents.get(base.oid) : undefined) ?? NOTHING,
		contents.get(ours.oid) ?? NOTHING,
		contents.get(theirs.oid) ?? NOTHING,
	);
	switch (merged.result) {
		case 'clean': {
			const { content } = merged;
			return { result: 'clean', version: { mode, oid: blobId(content, ours.oid) }, content };
		}
		case 'binary':
			return { result: 'conflict', kind: 'binary' };
		case 'conflict':
			return {
				result: 'conflict',
				kind: base === undefined ? 'add/add' : 'content',
				hunks: merged.hunks,
			};
	}
}

const NOTHING = new Uint8Array(0);

/** A binary file needs no line merge, so its size is no matter. */
function isReadable(content: Uint8Array | undefined): boolean {
	return content !== undefined && (content.length <= LARGEST_MERGED || isBinary(content));
}
