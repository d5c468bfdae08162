/**
 * Reads a git or plain unified diff into file patches. A hunk that does not keep the counts of its
 * header is read leniently and marks the diff as damaged; repair.ts decides what became of it.
 */
import { RangefinderError } from '../errors.ts';
import { HeaderProblem, readGitHeader, readPlainHeader, saysNothing } from './diff-header.ts';

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
const PLUS = 43;
const DASH = 45;
const AT = 64;
const SPACE = 32;
const BACKSLASH = 92;
const LETTER_D = 100;
/** A mail signature is no longer than this, in lines, and a list adds a footer of as many. */
const LONGEST_SIGNATURE = 8;

/** The path a patch is about: the new one, or the old one of a deletion. */
export function pathOf(file: FilePatch): string {
	return file.newPath ?? file.oldPath ?? '';
}

/** Says whether a diff of a file starts at `lines[index]`. */
export function isDiffStart(lines: readonly string[], index: number): boolean {
	const line = lines[index] ?? '';
	const first = line.charCodeAt(0);
	if (first === DASH) {
		return (
			line.startsWith('--- ') &&
			(lines[index + 1] ?? '').startsWith('+++ ') &&
			isHunkHeader(lines[index + 2] ?? '')
		);
	}
	return first === LETTER_D && /^diff --(git|cc|combined) \S/.test(line);
}

function isHunkHeader(line: string): boolean {
	return line.charCodeAt(0) === AT && HUNK.test(line);
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
		const dropped = new Set<string>();
		const lines = this.#lines;
		while (this.#index < lines.length) {
			const line = this.#line();
			const first = line.charCodeAt(0);
			if ((first === DASH || first === LETTER_D) && isDiffStart(lines, this.#index)) {
				if (/^diff --(cc|combined) /.test(line)) {
					throw this.#bad(this.#index, 'a combined diff of a merge; give one commit');
				}
				const read = first === DASH ? readPlainHeader : readGitHeader;
				const header = read(lines, this.#index, this.#where, dropped);
				if (header instanceof HeaderProblem) throw this.#bad(header.at, header.what);
				this.#index = header.next;
				this.#hunks(header.file);
				if (!saysNothing(header.file)) files.push(header.file);
			} else if (first === AT && HUNK.test(line)) {
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

	/** Reads as many lines as the header counts, as git apply does. */
	#strictBody(hunk: Hunk): void {
		const { lines: body } = hunk;
		const lines = this.#lines;
		let old = hunk.oldCount;
		let added = hunk.newCount;
		let index = this.#index;
		for (; index < lines.length; index++) {
			const line = lines[index] ?? '';
			const code = line.charCodeAt(0);
			if (code === BACKSLASH && line.charCodeAt(1) === SPACE) {
				const last = body.at(-1);
				if (last !== undefined) last.noNewline = true;
				continue;
			}
			if (old <= 0 && added <= 0) break;
			if (code === SPACE || line === '') {
				old--;
				added--;
				body.push({ kind: ' ', text: line.slice(1) });
			} else if (code === PLUS) {
				added--;
				body.push({ kind: '+', text: line.slice(1) });
			} else if (code === DASH) {
				if (isDiffStart(lines, index)) break;
				old--;
				body.push({ kind: '-', text: line.slice(1) });
			} else break;
		}
		this.#index = index;
		const whole = old === 0 && added === 0;
		if (!whole) this.#backToSignature(hunk);
		if (!whole || this.#surplus()) {
			this.failed = true;
			while (this.#index < lines.length && !this.#afterHunk()) this.#index++;
		} else if (this.#line().charCodeAt(0) === SPACE && !this.#afterHunk()) this.#readTail(hunk);
	}

	/** A hunk of broken lines keeps its counts and ends too early. */
	#readTail(hunk: Hunk): void {
		const tail: HunkLine[] = [];
		let ahead = this.#index;
		for (; ahead < this.#lines.length && !this.#afterHunk(ahead); ahead++) {
			tail.push({ kind: ' ', text: (this.#lines[ahead] ?? '').replace(/^ /, '') });
		}
		if (isHunkHeader(this.#lines[ahead] ?? '')) {
			this.failed = true;
			this.#index = ahead;
		} else hunk.tail = tail;
	}

	/** A hunk that wanted more lines took the signature of the mail for a removed line. */
	#backToSignature(hunk: Hunk): void {
		for (let back = 1; back <= LONGEST_SIGNATURE && back <= hunk.lines.length; back++) {
			const index = this.#index - back;
			if (!isSignature(this.#lines[index] ?? '')) continue;
			if (this.#lines.length - index > LONGEST_SIGNATURE + 1) return;
			hunk.lines.length -= back;
			this.#index = index;
			return;
		}
	}

	/** Whether lines of a hunk follow one that is full; `--` and longer is the mail's own. */
	#surplus(): boolean {
		const line = this.#line();
		const first = line.charCodeAt(0);
		return (first === PLUS || first === DASH) && line.charCodeAt(1) !== first && !this.#afterHunk();
	}

	#afterHunk(index = this.#index): boolean {
		const line = this.#lines[index] ?? '';
		return isHunkHeader(line) || isDiffStart(this.#lines, index) || isSignature(line);
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
