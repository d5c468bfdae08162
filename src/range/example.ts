/**
 * The example that ships in the release index: a prepared patch as fingerprints and facts, without
 * its text.
 */
import type { FragmentFacts } from '../driver/extract.ts';
import type { HunkLine } from '../patch/diff.ts';
import { type FingerprintInterner, fingerprints } from '../patch/lines.ts';
import type { HunkIds } from '../patch/search.ts';
import type { PreparedFile, PreparedPatch } from './prepare.ts';

interface StoredHunk {
	range: [oldStart: number, oldCount: number, newStart: number, newCount: number];
	/** One of ` +-` a line. */
	kinds: string;
	loose: number[];
	shape: number[];
	facts: FragmentFacts | null;
}

/** A prepared patch as it is stored. */
export interface StoredPatch extends Omit<PreparedPatch, 'files' | 'text'> {
	files: (Omit<PreparedFile, 'hunks' | 'fragments'> & { hunks: StoredHunk[] })[];
}

/** Strips a prepared patch of its text. */
export async function storePatch(patch: PreparedPatch): Promise<StoredPatch> {
	const files: StoredPatch['files'] = [];
	for (const { hunks, fragments, ...file } of patch.files) {
		const facts = await fragments();
		files.push({ ...file, hunks: hunks.map((hunk, i) => storeHunk(hunk, facts[i] ?? null)) });
	}
	const { text: _text, ...rest } = patch;
	return { ...rest, files };
}

function storeHunk(hunk: HunkIds, facts: FragmentFacts | null): StoredHunk {
	const prints = hunk.lines.map(({ text, noNewline }) =>
		fingerprints(Buffer.from(noNewline === true && text !== '' ? text : `${text}\n`)),
	);
	return {
		range: [hunk.oldStart, hunk.oldCount, hunk.newStart, hunk.newCount],
		kinds: hunk.lines.map(({ kind }) => kind).join(''),
		loose: prints.map(({ loose }) => loose[0] ?? 0),
		shape: prints.map(({ shape }) => shape[0] ?? 0),
		facts,
	};
}

/** Makes a stored patch ready again, with ids of an interner. */
export function restorePatch(stored: StoredPatch, interner: FingerprintInterner): PreparedPatch {
	return {
		...stored,
		files: stored.files.map(({ hunks, ...file }) => ({
			...file,
			hunks: hunks.map((hunk) => restoreHunk(hunk, interner)),
			fragments: async () => hunks.flatMap(({ facts }) => facts ?? []),
		})),
	};
}

function restoreHunk(
	{ range, kinds, loose, shape }: StoredHunk,
	interner: FingerprintInterner,
): HunkIds {
	const [oldStart, oldCount, newStart, newCount] = range;
	const lines = interner.ofFingerprints({
		loose: Float64Array.from(loose),
		shape: Uint32Array.from(shape),
		finalNewline: true,
	});
	return {
		oldStart,
		oldCount,
		newStart,
		newCount,
		lines: [...kinds].map((kind): HunkLine => ({ kind: asKind(kind), text: '' })),
		exact: lines.exact,
		loose: lines.loose,
	};
}

function asKind(kind: string): HunkLine['kind'] {
	return kind === '+' || kind === '-' ? kind : ' ';
}
