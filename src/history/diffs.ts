/** The diffs of commits, read in one stream from git: as signatures for comparing, or as patches. */
import { StringDecoder } from 'node:string_decoder';
import { failureOf, RangefinderError } from '../errors.ts';
import type { GitRunner } from '../git/process.ts';
import type { PartialClone } from '../git/store.ts';
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

/** The clone whose diffs are read. */
export interface DiffSource {
	readonly git: GitRunner;
	/** Of a partial clone: what is about to be read is fetched together. */
	readonly partial?: Pick<PartialClone, 'fetchChanges'> | undefined;
	/** Takes the ids of commits whose diffs cannot be read, objects being missing. */
	readonly unread?: Set<string>;
}

/** Who takes the diffs of commits. */
interface DiffTaker {
	start(commit: string): void;
	line(text: string): void;
	/** The diff that was started last is not whole, and nothing more comes of it. */
	drop(): void;
}

/** Commits whose objects may be missing before the rest is left out, too: a clone without blobs, say. */
const MOST_MISSING = 16;

/**
 * Hands on the diffs of commits (merges have none), line by line as latin1 text. A commit of which
 * objects are missing here has none either; of several read together, each is then tried alone.
 */
async function readDiffs(
	{ git, partial, unread }: DiffSource,
	commits: readonly string[],
	taker: DiffTaker,
): Promise<void> {
	let missing = 0;
	const read = async (some: readonly string[]): Promise<void> => {
		if (some.length === 0) return;
		if (missing >= MOST_MISSING) {
			for (const commit of some) unread?.add(commit);
			return;
		}
		try {
			await streamDiffs(git, some, taker);
		} catch (error) {
			taker.drop();
			if (failureOf(error)?.code !== 'object-missing') throw error;
			if (some.length === 1) {
				missing++;
				unread?.add(some[0] ?? '');
				return;
			}
			const half = some.length >> 1;
			await read(some.slice(0, half));
			await read(some.slice(half));
		}
	};
	try {
		await partial?.fetchChanges(commits);
	} catch (error) {
		// What cannot be had is met again below, commit by commit.
		if (failureOf(error)?.code !== 'object-missing') throw error;
	}
	await read(commits);
}

async function streamDiffs(
	git: GitRunner,
	commits: readonly string[],
	taker: DiffTaker,
): Promise<void> {
	const decoder = new StringDecoder('latin1');
	let rest = '';
	const line = (text: string): void => {
		if (COMMIT.test(text)) taker.start(text);
		else taker.line(text);
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
 * Signatures of commits by id; a merge, a commit that changes nothing and one whose objects are missing
 * here have none.
 * @throws RangefinderError git-failed
 */
export async function diffSignatures(
	source: DiffSource,
	commits: readonly string[],
): Promise<Map<string, DiffSignature>> {
	const found = new Map<string, DiffSignature>();
	let commit = '';
	let reader: DiffReader | undefined;
	const end = (): void => {
		const signature = reader?.done();
		if (signature !== undefined && signature.patchId !== '') found.set(commit, signature);
	};
	await readDiffs(source, commits, {
		start: (next) => {
			end();
			commit = next;
			reader = new DiffReader();
		},
		line: (line) => reader?.line(line),
		drop: () => {
			reader = undefined;
		},
	});
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
 * @throws RangefinderError git-failed
 */
export async function commitPatches(
	source: DiffSource,
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
	await readDiffs(source, commits, {
		start: (next) => {
			end();
			commit = next;
			lines = [];
			length = 0;
		},
		line: (line) => {
			length += line.length + 1;
			if (length <= LONGEST_DIFF) lines.push(line);
		},
		drop: () => {
			commit = '';
		},
	});
	end();
	return found;
}
