/**
 * Guesses the white space that an archive took from an added line of C, likeliest first: from a line
 * of the hunk that says the same, else by the kernel's style from the lines before it.
 */

export interface IndentContext {
	/** Lines of the post-image before this one, with their true white space. */
	before: readonly string[];
	/** Removed and context lines of the hunk, with their true white space. */
	known: readonly string[];
	/** The next line of the pre-image that stays. */
	next: string | undefined;
	/** True when the damage left one space where there was indentation, so that none means none. */
	collapsed: boolean;
}

/** Columns of a tab, in the kernel. */
export const TAB = 8;
const MAX_TABS = 5;
const CONTROL = /^(?:\} ?)?(?:if|else|for|while|do|switch|[a-z_]*for_each\w*)\b/;

/** The white space a line starts with. */
export function indentOf(line: string): string {
	return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** Guesses at the indentation of an added line that says `bare`, likeliest first, no two alike. */
export function indentGuesses(bare: string, context: IndentContext): string[] {
	const all = guesses(bare, context);
	return context.collapsed ? [...all.filter((one) => one !== ''), ''] : all;
}

function guesses(bare: string, context: IndentContext): string[] {
	const lines = context.before.filter((line) => line.trim() !== '');
	const last = lines.at(-1) ?? '';
	const ruled = byRule(bare, lines);
	const all = [...ruled, indentOf(last)];
	if (context.next !== undefined && context.next.trim() !== '') all.push(indentOf(context.next));
	all.push(`${indentOf(last)}\t`);
	for (const line of context.known) if (line.trim() !== '') all.push(indentOf(line));
	const space = bare.startsWith('*') ? ' ' : '';
	for (let tabs = 0; tabs <= MAX_TABS; tabs++) all.push('\t'.repeat(tabs) + space);
	return [...new Set(all)];
}

function byRule(bare: string, lines: readonly string[]): string[] {
	if (bare.startsWith('#') || /^(?!default)\w+:$/.test(bare)) return [''];
	const last = lines.at(-1);
	if (last === undefined) return [];
	const indent = indentOf(last);
	const said = last.trim();
	const closed = said.endsWith('*/');
	if (said.startsWith('/*') && !closed) return [`${indent} `];
	if (said.startsWith('*') && !closed) return [indent];
	if (said.startsWith('*') && closed) return [indent.replace(/ $/, '')];
	const start = statementStart(lines);
	const head = lines[start.line] ?? '';
	const base = indentOf(head);
	if (start.openColumn !== undefined) return continuation(start.openColumn, base);
	if (said.endsWith('{')) return bare.startsWith('}') ? [base] : [`${base}\t`];
	let level = base;
	if (/^(case\b.*|default):$/.test(said)) level = `${base}\t`;
	else if (isOpenControl(head, said)) level = `${base}\t`;
	else level = afterBodies(lines, start.line, base);
	if (bare.startsWith('}') || /^(case\b.*|default):/.test(bare)) {
		return [level.replace(/\t$/, ''), level];
	}
	return [level];
}

/** A control statement without braces, whose body is the next statement. */
function isOpenControl(head: string, end: string): boolean {
	return CONTROL.test(head.trim()) && !/[{;]$/.test(end);
}

/** The indentation after a statement that may be the body of controls without braces. */
function afterBodies(lines: readonly string[], statement: number, indent: string): string {
	let level = indent;
	let line = statement;
	while (line > 0) {
		const start = statementStart(lines.slice(0, line));
		const head = lines[start.line] ?? '';
		if (start.openColumn !== undefined || !isOpenControl(head, (lines[line - 1] ?? '').trim()))
			break;
		level = indentOf(head);
		line = start.line;
	}
	return level;
}

interface Statement {
	/** Where the statement of the last line starts. */
	line: number;
	/** Column after the innermost parenthesis that is still open. */
	openColumn?: number;
}

function statementStart(lines: readonly string[]): Statement {
	let depth = 0;
	let openColumn: number | undefined;
	for (let i = lines.length - 1; i >= 0; i--) {
		const line = lines[i] ?? '';
		for (let c = line.length - 1; c >= 0; c--) {
			if (line[c] === ')') depth++;
			else if (line[c] === '(') {
				depth--;
				if (depth < 0 && openColumn === undefined) openColumn = column(line, c) + 1;
			}
		}
		if (depth <= 0) return openColumn === undefined ? { line: i } : { line: i, openColumn };
	}
	return { line: 0 };
}

function column(line: string, index: number): number {
	let at = 0;
	for (const char of line.slice(0, index))
		at = char === '\t' ? (Math.floor(at / TAB) + 1) * TAB : at + 1;
	return at;
}

function continuation(open: number, base: string): string[] {
	const aligned = '\t'.repeat(Math.floor(open / TAB)) + ' '.repeat(open % TAB);
	return [aligned, `${base}\t`, `${base}\t\t`];
}
