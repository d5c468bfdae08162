/** How many parameters a function or macro is declared with, and how many arguments it is called with. */

/** Longer lists of parameters are not read. */
const LONGEST = 2000;

/**
 * The number of parameters that a text declares a function or a macro with; undefined where it declares
 * none, takes any number, or declares it in several ways.
 * @param code C without comments and strings
 */
export function arityOf(code: string, name: string): number | undefined {
	const found = new Set<number | undefined>();
	for (const { 0: all, 1: macro, index } of code.matchAll(
		new RegExp(`(?:^[ \\t]*#[ \\t]*define[ \\t]+(${name})|\\b${name}[ \\t]*)\\(`, 'gm'),
	)) {
		const open = index + all.length - 1;
		const list = listAt(code, open);
		if (list === undefined) continue;
		if (macro === undefined && !isDeclared(code, index, open + list.length + 2)) continue;
		found.add(parametersOf(list));
	}
	return found.size === 1 ? [...found][0] : undefined;
}

/** The names that code calls, each with how many arguments; one that is called in several ways is left out. */
export function callsOf(code: string): Map<string, number> {
	const calls = new Map<string, number>();
	const odd = new Set<string>();
	for (const { 0: all, 1: before = '', 2: name = '', index } of code.matchAll(
		/(->|\.|\bstruct\s|\bdefine\s)?\s*\b([A-Za-z_]\w+)[ \t]*\(/g,
	)) {
		const list = before === '' ? listAt(code, index + all.length - 1) : undefined;
		const given = list === undefined ? undefined : argumentsOf(list);
		if (given === undefined) continue;
		if ((calls.get(name) ?? given) !== given) odd.add(name);
		calls.set(name, given);
	}
	for (const name of odd) calls.delete(name);
	return calls;
}

/** What is between a parenthesis and its partner; undefined where that is not near. */
function listAt(code: string, open: number): string | undefined {
	let depth = 0;
	for (let at = open; at < code.length && at < open + LONGEST; at++) {
		const char = code.charCodeAt(at);
		if (char === 40 || char === 123 || char === 91) depth++;
		else if ((char === 41 || char === 125 || char === 93) && --depth === 0) {
			return code.slice(open + 1, at);
		}
	}
	return undefined;
}

/** Whether a name before a list in parentheses is declared there: a type before it at the start of a line. */
function isDeclared(code: string, name: number, end: number): boolean {
	const line = code.lastIndexOf('\n', name - 1) + 1;
	const before = code.slice(line, name);
	const type =
		/^[A-Za-z_][\w\s*]*[\s*]$/.test(before) && !/^(?:return|else|case|goto)\b/.test(before);
	// The type may stand on a line of its own.
	const above =
		before === '' &&
		/(?:^|\n)(?:static|extern|inline|[a-z_]\w*)[\w\s*]*\n$/.test(
			code.slice(Math.max(0, line - 80), line),
		);
	if (!type && !above) return false;
	const after = code.slice(end, end + 200);
	return /^\s*(?:__\w+(?:\s*\(+[^()]*\)+)?\s*)*[;{]/.test(after);
}

function parametersOf(list: string): number | undefined {
	if (list.includes('...')) return undefined;
	return /^\s*(?:void)?\s*$/.test(list) ? 0 : argumentsOf(list);
}

/** Parts between commas that are in no brackets. */
function argumentsOf(list: string): number {
	if (list.trim() === '') return 0;
	let depth = 0;
	let count = 1;
	for (const char of list) {
		if (char === '(' || char === '[' || char === '{') depth++;
		else if (char === ')' || char === ']' || char === '}') depth--;
		else if (char === ',' && depth === 0) count++;
	}
	return count;
}
