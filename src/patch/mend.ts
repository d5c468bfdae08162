/**
 * Damage that has to be undone before a diff can be found at all: marks of quoting that an archive
 * wrote as entities, and `diff --git` lines that a mailer broke in two. Lines of hunks are left alone;
 * what became of them is decided by the file they were made from (see repair.ts).
 */

const QUOTED_DIFF = /^(?:&(?:gt|#62|#x3[eE]);[ \u00a0]?)+(?:diff --git |--- )/;
const ENTITY_MARKS = /^(?:&(?:gt|#62|#x3[eE]);[ \u00a0]?)+/;
const ENTITY_MARK = /&(?:gt|#62|#x3[eE]);/g;
/** `diff --git` with one name. */
const HALF = /^((?:> ?)*)diff --git ("(?:[^"\\]|\\.)+"|[^\s"]+)\s*$/;
const OTHER_HALF = /^\s*("b\/(?:[^"\\]|\\.)+"|b\/[^\s"]+)\s*$/;

/** The lines of a mail in which a diff may be found; the same array when there is nothing to mend. */
export function mendLines(lines: string[]): string[] {
	return joinHeaders(plainMarks(lines));
}

function plainMarks(lines: string[]): string[] {
	if (!lines.some((line) => line.startsWith('&') && QUOTED_DIFF.test(line))) return lines;
	return lines.map((line) =>
		line.startsWith('&')
			? line.replace(ENTITY_MARKS, (marks) =>
					marks.replace(ENTITY_MARK, '>').replaceAll('\u00a0', ' '),
				)
			: line,
	);
}

function joinHeaders(lines: string[]): string[] {
	let out: string[] | undefined;
	for (let i = 0; i < lines.length; i++) {
		const line = lines[i] ?? '';
		const half = line.includes('diff --git ') ? HALF.exec(line) : null;
		const mark = half?.[1] ?? '';
		const after = lines[i + 1] ?? '';
		const rest = after.startsWith(mark) ? after.slice(mark.length) : after;
		const other = half === null ? null : OTHER_HALF.exec(rest);
		if (other === null) {
			out?.push(line);
			continue;
		}
		out ??= lines.slice(0, i);
		out.push(`${mark}diff --git ${half?.[2] ?? ''} ${other[1] ?? ''}`);
		i++;
	}
	return out ?? lines;
}
