/**
 * Facts of a file with the patch in it: from the patched source where there is text, else from the
 * facts of the file and of the patch's own lines.
 */
import type { Extractor } from '../driver/extract.ts';
import type { FileFacts } from '../driver/facts.ts';
import { type SpliceEdit, spliceFacts } from '../driver/splice.ts';
import type { AddedLine } from '../patch/edits.ts';
import type { Lines } from '../patch/lines.ts';
import { applyPlacement, type FilePlacement } from '../patch/placement.ts';
import type { HunkIds } from '../patch/search.ts';
import type { PreparedFile } from './prepare.ts';

/** Target lines that a context line may be away from where the one before it landed. */
const REACH = 64;

/** The facts of the patched text; undefined when the patch does not land on it. */
export function factsOfPatchedText(
	extractor: Extractor,
	text: string,
	placement: FilePlacement,
): FileFacts | undefined {
	const patched = applyPlacement(text, placement);
	return patched === undefined ? undefined : extractor.extract(patched);
}

/** The same without text; undefined when the patch does not land. */
export function factsWithoutText(
	before: FileFacts,
	target: Lines,
	file: PreparedFile,
	placement: FilePlacement,
): FileFacts | undefined {
	if (placement.edits === undefined) return undefined;
	const added = new Set<AddedLine>(placement.edits.flatMap((edit) => edit.added));
	const removed = new Set<number>();
	for (const edit of placement.edits) {
		for (let line = edit.at; line < edit.at + edit.removed; line++) removed.add(line);
	}
	const edits: SpliceEdit[] = [];
	for (const [i, hunk] of file.hunks.entries()) {
		const facts = file.fragments[i];
		const at = placement.hunks[i]?.at;
		if (facts === undefined || at === undefined || at === 0) continue;
		if (placement.hunks[i]?.result === 'already') continue;
		edits.push({ ...align(hunk, at - 1, target, added, removed), facts });
	}
	return spliceFacts(before, edits);
}

/** Which target line each line of a hunk's new side is, and which lines it takes away. */
function align(
	hunk: HunkIds,
	at: number,
	target: Lines,
	added: ReadonlySet<AddedLine>,
	removed: ReadonlySet<number>,
): Pick<SpliceEdit, 'at' | 'origin' | 'removed'> {
	const origin: number[] = [];
	const gone: number[] = [];
	let next = at;
	for (const [i, line] of hunk.lines.entries()) {
		if (line.kind === '+' && added.has(line)) {
			origin.push(0);
			continue;
		}
		const found = find(target, hunk.exact[i] ?? -1, next, line.kind === '-' ? removed : undefined);
		if (found !== undefined) next = found + 1;
		if (line.kind === '-') {
			if (found !== undefined) gone.push(found + 1);
		} else {
			// A context line that the target has not keeps the place of the one before it.
			origin.push(Math.max(1, next));
		}
	}
	return { at, origin, removed: gone };
}

function find(
	target: Lines,
	id: number,
	from: number,
	among: ReadonlySet<number> | undefined,
): number | undefined {
	const end = Math.min(target.exact.length, from + REACH);
	for (let line = from; line < end; line++) {
		if (target.exact[line] === id && (among === undefined || among.has(line))) return line;
	}
	return undefined;
}
