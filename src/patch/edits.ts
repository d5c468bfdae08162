/**
 * What a placed patch does to the lines of a target, in terms that need no text: which lines go,
 * and which lines come in their place.
 */
import type { HunkLine } from './diff.ts';

/** A line that comes in: a line of a hunk, or (in a merge that moved lines) a copy of a target line. */
export type AddedLine = HunkLine | { readonly target: number };

/** `removed` target lines from `at` on (0-based) give way to `added`; edits are in order, disjoint. */
export interface Edit {
	at: number;
	removed: number;
	added: AddedLine[];
}

/** A hunk, as far as it says what it does to the lines it lands on. */
interface Change {
	readonly lines: readonly HunkLine[];
}

/**
 * What has to be done to a target of `length` lines so that hunks are in it.
 * @param found per hunk, the 0-based target line on which its first pre-image line lands; a hunk
 *   without one is left out
 */
export function editsOf(
	hunks: readonly Change[],
	found: readonly ({ at: number } | undefined)[],
	length: number,
): Edit[] {
	const landed = hunks.flatMap(({ lines }, i) => {
		const at = found[i]?.at;
		const context = lines.findIndex(({ kind }) => kind !== ' ');
		return at === undefined || context < 0 ? [] : [{ lines, at, first: at + context }];
	});
	// By the lines they change: their contexts may overlap. Of two insertions at one line the later
	// hunk's is behind the earlier's.
	landed.sort((a, b) => a.first - b.first);
	const edits: Edit[] = [];
	for (const { at, lines } of landed) {
		let next = at;
		for (const line of lines) {
			if (line.kind === '+') editAt(edits, Math.min(next, length)).added.push(line);
			else if (line.kind === '-') editAt(edits, next).removed++;
			if (line.kind !== '+') next++;
		}
	}
	return edits;
}

/** The last edit if it ends on this line, else a new one. */
function editAt(edits: Edit[], line: number): Edit {
	const last = edits.at(-1);
	if (last !== undefined && last.at + last.removed === line) return last;
	const edit: Edit = { at: line, removed: 0, added: [] };
	edits.push(edit);
	return edit;
}

/** Splits text into lines that keep their newlines. */
export function splitLines(text: string): string[] {
	const lines = text.split('\n').map((line) => `${line}\n`);
	const last = lines.pop() ?? '';
	if (last !== '\n') lines.push(last.slice(0, -1));
	return lines;
}

/** The patched text of a target, from the edits of its placement. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
	const lines = splitLines(text);
	const out: string[] = [];
	let next = 0;
	const copyTo = (line: number): void => {
		while (next < line) out.push(lines[next++] ?? '');
	};
	for (const edit of edits) {
		copyTo(edit.at);
		for (const line of edit.added) {
			if ('target' in line) out.push(lines[line.target] ?? '');
			else out.push(line.noNewline === true ? line.text : `${line.text}\n`);
		}
		next = edit.at + edit.removed;
	}
	copyTo(lines.length);
	const last = out.length - 1;
	// Only the last line of a file may lack its newline.
	return out.map((line, i) => (i < last && !line.endsWith('\n') ? `${line}\n` : line)).join('');
}
