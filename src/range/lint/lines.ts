/**
 * The lines of a commit message that lint is about, as they are written: what each names, and how it departs
 * from its form. Pure, and linear in the message. It reads more than is right, so that rules can say what is
 * wrong; what is right, they say.
 */
import { readStableTag, type StableTag } from '../../kernel/stable-tag.ts';
import { trailerBlock } from '../../kernel/trailer-block.ts';

/** Where a statement stands. */
export interface Place {
	/** From 1; the subject is line 1, the message begins at 3. */
	readonly line: number;
	/** As written, without the lines it goes on over. */
	readonly text: string;
}

export interface FixesLine extends Place {
	/** As written: `Fixes:`, `fixes`. */
	readonly tag: string;
	/** As written. */
	readonly id: string;
	/** The quoted subject; undefined where there is none. */
	readonly title: string | undefined;
	/** Over how many lines it goes. */
	readonly lines: number;
	/** True where it is `Fixes: <id> ("title")` to the letter, lines and case aside. */
	readonly formed: boolean;
}

export interface StableLine extends Place {
	/** As written: `Cc`, `CC`. */
	readonly tag: string;
	/** Undefined where the address is nearly one of the stable team, and is not. */
	readonly stable: StableTag | undefined;
	readonly value: string;
}

export interface UpstreamLine extends Place {
	readonly id: string;
	/** True for `commit <id> upstream.` and `[ Upstream commit <id> ]` to the letter, the id aside. */
	readonly formed: boolean;
	/** True where only blank lines are above it. */
	readonly first: boolean;
	/** The form that it is in, or nearly so. */
	readonly form: 'line' | 'bracket';
}

export interface RevertLine extends Place {
	readonly id: string;
	readonly formed: boolean;
	/** The rest of the sentence, behind the id. */
	readonly rest: string;
}

export interface LintedLines {
	/** Without [PATCH]. */
	readonly subject: string;
	readonly fixes: readonly FixesLine[];
	readonly stable: readonly StableLine[];
	readonly upstream: readonly UpstreamLine[];
	readonly reverts: readonly RevertLine[];
	/** Lines, from 1, that are among the trailers as git finds them. */
	readonly trailers: ReadonlySet<number>;
}

/** Of a longer line only this much is read. */
const LONGEST = 2048;
/** Lines that one statement is followed over. */
const MOST_LINES = 4;
/** Statements of one kind that are read; nobody makes more. */
const MOST = 500;

const FIXES = /^[ \t]*(fixes:?)[ \t]*(?:commit:?[ \t]+)?[<("']?([0-9a-f]{5,64})(?![0-9a-z])/i;
const FORMED_FIXES = /^Fixes: [0-9a-f]{5,64} \("[^\n]*"\)$/i;
const OTHER_TRAILER = /^(?:fixes|cc|link|closes|[a-z]+(?:-[a-z]+)*-by):/i;
const STABLE_HINT = /stable/i;
const CC = /^[ \t]*(cc)[ \t]*:[ \t]*(.*)$/i;
/** Addresses that people take for that of the stable team. */
const NEARLY_STABLE =
	/(?<![\w.+-])(?:linux-)?stable(?:\+noautosel)?@[\w.-]*(?:kernel|vger)[\w.-]*/i;
const UPSTREAM =
	/^(?:\[[ \t]*)?(?:upstream[ \t]+commit:?[ \t]+([0-9a-f]{5,64})|commit:?[ \t]+([0-9a-f]{5,64})[ \t]+upstream)(?![0-9a-z])/i;
const FORMED_UPSTREAM =
	/^(?:commit [0-9a-f]{5,64} upstream\.|\[ Upstream commit [0-9a-f]{5,64} \])$/;
const REVERTS =
	/^[ \t]*(?:this[ \t]+)?reverts?[ \t]+(?:upstream[ \t]+)?commit[ \t]+([0-9a-f]{5,64})(?![0-9a-z])(.*)$/i;
const FORMED_REVERTS = /^This reverts commit [0-9a-f]{5,64}(?:\.|,)/;

/**
 * Reads a message.
 * @param message without its subject
 */
export function lintedLines(subject: string, message: string): LintedLines {
	const lines = [subject, '', ...(message === '' ? [] : message.split('\n'))].map((line) =>
		line.slice(0, LONGEST),
	);
	const found = {
		fixes: [] as FixesLine[],
		stable: [] as StableLine[],
		upstream: [] as UpstreamLine[],
		reverts: [] as RevertLine[],
	};
	let above = false;
	for (let i = 2; i < lines.length; i++) {
		const text = lines[i] ?? '';
		const place = { line: i + 1, text };
		const fixes = fixesAt(lines, i);
		const stable = fixes === undefined ? stableAt(text) : undefined;
		const upstream = UPSTREAM.exec(text.trimStart());
		const reverts = REVERTS.exec(text);
		if (fixes !== undefined) push(found.fixes, { ...place, ...fixes });
		else if (stable !== undefined) push(found.stable, { ...place, ...stable });
		else if (upstream !== null) {
			push(found.upstream, {
				...place,
				id: upstream[1] ?? upstream[2] ?? '',
				formed: FORMED_UPSTREAM.test(text.trimEnd()),
				first: !above,
				form: upstream[1] === undefined ? 'line' : 'bracket',
			});
		} else if (reverts !== null) {
			push(found.reverts, {
				...place,
				id: reverts[1] ?? '',
				formed: FORMED_REVERTS.test(text),
				rest: (reverts[2] ?? '').trim(),
			});
		}
		above ||= text.trim() !== '';
		if (fixes !== undefined) i += fixes.lines - 1;
	}
	const trailers = new Set<number>();
	for (const { line, lines: count } of trailerBlock(lines).trailers) {
		for (let i = 0; i < count; i++) trailers.add(line + i + 1);
	}
	return { subject, ...found, trailers };
}

function push<S>(list: S[], one: S): void {
	if (list.length < MOST) list.push(one);
}

/** The `Fixes:` statement that begins at a line, with the lines it goes on over. */
function fixesAt(lines: readonly string[], at: number): Omit<FixesLine, keyof Place> | undefined {
	let text = lines[at] ?? '';
	let next = at + 1;
	// The id may be on the next line.
	if (/^fixes:(?:[ \t]*commit:?)?$/i.test(text.trim())) {
		text = `${text.trimEnd()} ${(lines[next++] ?? '').trim()}`;
	}
	const found = FIXES.exec(text);
	if (found === null) return undefined;
	const [head, tag = '', id = ''] = found;
	let rest = text.slice(head.length).trim();
	const quotes = (line: string): boolean => /^[("']/.test(line.trim());
	// Without its colon it is a sentence, unless an id with a subject follows.
	if (!tag.endsWith(':') && !(id.length >= 7 && quotes(rest))) return undefined;
	if (rest === '' && quotes(lines[next] ?? '')) rest = (lines[next++] ?? '').trim();
	while (isOpen(rest) && next < at + MOST_LINES) {
		const line = (lines[next] ?? '').trim();
		if (line === '' || OTHER_TRAILER.test(line)) break;
		rest += ` ${line}`;
		next++;
	}
	const whole = next === at + 1 ? text.trimEnd() : `${head} ${rest}`.trimEnd();
	return { tag, id, title: titleIn(rest), lines: next - at, formed: FORMED_FIXES.test(whole) };
}

function isOpen(rest: string): boolean {
	if (rest.startsWith('(')) return !rest.endsWith(')');
	return rest.startsWith('"') && (rest.length === 1 || !rest.endsWith('"'));
}

function titleIn(rest: string): string | undefined {
	const bare = withoutEnd(rest.replace(/^[>:,-]?[ \t]*\(?[ \t]*["']?/, ''), ' \t.');
	return stripped(bare);
}

/** Without the quotation and parenthesis that close a title. */
function stripped(text: string): string | undefined {
	const open = text.endsWith(')') ? withoutEnd(text.slice(0, -1), ' \t') : text;
	const bare = (/["']$/.test(open) ? open.slice(0, -1) : open).trim();
	return bare === '' ? undefined : bare;
}

/** Without the characters at its end that are among some. */
function withoutEnd(text: string, some: string): string {
	let end = text.length;
	while (end > 0 && some.includes(text.charAt(end - 1))) end--;
	return text.slice(0, end);
}

function stableAt(text: string): Omit<StableLine, keyof Place> | undefined {
	if (!STABLE_HINT.test(text)) return undefined;
	const found = CC.exec(text);
	if (found === null) return undefined;
	const value = (found[2] ?? '').trim();
	const stable = readStableTag(value);
	if (stable === undefined && !NEARLY_STABLE.test(value)) return undefined;
	return { tag: found[1] ?? '', stable, value };
}

/** The ids that a message names, lower case, each once. */
export function idsNamed({ fixes, stable, upstream, reverts }: LintedLines): string[] {
	const ids = [
		...[...fixes, ...upstream, ...reverts].map(({ id }) => id),
		...stable.flatMap((one) => one.stable?.prerequisite?.id ?? []),
	];
	return [...new Set(ids.map((id) => id.toLowerCase()))];
}
