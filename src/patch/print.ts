/** Prints a patch as a mail that `git am` takes, and a file patch as a git diff. */
import type { FilePatch, Hunk, Patch } from './diff.ts';

const ZERO_ID = '0'.repeat(40);

/** The patch as a mail in the form of `git format-patch`. */
export function printPatch(patch: Patch): string {
	const subject = /^\[[^\]]*\]/.test(patch.subject) ? patch.subject : `[PATCH] ${patch.subject}`;
	const head = [`From ${patch.commit ?? ZERO_ID} Mon Sep 17 00:00:00 2001`];
	if (patch.author !== '') head.push(`From: ${encodeAuthor(patch.author)}`);
	if (patch.date !== undefined) head.push(`Date: ${patch.date}`);
	head.push(`Subject: ${encodeHeader(subject)}`);
	if (patch.messageId !== undefined) head.push(`Message-ID: <${patch.messageId}>`);
	head.push('MIME-Version: 1.0');
	head.push('Content-Type: text/plain; charset=UTF-8');
	head.push('Content-Transfer-Encoding: 8bit');
	const message = patch.message === '' ? '' : `${patch.message}\n`;
	const diffs = patch.files.map(printFile).join('');
	return `${head.join('\n')}\n\n${message}---\n\n${diffs}-- \nrangefinder\n`;
}

/** One file of a patch as a git diff, with its extended headers. */
export function printFile(file: FilePatch): string {
	const oldPath = file.oldPath ?? file.newPath ?? '';
	const newPath = file.newPath ?? file.oldPath ?? '';
	const out = [`diff --git ${quote(`a/${oldPath}`)} ${quote(`b/${newPath}`)}`];
	const mode = file.oldMode === file.newMode ? file.newMode : undefined;
	if (file.isNew) out.push(`new file mode ${file.newMode ?? '100644'}`);
	else if (file.isDeleted) out.push(`deleted file mode ${file.oldMode ?? '100644'}`);
	else if (mode === undefined) {
		if (file.oldMode !== undefined) out.push(`old mode ${file.oldMode}`);
		if (file.newMode !== undefined) out.push(`new mode ${file.newMode}`);
	}
	if (file.renameFrom !== undefined) {
		out.push(`rename from ${quote(file.renameFrom)}`, `rename to ${quote(newPath)}`);
	}
	if (file.copyFrom !== undefined) {
		out.push(`copy from ${quote(file.copyFrom)}`, `copy to ${quote(newPath)}`);
	}
	if (file.preimage !== undefined || file.postimage !== undefined) {
		const width = (file.preimage ?? file.postimage ?? '').length;
		const none = '0'.repeat(width);
		const tail = mode === undefined || file.isNew || file.isDeleted ? '' : ` ${mode}`;
		out.push(`index ${file.preimage ?? none}..${file.postimage ?? none}${tail}`);
	}
	const left = file.isNew ? '/dev/null' : quote(`a/${oldPath}`);
	const right = file.isDeleted ? '/dev/null' : quote(`b/${newPath}`);
	if (file.binary === true) out.push(`Binary files ${left} and ${right} differ`);
	else if (file.hunks.length > 0) {
		out.push(`--- ${timeless(left)}`, `+++ ${timeless(right)}`);
		for (const hunk of file.hunks) out.push(...hunkLines(hunk));
	}
	return `${out.join('\n')}\n`;
}

function hunkLines(hunk: Hunk): string[] {
	const side = (start: number, count: number): string =>
		count === 1 ? `${start}` : `${start},${count}`;
	const ranges = `-${side(hunk.oldStart, hunk.oldCount)} +${side(hunk.newStart, hunk.newCount)}`;
	const out = [`@@ ${ranges} @@${hunk.section === '' ? '' : ` ${hunk.section}`}`];
	for (const line of hunk.lines) {
		out.push(line.kind + line.text);
		if (line.noNewline === true) out.push('\\ No newline at end of file');
	}
	return out;
}

/** git ends a name that holds a space with a tab, so that no time stamp is read into it. */
function timeless(name: string): string {
	return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}

/** White space at the end of a name would be taken for what transport left there. */
function quote(path: string): string {
	if (path === path.trimEnd() && /^[ !#-[\]-~\u00a0-\uffff]*$/.test(path)) return path;
	return `"${path.replace(/["\\]/g, '\\$&')}"`;
}

/** `Name <mail>` as a header has it: the name quoted or encoded where that is needed. */
export function encodeAuthor(author: string): string {
	const parts = /^(.*) (<[^>]*>)$/.exec(author);
	if (parts === null) return encodeHeader(author);
	const name = parts[1] ?? '';
	const plain = /^[\w .'-]*$/.test(name) && isAscii(name);
	const shown =
		isAscii(name) && !plain ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodeHeader(name);
	return `${shown} ${parts[2] ?? ''}`;
}

function isAscii(text: string): boolean {
	return /^[ -~]*$/.test(text);
}

/** RFC 2047 for text beyond ASCII; each encoded word stays under 75 bytes and holds whole characters. */
export function encodeHeader(text: string): string {
	if (isAscii(text) && !text.includes('=?')) return text;
	const words: string[] = [];
	let chunk = '';
	for (const char of text) {
		if (Buffer.byteLength(chunk + char) > 42) {
			words.push(chunk);
			chunk = '';
		}
		chunk += char;
	}
	words.push(chunk);
	return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\n ');
}
