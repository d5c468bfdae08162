/**
 * What surrounds a patch where it is no mail: the head of `git show` and `git log -p`, and a page of
 * a list archive saved as text. Mails are opened in mime.ts.
 */
import { isDiffStart } from './diff.ts';

/** Who sent what is read, and its lines. */
export interface Envelope {
	subject: string;
	/** As written. */
	from: string;
	date?: string | undefined;
	messageId?: string | undefined;
	commit?: string | undefined;
	/** Lines after the head. */
	lines: string[];
	/** Number of the first of them in the input. */
	firstLine: number;
	/** A page of an archive, which may have lost its marks of quoting. */
	archive: boolean;
}

/** Where a head is looked for, in lines. */
const HEAD = 40;

/** Reads the head of a text that is no mail. */
export function openText(lines: string[]): Envelope {
	return (
		openShow(lines) ??
		openArchive(lines) ?? { subject: '', from: '', lines, firstLine: 1, archive: false }
	);
}

/** `git show` and `git log -p`: the message is indented by four spaces. */
function openShow(lines: string[]): Envelope | undefined {
	const commit = /^commit ([0-9a-f]{7,64})\b/.exec(lines[0] ?? '')?.[1];
	if (commit === undefined) return undefined;
	const field = (name: string): string | undefined =>
		lines
			.slice(1, 10)
			.find((line) => line.startsWith(`${name}:`))
			?.slice(name.length + 1)
			.trim();
	const blank = lines.indexOf('');
	const message: string[] = [];
	let index = blank < 0 ? 1 : blank + 1;
	for (; index < lines.length && !isDiffStart(lines, index); index++) {
		const line = lines[index] ?? '';
		if (line === '') message.push('');
		else if (line.startsWith('    ')) message.push(line.slice(4));
		else break;
	}
	const subjectAt = message.findIndex((line) => line.trim() !== '');
	const kept = message.slice(subjectAt < 0 ? 0 : subjectAt + 1);
	return {
		subject: message[subjectAt] ?? '',
		from: field('Author') ?? '',
		date: field('AuthorDate') ?? field('Date'),
		commit,
		lines: [...kept, ...lines.slice(index)],
		firstLine: index + 1 - kept.length,
		archive: false,
	};
}

/**
 * A page of a list archive: a title, then `From:` and `Date:`, then the text. lore writes both in
 * one line: `From: Name @ 2017-11-21 12:59 UTC (permalink / raw)`.
 */
function openArchive(lines: string[]): Envelope | undefined {
	const titleAt = lines.slice(0, HEAD).findIndex((line) => line.trim() !== '');
	const head = lines.slice(titleAt + 1, titleAt + 15);
	const fromAt = head.findIndex((line) => /^From:\s/.test(line));
	const joined = /^From:\s+(.*?) @ (\d{4}-\d\d-\d\d +\d\d:\d\d UTC)\b/.exec(head[fromAt] ?? '');
	const dateAt = joined === null ? head.findIndex((line) => /^Date:\s/.test(line)) : fromAt;
	if (titleAt < 0 || fromAt < 0 || dateAt < 0) return undefined;
	if (head.slice(0, fromAt).some((line) => line.trim() !== '' && !/^[A-Z][\w-]*:/.test(line))) {
		return undefined;
	}
	const bodyAt = titleAt + 2 + Math.max(fromAt, dateAt);
	const id = head.find((line) => /^Message-ID:/i.test(line));
	return {
		subject: (lines[titleAt] ?? '').replace(/^(\* |Subject:\s*)/i, ''),
		from: joined?.[1] ?? (head[fromAt] ?? '').slice(5).trim(),
		date: joined?.[2] ?? (head[dateAt] ?? '').slice(5).trim(),
		messageId: id?.replace(/^[^:]*:\s*/, ''),
		lines: lines.slice(bodyAt),
		firstLine: bodyAt + 1,
		archive: true,
	};
}
