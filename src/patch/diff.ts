/**
 * Reads a git or plain unified diff into file patches. A hunk that does not keep the counts of its
 * header is read leniently and marks the diff as damaged; repair.ts decides what became of it.
 */
import { RangefinderError } from '../errors.ts';
import { gitNames, isControl, plainPrefix, unquote } from './paths.ts';

export interface HunkLine {
	kind: ' ' | '+' | '-';
	/** The line without its newline. */
	text: string;
	/** True when the file ends here without a newline. */
	noNewline?: boolean;
}

export interface Hunk {
	oldStart: number;
	oldCount: number;
	newStart: number;
	newCount: number;
	/** What follows the second `@@`: the enclosing function. */
	section: string;
	lines: HunkLine[];
	/** Line of the hunk header in the input, 1-based. */
	at: number;
	/** What follows it in the input and may be its own, when it is damaged; else text of the mail. */
	tail?: HunkLine[];
}

export interface FilePatch {
	/** Path before the patch; absent for a new file. */
	oldPath?: string;
	/** Path after the patch; absent for a deleted file. */
	newPath?: string;
	/** Blob ids of the index line, usually abbreviated. */
	preimage?: string;
	postimage?: string;
	oldMode?: string;
	newMode?: string;
	isNew: boolean;
	isDeleted: boolean;
	renameFrom?: string;
	copyFrom?: string;
	binary?: boolean;
	hunks: Hunk[];
}

export interface Patch {
	subject: string;
	/** `Name <mail>`; '' when nobody is named. */
	author: string;
	messageId?: string;
	/** The commit it was made from, when the input says. */
	commit?: string;
	/** The commit message without its subject, with trailers. */
	message: string;
	/** As written in the input. */
	date?: string;
	files: FilePatch[];
}

export interface ParsedDiff {
	files: FilePatch[];
	/** True when a hunk does not keep the counts of its header. */
	damaged: boolean;
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;
const LARGEST_LINE = 0x7fffffff;

/** The path a patch is about: the new one, or the old one of a deletion. */
export function pathOf(file: FilePatch): string {
	return file.newPath ?? file.oldPath ?? '';
}

/** Says whether a diff of a file starts at `lines[index]`. */
export function isDiffStart(lines: readonly string[], index: number): boolean {
	const line = lines[index] ?? '';
	if (/^diff --(git|cc|combined) \S/.test(line)) return true;
	return (
		line.startsWith('--- ') &&
		(lines[index + 1] ?? '').startsWith('+++ ') &&
		HUNK.test(lines[index + 2] ?? '')
	);
}

/** Old and new lines of a hunk as it stands, whatever its header says. */
export function countLines(lines: readonly HunkLine[]): { old: number; new: number } {
	let added = 0;
	let removed = 0;
	for (const line of lines) {
		if (line.kind === '+') added++;
		else if (line.kind === '-') removed++;
	}
	const context = lines.length - added - removed;
	return { old: context + removed, new: context + added };
}

/**
 * Parses every file patch in `lines`. `firstLine` is the number of `lines[0]` in the input and
 * `where` names the input, both for messages.
 * Throws `bad-patch` (hunks out of order, a combined diff, a hunk without a file) and `unsafe-path`.
 * A patch that was cut short is damaged; only its pre-image tells whether more than blank lines are missing.
 */
export function parseDiff(lines: readonly string[], where: string, firstLine = 1): ParsedDiff {
	const strict = new DiffReader(lines, where, firstLine, false);
	const files = strict.read();
	if (!strict.failed) return { files, damaged: false };
	return { files: new DiffReader(lines, where, firstLine, true).read(), damaged: true };
}

/** The failure that says that the patch ends within a hunk. */
export function cutShort(where: string, hunk: Hunk): RangefinderError {
	const has = countLines(hunk.lines);
	return new RangefinderError({
		code: 'bad-patch',
		where,
		line: hunk.at,
		what: `the patch is cut short: this hunk wants ${hunk.oldCount} old and ${hunk.newCount} new lines, and has ${has.old} and ${has.new}`,
	});
}

class DiffReader {
	readonly #lines: readonly string[];
	readonly #where: string;
	readonly #firstLine: number;
	readonly #lenient: boolean;
	/** True when a hunk did not keep its counts. */
	failed = false;
	#index = 0;

	constructor(lines: readonly string[], where: string, firstLine: number, lenient: boolean) {
		this.#lines = lines;
		this.#where = where;
		this.#firstLine = firstLine;
		this.#lenient = lenient;
	}

	read(): FilePatch[] {
		const files: FilePatch[] = [];
		while (this.#index < this.#lines.length) {
			if (isDiffStart(this.#lines, this.#index)) {
				const line = this.#line();
				if (/^diff --(cc|combined) /.test(line)) {
					throw this.#bad(this.#index, 'a combined diff of a merge; give one commit');
				}
				const file = line.startsWith('diff ') ? this.#gitHeader() : this.#plainHeader();
				this.#hunks(file);
				files.push(file);
			} else if (HUNK.test(this.#line())) {
				throw this.#bad(this.#index, 'a hunk that belongs to no file');
			} else {
				this.#index++;
			}
		}
		return files;
	}

	#line(ahead = 0): string {
		return this.#lines[this.#index + ahead] ?? '';
	}

	#bad(index: number, what: string): RangefinderError {
		return new RangefinderError({
			code: 'bad-patch',
			where: this.#where,
			line: this.#firstLine + index,
			what,
		});
	}

	#path(raw: string, strip: boolean): string | undefined {
		const named = unquote(raw.startsWith('"') ? raw : raw.replace(/\t.*$/, '').trimEnd());
		if (named === '/dev/null') return undefined;
		const path = strip ? named.replace(/^[abciow12]\//, '') : named;
		this.#checkPath(path);
		return path;
	}

	#checkPath(path: string): void {
		const parts = path.split('/');
		const control = [...path].some((char) => isControl(char.codePointAt(0) ?? 0));
		if (path === '' || path.startsWith('/') || parts.includes('..') || control) {
			throw new RangefinderError({
				code: 'unsafe-path',
				where: this.#where,
				path: JSON.stringify(path),
			});
		}
	}

	#gitHeader(): FilePatch {
		const start = this.#index;
		const file: FilePatch = { isNew: false, isDeleted: false, hunks: [] };
		const [oldName, newName] = gitNames(this.#line().slice('diff --git '.length));
		let oldPath = oldName === undefined ? undefined : this.#path(oldName, true);
		let newPath = newName === undefined ? undefined : this.#path(newName, true);
		this.#index++;
		for (; this.#index < this.#lines.length; this.#index++) {
			const line = this.#line();
			const value = line.slice(line.lastIndexOf(' ') + 1);
			if (line.startsWith('index ')) {
				const ids = /^index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?/.exec(line);
				if (ids === null) throw this.#bad(this.#index, 'an index line that names no two blobs');
				if (!/^0+$/.test(ids[1] ?? '')) file.preimage = ids[1] ?? '';
				if (!/^0+$/.test(ids[2] ?? '')) file.postimage = ids[2] ?? '';
				if (ids[3] !== undefined) {
					file.oldMode = ids[3];
					file.newMode = ids[3];
				}
			} else if (line.startsWith('old mode ')) file.oldMode = value;
			else if (line.startsWith('new mode ')) file.newMode = value;
			else if (line.startsWith('new file mode ')) {
				file.isNew = true;
				file.newMode = value;
			} else if (line.startsWith('deleted file mode ')) {
				file.isDeleted = true;
				file.oldMode = value;
			} else if (/^(rename|copy) from /.test(line)) {
				oldPath = this.#path(line.replace(/^\w+ from /, ''), false);
				if (oldPath !== undefined) {
					if (line.startsWith('rename')) file.renameFrom = oldPath;
					else file.copyFrom = oldPath;
				}
			} else if (/^(rename|copy) to /.test(line)) {
				newPath = this.#path(line.replace(/^\w+ to /, ''), false);
			} else if (/^(dis)?similarity index /.test(line)) {
			} else break;
		}
		if (/^(Binary files .* differ|GIT binary patch)$/.test(this.#line())) {
			file.binary = true;
			this.#index++;
		} else if (this.#line().startsWith('--- ') && this.#line(1).startsWith('+++ ')) {
			oldPath = this.#path(this.#line().slice(4), true);
			newPath = this.#path(this.#line(1).slice(4), true);
			file.isNew ||= oldPath === undefined;
			file.isDeleted ||= newPath === undefined;
			this.#index += 2;
		}
		if (oldPath === undefined && newPath === undefined) {
			throw this.#bad(start, 'a diff that names no file');
		}
		if (!file.isNew && oldPath !== undefined) file.oldPath = oldPath;
		if (!file.isDeleted && newPath !== undefined) file.newPath = newPath;
		return file;
	}

	#plainHeader(): FilePatch {
		const file: FilePatch = { isNew: false, isDeleted: false, hunks: [] };
		const strip = plainPrefix(this.#line().slice(4), this.#line(1).slice(4));
		const oldPath = this.#path(strip(this.#line().slice(4)), false);
		const newPath = this.#path(strip(this.#line(1).slice(4)), false);
		if (oldPath === undefined && newPath === undefined) {
			throw this.#bad(this.#index, 'a diff that names no file');
		}
		file.isNew = oldPath === undefined;
		file.isDeleted = newPath === undefined;
		if (oldPath !== undefined) file.oldPath = oldPath;
		if (newPath !== undefined) file.newPath = newPath;
		this.#index += 2;
		return file;
	}

	#hunks(file: FilePatch): void {
		let next = 0;
		for (;;) {
			const match = HUNK.exec(this.#line());
			if (match === null) return;
			const at = this.#index;
			const hunk: Hunk = {
				oldStart: Number(match[1]),
				oldCount: Number(match[2] ?? 1),
				newStart: Number(match[3]),
				newCount: Number(match[4] ?? 1),
				section: match[5] ?? '',
				lines: [],
				at: this.#firstLine + at,
			};
			const end = Math.max(hunk.oldStart + hunk.oldCount, hunk.newStart + hunk.newCount);
			if (!(end <= LARGEST_LINE)) throw this.#bad(at, 'a hunk header with impossible line numbers');
			// A hunk that removes nothing stands after its line.
			const first = hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart;
			if (first < next) {
				throw this.#bad(at, 'a hunk that overlaps the one before it, or comes before it');
			}
			next = first + hunk.oldCount;
			this.#index++;
			if (this.#lenient) this.#lenientBody(hunk);
			else this.#strictBody(hunk);
			file.hunks.push(hunk);
		}
	}

	#strictBody(hunk: Hunk): void {
		let old = hunk.oldCount;
		let added = hunk.newCount;
		for (; this.#index < this.#lines.length; this.#index++) {
			const line = this.#line();
			if (line.startsWith('\\ ')) {
				const last = hunk.lines.at(-1);
				if (last !== undefined) last.noNewline = true;
				continue;
			}
			if (old <= 0 && added <= 0) break;
			const kind = line === '' ? ' ' : line.charAt(0);
			if (kind !== ' ' && kind !== '+' && kind !== '-') break;
			if (isSignature(line) && this.#onlySignature()) break;
			if (isDiffStart(this.#lines, this.#index)) break;
			if (kind !== '+') old--;
			if (kind !== '-') added--;
			hunk.lines.push({ kind, text: line.slice(1) });
		}
		const surplus = /^[+-]/.test(this.#line()) && !this.#afterHunk();
		if (old !== 0 || added !== 0 || surplus) {
			this.failed = true;
			while (this.#index < this.#lines.length && !this.#afterHunk()) this.#index++;
			return;
		}
		// A hunk of broken lines keeps its counts and ends too early.
		if (!this.#line().startsWith(' ') || this.#afterHunk()) return;
		const tail: HunkLine[] = [];
		let ahead = this.#index;
		for (; ahead < this.#lines.length && !this.#afterHunk(ahead); ahead++) {
			tail.push({ kind: ' ', text: (this.#lines[ahead] ?? '').replace(/^ /, '') });
		}
		if (HUNK.test(this.#lines[ahead] ?? '')) {
			this.failed = true;
			this.#index = ahead;
		} else hunk.tail = tail;
	}

	/** Whether `-- ` is here the start of a mail signature and no removed line. */
	#onlySignature(): boolean {
		const rest = this.#lines.slice(this.#index + 1);
		return rest.length <= 8 && !rest.some((line) => /^(@@ -|diff --git )/.test(line));
	}

	#afterHunk(index = this.#index): boolean {
		const line = this.#lines[index] ?? '';
		return HUNK.test(line) || isDiffStart(this.#lines, index) || isSignature(line);
	}

	#lenientBody(hunk: Hunk): void {
		for (; this.#index < this.#lines.length && !this.#afterHunk(); this.#index++) {
			const line = this.#line();
			if (line.startsWith('\\ ')) {
				const last = hunk.lines.at(-1);
				if (last !== undefined) last.noNewline = true;
				continue;
			}
			const kind = line.charAt(0);
			if (kind === '+' || kind === '-') hunk.lines.push({ kind, text: line.slice(1) });
			else hunk.lines.push({ kind: ' ', text: line.replace(/^ /, '') });
		}
		// What follows a full hunk is text of the mail, if no line of it was broken.
		const tail: HunkLine[] = [];
		let { old } = countLines(hunk.lines);
		for (let last = hunk.lines.at(-1); last?.kind === ' '; last = hunk.lines.at(-1)) {
			if (last.text.trim() !== '' && old <= hunk.oldCount) break;
			hunk.lines.pop();
			tail.push(last);
			old--;
		}
		if (tail.length > 0) hunk.tail = tail.reverse();
	}
}

function isSignature(line: string): boolean {
	return line === '-- ' || line === '--';
}
