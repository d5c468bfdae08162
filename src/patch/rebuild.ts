/**
 * Rebuilds the hunks of a damaged patch: context and removed lines from the pre-image, added lines
 * from the candidates for each, in order of likelihood until the result has the id it should have.
 */
import type { AlignedHunk, AlignedLine } from './align.ts';
import { candidatesFor, type Evidence } from './candidates.ts';
import { countLines, type Hunk, type HunkLine } from './diff.ts';
import type { Proof, Proofs } from './prove.ts';

/** What hunks are rebuilt from. */
export interface Material {
	hunks: readonly Hunk[];
	aligned: readonly AlignedHunk[];
	/** The true text of a context or removed line, and whether the file ends there without newline. */
	truth(line: AlignedLine & { kind: ' ' | '-' }): HunkLine;
	/** Lines of the pre-image, where they are known as text. */
	text: readonly string[] | undefined;
	evidence: Evidence;
	/** The section of a hunk's header, repaired. */
	section(aligned: AlignedHunk): string;
}

/** Candidates that are looked at; more is not worth the wait. */
const MAX_STEPS = 60_000;
/** Ranks of the candidates chosen, summed up. */
const MAX_PENALTY = 24;
/** With more added lines than this the likeliest candidates have to do. */
const MAX_ADDED = 3000;
/** Lines before an added line that say how deep the code is. */
const LOOK_BACK = 20;

/** The rebuilt hunks, and what is proved about them. */
export function rebuild(material: Material, proofs: Proofs): { hunks: Hunk[]; proof: Proof } {
	return new Search(material, proofs).run();
}

/** A way to read a hunk, made ready. */
interface Way {
	lines: readonly AlignedLine[];
	/** The true lines, where they are known. */
	fixed: (HunkLine | undefined)[];
	/** The next line of the pre-image that stays. */
	next: (string | undefined)[];
	/** Lines before the hunk. */
	before: readonly string[];
	/** Context and removed lines of the hunk near a line; all of a short hunk. */
	known: readonly string[];
}

const MAX_KNOWN = 60;

class Search {
	readonly #material: Material;
	readonly #proofs: Proofs;
	readonly #ways = new Map<readonly AlignedLine[], Way>();
	/** Lines of the hunks so far. */
	readonly #built: HunkLine[][] = [];
	#first: { hunks: Hunk[]; proof: Proof } | undefined;
	/** Candidates by line, and by the choices for the lines before it. */
	readonly #known = new Map<AlignedLine, Map<string, string[]>>();
	#steps = 0;
	#hashed = 0;
	/** True when a single path is walked, however long. */
	#greedy = false;

	constructor(material: Material, proofs: Proofs) {
		this.#material = material;
		this.#proofs = proofs;
	}

	run(): { hunks: Hunk[]; proof: Proof } {
		const fresh = this.#material.aligned.reduce(
			(sum, { ways }) => sum + (ways[0] ?? []).filter((line) => line.kind === '+').length,
			0,
		);
		const hunks = this.#material.aligned.length;
		this.#greedy = fresh + hunks > MAX_ADDED;
		if (this.#greedy) this.#likeliest();
		const open = this.#proofs.affordable > 1;
		for (let penalty = 0; !this.#greedy && penalty <= (open ? MAX_PENALTY : 0); penalty++) {
			if (this.#hunk(0, penalty)) break;
		}
		return this.#first ?? { hunks: [...this.#material.hunks], proof: 'none' };
	}

	/** Tries the ways of hunk `index` and on, with choices whose ranks sum up to `penalty`. */
	#hunk(index: number, penalty: number): boolean {
		const aligned = this.#material.aligned[index];
		if (aligned === undefined) return penalty === 0 && this.#judge();
		for (const [rank, lines] of aligned.ways.entries()) {
			if (rank > penalty) break;
			const built: HunkLine[] = [];
			this.#built[index] = built;
			const way = this.#way(aligned, lines);
			if (this.#line({ way, built, index }, 0, penalty - rank, `${rank} `)) return true;
		}
		return false;
	}

	/** The likeliest lines of every hunk, without a way back. */
	#likeliest(): void {
		this.#material.aligned.forEach((aligned, index) => {
			const built: HunkLine[] = [];
			const way = this.#way(aligned, aligned.ways[0] ?? []);
			way.lines.forEach((line, at) => {
				const fixed = way.fixed[at];
				if (fixed !== undefined) built.push(fixed);
				else if (line.kind === '+') {
					built.push(added(line, this.#candidates(way, built, at)[0] ?? ''));
				}
			});
			this.#built[index] = built;
		});
		this.#judge();
	}

	#line(
		hunk: { way: Way; built: HunkLine[]; index: number },
		from: number,
		penalty: number,
		chosen: string,
	): boolean {
		const { way, built } = hunk;
		const mark = built.length;
		let at = from;
		for (let fixed = way.fixed[at]; fixed !== undefined; fixed = way.fixed[at]) {
			built.push(fixed);
			at++;
		}
		const line = way.lines[at];
		let done = false;
		if (line?.kind !== '+') done = this.#hunk(hunk.index + 1, penalty);
		else {
			const open = built.length;
			for (const [rank, text] of this.#remembered(way, built, at, chosen).entries()) {
				if (rank > penalty || done) break;
				// Giving up counts as done, once there is a result.
				if (++this.#steps > MAX_STEPS && this.#first !== undefined) return true;
				built.length = open;
				built.push(added(line, text));
				const path = (chosen + String.fromCharCode(rank + 48)).slice(-LOOK_BACK);
				done = this.#line(hunk, at + 1, penalty - rank, path);
			}
		}
		if (!done) built.length = mark;
		return done;
	}

	/** The same lines before give the same candidates. */
	#remembered(way: Way, built: readonly HunkLine[], at: number, chosen: string): string[] {
		const line = way.lines[at];
		if (line === undefined) return [];
		let known = this.#known.get(line);
		if (known === undefined) {
			known = new Map();
			this.#known.set(line, known);
		}
		let found = known.get(chosen);
		if (found === undefined) {
			found = this.#candidates(way, built, at);
			known.set(chosen, found);
		}
		return found;
	}

	#candidates(way: Way, built: readonly HunkLine[], at: number): string[] {
		const line = way.lines[at];
		if (line?.kind !== '+') return [];
		return candidatesFor(line, this.#material.evidence, () => ({
			before: before(way, built),
			known: way.known,
			next: way.next[at],
		}));
	}

	#judge(): boolean {
		const hunks: Hunk[] = [];
		let shift = 0;
		for (const [i, aligned] of this.#material.aligned.entries()) {
			const hunk = this.#material.hunks[i];
			if (hunk === undefined) continue;
			const lines = [...(this.#built[i] ?? [])];
			const one = headed(hunk, aligned.start, lines, shift, this.#material.section(aligned));
			shift += one.newCount - one.oldCount;
			hunks.push(one);
		}
		const proof = this.#proofs.ofAligned(hunks);
		if (this.#first === undefined || proof === 'postimage') this.#first = { hunks, proof };
		return proof === 'postimage' || ++this.#hashed >= this.#proofs.affordable;
	}

	#way(aligned: AlignedHunk, lines: readonly AlignedLine[]): Way {
		const found = this.#ways.get(lines);
		if (found !== undefined) return found;
		const { truth, text } = this.#material;
		const fixed = lines.map((line) => (line.kind === '+' ? undefined : truth(line)));
		const next: (string | undefined)[] = [];
		let stays: string | undefined;
		for (let at = lines.length - 1; at >= 0; at--) {
			next[at] = stays;
			const line = fixed[at];
			if (line?.kind === ' ' && line.text !== '') stays = line.text;
		}
		const known = fixed.flatMap((line) => (line === undefined ? [] : [line.text]));
		const way: Way = {
			lines,
			fixed,
			next,
			before: text?.slice(Math.max(0, aligned.start - LOOK_BACK), aligned.start) ?? [],
			known: known.slice(0, MAX_KNOWN),
		};
		this.#ways.set(lines, way);
		return way;
	}
}

function added(line: AlignedLine & { kind: '+' }, text: string): HunkLine {
	return { kind: '+', text, ...(line.noNewline === true ? { noNewline: true } : {}) };
}

/** The lines of the post-image before the next one. */
function before(way: Way, built: readonly HunkLine[]): string[] {
	const near: string[] = [];
	for (let i = built.length - 1; i >= 0 && near.length < LOOK_BACK * 2; i--) {
		const line = built[i];
		if (line !== undefined && line.kind !== '-') near.push(line.text);
	}
	return [...way.before, ...near.reverse()];
}

/** The hunk with these lines, its header counted anew. */
function headed(
	hunk: Hunk,
	start: number,
	lines: HunkLine[],
	shift: number,
	section: string,
): Hunk {
	const { old, new: fresh } = countLines(lines);
	return {
		oldStart: old === 0 ? start : start + 1,
		oldCount: old,
		newStart: start + shift + (fresh === 0 ? 0 : 1),
		newCount: fresh,
		section,
		lines,
		at: hunk.at,
	};
}
