/**
 * A three-way merge of whole files, as git merges them when it picks a commit: line by line for text,
 * not at all for binary files. No conflict markers are made: a conflict is told, not written.
 */
import { TextInterner } from './lines.ts';
import { mergeAsOrt } from './merge.ts';

/** A stretch both sides changed differently: lines `[start, end)` of each, 0-based. */
export interface ConflictingLines {
	readonly base: readonly [number, number];
	readonly ours: readonly [number, number];
	readonly theirs: readonly [number, number];
}

export type MergedContents =
	| { readonly result: 'clean'; readonly content: Uint8Array }
	| { readonly result: 'conflict'; readonly hunks: readonly ConflictingLines[] }
	| { readonly result: 'binary' };

/** As many bytes of a file are looked at for a NUL by git before it is taken for text. */
const FIRST_BYTES = 8000;
const NEWLINE = 10;

/** Whether git takes a file for binary, where no attribute says anything. */
export function isBinary(content: Uint8Array): boolean {
	return content.subarray(0, FIRST_BYTES).includes(0);
}

/**
 * Merges what two sides made of a base (none: empty). Bytes in, bytes out: line ends, a missing newline
 * at the end and bytes of any encoding stay as the sides have them.
 */
export function mergeContents(
	base: Uint8Array,
	ours: Uint8Array,
	theirs: Uint8Array,
): MergedContents {
	if (isBinary(base) || isBinary(ours) || isBinary(theirs)) return { result: 'binary' };
	const interner = new TextInterner();
	const chunks = mergeAsOrt(
		interner.lines(base).exact,
		interner.lines(ours).exact,
		interner.lines(theirs).exact,
	);
	const hunks = chunks.filter(({ side }) => side === 'conflict');
	if (hunks.length > 0) {
		return {
			result: 'conflict',
			hunks: hunks.map(({ base, ours, theirs }) => ({ base, ours, theirs })),
		};
	}
	const oursStarts = lineStarts(ours);
	const theirsStarts = lineStarts(theirs);
	const parts: Uint8Array[] = [];
	let next = 0;
	for (const { side, ours: mine, theirs: yours } of chunks) {
		if (side !== 'theirs') continue;
		parts.push(ours.subarray(oursStarts[next], oursStarts[mine[0]]));
		parts.push(theirs.subarray(theirsStarts[yours[0]], theirsStarts[yours[1]]));
		next = mine[1];
	}
	parts.push(ours.subarray(oursStarts[next]));
	return { result: 'clean', content: Buffer.concat(parts) };
}

/** Where each line starts, and last where the text ends. */
function lineStarts(content: Uint8Array): number[] {
	const starts = [0];
	for (let at = content.indexOf(NEWLINE); at >= 0; at = content.indexOf(NEWLINE, at + 1)) {
		starts.push(at + 1);
	}
	if (starts.at(-1) !== content.length) starts.push(content.length);
	return starts;
}
