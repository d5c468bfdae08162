/**
 * The commit message in the text before a diff, and the headers that may open it, as git mailinfo
 * reads them.
 */
import { decodeWords } from './headers.ts';

export interface Message {
	text: string;
	from?: string;
	subject?: string;
	date?: string;
}

/** How the text before a diff came about. */
export type MessageKind = 'mail' | 'reply' | 'plain';

/** The message in the lines before a diff; of a reply, in those that quote it. */
export function messageOf(before: readonly string[], kind: MessageKind): Message {
	if (kind === 'reply') {
		const cut = before.findLastIndex((line) => line.trimEnd() === '---');
		const lines = before.slice(0, cut < 0 ? before.length : cut);
		const attribution = lines.findLastIndex((line) => /\bwrote:\s*$/.test(line));
		return { text: tidy(lines.slice(attribution + 1)) };
	}
	const cut = before.findIndex(breaksOff);
	const lines = before.slice(0, cut < 0 ? before.length : cut);
	if (kind === 'plain') return { text: tidy(lines) };
	const message: Message = { text: '' };
	const body = inBodyHeaders(lines, message);
	message.text = tidy(lines.slice(body));
	return message;
}

function tidy(lines: readonly string[]): string {
	return lines.map(trimmed).join('\n').replace(/^\n+/, '').trimEnd();
}

/** Without the blanks at its end; spaces that are no ASCII are text, as to git stripspace. */
function trimmed(line: string): string {
	let end = line.length;
	while (end > 0 && (line.charCodeAt(end - 1) === 32 || isBlank(line.charCodeAt(end - 1)))) end--;
	return end === line.length ? line : line.slice(0, end);
}

/** Tab, line feed, vertical tab, form feed, carriage return. */
function isBlank(code: number): boolean {
	return code >= 9 && code <= 13;
}

/** Whether the message ends before this line: `---`, the `Index:` of CVS and quilt, a diff. */
export function breaksOff(line: string): boolean {
	if (line.startsWith('---')) return line.trim() === '---' || /^--- \S/.test(line);
	return line.startsWith('diff -') || line.startsWith('Index: ');
}

const FIELD = /^(From|Subject|Date):\s(.*)$/i;
/** Header lines at the top of a body; nobody writes more. */
const MOST_FIELDS = 100;

/**
 * Reads header lines that open the body: they speak for the author. Gives the index of the first
 * line after them.
 */
function inBodyHeaders(lines: readonly string[], message: Message): number {
	const found: { name: string; pieces: string[] }[] = [];
	let index = 0;
	while (index < lines.length && lines[index]?.trim() === '') index++;
	for (let last = false; index < lines.length && found.length < MOST_FIELDS; index++) {
		const line = lines[index] ?? '';
		const open = found.at(-1);
		if (last && open !== undefined && /^[ \t]+\S/.test(line)) {
			open.pieces.push(line.trim());
			continue;
		}
		const field = FIELD.exec(line);
		const name = (field?.[1] ?? '').toLowerCase();
		if (field === null || found.some((one) => one.name === name)) {
			// format-patch output pasted into a mail; the first line of an mbox is escaped there.
			if (/^>From [0-9a-f]{40} /.test(line)) continue;
			break;
		}
		found.push({ name, pieces: [field[2] ?? ''] });
		last = true;
	}
	for (const { name, pieces } of found) {
		const value = decodeWords(pieces.join(' ')).trim();
		if (name === 'from') message.from = value;
		else if (name === 'subject') message.subject = value;
		else message.date = value;
	}
	return index;
}
