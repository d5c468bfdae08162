/**
 * The trailers at the end of a commit message, found and added to as git does it: the rules are those of
 * git-interpret-trailers(1) and of trailer.c, with the default separator. Pure, and linear in the message.
 *
 * Names of trailers are letters, digits and hyphens; a line with an 8-bit name is none to git.
 */

/** A trailer with the lines that continue it. */
export interface Trailer {
	/** `Signed-off-by`. */
	readonly name: string;
	/** Continuation lines are joined by a blank. */
	readonly value: string;
	/** Index of its first line in the message. */
	readonly line: number;
	/** How many lines it takes. */
	readonly lines: number;
}

export interface TrailerBlock {
	/** Index of its first line; where trailers would be put when there are none. */
	readonly start: number;
	/** Index after its last line. */
	readonly end: number;
	/** Empty when the message has no block. */
	readonly trailers: readonly Trailer[];
}

/** What git writes itself: one of them makes a block of a paragraph with up to three times as many other lines. */
const GENERATED = ['Signed-off-by: ', '(cherry picked from commit '];

/** Where the name of a trailer ends in a line: the index of its colon; -1 where the line is none. */
function separatorOf(line: string): number {
	let blank = false;
	for (let at = 0; at < line.length; at++) {
		const char = line.charAt(at);
		if (char === ':') return at;
		if (!blank && /[A-Za-z0-9-]/.test(char)) continue;
		if (at === 0 || (char !== ' ' && char !== '\t')) return -1;
		blank = true;
	}
	return -1;
}

const isBlank = (line: string): boolean => /^[ \t-\r]*$/.test(line);
const startsBlank = (line: string): boolean => /^[ \t-\r]/.test(line);
const isComment = (line: string): boolean => line.startsWith('#');

/**
 * Finds the trailers of a message, subject and all.
 * @param lines of the whole message; the first paragraph is its title and holds no trailers
 */
export function trailerBlock(lines: readonly string[]): TrailerBlock {
	const end = endOf(lines);
	const start = startOf(lines, end);
	const trailers: { name: string; value: string; line: number; lines: number }[] = [];
	for (let i = start; i < end; i++) {
		const line = lines[i] ?? '';
		if (isComment(line)) continue;
		const last = trailers.at(-1);
		if (startsBlank(line) && last !== undefined && last.line + last.lines === i) {
			last.value = `${last.value} ${line.trimStart()}`;
			last.lines++;
			continue;
		}
		const at = separatorOf(line);
		if (at < 1) continue;
		const name = line.slice(0, at).trimEnd();
		trailers.push({ name, value: line.slice(at + 1).trimStart(), line: i, lines: 1 });
	}
	for (const one of trailers) one.value = one.value.trim();
	return { start, end, trailers };
}

/** Comments and blank lines at the end belong to no message. */
function endOf(lines: readonly string[]): number {
	let end = lines.length;
	while (end > 0 && (isBlank(lines[end - 1] ?? '') || isComment(lines[end - 1] ?? ''))) end--;
	return end;
}

function startOf(lines: readonly string[], end: number): number {
	const blank = lines.findIndex((line) => !isComment(line) && isBlank(line));
	const title = blank < 0 ? lines.length : blank;
	let generated = false;
	let trailers = 0;
	let others = 0;
	// Lines that start with a blank go with the line before them, whatever that is.
	let open = 0;
	for (let i = end - 1; i >= title; i--) {
		const line = lines[i] ?? '';
		if (isComment(line)) {
			others += open;
			open = 0;
		} else if (isBlank(line)) {
			others += open;
			const block = generated ? trailers * 3 >= others : trailers > 0 && others === 0;
			return block ? i + 1 : end;
		} else if (GENERATED.some((one) => line.startsWith(one))) {
			trailers++;
			open = 0;
			generated = true;
		} else if (separatorOf(line) >= 1) {
			trailers++;
			open = 0;
		} else if (startsBlank(line)) open++;
		else {
			others += 1 + open;
			open = 0;
		}
	}
	return end;
}

/** Lines that are put into a message before its line at `at`. */
export interface Insertion {
	readonly at: number;
	readonly lines: readonly string[];
}

/**
 * Where trailers go in a message: before those it has, in their order; one that it has already, by name
 * and value (whatever the case), is left out. Without a block they become the last paragraph. This is what
 * `git interpret-trailers --where=start --if-exists=addIfDifferent` makes of the same, but for the lines that
 * are there: git writes them anew (`key : v` becomes `key: v`, comments go), here they stay as they are.
 * @param lines of the whole message, with its title
 * @returns undefined where there is nothing to add
 */
export function trailerInsertion(
	lines: readonly string[],
	added: readonly { readonly name: string; readonly value: string }[],
): Insertion | undefined {
	const { start, end, trailers } = trailerBlock(lines);
	const known = new Set(trailers.map(keyOf));
	const fresh = added.filter((one) => {
		const key = keyOf(one);
		if (known.has(key)) return false;
		known.add(key);
		return true;
	});
	if (fresh.length === 0) return undefined;
	const written = fresh.map(({ name, value }) => `${name}: ${value}`);
	if (start < end) return { at: start, lines: written };
	return { at: end, lines: end > 0 ? ['', ...written] : written };
}

/** The lines with an insertion done. */
export function inserted(lines: readonly string[], { at, lines: more }: Insertion): string[] {
	return [...lines.slice(0, at), ...more, ...lines.slice(at)];
}

function keyOf({ name, value }: { readonly name: string; readonly value: string }): string {
	return `${name}:${value}`.toLowerCase();
}
