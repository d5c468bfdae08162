/**
 * The header of one file in a diff: git's, with its extended lines, or the two lines of a plain
 * unified diff. What they say of paths, modes and blobs; hunks are read in diff.ts.
 */
import type { FilePatch } from './diff.ts';
import {
	checkPath,
	gitNames,
	isEpoch,
	plainName,
	type Side,
	sideName,
	withoutPrefix,
} from './paths.ts';

/** A header as read; `next` is the first line after it. */
export interface ReadHeader {
	file: FilePatch;
	next: number;
}

/** Why a header cannot be read, and where: an index into the lines. */
export class HeaderProblem {
	readonly at: number;
	readonly what: string;

	constructor(at: number, what: string) {
		this.at = at;
		this.what = what;
	}
}

/** Each byte of a path may be written as four; no file system has longer paths than 4096. */
const LONGEST_LINE = 2 * 4 * 4096 + 100;

function tooLong(lines: readonly string[], at: number): HeaderProblem | undefined {
	if ((lines[at]?.length ?? 0) <= LONGEST_LINE) return undefined;
	return new HeaderProblem(at, 'a path longer than any that a tree can have');
}

/**
 * The two lines `---` and `+++` of a plain diff at `start`; `dropped` as in withoutPrefix.
 * @throws RangefinderError unsafe-path
 */
export function readPlainHeader(
	lines: readonly string[],
	start: number,
	where: string,
	dropped: Set<string>,
): ReadHeader | HeaderProblem {
	const long = tooLong(lines, start) ?? tooLong(lines, start + 1);
	if (long !== undefined) return long;
	const before = (lines[start] ?? '').slice(4);
	const after = (lines[start + 1] ?? '').slice(4);
	let [left, right] = withoutPrefix(plainName(before), plainName(after), dropped);
	if (left !== undefined && right !== undefined) {
		// One file, whatever was put after its name: x.c.orig and x.c, as git apply has it.
		const name = left.length < right.length && right.startsWith(left) ? left : right;
		left = isEpoch(before) ? undefined : name;
		right = isEpoch(after) ? undefined : name;
	}
	if (left === undefined && right === undefined) {
		return new HeaderProblem(start, 'a diff that names no file');
	}
	const file = fileOf(left, right, where);
	file.isNew = left === undefined;
	file.isDeleted = right === undefined;
	return { file, next: start + 2 };
}

function fileOf(left: Side, right: Side, where: string): FilePatch {
	const file: FilePatch = { isNew: false, isDeleted: false, hunks: [] };
	if (left !== undefined) {
		checkPath(left, where);
		file.oldPath = left;
	}
	if (right !== undefined) {
		if (right !== left) checkPath(right, where);
		file.newPath = right;
	}
	return file;
}

const INDEX = /^index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?\s*$/;
const NO_BLOB = /^0+$/;

/** A `diff --git` header at `start`. @throws RangefinderError unsafe-path */
export function readGitHeader(
	lines: readonly string[],
	start: number,
	where: string,
): ReadHeader | HeaderProblem {
	const long = tooLong(lines, start);
	if (long !== undefined) return long;
	const names = gitNames((lines[start] ?? '').slice('diff --git '.length));
	const [leftRaw, rightRaw] = names.map((name) =>
		name === undefined ? undefined : sideName(name),
	);
	const said: Partial<FilePatch> = {};
	let moved: [string | undefined, string | undefined] = [undefined, undefined];
	let next = start + 1;
	for (; next < lines.length; next++) {
		const line = lines[next] ?? '';
		const first = line.charCodeAt(0);
		// i(ndex) o(ld) n(ew) d(eleted, issimilarity) r(ename) c(opy) s(imilarity)
		if (first < 99 || first > 115) break;
		if (line.length > LONGEST_LINE) break;
		if (line.startsWith('index ')) {
			const ids = INDEX.exec(line);
			if (ids === null) return new HeaderProblem(next, 'an index line that names no two blobs');
			if (!NO_BLOB.test(ids[1] ?? '')) said.preimage = ids[1] ?? '';
			if (!NO_BLOB.test(ids[2] ?? '')) said.postimage = ids[2] ?? '';
			if (ids[3] !== undefined) {
				said.oldMode = ids[3];
				said.newMode = ids[3];
			}
		} else if (line.startsWith('old mode ')) said.oldMode = lastWord(line);
		else if (line.startsWith('new mode ')) said.newMode = lastWord(line);
		else if (line.startsWith('new file mode ')) {
			said.isNew = true;
			said.newMode = lastWord(line);
		} else if (line.startsWith('deleted file mode ')) {
			said.isDeleted = true;
			said.oldMode = lastWord(line);
		} else if (/^(rename|copy) (from|to|old|new) /.test(line)) {
			const name = sideName(line.replace(/^\w+ \w+ /, ''));
			const from = /^\w+ (from|old) /.test(line);
			moved = from ? [name, moved[1]] : [moved[0], name];
			if (from && name !== undefined) {
				if (line.startsWith('rename')) said.renameFrom = name;
				else said.copyFrom = name;
			}
		} else if (!/^(dis)?similarity index /.test(line)) break;
	}
	let [left, right] = withoutPrefix(leftRaw, rightRaw);
	const line = lines[next] ?? '';
	if (line.startsWith('--- ') && (lines[next + 1] ?? '').startsWith('+++ ')) {
		const over = tooLong(lines, next) ?? tooLong(lines, next + 1);
		if (over !== undefined) return over;
		const before = sideName(line.slice(4));
		const after = sideName((lines[next + 1] ?? '').slice(4));
		// A side that is /dev/null is named in the first line, which tells the prefix of the other.
		[left, right] = withoutPrefix(before ?? leftRaw, after ?? rightRaw);
		if (before === undefined) said.isNew = true;
		if (after === undefined) said.isDeleted = true;
		next += 2;
	} else if (isBinary(line)) {
		said.binary = true;
		next = afterBinary(lines, next);
	}
	left = moved[0] ?? left;
	right = moved[1] ?? right;
	if (left === undefined && right === undefined) {
		return new HeaderProblem(start, 'a diff that names no file');
	}
	const file = fileOf(
		said.isNew === true ? undefined : left,
		said.isDeleted === true ? undefined : right,
		where,
	);
	if (said.renameFrom !== undefined) checkPath(said.renameFrom, where);
	return { file: { ...file, ...said, hunks: [] }, next };
}

function lastWord(line: string): string {
	const bare = line.trimEnd();
	return bare.slice(bare.lastIndexOf(' ') + 1);
}

function isBinary(line: string): boolean {
	return (
		line === 'GIT binary patch' || (line.startsWith('Binary files ') && line.endsWith(' differ'))
	);
}

/** After a binary patch: its blocks `literal N` and `delta N`, each of lines up to a blank one. */
function afterBinary(lines: readonly string[], start: number): number {
	let next = start + 1;
	if (lines[start] !== 'GIT binary patch') return next;
	while (/^(literal|delta) \d+$/.test(lines[next] ?? '')) {
		next++;
		while (next < lines.length && lines[next] !== '') next++;
		next++;
	}
	return Math.min(next, lines.length);
}

/** Whether a header says anything at all: words of a mail can look like its first line. */
export function saysNothing(file: FilePatch): boolean {
	return (
		file.hunks.length === 0 &&
		!file.isNew &&
		!file.isDeleted &&
		file.binary !== true &&
		file.renameFrom === undefined &&
		file.copyFrom === undefined &&
		file.oldMode === file.newMode
	);
}
