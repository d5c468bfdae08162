/**
 * Finds the lines of a damaged hunk in the file it was made from: white space does not count, and
 * blank context lines may be missing. What stays open (on which side of added lines a blank line
 * was, where an added blank line got lost) comes out as alternatives.
 */
import { cutShort, type Hunk, type HunkLine } from './diff.ts';
import type { Interner, Lines } from './lines.ts';

/** A line of the repaired hunk: one of the pre-image (0-based), or an added one as the mail has it. */
export type AlignedLine =
	| { kind: ' ' | '-'; pre: number; text: string }
	| { kind: '+'; text: string; noNewline?: boolean };

export interface AlignedHunk {
	/** 0-based line of the pre-image. */
	start: number;
	/** Possible sequences of lines, likeliest first. */
	ways: AlignedLine[][];
}

export interface AlignSource {
	lines: Lines;
	/** Lines of the pre-image as text, when it is known. */
	text: readonly string[] | undefined;
	interner: Interner;
	/** Names the input, for messages. */
	where: string;
}

const MASKED = /@x{4,}/;
const MAX_WAYS = 64;

/**
 * Aligns a hunk with the pre-image, at its line or the nearest at which it fits; undefined when it
 * fits nowhere. Throws `bad-patch` when lines other than blank ones are missing at its end.
 */
export function alignHunk(hunk: Hunk, source: AlignSource): AlignedHunk | undefined {
	const loose = hunk.lines.map((line) => source.interner.line(line.text).loose);
	const has = hunk.lines.filter((line) => line.kind !== '+').length;
	const expected = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
	const total = source.lines.loose.length;
	for (const count of new Set([hunk.oldCount, has])) {
		for (let step = 0; step <= total; step++) {
			for (const start of step === 0 ? [expected] : [expected + step, expected - step]) {
				if (start < 0 || start + count > total) continue;
				const lines = walk(hunk, loose, source, start, count);
				if (lines === 'short' && step === 0) throw cutShort(source.where, hunk);
				if (lines === undefined || lines === 'short') continue;
				return { start, ways: waysOf(lines, lostAdded(hunk, lines, count)) };
			}
		}
	}
	return undefined;
}

function walk(
	hunk: Hunk,
	loose: readonly number[],
	source: AlignSource,
	start: number,
	count: number,
): AlignedLine[] | 'short' | undefined {
	const { blank } = source.interner;
	const end = start + count;
	const out: AlignedLine[] = [];
	let next = start;
	for (const [i, line] of hunk.lines.entries()) {
		if (line.kind === '+') {
			out.push({
				kind: '+',
				text: line.text,
				...(line.noNewline === true ? { noNewline: true } : {}),
			});
			continue;
		}
		while (next < end && !says(line, loose[i] ?? -1, source, next)) {
			if (source.lines.loose[next] !== blank) return undefined;
			out.push({ kind: ' ', pre: next++, text: '' });
		}
		if (next >= end) {
			// Context beyond the full hunk is text of the mail, if nothing of the hunk follows.
			if (hunk.lines.slice(i).some((later) => later.kind !== ' ')) return undefined;
			break;
		}
		out.push({ kind: line.kind, pre: next++, text: line.text });
	}
	for (; next < end; next++) {
		if (source.lines.loose[next] !== blank) return 'short';
		out.push({ kind: ' ', pre: next, text: '' });
	}
	return out;
}

/** Whether a damaged line is this line of the pre-image. Archives mask mail addresses. */
function says(line: HunkLine, loose: number, source: AlignSource, pre: number): boolean {
	if (source.lines.loose[pre] === loose) return true;
	if (!MASKED.test(line.text)) return false;
	const truth = source.text?.[pre];
	// Without text nothing contradicts it but the blank line.
	if (truth === undefined) return source.lines.loose[pre] !== source.interner.blank;
	return unmasks(line.text, truth);
}

/** Whether `truth` is `masked` with the hosts of its mail addresses, white space aside. */
export function unmasks(masked: string, truth: string): boolean {
	const parts = masked.replace(/\s+/g, '').split(/@x{4,}(?:\.x+)*/);
	let rest = truth.replace(/\s+/g, '');
	for (const [i, part] of parts.entries()) {
		if (i > 0) rest = rest.replace(/^@[\w.-]+/, '');
		if (!rest.startsWith(part)) return false;
		rest = rest.slice(part.length);
	}
	return rest === '';
}

/** How many added lines are missing; they can only have been blank. */
function lostAdded(hunk: Hunk, lines: readonly AlignedLine[], count: number): number {
	if (count !== hunk.oldCount) return 0;
	return hunk.newCount - lines.filter((line) => line.kind !== '-').length;
}

function waysOf(lines: AlignedLine[], lost: number): AlignedLine[][] {
	let ways: AlignedLine[][] = [lines];
	for (let missing = Math.min(lost, 3); missing > 0; missing--) ways = ways.flatMap(withBlankAdded);
	const seen = new Set<string>();
	const out: AlignedLine[][] = [];
	for (let i = 0; i < ways.length && out.length < MAX_WAYS; i++) {
		const way = ways[i] ?? [];
		const key = way.map((line) => ('pre' in line ? line.pre : `+${line.text}`)).join('\n');
		if (seen.has(key)) continue;
		seen.add(key);
		out.push(way);
		ways.push(...withBlankMoved(way));
	}
	return out;
}

/** The same lines with a missing blank line before, instead of after, the added lines beside it. */
function withBlankMoved(way: readonly AlignedLine[]): AlignedLine[][] {
	const out: AlignedLine[][] = [];
	for (let i = 1; i < way.length; i++) {
		const line = way[i];
		if (line?.kind !== ' ' || line.text !== '' || way[i - 1]?.kind !== '+') continue;
		let first = i;
		while (way[first - 1]?.kind === '+') first--;
		out.push([...way.slice(0, first), line, ...way.slice(first, i), ...way.slice(i + 1)]);
	}
	return out;
}

function withBlankAdded(way: AlignedLine[]): AlignedLine[][] {
	const out: AlignedLine[][] = [];
	for (let i = 0; i <= way.length; i++) {
		if (way[i]?.kind !== '+' && way[i - 1]?.kind !== '+') continue;
		out.push([...way.slice(0, i), { kind: '+', text: '' }, ...way.slice(i)]);
	}
	return out;
}
