/** Hunks applied to the text they were made from, and the id git gives the result. */
import { createHash } from 'node:crypto';
import type { Hunk } from './diff.ts';
import { applyEdits, editsOf } from './edits.ts';
import { TextInterner } from './lines.ts';
import { gitApply, internHunks } from './search.ts';

/** How a repository names its objects. */
export type HashAlgorithm = 'sha1' | 'sha256';

/** The id of a blob with these bytes, in full. */
export function gitBlobId(bytes: Uint8Array, algorithm: HashAlgorithm = 'sha1'): string {
	return gitBlobIdOf([bytes], algorithm);
}

/** The same for bytes in parts. */
export function gitBlobIdOf(parts: readonly Uint8Array[], algorithm: HashAlgorithm): string {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	const hash = createHash(algorithm).update(`blob ${length}\0`);
	for (const part of parts) hash.update(part);
	return hash.digest('hex');
}

/** The text with the hunks applied as `git apply` would; undefined when one finds no place. */
export function applyHunks(text: string, hunks: readonly Hunk[]): string | undefined {
	const interner = new TextInterner();
	const target = interner.lines(text).exact;
	const { found } = gitApply(target, internHunks(interner, hunks));
	if (found.includes(undefined)) return undefined;
	return applyEdits(text, editsOf(hunks, found, target.length));
}
