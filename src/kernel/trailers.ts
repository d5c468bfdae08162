/**
 * What the words of a commit message say of other commits: what it fixes, what it is a copy of, what
 * it reverts. Pure, and linear in the length of the message.
 *
 * The forms are those of the kernel's documents and of git:
 * - `Fixes: <id> ("subject")`: Documentation/process/submitting-patches.rst, "Using Reported-by:, …".
 *   It asks for 12 digits on one line; shorter ids, wrapped lines and bare subjects occur, and are read.
 * - `commit <id> upstream.`, `[ Upstream commit <id> ]`: Documentation/process/stable-kernel-rules.rst.
 * - `(cherry picked from commit <id>)`: git-cherry-pick(1), -x; `(backported from commit …)` of distributions.
 * - `This reverts commit <id>.`, `Revert "…"`, `Reapply "…"`: git-revert(1).
 */

/** `upstream` and `cherry-pick` name what a commit is a copy of. */
export type WordKind = 'fixes' | 'upstream' | 'cherry-pick' | 'reverts' | 'reverts-partly';

/** One thing that a message says of another commit. */
export interface CommitWord {
	readonly kind: WordKind;
	/** Lower-case hex, 6 digits or more; '' where a revert names a subject only. */
	readonly id: string;
	/** The subject it is said to have; '' where none is quoted. */
	readonly subject: string;
}

/** Fewer digits name nothing. */
const SHORTEST = 6;
/** Of a longer line only this much is looked at: no such word is longer. */
const LONGEST_LINE = 2048;
/** Lines over which a quoted subject may be wrapped. */
const MOST_LINES = 4;

const ID = `([0-9a-f]{${SHORTEST},64})(?![0-9a-z])`;
const FIXES = new RegExp(`^[ \\t]*(?:fixes:[ \\t]*){1,2}(?:commit:?[ \\t]+)?[<("']?${ID}`, 'i');
const UPSTREAM = new RegExp(
	`^[ \\t]*\\[?[ \\t]*(?:upstream commit:?[ \\t]+${ID}|commit:?[ \\t]+${ID}[ \\t]+upstream\\b)`,
	'i',
);
const PICKED = new RegExp(
	`(?:cherry[- ]?picked|back-?ported) from (?:upstream )?commit[ \\t]+${ID}`,
	'i',
);
const REVERTS = new RegExp(
	`(?:\\bthis (?:commit |patch )?(partially |partly )?(?:reverts|reverted)|^[ \\t]*(partially |partly )?(?:reverts?|reverted|reverting))[ \\t]+(?:upstream )?commits?[ \\t]+${ID}`,
	'i',
);
/** Further ids of one list: `commits <id>, <id> and <id>`. */
const NEXT_ID = new RegExp(`^(?:[ \\t]*(?:,|and|&)[ \\t]*)+(?:commit[ \\t]+)?${ID}`, 'i');
/** A line that starts another trailer, and so is no rest of the one before. */
const NEXT_TRAILER = /^(?:fixes|cc|link|closes|[a-z]+(?:-[a-z]+)*-by):/i;

/** Every form has one of these in it; most messages have none, and cost no more than this search. */
const HINT = /[Ff]ixes:|FIXES:|[Uu]pstream|from (?:upstream )?commit|[Rr]evert/;

/** False where a message (body or subject) certainly says nothing of other commits. */
export function mayHaveWords(text: string): boolean {
	return HINT.test(text);
}

/**
 * What a message says of other commits, in its order, each once.
 * @param subject its first paragraph as one line
 * @param body the rest
 */
export function commitWords(subject: string, body: string): CommitWord[] {
	const found = new Map<string, CommitWord>();
	const add = (kind: WordKind, id: string, said = ''): void => {
		const word = { kind, id: id.toLowerCase(), subject: said };
		const key = `${kind} ${word.id}`;
		if ((found.get(key)?.subject ?? '') === '') found.set(key, word);
	};
	if (mayHaveWords(body)) readBody(body, add);
	const reverted = revertedSubject(subject);
	if (reverted !== undefined) {
		const named = [...found.values()].filter(({ kind }) => kind === 'reverts');
		const [only] = named;
		if (only === undefined) add('reverts', '', reverted);
		else if (named.length === 1) add('reverts', only.id, reverted);
	}
	return [...found.values()];
}

type AddWord = (kind: WordKind, id: string, subject?: string) => void;

function readBody(body: string, add: AddWord): void {
	const lines = body.split('\n');
	for (const [i, whole] of lines.entries()) {
		const line = whole.slice(0, LONGEST_LINE);
		if (line === '') continue;
		// A line may be broken anywhere; what starts on this one is read together with the next.
		const both = `${line.trimEnd()} ${(lines[i + 1] ?? '').slice(0, LONGEST_LINE).trim()}`;
		const fixes = FIXES.exec(both);
		if (fixes !== null) {
			add('fixes', fixes[1] ?? '', quotedSubject(lines, i, fixes[1] ?? ''));
			continue;
		}
		const upstream = UPSTREAM.exec(both);
		if (upstream !== null) add('upstream', upstream[1] ?? upstream[2] ?? '');
		const picked = PICKED.exec(both);
		if (picked !== null && picked.index < line.length) add('cherry-pick', picked[1] ?? '');
		const reverts = REVERTS.exec(both);
		if (reverts === null || reverts.index >= line.length) continue;
		const kind = (reverts[1] ?? reverts[2]) === undefined ? 'reverts' : 'reverts-partly';
		add(kind, reverts[3] ?? '');
		let rest = both.slice(reverts.index + reverts[0].length);
		for (let next = NEXT_ID.exec(rest); next !== null; next = NEXT_ID.exec(rest)) {
			add(kind, next[1] ?? '');
			rest = rest.slice(next[0].length);
		}
	}
}

/** What is quoted behind the id of a Fixes: line, with the lines it goes on over. */
function quotedSubject(lines: readonly string[], first: number, id: string): string {
	const line = (i: number): string => (lines[i] ?? '').slice(0, LONGEST_LINE).trim();
	let next = first + 1;
	let text = line(first);
	if (!text.includes(id)) text = `${text} ${line(next++)}`;
	let said = text.slice(text.indexOf(id) + id.length).trim();
	if (said === '' && /^["(]/.test(line(next))) said = line(next++);
	while (isOpen(said) && next < first + MOST_LINES && line(next) !== '') {
		if (NEXT_TRAILER.test(line(next))) break;
		said += ` ${line(next++)}`;
	}
	const open = said.indexOf('"');
	const close = said.lastIndexOf('"');
	if (open >= 0 && close > open) return said.slice(open + 1, close).trim();
	return said.replace(/^[>:,]?\s?[("'<]{0,2}/, '').replace(/[\s"')>.]{1,4}$/, '');
}

/** Whether a quotation or parenthesis was opened and not closed yet. */
function isOpen(said: string): boolean {
	if (said.startsWith('(')) return !said.endsWith(')');
	return said.startsWith('"') && (said.length === 1 || !said.endsWith('"'));
}

/**
 * The subject of the commit that a subject says is reverted: one `Revert "…"` less. `Reapply "…"` is
 * what git calls the revert of a revert. Undefined where it says nothing of the kind.
 */
export function revertedSubject(subject: string): string | undefined {
	const text = subject.trim();
	const again = /^reapply:? "/i.exec(text);
	if (again !== null) return `Revert "${unquoted(text.slice(again[0].length))}"`;
	const start = /^(?:[A-Za-z0-9_./-]{1,40}: )?revert:? "/i.exec(text);
	return start === null ? undefined : unquoted(text.slice(start[0].length));
}

/** Without the quotation mark that closes it; a subject that was cut short has none. */
function unquoted(text: string): string {
	return text.endsWith('"') ? text.slice(0, -1) : text;
}
