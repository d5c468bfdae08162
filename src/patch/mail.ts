/**
 * Finds the patches in what a maintainer has at hand: a mail, `git format-patch`, `git show`, a plain
 * diff, or a page of a list archive saved as text, where the patch is quoted in a reply.
 */
import { RangefinderError } from '../errors.ts';
import { readAuthor, showAuthor } from './address.ts';
import { isDiffStart, type Patch, parseDiff } from './diff.ts';
import { type Envelope, openText } from './envelope.ts';
import { decodeText } from './headers.ts';
import { splitMessages } from './mbox.ts';
import { mendLines } from './mend.ts';
import { messageOf } from './message.ts';
import { type Mail, parseMail, type TextPart } from './mime.ts';
import { isControl } from './paths.ts';
import { unquoteReply } from './quoting.ts';

/** A patch as read; `damaged` says that its hunks have to go through repair.ts. */
export type ReadPatch = Patch & {
	damaged: boolean;
	/** True when lines before its hunks had to be mended for it to be found. */
	mended?: boolean;
	/** True for a patch that somebody else quoted in an answer. */
	answered?: boolean;
	/** Message-ID that opened the thread, where the mail says so. */
	thread?: string;
};

/**
 * Reads the first patch of an input. `where` names the input in messages.
 * Throws `input-empty`, `input-binary`, `no-patch`, and what parseDiff throws.
 */
export function readPatch(bytes: Uint8Array, where: string): ReadPatch {
	let problem: unknown;
	for (const { bytes: one, where: at, problem: unread } of splitMessages(bytes, where)) {
		if (unread !== undefined) throw unread;
		try {
			const [first] = readMessage(one, at);
			if (first !== undefined) return first;
		} catch (error) {
			// A cover letter has no patch; the mails after it have.
			if (!(error instanceof RangefinderError) || error.failure.code !== 'no-patch') throw error;
			problem ??= error;
		}
	}
	throw problem ?? new RangefinderError({ code: 'input-empty', where });
}

/**
 * Reads the patches of one message: a mail, a commit of `git log -p`, a plain diff. There are several
 * where a mail has several of them attached. Throws as {@link readPatch}.
 */
export function readMessage(bytes: Uint8Array, where: string): ReadPatch[] {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const mail = parseMail(buffer);
	if (mail !== undefined) return readMail(mail, buffer, where);
	if (buffer.includes(0)) throw new RangefinderError({ code: 'input-binary', where });
	const text = decodeText(buffer).replace(/^\uFEFF/, '');
	if (text.trim() === '') throw new RangefinderError({ code: 'input-empty', where });
	if (!mayHoldDiff(text)) throw noPatch(where);
	return [patchIn(openText(splitText(text)), where, false)];
}

function noPatch(where: string, what = 'no line starts a diff'): RangefinderError {
	return new RangefinderError({ code: 'no-patch', where, what });
}

/** Every diff has one of these; a search for them costs less than to look at every line. */
function mayHoldDiff(text: string): boolean {
	return text.includes('+++ ') || text.includes('diff --');
}

function readMail(mail: Mail, bytes: Buffer, where: string): ReadPatch[] {
	const own: TextPart[] = [];
	const patches: ReadPatch[] = [];
	for (const part of mail.parts) {
		const inner = part.attached ? attachedMail(part, where) : undefined;
		if (inner === undefined) own.push(part);
		else patches.push(inner);
	}
	const { headers } = mail;
	const thread = threadOf(headers);
	const messageId = idOf(headers.get('message-id'));
	for (const patch of patches) {
		if (messageId !== undefined) patch.messageId ??= messageId;
		if (thread !== undefined) patch.thread ??= thread;
	}
	if (!own.some(({ text }) => mayHoldDiff(text))) {
		if (patches.length === 0) throw noPatch(where);
		return patches;
	}
	const first = bytes.toString('latin1', 0, 80);
	const commit = /^From ([0-9a-f]{40}|[0-9a-f]{64}) /.exec(first)?.[1];
	const envelope = (texts: readonly string[]): Envelope => ({
		subject: headers.get('subject') ?? '',
		from: headers.get('from') ?? '',
		date: headers.get('date'),
		messageId,
		commit: commit !== undefined && !/^0+$/.test(commit) ? commit : undefined,
		lines: texts.length === 1 ? splitText(texts[0] ?? '') : texts.flatMap(splitText),
		firstLine: (own[0]?.line ?? 0) + 1,
		archive: false,
	});
	const read = (as: (part: TextPart) => string): ReadPatch =>
		patchIn(envelope(own.map(as)), where, true);
	let best: ReadPatch;
	try {
		best = read(({ text }) => text);
		if (best.damaged && own.some(({ sent }) => sent !== undefined)) {
			// Some mailers say that the text is flowed and send it as it was.
			const raw = read(({ text, sent }) => sent ?? text);
			if (!raw.damaged) best = raw;
		}
	} catch (error) {
		// What surrounds attached patches may be words about patches.
		if (patches.length === 0 || !(error instanceof RangefinderError)) throw error;
		return patches;
	}
	if (best.answered === true && patches.length > 0) return patches;
	if (thread !== undefined) best.thread = thread;
	return [best, ...patches];
}

/** An attachment that is a mail of its own, as `git format-patch` writes it. */
function attachedMail(part: TextPart, where: string): ReadPatch | undefined {
	if (!/^From [0-9a-f]{40,64} /.test(part.text) || !mayHoldDiff(part.text)) return undefined;
	const bytes = Buffer.from(part.text);
	const mail = parseMail(bytes);
	if (mail === undefined || mail.parts.length !== 1) return undefined;
	return readMail(
		{ ...mail, parts: [{ ...mail.parts[0], attached: false } as TextPart] },
		bytes,
		where,
	)[0];
}

function threadOf(headers: ReadonlyMap<string, string>): string | undefined {
	const said = headers.get('references') ?? headers.get('in-reply-to') ?? '';
	return idOf(/<[^<>\s]+>/.exec(said)?.[0]);
}

function idOf(value: string | undefined): string | undefined {
	return value === undefined ? undefined : clean(value).replace(/^<|>$/g, '');
}

/** Reads the one patch of an envelope. */
function patchIn(envelope: Envelope, where: string, isMail: boolean): ReadPatch {
	const mended = mendedFrom(envelope.lines);
	const own = mended.findIndex((_, index) => isDiffStart(mended, index));
	const { lines, quoted } = unquoteReply(mended, own);
	const start = quoted ? lines.findIndex((_, index) => isDiffStart(lines, index)) : own;
	if (start < 0) throw noPatch(where);
	const { files, damaged } = parseDiff(
		start === 0 ? lines : lines.slice(start),
		where,
		envelope.firstLine + start,
	);
	if (files.length === 0) throw noPatch(where, 'its diff has no hunk');
	const answered = quoted || (envelope.archive && /^\s*(re|aw|sv)\s*:/i.test(envelope.subject));
	const kind = answered ? 'reply' : isMail || envelope.archive ? 'mail' : 'plain';
	const message = messageOf(lines.slice(0, start), kind);
	const signer = /^[ \t]*Signed-off-by:[ \t]*(\S.*)$/im.exec(message.text)?.[1];
	const from = answered ? (signer ?? envelope.from) : (message.from ?? envelope.from);
	const patch: ReadPatch = {
		subject: clean(
			(message.subject ?? envelope.subject).replace(/^(\s*(re|aw|sv|fwd?)\s*:\s*)+/i, ''),
		),
		author: clean(showAuthor(readAuthor(from))),
		message: message.text,
		files,
		damaged,
	};
	if (mended !== envelope.lines) patch.mended = true;
	if (answered) patch.answered = true;
	const messageId = idOf(envelope.messageId);
	if (messageId !== undefined) patch.messageId = messageId;
	if (envelope.commit !== undefined) patch.commit = envelope.commit;
	const date = message.date ?? envelope.date;
	if (date !== undefined) patch.date = clean(date);
	return patch;
}

/** Lines in which a diff may be found. What stands above one that was sent whole is its message, and stays as it is. */
function mendedFrom(lines: string[]): string[] {
	const own = lines.findIndex((_, index) => isDiffStart(lines, index));
	if (own <= 0) return mendLines(lines);
	const diff = lines.slice(own);
	const mended = mendLines(diff);
	return mended === diff ? lines : [...lines.slice(0, own), ...mended];
}

function clean(text: string): string {
	// Spaces that are no ASCII are part of a name.
	const joined = text.replace(/[ \t-\r]+/g, ' ').replace(/^ | $/g, '');
	let out = '';
	for (const char of joined) {
		if (!isControl(char.codePointAt(0) ?? 0)) out += char;
	}
	return out;
}

/**
 * The lines of a text. Transport may have made every line end in CR LF; a CR on lines of hunks only
 * belongs to the patch, so where there is a diff its header decides.
 */
function splitText(text: string): string[] {
	const lines = text.split('\n');
	if (lines.at(-1) === '') lines.pop();
	if (!text.includes('\r\n')) return lines;
	const header = lines.find((line) => /^(diff --git |--- \S|\+\+\+ \S)/.test(line));
	const transport = header?.endsWith('\r') ?? lines.every((line) => line.endsWith('\r'));
	return transport ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines;
}
