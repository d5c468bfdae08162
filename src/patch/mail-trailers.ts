/**
 * Puts trailers into the message of a mail, and leaves every other byte of it as it is: notes behind `---`,
 * the diffstat, headers. Only where the message stands in the mail as it is; else undefined, and the patch
 * has to be printed anew.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Insertion } from '../kernel/trailer-block.ts';
import { decodeText, readHeaders } from './headers.ts';
import { breaksOff } from './message.ts';

/** What an encoding makes of a line cannot be edited in place. */
const PLAIN = /^(?:7bit|8bit|binary)?$/i;

/**
 * A mail with lines put into its message.
 * @param message as it was read from the mail, without its subject; `at` counts its lines from 2, behind the
 * subject and a blank line
 */
export function mailWithTrailers(
	mail: Uint8Array,
	message: string,
	{ at, lines }: Insertion,
): Uint8Array | undefined {
	const bytes = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength);
	const { fields, any, end } = readHeaders(bytes);
	const type = fields.get('content-type') ?? '';
	const encoding = fields.get('content-transfer-encoding') ?? '';
	if (!any || !PLAIN.test(encoding.trim()) || /multipart\//i.test(type)) return undefined;
	const head = bytes.toString('latin1', 0, end);
	const body = bytes.toString('latin1', end).split('\n');
	const cut = body.findIndex((line) => breaksOff(line.replace(/\r$/, '')));
	let last = cut < 0 ? body.length : cut;
	while (last > 0 && (body[last - 1] ?? '').trim() === '') last--;
	const wanted = message === '' ? [] : message.split('\n');
	const first = last - wanted.length;
	if (first < 0) return undefined;
	// Where the mail has other lines there, it was read in another way than line by line.
	if (wanted.some((line, i) => decoded(body[first + i] ?? '') !== line.trimEnd())) return undefined;
	const text = lines.join('\n');
	if (!isAscii(Buffer.from(text)) && !isUtf8(bytes)) return undefined;
	const eol = (body[0] ?? '').endsWith('\r') ? '\r' : '';
	const place = Math.max(0, first + at - 2);
	// A message that is empty ends before the line that cuts it off; a blank line opens it already.
	const fresh = wanted.length === 0 ? lines.filter((line) => line !== '') : lines;
	const put = fresh.map((line) => Buffer.from(line).toString('latin1') + eol);
	const changed = [...body.slice(0, place), ...put, ...body.slice(place)].join('\n');
	return Buffer.from(head + changed, 'latin1');
}

function decoded(line: string): string {
	return decodeText(Buffer.from(line, 'latin1')).trimEnd();
}
