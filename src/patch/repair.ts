/**
 * Repairs a patch whose white space an archive ate, from the file it was made from, and proves the
 * result: the repaired post-image has to have the id that the index line names.
 */
import { RangefinderError } from '../errors.ts';
import { type AlignedHunk, type AlignedLine, alignHunk } from './align.ts';
import { applyHunks, gitBlobId, type HashAlgorithm } from './apply.ts';
import { countLines, type FilePatch, type Hunk, type HunkLine, pathOf } from './diff.ts';
import { splitLines } from './edits.ts';
import { indentCandidates } from './indent.ts';
import type { Interner, Lines } from './lines.ts';
import { gitApply, type HunkIds, internHunks } from './search.ts';

/** What shows that a patch is what its author sent: the id of its result, that of its base, nothing. */
export type Proof = 'postimage' | 'preimage' | 'none';

/** The file that a patch was made from. */
export interface PreImage {
	lines: Lines;
	/** Absent when only fingerprints are known. */
	text?: string;
	/** Its full blob id; not needed with text. */
	id?: string;
}

export interface Repaired {
	file: FilePatch;
	/** Ids of the repaired hunks, to place them with. */
	hunks: HunkIds[];
	proof: Proof;
	/** True when something had to be repaired. */
	changed: boolean;
}

export interface RepairOptions {
	/** Names the input, for messages. */
	where: string;
	algorithm?: HashAlgorithm;
}

/** Candidates whose hash is taken, and steps to build them; more is not worth the wait. */
const MAX_CANDIDATES = 4096;
const MAX_STEPS = 60_000;
const MAX_HASHED_BYTES = 200_000_000;
const MAX_PENALTY = 24;
const MAX_ADDED = 3000;
/** Lines before a hunk that say how deep the code is. */
const LOOK_BACK = 20;

/**
 * Repairs one file of a patch against its pre-image, and proves it; a patch that fits as it is stays
 * as it is. Throws `cannot-repair` when a hunk fits nowhere in the pre-image although its counts are
 * wrong, and `bad-patch` when the patch turns out to be cut short.
 */
export function repairPatch(
	file: FilePatch,
	pre: PreImage,
	interner: Interner,
	options: RepairOptions,
): Repaired {
	const known = new Proofs(file, pre, options.algorithm ?? 'sha1');
	const clean = file.hunks.every((hunk) => {
		const has = countLines(hunk.lines);
		return has.old === hunk.oldCount && has.new === hunk.newCount;
	});
	if (clean) {
		const hunks = internHunks(interner, file.hunks);
		if (!gitApply(pre.lines.exact, hunks).found.includes(undefined)) {
			return { file, hunks, proof: known.of(file.hunks), changed: false };
		}
	}
	const text = pre.text === undefined ? undefined : splitLines(pre.text).map(chomp);
	const source = { lines: pre.lines, text, interner, where: options.where };
	const aligned: AlignedHunk[] = [];
	for (const hunk of file.hunks) {
		const one = alignHunk(hunk, source);
		if (one === undefined) {
			if (clean) {
				return { file, hunks: internHunks(interner, file.hunks), proof: 'none', changed: false };
			}
			throw new RangefinderError({
				code: 'cannot-repair',
				where: options.where,
				what: `the hunk on line ${hunk.at} is damaged, and its lines are not in ${pathOf(file)} as the patch knew it`,
			});
		}
		aligned.push(one);
	}
	const truth = (line: AlignedLine): string =>
		line.kind === '+' ? line.text : (text?.[line.pre] ?? recover(line, pre.lines, interner));
	const builder = new Builder(file, aligned, truth, text);
	const { hunks, proof } = builder.search(known);
	const repaired: FilePatch = { ...file, hunks };
	const ids = internHunks(interner, hunks).map((one, i) => {
		const pinned = pinOld(one, aligned[i]?.start ?? 0, pre.lines);
		return proof === 'postimage' ? pinned : { ...pinned, approximate: true };
	});
	return { file: repaired, hunks: ids, proof, changed: true };
}

function chomp(line: string): string {
	return line.endsWith('\n') ? line.slice(0, -1) : line;
}

/** Gives context and removed lines the ids of the pre-image, whatever their text was recovered to. */
function pinOld(hunk: HunkIds, start: number, pre: Lines): HunkIds {
	let next = start;
	hunk.lines.forEach((line, i) => {
		if (line.kind === '+') return;
		hunk.exact[i] = pre.exact[next] ?? 0;
		hunk.loose[i] = pre.loose[next] ?? 0;
		next++;
	});
	return hunk;
}

/** The text of a pre-image line of which only the fingerprint is known: the mail's, re-indented. */
function recover(
	line: Exclude<AlignedLine, { kind: '+' }>,
	pre: Lines,
	interner: Interner,
): string {
	const bare = line.text.trim();
	const wanted = pre.exact[line.pre];
	for (const inner of new Set([bare, bare.replace(/\s+/, '\t'), bare.replace(/\s+/g, '\t')])) {
		for (let tabs = 0; tabs <= 8; tabs++) {
			for (let spaces = 0; spaces < 8; spaces++) {
				const candidate = '\t'.repeat(tabs) + ' '.repeat(spaces) + inner;
				if (interner.line(candidate).exact === wanted) return candidate;
			}
		}
	}
	return line.text;
}

/** Tells what is proved about hunks. */
class Proofs {
	readonly #file: FilePatch;
	readonly #text: string | undefined;
	readonly #lines: readonly string[];
	readonly #algorithm: HashAlgorithm;
	readonly #base: Proof;
	/** How many results can be hashed in reasonable time. */
	readonly affordable: number;

	constructor(file: FilePatch, pre: PreImage, algorithm: HashAlgorithm) {
		this.#file = file;
		this.#text = pre.text;
		this.#lines = pre.text === undefined ? [] : splitLines(pre.text);
		this.#algorithm = algorithm;
		const id = pre.text === undefined ? pre.id : gitBlobId(Buffer.from(pre.text), algorithm);
		this.#base =
			file.preimage !== undefined && id?.startsWith(file.preimage) === true ? 'preimage' : 'none';
		const size = Math.max(pre.text?.length ?? 0, 1);
		this.affordable = this.#canHash
			? Math.min(MAX_CANDIDATES, Math.ceil(MAX_HASHED_BYTES / size))
			: 1;
	}

	/** The result of another file than the patch was made from has another id, whatever is tried. */
	get #canHash(): boolean {
		const other = this.#file.preimage !== undefined && this.#base === 'none';
		return this.#text !== undefined && this.#file.postimage !== undefined && !other;
	}

	/** For hunks as they came, wherever they apply. */
	of(hunks: readonly Hunk[]): Proof {
		return this.#judge(this.#text === undefined ? undefined : applyHunks(this.#text, hunks));
	}

	/** For hunks whose old lines are those of the pre-image at their line; much faster. */
	ofAligned(hunks: readonly Hunk[]): Proof {
		if (!this.#canHash) return this.#base;
		const out: string[] = [];
		let next = 0;
		for (const hunk of hunks) {
			const start = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
			while (next < start) out.push(this.#lines[next++] ?? '');
			for (const line of hunk.lines) {
				if (line.kind === '+') out.push(line.noNewline === true ? line.text : `${line.text}\n`);
				else if (line.kind === ' ') out.push(this.#lines[next++] ?? '');
				else next++;
			}
		}
		while (next < this.#lines.length) out.push(this.#lines[next++] ?? '');
		return this.#judge(out.join(''));
	}

	#judge(result: string | undefined): Proof {
		const { postimage } = this.#file;
		if (result === undefined || postimage === undefined) return this.#base;
		const id = gitBlobId(Buffer.from(result), this.#algorithm);
		return id.startsWith(postimage) ? 'postimage' : this.#base;
	}
}

/** Builds repaired hunks in order of likelihood until one is proved. */
class Builder {
	readonly #file: FilePatch;
	readonly #aligned: readonly AlignedHunk[];
	readonly #truth: (line: AlignedLine) => string;
	readonly #text: readonly string[] | undefined;
	/** True when indentation of the patch itself survived, at least as one space. */
	readonly #collapsed: boolean;
	/** True when the white space of removed lines survived, so that of added lines did, too. */
	readonly #intact: boolean;
	#steps = 0;
	#hashed = 0;

	constructor(
		file: FilePatch,
		aligned: readonly AlignedHunk[],
		truth: (line: AlignedLine) => string,
		text: readonly string[] | undefined,
	) {
		this.#file = file;
		this.#aligned = aligned;
		this.#text = text;
		const memo = new Map<AlignedLine, string>();
		this.#truth = (line) => {
			const found = memo.get(line) ?? truth(line);
			memo.set(line, found);
			return found;
		};
		const lines = aligned.flatMap((hunk) => hunk.ways[0] ?? []);
		this.#collapsed = lines.some((line) => line.kind !== ' ' && /^[ \t]+\S/.test(line.text));
		const removed = lines.filter((line) => line.kind === '-');
		this.#intact =
			removed.some((line) => /^\s/.test(line.text)) &&
			removed.every((line) => this.#truth(line) === line.text);
	}

	search(known: Proofs): { hunks: Hunk[]; proof: Proof } {
		const added = this.#aligned.flatMap((hunk) =>
			(hunk.ways[0] ?? []).filter((l) => l.kind === '+'),
		);
		const limit = added.length > MAX_ADDED ? 0 : MAX_PENALTY;
		let first: { hunks: Hunk[]; proof: Proof } | undefined;
		for (let penalty = 0; penalty <= limit; penalty++) {
			const done = this.#hunk(0, penalty, [], (hunks) => {
				const proof = known.ofAligned(hunks);
				first ??= { hunks, proof };
				if (proof === 'postimage') first = { hunks, proof };
				return proof === 'postimage' || ++this.#hashed >= known.affordable;
			});
			if (done) break;
		}
		return first ?? { hunks: this.#file.hunks, proof: 'none' };
	}

	/** Tries the ways of hunk `index` and on, with choices whose ranks sum up to `penalty`. */
	#hunk(
		index: number,
		penalty: number,
		done: readonly Hunk[],
		accept: (hunks: Hunk[]) => boolean,
	): boolean {
		const aligned = this.#aligned[index];
		const hunk = this.#file.hunks[index];
		if (aligned === undefined || hunk === undefined) return penalty === 0 && accept([...done]);
		return aligned.ways.some((way, rank) => {
			if (rank > penalty) return false;
			const before = this.#text?.slice(Math.max(0, aligned.start - LOOK_BACK), aligned.start) ?? [];
			const known = way.filter((line) => line.kind !== '+').map(this.#truth);
			return this.#line({ way, before, known }, 0, penalty - rank, [], (lines, left) =>
				this.#hunk(index + 1, left, [...done, rebuilt(hunk, aligned.start, lines, done)], accept),
			);
		});
	}

	#line(
		context: { way: readonly AlignedLine[]; before: readonly string[]; known: readonly string[] },
		from: number,
		penalty: number,
		built: readonly HunkLine[],
		accept: (lines: HunkLine[], left: number) => boolean,
	): boolean {
		const { way } = context;
		const lines = [...built];
		let index = from;
		for (; index < way.length; index++) {
			const line = way[index];
			if (line === undefined || line.kind === '+') break;
			lines.push({ kind: line.kind, text: this.#truth(line) });
		}
		const line = way[index];
		if (line?.kind !== '+') return accept(lines, penalty);
		const candidates = this.#intact
			? [line.text]
			: indentCandidates(line.text, {
					before: [...context.before, ...lines.filter((l) => l.kind !== '-').map((l) => l.text)],
					known: context.known,
					next: this.#nextOld(way, index),
					collapsed: this.#collapsed,
				});
		for (const [rank, text] of candidates.entries()) {
			if (rank > penalty) break;
			if (++this.#steps > MAX_STEPS) return true;
			const end = line.noNewline === true ? { noNewline: true } : {};
			const next: HunkLine = { kind: '+', text, ...end };
			if (this.#line(context, index + 1, penalty - rank, [...lines, next], accept)) return true;
		}
		return false;
	}

	#nextOld(way: readonly AlignedLine[], index: number): string | undefined {
		const next = way.find((line, i) => i > index && line.kind === ' ' && line.text !== '');
		return next === undefined ? undefined : this.#truth(next);
	}
}

/** The hunk with these lines, its header counted anew. */
function rebuilt(hunk: Hunk, start: number, lines: HunkLine[], done: readonly Hunk[]): Hunk {
	const { old, new: added } = countLines(lines);
	const shift = done.reduce((sum, one) => sum + one.newCount - one.oldCount, 0);
	const oldStart = old === 0 ? start : start + 1;
	const newStart = start + shift + (added === 0 ? 0 : 1);
	return { ...hunk, oldStart, oldCount: old, newStart, newCount: added, lines };
}
