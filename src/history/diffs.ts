/** The diffs of commits, read in one stream from git: as signatures for comparing, or as patches. */
import { StringDecoder } from 'node:string_decoder';
import { RangefinderError } from '../errors.ts';
import type { GitRunner } from '../git/process.ts';
import { type FilePatch, parseDiff } from '../patch/diff.ts';
import { DiffReader, type DiffSignature } from './patch-id.ts';

/** All that a configuration could change of a diff is said. */
const DIFF: readonly string[] = [
	'-c',
	'diff.suppressBlankEmpty=false',
	'diff-tree',
	'--stdin',
	'-r',
	'-p',
	'--root',
	'--no-renames',
	'--no-ext-diff',
	'--no-textconv',
	'--no-color',
	'--full-index',
	'--unified=3',
	'--inter-hunk-context=0',
	'--diff-algorithm=myers',
	'--src-prefix=a/',
	'--dst-prefix=b/',
	'--no-relative',
	'-O/dev/null',
];
const COMMIT = /^[0-9a-f]{40,64}$/;
/** Characters of a line that are looked at. */
const LONGEST_LINE = 1 << 16;
/** Characters of the diff of one commit that is read as a patch. */
const LONGEST_DIFF = 1 << 23;

/** Hands on the lines of the diffs of commits (merges have none), as latin1 text. */
async function readDiffs(
	git: GitRunner,
	commits: readonly string[],
	start: (commit: string) => void,
	take: (line: string) => void,
): Promise<void> {
	if (commits.length === 0) return;
	const decoder = new StringDecoder('latin1');
	let rest = '';
	const line = (text: string): void => {
		if (COMMIT.test(text)) start(text);
		else take(text);
	};
	await git.stream(
		DIFF,
		(chunk) => {
			const lines = decoder.write(chunk).split('\n');
			for (const [i, one] of lines.entries()) {
				// The end of a line that is too long is dropped: nobody wrote it.
				if (i === 0) rest += rest.length < LONGEST_LINE ? one : '';
				else {
					line(rest);
					rest = one;
				}
			}
			return undefined;
		},
		commits.map((oid) => `${oid}\n`).join(''),
	);
	if (rest !== '') line(rest);
}

/**
 * Signatures of commits by id; a merge, and a commit that changes nothing, has none.
 * @throws RangefinderError git-failed, object-missing
 */
export async function diffSignatures(
	git: GitRunner,
	commits: readonly string[],
): Promise<Map<string, DiffSignature>> {
	const found = new Map<string, DiffSignature>();
	let commit = '';
	let reader: DiffReader | undefined;
	const end = (): void => {
		const signature = reader?.done();
		if (signature !== undefined && signature.patchId !== '') found.set(commit, signature);
	};
	await readDiffs(
		git,
		commits,
		(next) => {
			end();
			commit = next;
			reader = new DiffReader();
		},
		(line) => reader?.line(line),
	);
	end();
	return found;
}

/** The signature of a diff that is at hand as text. */
export function signatureOf(diff: string): DiffSignature {
	const reader = new DiffReader();
	for (const line of Buffer.from(diff).toString('latin1').split('\n')) reader.line(line);
	return reader.done();
}

/**
 * The patches of commits by id; one that is too large or cannot be read is absent.
 * @throws RangefinderError git-failed, object-missing
 */
export async function commitPatches(
	git: GitRunner,
	commits: readonly string[],
): Promise<Map<string, FilePatch[]>> {
	const found = new Map<string, FilePatch[]>();
	let commit = '';
	let lines: string[] = [];
	let length = 0;
	const end = (): void => {
		if (commit === '' || length > LONGEST_DIFF) return;
		const text = Buffer.from(lines.join('\n'), 'latin1').toString();
		try {
			found.set(commit, parseDiff(text.split('\n'), commit).files);
		} catch (error) {
			// A path that no tree can have, say: nothing can be said of such a commit.
			if (!(error instanceof RangefinderError)) throw error;
		}
	};
	await readDiffs(
		git,
		commits,
		(next) => {
			end();
			commit = next;
			lines = [];
			length = 0;
		},
		(line) => {
			length += line.length + 1;
			if (length <= LONGEST_DIFF) lines.push(line);
		},
	);
	end();
	return found;
}
