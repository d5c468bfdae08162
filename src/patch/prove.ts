/** What is proved about a patch of one file: the id of its result, that of its base, or nothing. */
import { applyHunks, gitBlobId, gitBlobIdOf, type HashAlgorithm } from './apply.ts';
import type { FilePatch, Hunk } from './diff.ts';
import { splitLines } from './edits.ts';

/** What shows that a patch is what its author sent: the id of its result, that of its base, nothing. */
export type Proof = 'postimage' | 'preimage' | 'none';

/** Results that are hashed in search of the one that the index line names, and their bytes. */
const MAX_HASHED = 4096;
const MAX_HASHED_BYTES = 200_000_000;
/** One in so many: how likely an abbreviated id may be that of another result that was tried. */
const CHANCE = 65_536;

/** Tells what is proved about hunks. */
export class Proofs {
	readonly #file: FilePatch;
	readonly #text: string | undefined;
	readonly #lines: readonly string[];
	readonly #algorithm: HashAlgorithm;
	readonly #base: Proof;
	readonly #stretches = new Map<string, Uint8Array>();
	/** How many results can be hashed in reasonable time. */
	readonly affordable: number;

	/** `pre` is the file that is taken for the one the patch was made from; `id` its full blob id. */
	constructor(
		file: FilePatch,
		pre: { text?: string | undefined; id?: string | undefined },
		algorithm: HashAlgorithm,
	) {
		this.#file = file;
		this.#text = pre.text;
		this.#lines = pre.text === undefined ? [] : splitLines(pre.text);
		this.#algorithm = algorithm;
		const id = pre.text === undefined ? pre.id : gitBlobId(Buffer.from(pre.text), algorithm);
		this.#base =
			file.preimage !== undefined && id?.startsWith(file.preimage) === true ? 'preimage' : 'none';
		const size = Math.max(pre.text?.length ?? 0, 1);
		// Of many results one has a short id by chance.
		const safe = 16 ** (file.postimage?.length ?? 0) / CHANCE;
		this.affordable = this.canProve
			? Math.max(1, Math.min(MAX_HASHED, Math.ceil(MAX_HASHED_BYTES / size), Math.floor(safe)))
			: 1;
	}

	/** The result of another file than the patch was made from has another id, whatever is tried. */
	get canProve(): boolean {
		const fromNothing = this.#file.isNew && this.#text === '';
		const same = fromNothing || this.#base === 'preimage' || this.#file.preimage === undefined;
		return this.#text !== undefined && this.#file.postimage !== undefined && same;
	}

	/** For hunks as they came, wherever they apply. */
	of(hunks: readonly Hunk[]): Proof {
		if (this.#text === undefined) return this.#base;
		const result = applyHunks(this.#text, hunks);
		return result === undefined ? 'none' : this.#judge([Buffer.from(result)]);
	}

	/** For hunks whose old lines are those of the pre-image at their line; much faster. */
	ofAligned(hunks: readonly Hunk[]): Proof {
		if (!this.canProve && !this.#file.isDeleted) return this.#base;
		const parts: Uint8Array[] = [];
		let next = 0;
		for (const hunk of hunks) {
			const start = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
			if (next < start) parts.push(this.#stretch(next, start));
			next = Math.max(next, start);
			let text = '';
			for (const line of hunk.lines) {
				if (line.kind === '+') text += line.noNewline === true ? line.text : `${line.text}\n`;
				else if (line.kind === ' ') text += this.#lines[next++] ?? '';
				else next++;
			}
			parts.push(Buffer.from(text));
		}
		if (next < this.#lines.length) parts.push(this.#stretch(next, this.#lines.length));
		return this.#judge(parts);
	}

	/** Lines that every result has alike, as bytes: hundreds of results may be tried. */
	#stretch(from: number, to: number): Uint8Array {
		const key = `${from}-${to}`;
		const known = this.#stretches.get(key) ?? Buffer.from(this.#lines.slice(from, to).join(''));
		this.#stretches.set(key, known);
		return known;
	}

	#judge(parts: readonly Uint8Array[]): Proof {
		const { postimage, isDeleted } = this.#file;
		if (postimage === undefined) {
			// The index line of a deletion names nothing, and nothing is what has to be left.
			const gone = isDeleted && this.#base === 'preimage' && this.#text !== undefined;
			return gone && parts.every(({ length }) => length === 0) ? 'postimage' : this.#base;
		}
		return gitBlobIdOf(parts, this.#algorithm).startsWith(postimage) ? 'postimage' : this.#base;
	}
}
