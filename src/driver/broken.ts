/**
 * Texts that are not C, told before the parser recovers from them: what it tries then grows with the square of
 * the number of such places and worse, in time and memory (5,000 times `.a = a,` in a block are the end of its
 * stack, 2,000 times `.a = .a = ;` take eight seconds).
 */

/** Places that cannot be in C, in one text, beyond which it is not parsed; sources of the kernel have one or two. */
const MOST_BROKEN = 64;

/** An operator with nothing behind it, a member of nothing, and a number behind a name. */
const BROKEN =
	/[=|^%<?/!~]\s*[;)\],}]|[;=?:|^%<>!~+\-&*/]\s*\.(?=\s*[A-Za-z_])|\s(?=\d)(?<=\w\s+)(?<!\b(?:return|case|else|sizeof)\s+)/g;

/** Brackets, and members named where an initialiser names those it sets. */
const BRACKET_OR_MEMBER = /[()[\]{}]|\.(?=\s*[A-Za-z_])(?<=[{,(]\s*\.)/g;

/** True for a text in which too much is no C; strings, comments and directives are blanked in it. */
export function isBroken(code: string): boolean {
	let broken = 0;
	for (const _ of code.matchAll(BROKEN)) if (++broken > MOST_BROKEN) return true;
	const stray = strayMembers(code, MOST_BROKEN - broken);
	return stray > MOST_BROKEN - broken;
}

/** How many members are named outside of initialisers; counts no further than one beyond `most`. */
function strayMembers(code: string, most: number): number {
	/** Of each open bracket, whether members may be named in it. */
	const open: boolean[] = [];
	let stray = 0;
	for (const { 0: found, index } of code.matchAll(BRACKET_OR_MEMBER)) {
		if (found === '.') {
			// A text without brackets around it may come from within an initialiser.
			if (open.at(-1) === false && ++stray > most) return stray;
		} else if (found === '{') open.push(opensInitialiser(code, index, open.at(-1) ?? true));
		else if (found === '(' || found === '[') open.push(false);
		else open.pop();
	}
	return stray;
}

/** How far before a brace is looked for what it belongs to. */
const NEAR = 80;

/** Whether a brace opens an initialiser: one behind `=`, within another one, or behind the type of a literal. */
function opensInitialiser(code: string, brace: number, within: boolean): boolean {
	const before = code.slice(Math.max(0, brace - NEAR), brace).trimEnd();
	const last = before.at(-1);
	if (last === '=') return true;
	if (last === ',' || last === '{') return within;
	return (
		last === ')' && /[=,(&?:]\s*\((?:const\s+)?(?:struct|union)?\s*\w+[\s*\w[\]]*\)$/.test(before)
	);
}
