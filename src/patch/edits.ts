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

/** The target while hunks are applied: ids of its lines, and where each line is from. */
export interface Image {
	ids: number[];
	/** A target line (0-based), or -1 - k for line k of `added`. */
	origin: number[];
	added: AddedLine[];
}

/** The image of an untouched target. */
export function imageOf(ids: Int32Array): Image {
	const lines = new Array<number>(ids.length);
	const origin = new Array<number>(ids.length);
	for (let i = 0; i < ids.length; i++) {
		lines[i] = ids[i] ?? 0;
		origin[i] = i;
	}
	return { ids: lines, origin, added: [] };
}

/** What has to be done to a target of `length` lines to get the image. */
export function editsOf(image: Image, length: number): Edit[] {
	const edits: Edit[] = [];
	let next = 0;
	let added: AddedLine[] = [];
	const close = (line: number): void => {
		if (line > next || added.length > 0) edits.push({ at: next, removed: line - next, added });
		added = [];
	};
	for (const origin of image.origin) {
		if (origin >= 0) {
			close(origin);
			next = origin + 1;
		} else {
			const line = image.added[-1 - origin];
			if (line !== undefined) added.push(line);
		}
	}
	close(length);
	return edits;
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
