/**
 * Facts of a file with the patch in it where there is no text: from the facts of the file and those
 * of the patch's own lines.
 */
import type { FragmentFacts } from '../driver/extract.ts';
import type { FileFacts } from '../driver/facts.ts';
import { type SpliceEdit, spliceFacts } from '../driver/splice.ts';
import type { AddedLine, Edit } from '../patch/edits.ts';
import type { Lines } from '../patch/lines.ts';
import { diff } from '../patch/myers.ts';
import type { FilePlacement } from '../patch/placement.ts';
import type { HunkIds } from '../patch/search.ts';

/** Target lines around a hunk's place among which its lines are looked for. */
const REACH = 16;

/**
 * Facts of a file with the patch in it, without its text; undefined when the patch does not land.
 * @param fragments facts of the new side of each hunk
 */
export function factsWithoutText(
	before: FileFacts,
	target: Lines,
	hunks: readonly HunkIds[],
	fragments: readonly FragmentFacts[],
	placement: FilePlacement,
): FileFacts | undefined {
	if (placement.edits === undefined) return undefined;
	const landing = landingOf(placement.edits);
	const edits: SpliceEdit[] = [];
	for (const [i, hunk] of hunks.entries()) {
		const facts = fragments[i];
		const placed = placement.hunks[i];
		if (facts === undefined || placed === undefined || placed.at === 0) continue;
		if (placed.result === 'already') continue;
		edits.push({ ...align(hunk, placed.at - 1, target, landing), facts });
	}
	return spliceFacts(before, edits);
}

/** What a placement does, by line: where each added line goes, and which target lines it takes away. */
interface Landing {
	/** How many target lines precede an added line. */
	added: ReadonlyMap<AddedLine, number>;
	removed: ReadonlySet<number>;
}

function landingOf(edits: readonly Edit[]): Landing {
	const added = new Map<AddedLine, number>();
	const removed = new Set<number>();
	for (const edit of edits) {
		for (const line of edit.added) added.set(line, edit.at);
		for (let line = edit.at; line < edit.at + edit.removed; line++) removed.add(line);
	}
	return { added, removed };
}

/** Which target line each line of a hunk's new side is, and which lines it takes away. */
function align(
	hunk: HunkIds,
	at: number,
	target: Lines,
	{ added, removed }: Landing,
): Pick<SpliceEdit, 'at' | 'origin' | 'anchors' | 'removed'> {
	const found = matches(hunk, at, target);
	const origin: number[] = [];
	const anchors: (number | undefined)[] = [];
	const gone: number[] = [];
	let last = at;
	for (const [i, line] of hunk.lines.entries()) {
		const here = found.get(i);
		if (line.kind === '+' && added.has(line)) {
			anchors[origin.length] = added.get(line);
			origin.push(0);
			continue;
		}
		if (here !== undefined) last = here + 1;
		if (line.kind === '-') {
			if (here !== undefined && removed.has(here)) gone.push(here + 1);
			continue;
		}
		// A context line that the target has not stands where the next added line comes in.
		if (here === undefined) last = Math.max(last, comesIn(hunk, i, found, added) ?? last);
		origin.push(Math.max(1, last));
	}
	return { at, origin, anchors, removed: gone };
}

/** The target line (0-based) that each pre-image line of a hunk is, near where the hunk landed. */
function matches(hunk: HunkIds, at: number, target: Lines): Map<number, number> {
	const pre = [...hunk.lines.keys()].filter((i) => hunk.lines[i]?.kind !== '+');
	const start = Math.max(0, at - REACH);
	const ids = Int32Array.from(pre, (i) => hunk.exact[i] ?? -1);
	const window = target.exact.subarray(start, at + pre.length + REACH);
	const found = new Map<number, number>();
	let a = 0;
	let b = 0;
	for (const change of [...diff(ids, window), undefined]) {
		for (const end = change?.aStart ?? ids.length; a < end; a++, b++) {
			const i = pre[a];
			if (i !== undefined) found.set(i, start + b);
		}
		a = change?.aEnd ?? a;
		b = change?.bEnd ?? b;
	}
	return found;
}

/** How many target lines precede the next added line, if one comes before the next line that is there. */
function comesIn(
	hunk: HunkIds,
	from: number,
	found: ReadonlyMap<number, number>,
	added: ReadonlyMap<AddedLine, number>,
): number | undefined {
	for (let i = from + 1; i < hunk.lines.length && !found.has(i); i++) {
		const line = hunk.lines[i];
		if (line !== undefined && added.has(line)) return added.get(line);
	}
	return undefined;
}
