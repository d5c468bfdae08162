/**
 * What the alignment of a hunk leaves open, as sequences of lines in order of likelihood: the side of
 * added lines on which a lost blank line was, added blank lines that were lost, and which two added
 * lines were one before a mailer broke it and marked the rest as added, too.
 */
import type { AddedLine, AlignedLine } from './align.ts';

const MAX_WAYS = 64;
/** Added blank lines that may be missing; with more the ways are too many. */
const MAX_LOST = 3;
/** Breaks to choose from when some of the likeliest do not hold. */
const SPARE_BREAKS = 6;

/**
 * The ways to read aligned lines; `newCount` is what the header says of the new side, undefined when
 * the header cannot be believed.
 */
export function waysOf(lines: AlignedLine[], newCount: number | undefined): AlignedLine[][] {
	const has = lines.filter((line) => line.kind !== '-').length;
	const surplus = newCount === undefined ? 0 : has - newCount;
	let ways: AlignedLine[][] = surplus > 0 ? joined(lines, surplus) : [lines];
	for (let lost = Math.min(-surplus, MAX_LOST); lost > 0; lost--) {
		ways = ways.flatMap(withBlankAdded).slice(0, MAX_WAYS);
	}
	// Thousands of ways of a long hunk would take more room than they are worth.
	const most = Math.max(1, Math.min(MAX_WAYS, Math.floor(2_000_000 / Math.max(lines.length, 1))));
	const seen = new Set<string>();
	const out: AlignedLine[][] = [];
	for (let i = 0; i < ways.length && out.length < most; i++) {
		const way = ways[i] ?? [];
		const key = keyOf(way);
		if (seen.has(key)) continue;
		seen.add(key);
		out.push(way);
		if (ways.length < most * 4) ways.push(...withBlankMoved(way, most));
	}
	return out;
}

function keyOf(way: readonly AlignedLine[]): string {
	return way
		.map((line) => (line.kind === '+' ? `+${line.pieces.join('\n')}` : line.pre))
		.join('\n');
}

/** The same lines with a missing blank line before, or among, the added lines that it came after. */
function withBlankMoved(way: readonly AlignedLine[], most: number): AlignedLine[][] {
	const out: AlignedLine[][] = [];
	for (let i = 1; i < way.length && out.length < most; i++) {
		const line = way[i];
		if (line === undefined || line.kind === '+' || line.dropped !== true) continue;
		if (way[i - 1]?.kind !== '+') continue;
		let first = i;
		while (way[first - 1]?.kind === '+') first--;
		for (let at = first; at < i && out.length < most; at++) {
			out.push([...way.slice(0, at), line, ...way.slice(at, i), ...way.slice(i + 1)]);
		}
	}
	return out;
}

function withBlankAdded(way: AlignedLine[]): AlignedLine[][] {
	const out: AlignedLine[][] = [];
	for (let i = 0; i <= way.length && out.length < MAX_WAYS; i++) {
		if (way[i]?.kind !== '+' && way[i - 1]?.kind !== '+') continue;
		out.push([...way.slice(0, i), { kind: '+', pieces: [''] }, ...way.slice(i)]);
	}
	return out;
}

/** The lines with `surplus` added lines joined to the one before, the likeliest first. */
function joined(lines: readonly AlignedLine[], surplus: number): AlignedLine[][] {
	const breaks: { at: number; likely: number }[] = [];
	const width = widthOf(lines);
	lines.forEach((line, at) => {
		const before = lines[at - 1];
		if (line.kind !== '+' || before?.kind !== '+' || (line.pieces[0] ?? '').trim() === '') return;
		breaks.push({ at, likely: likelihood(before, line, width) });
	});
	if (breaks.length < surplus) return [[...lines]];
	breaks.sort((a, b) => b.likely - a.likely || a.at - b.at);
	const chosen = breaks.slice(0, surplus).map(({ at }) => at);
	const spare = breaks.slice(surplus, surplus + SPARE_BREAKS).map(({ at }) => at);
	const choices = [chosen];
	// One of the chosen may be none, the least likely first.
	for (const other of spare) {
		for (let k = chosen.length - 1; k >= Math.max(0, chosen.length - SPARE_BREAKS); k--) {
			choices.push([...chosen.slice(0, k), ...chosen.slice(k + 1), other]);
		}
	}
	return choices.map((choice) => joinAt(lines, new Set(choice)));
}

/** The longest line that the mailer left whole, of those that it could have broken. */
function widthOf(lines: readonly AlignedLine[]): number | undefined {
	let width: number | undefined;
	for (const line of lines) {
		const pieces = line.pieces ?? [];
		if (pieces.length < 2) continue;
		for (const piece of pieces) width = Math.max(width ?? 0, piece.trimEnd().length);
	}
	return width;
}

function likelihood(before: AddedLine, line: AddedLine, width: number | undefined): number {
	const last = (before.pieces.at(-1) ?? '').trimEnd();
	const first = (line.pieces[0] ?? '').trim();
	const word = /^\S+/.exec(first)?.[0] ?? '';
	const over = last.length + 1 + word.length;
	// A mailer breaks where the next word does not fit any more.
	const fits = over <= (width ?? 0) ? -40 : 0;
	const ends = /[;{}]$/.test(last) ? -30 : 0;
	const spaced = /[^ ] $/.test(before.pieces.at(-1) ?? '') ? 40 : 0;
	return over + fits + ends + spaced;
}

function joinAt(lines: readonly AlignedLine[], at: ReadonlySet<number>): AlignedLine[] {
	const out: AlignedLine[] = [];
	lines.forEach((line, i) => {
		const before = out.at(-1);
		if (!at.has(i) || line.kind !== '+' || before?.kind !== '+') out.push(line);
		else out[out.length - 1] = { ...line, pieces: [...before.pieces, ...line.pieces] };
	});
	return out;
}
