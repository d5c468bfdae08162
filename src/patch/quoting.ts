/**
 * Quoted patches: `> diff --git …` in a reply, at any depth and with or without spaces between the
 * marks. The lines at the depth of the diff are kept, what others wrote in between is dropped.
 */
import { isDiffStart } from './diff.ts';

const MARK = 62;
const SPACE = 32;

/** Deeper than any thread; a line of more marks is no quoting. */
const DEEPEST = 64;

export interface Unquoted {
	lines: string[];
	quoted: boolean;
}

/**
 * Takes the marks off a quoted diff; gives the lines as they are when one starts without marks.
 */
export function unquoteReply(lines: string[], diffAt: number): Unquoted {
	if (diffAt >= 0) return { lines, quoted: false };
	const tried = new Set<string>();
	for (const line of lines) {
		if (line.charCodeAt(0) !== MARK) continue;
		const { depth, rest } = marks(line);
		if (depth > DEEPEST || !(rest.startsWith('diff --git ') || rest.startsWith('--- '))) continue;
		// The last mark of a line has a space after it or has none, throughout a quotation.
		const spaced = line.charCodeAt(line.length - rest.length - 1) === SPACE;
		if (tried.has(`${depth} ${spaced}`)) continue;
		tried.add(`${depth} ${spaced}`);
		const kept: string[] = [];
		for (const one of lines) {
			const text = stripMarks(one, depth, spaced);
			if (text !== undefined) kept.push(text);
		}
		const starts = kept.some((_, index) => isDiffStart(kept, index));
		if (starts) return { lines: kept, quoted: true };
	}
	return { lines, quoted: false };
}

/** All the marks of a line, and what is after them and their spaces. */
function marks(line: string): { depth: number; rest: string } {
	let depth = 0;
	let at = 0;
	while (line.charCodeAt(at) === MARK) {
		depth++;
		at++;
		if (line.charCodeAt(at) === SPACE) at++;
	}
	return { depth, rest: line.slice(at) };
}

/** A line without `depth` marks; undefined when it has fewer. */
function stripMarks(line: string, depth: number, spaced: boolean): string | undefined {
	let at = 0;
	for (let i = 0; i < depth; i++) {
		if (i > 0 && line.charCodeAt(at) === SPACE) at++;
		if (line.charCodeAt(at) !== MARK) return undefined;
		at++;
	}
	if (spaced && line.charCodeAt(at) === SPACE) at++;
	return line.slice(at);
}
