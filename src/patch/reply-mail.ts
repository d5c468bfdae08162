/**
 * The mail that an answer to a patch is written as: who it goes to, what thread it belongs to, what of the mail
 * it quotes. Plain text, as Documentation/process/email-clients.rst and submitting-patches.rst, "Use trimmed
 * interleaved replies", ask for. Addresses are parsed by postal-mime.
 */
import PostalMime, { type Address } from 'postal-mime';
import { printable, wrap } from '../text.ts';
import { isDiffStart } from './diff.ts';
import { openText } from './envelope.ts';
import { readHeaders } from './headers.ts';
import { isMasked } from './masks.ts';
import { parseMail } from './mime.ts';
import { encodeAuthor, encodeHeader } from './print.ts';

export interface MailAddress {
	readonly name: string;
	/** '' where an archive shows none. */
	readonly mail: string;
}

/** What an answer needs of the mail it is to. */
export interface AnsweredMail {
	readonly from: MailAddress;
	/** Who an answer goes to: Reply-To, else the sender. */
	readonly replyTo: readonly MailAddress[];
	/** Everybody else who got it. */
	readonly others: readonly MailAddress[];
	readonly subject: string;
	/** Milliseconds since the epoch; undefined where it names no time. */
	readonly time: number | undefined;
	/** With its brackets. */
	readonly messageId: string | undefined;
	/** Ids with brackets, oldest first. */
	readonly references: readonly string[];
	/** The lines above the patch. */
	readonly text: readonly string[];
}

/** Columns of the text. */
export const COLUMNS = 72;
/** Ids of a thread that are kept: its first, and the last of these many. */
const MOST_REFERENCES = 20;
/** Addresses that are answered to. */
const MOST_ADDRESSES = 200;
const ADDRESS = /^[!#-'*+\-/-9=?A-Z^-~.]{1,64}@[A-Za-z0-9._:[\]-]{1,255}$/;

/** Reads a mail, or the page of an archive that shows one. */
export async function readAnswered(mail: Uint8Array): Promise<AnsweredMail> {
	const bytes = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength);
	const { any, end } = readHeaders(bytes);
	const parsed = any ? parseMail(bytes) : undefined;
	if (parsed === undefined) return archived(bytes);
	const head = await PostalMime.parse(withoutFromLine(bytes.subarray(0, end)));
	const from = addresses(head.from === undefined ? [] : [head.from])[0] ?? NOBODY;
	const time = Date.parse(head.date ?? '');
	const lines = parsed.parts.flatMap(({ text }) => text.split('\n'));
	return {
		from,
		replyTo: addresses(head.replyTo ?? []).length > 0 ? addresses(head.replyTo ?? []) : [from],
		others: addresses([...(head.to ?? []), ...(head.cc ?? [])]),
		subject: head.subject ?? '',
		time: Number.isNaN(time) ? undefined : time,
		messageId: idsIn(head.messageId ?? '')[0],
		references: idsIn(head.references ?? head.inReplyTo ?? ''),
		text: aboveDiff(lines),
	};
}

const NOBODY: MailAddress = { name: '', mail: '' };

/** A mail of an mbox has a line of its own before the headers. */
function withoutFromLine(head: Buffer): Buffer {
	if (!head.toString('latin1', 0, 5).startsWith('From ')) return head;
	return head.subarray(head.indexOf(10) + 1);
}

function archived(bytes: Buffer): AnsweredMail {
	const page = openText(bytes.toString().split('\n'));
	const from = { name: page.from.replace(/\s*<[^<>]*>\s*$/, ''), mail: '' };
	const time = Date.parse((page.date ?? '').replace(' - ', ' '));
	return {
		from,
		replyTo: [],
		others: [],
		subject: page.subject,
		time: Number.isNaN(time) ? undefined : time,
		messageId: idsIn(page.messageId ?? '')[0],
		references: [],
		text: aboveDiff(page.lines),
	};
}

function addresses(list: readonly Address[]): MailAddress[] {
	const flat = list.flatMap((one) =>
		'group' in one && one.group !== undefined ? one.group : [one],
	);
	return flat.slice(0, MOST_ADDRESSES).map(({ name, address }) => ({
		name: headerText(name ?? ''),
		mail: headerText(address ?? ''),
	}));
}

function idsIn(text: string): string[] {
	return [...text.matchAll(/<[!-;=?-~]{1,250}>/g)].map(([id]) => id);
}

function headerText(text: string): string {
	return printable(text.replace(/\s+/g, ' ')).trim();
}

/** The lines before the patch, which an answer has no need of. */
function aboveDiff(lines: readonly string[]): string[] {
	const plain = lines.map((line) => line.replace(/\r$/, ''));
	const start = plain.findIndex(
		(line, i) => /^[> ]*diff --git /.test(line) || isDiffStart(plain, i),
	);
	return start < 0 ? plain : plain.slice(0, start);
}

/**
 * The headers of an answer; whoever sends it adds From, Date and Message-ID. Addresses that an archive has
 * hidden are left out.
 */
export function replyHeaders(mail: AnsweredMail): string[] {
	const sent = new Set<string>();
	const field = (name: string, list: readonly MailAddress[]): string[] => {
		const shown = list.filter(({ mail: address }) => {
			const key = address.toLowerCase();
			if (!ADDRESS.test(address) || isMasked(address) || sent.has(key)) return false;
			sent.add(key);
			return true;
		});
		if (shown.length === 0) return [];
		const written = shown.map(({ name, mail: address }) =>
			name === '' ? address : encodeAuthor(`${name} <${address}>`),
		);
		return [`${name}: ${written.join(',\n\t')}`];
	};
	const { messageId, references } = mail;
	const thread = [...references, ...(messageId === undefined ? [] : [messageId])];
	const kept =
		thread.length > MOST_REFERENCES
			? [...thread.slice(0, 1), ...thread.slice(1 - MOST_REFERENCES)]
			: thread;
	return [
		...field('To', mail.replyTo),
		...field('Cc', mail.others),
		`Subject: ${encodeHeader(`Re: ${headerText(mail.subject).replace(/^(?:(?:re|aw|sv)\s*:\s*)+/i, '')}`)}`,
		...(messageId === undefined ? [] : [`In-Reply-To: ${messageId}`]),
		...(kept.length === 0 ? [] : [`References: ${kept.join('\n\t')}`]),
		'MIME-Version: 1.0',
		'Content-Type: text/plain; charset=UTF-8',
		'Content-Transfer-Encoding: 8bit',
	];
}

/** Words of what an answer of this kind is about. */
const ASKED =
	/\b(?:stable|backport\w*|prerequisites?|depend\w*|range|safe(?:ly)?|appl(?:y|ies|ied)|fixes|ordering|releases?|older|versions?|v?[3-7]\.\d{1,2})\b/gi;
/** Lines of a message that an answer of this kind is about. */
const ASKED_LINE = /^(?:fixes:|cc:.*stable)/i;
/** Paragraphs that are quoted, and lines of one. */
const MOST_QUOTED = 2;
const MOST_QUOTED_LINES = 6;
/** How many such words a paragraph has to have. */
const FEWEST_WORDS = 2;

/** The attribution line with what is answered to, quoted: the paragraphs that ask where the patch may go. */
export function quotation(mail: AnsweredMail, patchSubject: string): string[] {
	const found = paragraphs(mail.text)
		.map((lines, place) => ({ lines, place, words: wordsOf(lines) }))
		.filter(({ words }) => words >= FEWEST_WORDS)
		.sort((a, b) => b.words - a.words || a.place - b.place)
		.slice(0, MOST_QUOTED)
		.sort((a, b) => a.place - b.place);
	const asked = mail.text.filter((line) => ASKED_LINE.test(line));
	const quoted = [...found.map(({ lines }) => lines), ...(asked.length > 0 ? [asked] : [])];
	const shown = quoted.length > 0 ? quoted : [[patchSubject]];
	const who = mail.from.name === '' ? mail.from.mail : mail.from.name;
	const when = mail.time === undefined ? '' : `On ${rfc5322(mail.time)}, `;
	return [
		...(who === '' ? [] : wrap(headerText(`${when}${who} wrote:`), COLUMNS)),
		...shown.flatMap((lines, i) => [...(i === 0 ? [] : ['>']), ...quote(lines)]),
	];
}

/** A paragraph is flowed anew; a tag stays in its line. */
function quote(lines: readonly string[]): string[] {
	const clean = lines.map((line) => printable(line.replace(/\t/g, ' ').trimEnd()));
	const out = clean.every((line) => ASKED_LINE.test(line))
		? clean.map((line) => `> ${line}`)
		: wrap(clean.join(' '), COLUMNS, '> ');
	return out.length > MOST_QUOTED_LINES ? [...out.slice(0, MOST_QUOTED_LINES), '> [...]'] : out;
}

/** What the sender wrote: without quotations, trailers, greetings and signature. */
function paragraphs(lines: readonly string[]): string[][] {
	const found: string[][] = [[]];
	for (const line of lines) {
		if (/^-- ?$/.test(line)) break;
		const own = line.trim() !== '' && !line.startsWith('>') && line.trim() !== '---';
		if (!own) found.push([]);
		else if (!/^[A-Za-z-]{2,40}: |\bwrote:$/.test(line)) found.at(-1)?.push(line);
	}
	return found.filter((one) => one.length > 0);
}

function wordsOf(lines: readonly string[]): number {
	const text = lines.join(' ').slice(0, 4096);
	const words = new Set([...text.matchAll(ASKED)].map(([word]) => word.toLowerCase()));
	return words.size + (words.size > 0 && text.includes('?') ? 1 : 0);
}

/** `Tue, 21 Nov 2017 12:59:44 +0000`, whatever the locale. */
function rfc5322(time: number): string {
	return new Date(time).toUTCString().replace('GMT', '+0000');
}
