/**
 * Texts that are not C, told before the parser recovers from them: what it tries then grows with the square of
 * the number of such places and worse, in time and memory (5,000 times `.a = a,` in a block are the end of its
 * stack, 2,000 times `.a = .a = ;` take eight seconds).
 */

/** Places that cannot be in C, in one text, beyond which it is not parsed; sources of the kernel have one or two. */
export const MOST_BROKEN = 64;

/**
 * An operator with nothing behind it, a member of nothing, a number behind a name, statements where none can be, and
 * what nobody writes: four operators of one operand.
 */
const BROKEN = new RegExp(
	[
		String.raw`[=|^%<?/!~]\s*[;)\],}]`,
		String.raw`[;=?:|^%<>!~+\-&*/]\s*\.(?=\s*[A-Za-z_])`,
		String.raw`(?:[*&!~]\s*){4}`,
		String.raw`\s(?=\d)(?<=\w\s+)(?<!\b(?:return|case|else|sizeof)\s+)`,
		String.raw`\b(?:do\s+do|(?:if|while|for|switch|return|case|goto)\s+(?:do|if|else|while|for|switch|return|case|goto))\b`,
	].join('|'),
	'g',
);

/** Brackets, and members named where an initialiser names those it sets. */
const BRACKET_OR_MEMBER = /[()[\]{}]|\.(?=\s*[A-Za-z_])(?<=[{,(]\s*\.)/g;

/** Brackets within each other, beyond which a text is none of the kernel's: the parser's time grows with their square. */
const DEEPEST = 256;

/** True for a text in which too much is no C; strings, comments and directives are blanked in it. */
export function isBroken(code: string): boolean {
	return brokenPlaces(code) > MOST_BROKEN;
}

/** How many places of a text cannot be in C, those beyond {@link MOST_BROKEN} not counted; infinite where brackets are nested too deep. */
export function brokenPlaces(code: string): number {
	let broken = 0;
	BROKEN.lastIndex = 0;
	while (BROKEN.test(code)) if (++broken > MOST_BROKEN) return broken;
	/** Of each open bracket, whether members may be named in it. */
	const open: boolean[] = [];
	for (const { 0: found, index } of code.matchAll(BRACKET_OR_MEMBER)) {
		if (found === '.') {
			// A text without brackets around it may come from within an initialiser.
			if (open.at(-1) === false && ++broken > MOST_BROKEN) return broken;
		} else if (found === '{') open.push(opensInitialiser(code, index, open.at(-1) ?? true));
		else if (found === '(' || found === '[') open.push(false);
		else open.pop();
		if (open.length > DEEPEST) return Number.POSITIVE_INFINITY;
	}
	return broken;
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
