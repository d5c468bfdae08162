/**
 * A patch made ready for the engine: repaired against the files it was made from, its lines as ids,
 * its hunks as facts. The example that ships with the index is one of these without text.
 */
import { isUtf8 } from 'node:buffer';
import type { ReleaseSource } from '../../cache/source.ts';
import type { Extractor, FragmentFacts } from '../driver/extract.ts';
import { RangefinderError } from '../errors.ts';
import {
	countLines,
	cutShort,
	type FilePatch,
	type Hunk,
	type HunkLine,
	type Patch,
	pathOf,
} from '../patch/diff.ts';
import type { Interner } from '../patch/lines.ts';
import type { ReadPatch } from '../patch/mail.ts';
import { printFile, printPatch } from '../patch/print.ts';
import { keepsCounts, type PreImage, type Proof, repairPatch } from '../patch/repair.ts';
import { type HunkIds, internHunks } from '../patch/search.ts';

export interface PreparedFile {
	/** Where the patch looks for the file in a release; the new path for a file it adds. */
	path: string;
	/** Where it puts the file, when it renames it; or a copy of it. */
	renamesTo?: string;
	/** True when it makes a copy, and the file stays as it is. */
	copies?: true;
	isNew: boolean;
	isDeleted: boolean;
	/** Full blob id where it is known, else what the index line says; null without one. */
	preimage: string | null;
	postimage: string | null;
	hunks: HunkIds[];
	/** Names that its added lines call or invoke. */
	uses: string[];
	/** Facts of the new side of each hunk, in order of `hunks`; read when first asked for. */
	fragments(): Promise<FragmentFacts[]>;
}

export interface PreparedPatch {
	subject: string;
	author: string;
	messageId: string | null;
	commit: string | null;
	repaired: boolean;
	proof: Proof;
	files: PreparedFile[];
	/** Where it was read as text: its message without the subject, and its diff when asked for. */
	text?: {
		message: string;
		diff(): string;
		/** The patch as a mail for git am, with another message. */
		mail(message: string): string;
	};
}

export interface PrepareContext {
	source: Pick<ReleaseSource, 'expandBlob' | 'lines' | 'text'>;
	interner: Interner;
	/** Loads the parser. */
	extractor(): Promise<Extractor>;
	/** Names the input, for messages. */
	where: string;
}

/** A patch whose files were repaired against their pre-images, as far as these are known. */
export interface RepairedPatch {
	patch: Patch;
	files: { file: FilePatch; hunks: HunkIds[]; preimage: string | null }[];
	repaired: boolean;
	/** The weakest proof of its files. */
	proof: Proof;
	/** What could not be brought back, one sentence each. */
	lost: string[];
}

/**
 * Repairs and proves a patch.
 * @throws RangefinderError cannot-repair, when it is damaged and its pre-image is not known here
 */
export async function repair(read: ReadPatch, context: PrepareContext): Promise<RepairedPatch> {
	const { source, interner, where } = context;
	const files: RepairedPatch['files'] = [];
	let repaired = read.mended === true;
	const proofs: Proof[] = [];
	const lost: string[] = [];
	for (const file of read.files) {
		const id = file.preimage === undefined ? undefined : await fullId(source, file.preimage);
		const pre = file.isNew
			? { lines: interner.lines(''), text: '' }
			: id === undefined
				? undefined
				: await preImage(source, id);
		if (pre === undefined) {
			if (read.damaged) {
				const short = cutShortAt(read.files);
				if (short !== undefined) throw cutShort(where, short);
				const named = file.preimage ?? 'it has no index line';
				throw new RangefinderError({
					code: 'cannot-repair',
					where,
					what: `the patch of ${pathOf(file)} is damaged and the file it was made from is not known here (${named})`,
				});
			}
			files.push({
				file,
				hunks: internHunks(interner, file.hunks),
				preimage: file.preimage ?? null,
			});
			proofs.push('none');
			continue;
		}
		const result = repairPatch(file, pre, interner, { where });
		repaired ||= result.changed;
		proofs.push(result.proof);
		lost.push(...result.lost);
		files.push({ file: result.file, hunks: result.hunks, preimage: id ?? file.preimage ?? null });
	}
	const order: Proof[] = ['none', 'preimage', 'postimage'];
	const proof = order.find((one) => proofs.includes(one)) ?? 'none';
	return { patch: { ...read, files: files.map(({ file }) => file) }, files, repaired, proof, lost };
}

/** The last hunk, when lines are missing there and nowhere else. */
function cutShortAt(files: readonly FilePatch[]): Hunk | undefined {
	const broken = files.flatMap(({ hunks }) => hunks).filter((hunk) => !keepsCounts(hunk));
	const last = files.at(-1)?.hunks.at(-1);
	if (last === undefined || broken.length !== 1 || broken[0] !== last) return undefined;
	const has = countLines(last.lines);
	return has.old + has.new < last.oldCount + last.newCount ? last : undefined;
}

async function fullId(
	source: PrepareContext['source'],
	abbreviation: string,
): Promise<string | undefined> {
	// A new file has no pre-image; git writes zeros.
	return /^0+$/.test(abbreviation) ? undefined : source.expandBlob(abbreviation);
}

async function preImage(
	source: PrepareContext['source'],
	id: string,
): Promise<PreImage | undefined> {
	const lines = (await source.lines([id])).get(id);
	if (lines === undefined) return undefined;
	const bytes = (await source.text([id])).get(id);
	// Text that is not UTF-8 would come out as other bytes; its fingerprints are those of its bytes.
	return bytes === undefined || !isUtf8(bytes)
		? { lines, id }
		: { lines, id, text: Buffer.from(bytes).toString() };
}

/** Repairs a patch and makes it ready. */
export async function prepare(read: ReadPatch, context: PrepareContext): Promise<PreparedPatch> {
	const { patch, files, repaired, proof } = await repair(read, context);
	return {
		subject: patch.subject,
		author: patch.author,
		messageId: patch.messageId ?? null,
		commit: patch.commit ?? null,
		repaired,
		proof,
		text: {
			message: patch.message,
			diff: () => patch.files.map(printFile).join(''),
			mail: (message) => printPatch({ ...patch, message }),
		},
		files: files.map(({ file, hunks, preimage }) => ({
			path: file.oldPath ?? file.newPath ?? '',
			...((file.renameFrom ?? file.copyFrom) !== undefined && file.newPath !== undefined
				? { renamesTo: file.newPath }
				: {}),
			...(file.copyFrom === undefined ? {} : { copies: true as const }),
			isNew: file.isNew,
			isDeleted: file.isDeleted,
			preimage,
			postimage: file.postimage ?? null,
			hunks,
			uses: usedNames(hunks),
			fragments: lazyFragments(file, hunks, context),
		})),
	};
}

function lazyFragments(
	file: FilePatch,
	hunks: readonly HunkIds[],
	{ extractor }: PrepareContext,
): () => Promise<FragmentFacts[]> {
	let fragments: Promise<FragmentFacts[]> | undefined;
	return () => {
		fragments ??= /\.[ch]$/.test(pathOf(file))
			? extractor().then((one) => hunks.map((hunk) => one.extractFragment(newSide(hunk.lines))))
			: Promise.resolve([]);
		return fragments;
	};
}

/** Names that added lines call or invoke: an identifier before a parenthesis. */
function usedNames(hunks: readonly HunkIds[]): string[] {
	const names = new Set<string>();
	for (const { lines } of hunks) {
		for (const { kind, text } of lines) {
			if (kind !== '+') continue;
			for (const [, name = ''] of text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)) names.add(name);
		}
	}
	return [...names].sort();
}

function newSide(lines: readonly HunkLine[]): string[] {
	return lines.filter(({ kind }) => kind !== '-').map(({ text }) => text);
}
