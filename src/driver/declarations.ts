/**
 * Where the declarations before a function may be cut from it: behind a blank line that ends a struct, a prototype,
 * a block of includes or a comment at the margin. They change by themselves, and what they say hangs on nothing
 * behind them, nor does what is behind them hang on them.
 */
import type { FlagSet } from './flags.ts';
import type { FileScope } from './scan.ts';
import type { Source } from './source.ts';

/** Characters that declarations have at least: each piece of a file is put together again for each version. */
const SHORTEST = 400;

/** A line at the margin that may end an item, and a blank one behind it. */
const LAST_LINE = /\n(?:\};|[A-Za-z_][^\n]*;| \*\/|#[^\n]*[^\\\n])\n\n/g;

/** What begins a function's body: no declarations go on behind it. */
const BODY = '\n{\n';

/** How far the declarations go that begin at an offset, where a function ends at another one. */
export function declarationsLimit(text: string, from: number, end: number): number {
	const body = text.slice(from, end).indexOf(BODY);
	return body === -1 ? end : from + body;
}

/**
 * Where declarations that begin at an offset may end, the first such place behind so many characters; undefined
 * where there is none before the limit.
 */
export function declarationsEnd(
	text: string,
	from: number,
	limit: number,
	least = SHORTEST,
): number | undefined {
	LAST_LINE.lastIndex = 0;
	if (!LAST_LINE.test(text.slice(from + least, limit))) return undefined;
	const end = from + least + LAST_LINE.lastIndex;
	return end === limit ? undefined : end;
}

/**
 * Whether a text says by itself what it says before others, and others say the same behind it: nothing in it goes on
 * behind it, all conditionals and brackets are in pairs, and nothing looks like a function or sets a flag, since
 * flags.ts goes by the function before.
 */
export function areDeclarations(
	{ text, code, odd, unclosed, directives }: Source,
	scope: FileScope,
	sets: readonly FlagSet[],
): boolean {
	if (scope.cut || odd > 0 || unclosed > 0 || sets.length > 0 || /\)\s*\{/.test(code)) return false;
	// Whether a macro without semicolon ends is told by what is behind it.
	if (!/^$|[;}]$/.test(code.trimEnd())) return false;
	const comment = text.lastIndexOf('/*');
	if (comment !== -1 && text.indexOf('*/', comment + 2) === -1) return false;
	let depth = 0;
	for (const { name } of directives) {
		if (name.startsWith('if')) depth++;
		else if (name === 'endif' && --depth < 0) return false;
	}
	return depth === 0;
}
