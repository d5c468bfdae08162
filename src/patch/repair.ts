/**
 * Repairs a patch that a mailer or an archive damaged, from the file it was made from, and proves the
 * result: the repaired post-image has to have the id that the index line names.
 */
import { RangefinderError } from '../errors.ts';
import { type AlignedHunk, alignHunk, type OldLine } from './align.ts';
import type { HashAlgorithm } from './apply.ts';
import { countLines, type FilePatch, type Hunk, type HunkLine, pathOf } from './diff.ts';
import { splitLines } from './edits.ts';
import { evidenceOf } from './evidence.ts';
import type { Interner, Lines } from './lines.ts';
import { isMasked } from './masks.ts';
import { type Proof, Proofs } from './prove.ts';
import { rebuild } from './rebuild.ts';
import { Recovery } from './recover.ts';
import { gitApply, type HunkIds, internHunks } from './search.ts';
import { Sections } from './section.ts';

export type { Proof } from './prove.ts';

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
	/** What could not be brought back, one sentence each. */
	lost: string[];
}

export interface RepairOptions {
	/** Names the input, for messages. */
	where: string;
	algorithm?: HashAlgorithm;
}

/** Sentences about what is lost; more tell nobody more. */
const MAX_LOST = 8;
/** Lines copied in search of a patch that applies elsewhere than its headers say. */
const MAX_SEARCHED = 100_000_000;

/**
 * Repairs one file of a patch against its pre-image, and proves it; a patch that fits as it is stays
 * as it is unless a repair can be proved and it cannot.
 * @throws RangefinderError cannot-repair, when a hunk fits nowhere in the pre-image although its
 * counts are wrong; bad-patch, when the patch turns out to be cut short
 */
export function repairPatch(
	file: FilePatch,
	pre: PreImage,
	interner: Interner,
	options: RepairOptions,
): Repaired {
	const proofs = new Proofs(file, pre, options.algorithm ?? 'sha1');
	const clean = file.hunks.every(keepsCounts);
	if (clean) {
		const hunks = internHunks(interner, file.hunks);
		const proof = asItIs(file, hunks, pre, proofs);
		const asIs = { file, hunks, proof: proof ?? 'none', changed: false };
		// Added lines may be damaged where the context is not, and only the id can tell.
		if (proof === 'postimage' || (proof !== undefined && !proofs.canProve)) {
			return { ...asIs, lost: lostOf(file.hunks, proof) };
		}
		const repaired = repairedFrom(file, pre, interner, proofs, options.where);
		if (repaired !== undefined && (proof === undefined || repaired.proof === 'postimage')) {
			return repaired;
		}
		return { ...asIs, lost: lostOf(file.hunks, asIs.proof) };
	}
	const repaired = repairedFrom(file, pre, interner, proofs, options.where);
	if (repaired !== undefined) return repaired;
	throw new RangefinderError({
		code: 'cannot-repair',
		where: options.where,
		what: `the hunks on line ${file.hunks.map(({ at }) => at).join(', ')} are damaged, and their lines are not in ${pathOf(file)} as the patch knew it`,
	});
}

/** What is proved of a patch as it came; undefined when it does not apply. */
function asItIs(
	file: FilePatch,
	hunks: readonly HunkIds[],
	pre: PreImage,
	proofs: Proofs,
): Proof | undefined {
	const { exact } = pre.lines;
	if (hunks.every((hunk) => standsAt(hunk, exact))) return proofs.ofAligned(file.hunks);
	// Elsewhere than its header says: a search that copies the file for each hunk.
	if (hunks.length * exact.length > MAX_SEARCHED) return undefined;
	return gitApply(exact, hunks).found.includes(undefined) ? undefined : proofs.of(file.hunks);
}

/** Whether the old lines of a hunk are those of the file at the line that its header names. */
function standsAt(hunk: HunkIds, exact: Int32Array): boolean {
	let at = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
	if (at < 0) return false;
	for (const [i, line] of hunk.lines.entries()) {
		if (line.kind !== '+' && hunk.exact[i] !== exact[at++]) return false;
	}
	return true;
}

/** Whether a hunk has the lines that its header counts. */
export function keepsCounts(hunk: Hunk): boolean {
	const has = countLines(hunk.lines);
	return has.old === hunk.oldCount && has.new === hunk.newCount;
}

/** The repaired file; undefined when a hunk is not in the pre-image. */
function repairedFrom(
	file: FilePatch,
	pre: PreImage,
	interner: Interner,
	proofs: Proofs,
	where: string,
): Repaired | undefined {
	const text = pre.text === undefined ? undefined : splitLines(pre.text).map(chomp);
	const aligned: AlignedHunk[] = [];
	for (const hunk of file.hunks) {
		const one = alignHunk(hunk, { lines: pre.lines, text, interner, where });
		if (one === undefined) return undefined;
		aligned.push(one);
	}
	const recovery = new Recovery(pre.lines, interner);
	const memo = new Map<number, string>();
	const truth = (line: OldLine): string => {
		const known = text?.[line.pre];
		if (known !== undefined) return known;
		const found = memo.get(line.pre) ?? recovery.text(line);
		memo.set(line.pre, found);
		return found;
	};
	const last = pre.lines.finalNewline === false ? pre.lines.exact.length - 1 : -1;
	const sections = new Sections(text ?? []);
	const { hunks, proof } = rebuild(
		{
			hunks: file.hunks,
			aligned,
			text,
			evidence: evidenceOf(aligned, truth, text),
			truth: (line) => ({
				kind: line.kind,
				text: truth(line),
				...(line.pre === last ? { noNewline: true } : {}),
			}),
			section: (one) => sections.restored(one.section, one.start),
		},
		proofs,
	);
	const ids = internHunks(interner, hunks).map((one, i) => {
		const pinned = pinOld(one, aligned[i]?.start ?? 0, pre.lines);
		return proof === 'postimage' ? pinned : { ...pinned, approximate: true };
	});
	const lost = lostOf(hunks, proof);
	if (recovery.failed > 0) {
		lost.push(
			`the text of ${recovery.failed} context or removed lines is the mail's: of the file only fingerprints are known`,
		);
	}
	return { file: { ...file, hunks }, hunks: ids, proof, changed: true, lost };
}

function chomp(line: string): string {
	return line.endsWith('\n') ? line.slice(0, -1) : line;
}

/** What a result that is not proved may lack although it looks whole. */
function lostOf(hunks: readonly Hunk[], proof: Proof): string[] {
	if (proof === 'postimage') return [];
	const masked = hunks.flatMap(({ lines, at }) =>
		lines
			.filter(({ kind, text }) => kind === '+' && isMasked(text))
			.map(({ text }) => ({ text, at })),
	);
	return masked
		.slice(0, MAX_LOST)
		.map(
			({ text, at }) =>
				`the hunk on line ${at} adds a masked mail address, and what it stood for is gone: ${text.trim()}`,
		);
}

/** Gives context and removed lines the ids of the pre-image, whatever their text was recovered to. */
function pinOld(hunk: HunkIds, start: number, pre: Lines): HunkIds {
	let next = start;
	hunk.lines.forEach((line: HunkLine, i) => {
		if (line.kind === '+') return;
		hunk.exact[i] = pre.exact[next] ?? 0;
		hunk.loose[i] = pre.loose[next] ?? 0;
		next++;
	});
	return hunk;
}
