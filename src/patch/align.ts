/**
 * Finds the lines of a damaged hunk in the file it was made from: white space does not count, blank
 * context lines may be missing, long lines may be broken in several, addresses masked, entities left.
 * What stays open (on which side of added lines a blank line was, where an added line was broken)
 * comes out as alternatives.
 */
import { cutShort, type Hunk, type HunkLine } from './diff.ts';
import { LineMatcher, type MatchSource } from './match.ts';
import type { WayOfReading } from './readings.ts';
import { waysOf } from './ways.ts';

/** A context or removed line: one of the pre-image. */
export interface OldLine {
	kind: ' ' | '-';
	/** 0-based line of the pre-image. */
	pre: number;
	/** As the mail has it; pieces of a broken line have one space between. */
	text: string;
	/** True for a blank line that the mail lacks. */
	dropped?: true;
	/** The lines of the mail that it was broken into, when it was. */
	pieces?: readonly string[];
	/** True when a masked address had to be believed. */
	masked?: true;
	/** How the line was read, when there was a choice. */
	way?: WayOfReading;
}

/** An added line, in the pieces that the mail has of it. */
export interface AddedLine {
	kind: '+';
	pieces: readonly string[];
	noNewline?: true;
}

export type AlignedLine = OldLine | AddedLine;

export interface AlignedHunk {
	/** 0-based line of the pre-image. */
	start: number;
	/** Possible sequences of lines, likeliest first. */
	ways: AlignedLine[][];
	/** The section of the header, with what a mailer broke off it. */
	section: string;
}

export interface AlignSource extends MatchSource {
	/** Names the input, for messages. */
	where: string;
}

/** Lines of the mail that the section of a hunk header may have been broken into. */
const MAX_SECTION_PIECES = 2;
/** A mailer breaks lines of about 70 columns; what is much shorter when joined was not broken. */
const SHORTEST_BROKEN = 40;
const LIKELY_BROKEN = 60;
/** Steps of the search per line of hunk and file, before the hunk counts as too ambiguous. */
const STEPS_PER_LINE = 64;
const MIN_STEPS = 100_000;

/**
 * Aligns a hunk with the pre-image, at its line or the nearest at which it fits; undefined when it
 * fits nowhere, or is so ambiguous that finding out takes too long.
 * @throws RangefinderError bad-patch, when lines other than blank ones are missing at its end
 */
export function alignHunk(hunk: Hunk, source: AlignSource): AlignedHunk | undefined {
	const lines = [...hunk.lines, ...(hunk.tail ?? [])];
	const matcher = new LineMatcher(lines, source);
	const total = source.lines.loose.length;
	const budget = { left: MIN_STEPS + STEPS_PER_LINE * (lines.length + total) };
	const has = hunk.lines.filter((line) => line.kind !== '+').length;
	const expected = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
	for (const count of new Set([hunk.oldCount, has])) {
		for (let step = 0; step <= total && budget.left > 0; step++) {
			for (const start of step === 0 ? [expected] : [expected + step, expected - step]) {
				if (start < 0 || start + count > total) continue;
				const wanted = { start, count, exact: count === hunk.oldCount };
				const walk = new Walk(hunk, lines, matcher, wanted, budget);
				const result = walk.run();
				if (result === 'short' && step === 0 && wanted.exact && has < count) {
					throw cutShort(source.where, hunk);
				}
				if (result === undefined || result === 'short') continue;
				const ways = waysOf(result.lines, wanted.exact ? hunk.newCount : undefined);
				return { start, ways, section: result.section };
			}
		}
	}
	return undefined;
}

/** One choice of the walk, and what it took it from. */
interface Step {
	/** Where it was taken. */
	i: number;
	j: number;
	option: number;
	/** Where it leads. */
	toI: number;
	toJ: number;
	line?: OldLine;
	/** Added text: a line of its own, or the rest of the one before. */
	added?: { text: string; continues: boolean; noNewline: boolean };
	/** Lines on the new side. */
	fresh: number;
}

const OPTIONS = 9;

/** Walks through hunk and pre-image together, and turns back where they part. */
class Walk {
	readonly #hunk: Hunk;
	readonly #lines: readonly HunkLine[];
	readonly #match: LineMatcher;
	readonly #end: number;
	readonly #start: number;
	readonly #exact: boolean;
	readonly #budget: { left: number };
	readonly #failed = new Set<number>();
	readonly #path: Step[] = [];
	/** The last changed line before the tail; beyond it is context or text of the mail. */
	readonly #lastChange: number;
	#fresh = 0;
	#short = false;

	constructor(
		hunk: Hunk,
		lines: readonly HunkLine[],
		matcher: LineMatcher,
		wanted: { start: number; count: number; exact: boolean },
		budget: { left: number },
	) {
		this.#hunk = hunk;
		this.#lines = lines;
		this.#match = matcher;
		this.#start = wanted.start;
		this.#end = wanted.start + wanted.count;
		this.#exact = wanted.exact;
		this.#budget = budget;
		this.#lastChange = matcher.lastChange;
	}

	run(): { lines: AlignedLine[]; section: string } | 'short' | undefined {
		for (let skipped = 0; skipped <= MAX_SECTION_PIECES; skipped++) {
			if (skipped > 0) {
				const piece = this.#lines[skipped - 1];
				const broken = this.#exact && this.#hunk.section !== '' && piece?.kind === ' ';
				if (!broken || piece.text.trim() === '') break;
			}
			if (!this.#from(skipped)) continue;
			const pieces = this.#lines.slice(0, skipped).map((line) => line.text.trim());
			return { lines: this.#result(), section: [this.#hunk.section, ...pieces].join(' ') };
		}
		return this.#short ? 'short' : undefined;
	}

	#from(first: number): boolean {
		this.#path.length = 0;
		this.#fresh = 0;
		let [i, j, option] = [first, this.#start, 0];
		while (!this.#arrived(i, j)) {
			if (--this.#budget.left <= 0) return false;
			const key = i * (this.#end - this.#start + 1) + (j - this.#start);
			const step = option === 0 && this.#failed.has(key) ? undefined : this.#step(i, j, option);
			if (step !== undefined) {
				this.#path.push(step);
				this.#fresh += step.fresh;
				[i, j, option] = [step.toI, step.toJ, 0];
				continue;
			}
			if (i >= this.#lines.length) this.#short = true;
			this.#failed.add(key);
			const last = this.#path.pop();
			if (last === undefined) return false;
			this.#fresh -= last.fresh;
			[i, j, option] = [last.i, last.j, last.option + 1];
		}
		return true;
	}

	/** Whether the hunk is complete; what follows is text of the mail. */
	#arrived(i: number, j: number): boolean {
		if (j < this.#end) return false;
		if (this.#takesRest(i)) return false;
		return i > this.#lastChange || (this.#exact && this.#fresh >= this.#hunk.newCount);
	}

	/** Whether line `i`, after the last line of the pre-image, is still of the hunk. */
	#takesRest(i: number): boolean {
		const line = this.#lines[i];
		if (line === undefined) return false;
		if (line.kind === '+') return !this.#exact || this.#fresh < this.#hunk.newCount;
		return line.kind === ' ' && this.#likelyBroken(line.text);
	}

	#likelyBroken(text: string): boolean {
		const before = this.#path.at(-1)?.added?.text;
		if (!this.#exact || before === undefined || text.trim() === '') return false;
		return before.length + 1 + (text.trim().indexOf(' ') + 1 || text.length) > LIKELY_BROKEN;
	}

	#step(i: number, j: number, from: number): Step | undefined {
		for (let option = from; option < OPTIONS; option++) {
			const step = this.#option(i, j, option);
			if (step !== undefined) return { i, j, option, ...step };
		}
		return undefined;
	}

	/** The choices in order of likelihood; undefined where one is not open. */
	#option(i: number, j: number, option: number): Omit<Step, 'i' | 'j' | 'option'> | undefined {
		const line = this.#lines[i];
		const open = j < this.#end;
		switch (option) {
			case 0:
				if (line?.kind !== '+') return undefined;
				return this.#added(i, j, line.text, false);
			case 1:
				if (line === undefined || line.kind === '+' || !open) return undefined;
				return this.#old(i, j, 1, this.#match.line(i, j), line.kind);
			case 2:
				if (line === undefined || line.kind === '+' || !open || !this.#exact) return undefined;
				return this.#broken(i, j, line.kind);
			case 3:
				// At added lines last: the blank line may have been on either side of them.
				return line?.kind === '+' ? undefined : this.#dropped(i, j);
			case 4:
				// What lost its marker and indentation may now start with `-` or `+`.
				if (line === undefined || line.kind === ' ' || !open) return undefined;
				return this.#old(i, j, 1, this.#match.raw(i, j), ' ');
			case 5:
				return line?.kind === ' ' ? this.#continued(i, j, line.text) : undefined;
			case 6:
				if (line === undefined || line.kind !== ' ' || line.text.trim() !== '') return undefined;
				return { toI: i + 1, toJ: j, fresh: 0 };
			case 7:
				return line?.kind === '+' ? this.#dropped(i, j) : undefined;
			default:
				if (line === undefined || line.kind === ' ') return undefined;
				return this.#continued(i, j, line.kind + line.text);
		}
	}

	#added(i: number, j: number, text: string, continues: boolean): Omit<Step, 'i' | 'j' | 'option'> {
		const noNewline = this.#lines[i]?.noNewline === true;
		return { toI: i + 1, toJ: j, added: { text, continues, noNewline }, fresh: continues ? 0 : 1 };
	}

	#continued(i: number, j: number, text: string): Omit<Step, 'i' | 'j' | 'option'> | undefined {
		const before = this.#path.at(-1)?.added?.text;
		if (!this.#exact || before === undefined || text.trim() === '') return undefined;
		if (before.length + text.length < SHORTEST_BROKEN) return undefined;
		return this.#added(i, j, text, true);
	}

	#old(
		i: number,
		j: number,
		taken: number,
		found: Pick<OldLine, 'text' | 'masked' | 'way' | 'pieces'> | undefined,
		kind: ' ' | '-',
	): Omit<Step, 'i' | 'j' | 'option'> | undefined {
		if (found === undefined) return undefined;
		const line: OldLine = { kind, pre: j, ...found };
		return { toI: i + taken, toJ: j + 1, line, fresh: kind === ' ' ? 1 : 0 };
	}

	#broken(i: number, j: number, kind: ' ' | '-'): Omit<Step, 'i' | 'j' | 'option'> | undefined {
		const found = this.#match.broken(i, j);
		return found === undefined ? undefined : this.#old(i, j, found.taken, found.line, kind);
	}

	#dropped(i: number, j: number): Omit<Step, 'i' | 'j' | 'option'> | undefined {
		if (j >= this.#end || !this.#match.blank(j)) return undefined;
		const line: OldLine = { kind: ' ', pre: j, text: '', dropped: true };
		return { toI: i, toJ: j + 1, line, fresh: 1 };
	}

	#result(): AlignedLine[] {
		const out: AlignedLine[] = [];
		let open: { kind: '+'; pieces: string[]; noNewline?: true } | undefined;
		for (const { line, added } of this.#path) {
			if (line !== undefined) out.push(line);
			if (added === undefined) {
				if (line !== undefined) open = undefined;
				continue;
			}
			if (added.continues && open !== undefined) open.pieces.push(added.text);
			else {
				open = { kind: '+', pieces: [added.text] };
				out.push(open);
			}
			if (added.noNewline) open.noNewline = true;
		}
		return out;
	}
}
