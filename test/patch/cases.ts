/** Generated files and patches for the tests of src/patch: C-like lines with many repeats. */
import * as fc from 'fast-check';
import type { FilePatch, Hunk, HunkLine } from '../../src/patch/diff.ts';
import { splitLines } from '../../src/patch/edits.ts';
import { FingerprintInterner } from '../../src/patch/lines.ts';
import { diff } from '../../src/patch/myers.ts';

const COMMON = ['', '{', '}', '\treturn ret;', '\tif (ret)', '\t\treturn ret;', '\tint ret;', '/*'];

export const line: fc.Arbitrary<string> = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom(...COMMON) },
	{ weight: 2, arbitrary: fc.nat(40).map((n) => `\tret = setup_${n}(dev);`) },
);

interface Edit {
	at: number;
	remove: number;
	add: string[];
}

export const edits = (max: number): fc.Arbitrary<Edit[]> =>
	fc.array(
		fc.record({
			at: fc.nat(1000),
			remove: fc.nat(3),
			add: fc.array(line, { maxLength: 3 }),
		}),
		{ minLength: 1, maxLength: max },
	);

export function edited(base: readonly string[], changes: readonly Edit[]): string[] {
	const out = [...base];
	for (const { at, remove, add } of changes) out.splice(at % (out.length + 1), remove, ...add);
	return out;
}

export function textOf(lines: readonly string[], finalNewline = true): string {
	const text = lines.map((one) => `${one}\n`).join('');
	return finalNewline ? text : text.slice(0, -1);
}

/** The hunks of a unified diff between two texts, with `context` lines around. */
export function hunksBetween(before: string, after: string, context = 3): Hunk[] {
	const interner = new FingerprintInterner();
	const old = splitLines(before);
	const next = splitLines(after);
	const changes = diff(interner.lines(before).exact, interner.lines(after).exact);
	const hunks: Hunk[] = [];
	const said = (kind: HunkLine['kind'], raw: string): HunkLine =>
		raw.endsWith('\n') ? { kind, text: raw.slice(0, -1) } : { kind, text: raw, noNewline: true };
	for (let i = 0; i < changes.length; ) {
		let j = i;
		const first = changes[i];
		if (first === undefined) break;
		for (; j + 1 < changes.length; j++) {
			const gap = (changes[j + 1]?.aStart ?? 0) - (changes[j]?.aEnd ?? 0);
			if (gap > 2 * context) break;
		}
		const start = Math.max(0, first.aStart - context);
		const end = Math.min(old.length, (changes[j]?.aEnd ?? 0) + context);
		const lines: HunkLine[] = [];
		let at = start;
		for (const change of changes.slice(i, j + 1)) {
			for (; at < change.aStart; at++) lines.push(said(' ', old[at] ?? ''));
			for (; at < change.aEnd; at++) lines.push(said('-', old[at] ?? ''));
			for (let b = change.bStart; b < change.bEnd; b++) lines.push(said('+', next[b] ?? ''));
		}
		for (; at < end; at++) lines.push(said(' ', old[at] ?? ''));
		const added = lines.filter((one) => one.kind !== '-').length;
		const newStart = start + first.bStart - first.aStart;
		hunks.push({
			oldStart: start + (end > start ? 1 : 0),
			oldCount: end - start,
			newStart: newStart + (added > 0 ? 1 : 0),
			newCount: added,
			section: '',
			lines,
			at: 1,
		});
		i = j + 1;
	}
	return hunks;
}

/** A file patch without blob ids. */
export function filePatch(path: string, hunks: Hunk[]): FilePatch {
	return { oldPath: path, newPath: path, isNew: false, isDeleted: false, hunks };
}
