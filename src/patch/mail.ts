/**
 * Finds the patch in what a maintainer has at hand: a mail, `git format-patch`, `git show`, a plain
 * diff, or a page of a list archive saved as text, where the patch is quoted in a reply.
 */
import { RangefinderError } from '../errors.ts';
import { isDiffStart, type Patch, parseDiff } from './diff.ts';
import { mendLines } from './mend.ts';
import { decodeText, parseMail } from './mime.ts';
import { isControl } from './paths.ts';

/** A patch as read; `damaged` says that its hunks have to go through repair.ts. */
export type ReadPatch = Patch & { damaged: boolean };

interface Envelope {
	subject: string;
	from: string;
	date?: string | undefined;
	messageId?: string | undefined;
	commit?: string | undefined;
	/** Lines after the headers. */
	lines: string[];
	/** Number of the first of them in the input. */
	firstLine: number;
}

/**
 * Reads the first patch of an input. `where` names the input in messages.
 * Throws `input-empty`, `input-binary`, `no-patch`, and what parseDiff throws.
 */
export function readPatch(bytes: Uint8Array, where: string): ReadPatch {
	if (bytes.includes(0)) throw new RangefinderError({ code: 'input-binary', where });
	const text = decodeText(bytes).replace(/^\uFEFF/, '');
	if (text.trim() === '') throw new RangefinderError({ code: 'input-empty', where });
	const envelope = open(bytes, text);
	const reply = /^\s*(re|aw|sv)\s*:/i.test(envelope.subject);
	const { lines, quoted } = unquote(mendLines(envelope.lines));
	const start = lines.findIndex((_, index) => isDiffStart(lines, index));
	if (start < 0) {
		throw new RangefinderError({ code: 'no-patch', where, what: 'no line starts a diff' });
	}
	const end = endOfPatch(lines, start);
	const { files, damaged } = parseDiff(lines.slice(start, end), where, envelope.firstLine + start);
	const hunks = files.reduce((sum, file) => sum + file.hunks.length, 0);
	const plain = files.some(
		(f) =>
			f.binary === true ||
			f.renameFrom !== undefined ||
			f.isNew ||
			f.isDeleted ||
			f.newMode !== f.oldMode,
	);
	if (hunks === 0 && !plain) {
		throw new RangefinderError({ code: 'no-patch', where, what: 'its diff has no hunk' });
	}
	const answered = reply || quoted;
	const body = bodyOf(lines.slice(0, start), answered);
	const signer = /^\s*Signed-off-by:[ \t]*(.+)$/im.exec(body.message)?.[1];
	const author = answered ? (signer ?? envelope.from) : (body.from ?? envelope.from);
	const date = answered ? envelope.date : (body.date ?? envelope.date);
	const patch: ReadPatch = {
		subject: clean(
			(body.subject ?? envelope.subject).replace(/^(\s*(re|aw|sv|fwd?)\s*:\s*)+/i, ''),
		),
		author: clean(author),
		message: body.message,
		files,
		damaged,
	};
	if (envelope.messageId !== undefined) patch.messageId = envelope.messageId;
	if (envelope.commit !== undefined) patch.commit = envelope.commit;
	if (date !== undefined) patch.date = clean(date);
	return patch;
}

function clean(text: string): string {
	let out = '';
	for (const char of text.replace(/\s+/g, ' ')) {
		if (!isControl(char.codePointAt(0) ?? 0)) out += char;
	}
	return out.trim();
}

function splitText(text: string): string[] {
	const lines = text.split('\n');
	if (lines.at(-1) === '') lines.pop();
	// Transport may have made every line end in CR LF; a CR on some lines belongs to the patch.
	const carriage = lines.filter((line) => line.endsWith('\r')).length;
	return carriage === lines.length ? lines.map((line) => line.slice(0, -1)) : lines;
}

function open(bytes: Uint8Array, text: string): Envelope {
	const mail = parseMail(bytes);
	if (mail !== undefined) {
		const subject = mail.headers.get('subject') ?? '';
		const commit = /^From ([0-9a-f]{40}|[0-9a-f]{64}) /.exec(text)?.[1];
		return {
			subject,
			from: addressOf(mail.headers.get('from') ?? ''),
			date: mail.headers.get('date'),
			messageId: mail.headers.get('message-id')?.replace(/^<|>$/g, ''),
			commit: commit !== undefined && !/^0+$/.test(commit) ? commit : undefined,
			lines: splitText(mail.body),
			firstLine: mail.bodyLine + 1,
		};
	}
	const lines = splitText(text);
	return openShow(lines) ?? openArchive(lines) ?? { subject: '', from: '', lines, firstLine: 1 };
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
	};
}

/** A page of a list archive: a title, then `From:` and `Date:`, then the text. */
function openArchive(lines: string[]): Envelope | undefined {
	const titleAt = lines.findIndex((line) => line.trim() !== '');
	const head = lines.slice(titleAt + 1, titleAt + 15);
	const fromAt = head.findIndex((line) => /^From:\s/.test(line));
	const dateAt = head.findIndex((line) => /^Date:\s/.test(line));
	if (titleAt < 0 || fromAt < 0 || dateAt < 0) return undefined;
	if (head.slice(0, fromAt).some((line) => line.trim() !== '' && !/^[A-Z][\w-]*:/.test(line))) {
		return undefined;
	}
	const bodyAt = titleAt + 2 + Math.max(fromAt, dateAt);
	const id = head.find((line) => /^Message-ID:/i.test(line));
	return {
		subject: (lines[titleAt] ?? '').replace(/^Subject:\s*/i, ''),
		from: addressOf((head[fromAt] ?? '').slice(5).trim()),
		date: (head[dateAt] ?? '').slice(5).trim(),
		messageId: id?.replace(/^[^:]*:\s*/, '').replace(/^<|>$/g, ''),
		lines: lines.slice(bodyAt),
		firstLine: bodyAt + 1,
	};
}

/** `"A, B" <mail>` and `mail (Name)` in the form of a trailer: `Name <mail>`. */
function addressOf(value: string): string {
	const comment = /^(\S+@\S+) \((.*)\)$/.exec(value);
	if (comment !== null) return `${comment[2] ?? ''} <${comment[1] ?? ''}>`;
	return value.replace(/^"((?:[^"\\]|\\.)*)"/, (_, name: string) => name.replace(/\\(.)/g, '$1'));
}

/** When the diff is quoted (`> diff --git`), the lines at that depth of quoting, without the marks. */
function unquote(lines: string[]): { lines: string[]; quoted: boolean } {
	if (lines.some((_, index) => isDiffStart(lines, index))) return { lines, quoted: false };
	const mark = /^((?:> ?)+)(?=diff --git |--- \S)/;
	const first = lines.find((line) => mark.test(line));
	const prefix = first === undefined ? undefined : mark.exec(first)?.[1];
	if (prefix === undefined) return { lines, quoted: false };
	const kept: string[] = [];
	for (const line of lines) {
		if (line.startsWith(prefix)) kept.push(line.slice(prefix.length));
		else if (line === prefix.trimEnd()) kept.push('');
	}
	return { lines: kept, quoted: true };
}

/** Where the next commit or the next mail of a box begins. */
function endOfPatch(lines: readonly string[], start: number): number {
	const next = lines.findIndex(
		(line, index) =>
			index > start &&
			(/^commit [0-9a-f]{40,64}( \(.*\))?$/.test(line) ||
				/^From [0-9a-f]{40,64} [A-Z][a-z]{2} [A-Z][a-z]{2} /.test(line)),
	);
	return next < 0 ? lines.length : next;
}

interface Body {
	message: string;
	from?: string;
	subject?: string;
	date?: string;
}

/** The commit message in what comes before the diff; `answered` says that a reply surrounds it. */
function bodyOf(before: readonly string[], answered: boolean): Body {
	const cut = before.findLastIndex((line) => line.trimEnd() === '---');
	const firstCut = before.findIndex((line) => line.trimEnd() === '---');
	let lines = before.slice(
		0,
		answered ? (cut < 0 ? before.length : cut) : firstCut < 0 ? before.length : firstCut,
	);
	const body: Body = { message: '' };
	if (answered) {
		const attribution = lines.findLastIndex((line) => /\bwrote:\s*$/.test(line));
		lines = lines.slice(attribution + 1);
	} else {
		// As git am: header lines that open the body speak for the author.
		let index = Math.max(
			0,
			lines.findIndex((line) => line.trim() !== ''),
		);
		for (; index < lines.length; index++) {
			const field = /^(From|Subject|Date): (.*)$/.exec(lines[index] ?? '');
			if (field === null) break;
			if (field[1] === 'From') body.from = field[2] ?? '';
			else if (field[1] === 'Subject') body.subject = field[2] ?? '';
			else body.date = field[2] ?? '';
		}
		if (index > 0 && Object.keys(body).length > 1) lines = lines.slice(index);
	}
	const trimmed = lines.map((line) => line.trimEnd());
	body.message = trimmed.join('\n').replace(/^\n+/, '').trimEnd();
	return body;
}
