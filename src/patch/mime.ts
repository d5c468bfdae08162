/** Mail headers and bodies: RFC 5322 header blocks, RFC 2047 words, transfer encodings, charsets. */

export interface Mail {
	headers: Map<string, string>;
	body: string;
	/** Number of lines before the body in the input. */
	bodyLine: number;
}

/** Decodes bytes as UTF-8 where they are UTF-8, else as Latin-1, so that no byte is lost. */
export function decodeText(bytes: Uint8Array, charset?: string): string {
	if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
		try {
			return new TextDecoder(charset).decode(bytes);
		} catch {
			// A charset nobody knows: treated as if none was named.
		}
	}
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return Buffer.from(bytes).toString('latin1');
	}
}

/** Decodes the encoded words of a header value. */
export function decodeWords(value: string): string {
	const joined = value.replace(
		/(=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)/g,
		'$1',
	);
	return joined.replace(
		/=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?\s]*)\?=/g,
		(_, charset: string, kind: string, text: string) => {
			const bytes =
				kind.toLowerCase() === 'b'
					? Buffer.from(text, 'base64')
					: quotedPrintable(text.replaceAll('_', ' '));
			return decodeText(bytes, charset);
		},
	);
}

/**
 * Splits a mail into headers (names in lower case, the first of each name) and its decoded text;
 * undefined when `bytes` do not start with a header block that names a sender or a subject.
 */
export function parseMail(bytes: Uint8Array): Mail | undefined {
	const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
	const { headers, rest, lines } = splitHeaders(raw);
	if (!headers.has('from') && !headers.has('subject')) return undefined;
	return { headers, body: decodeBody(headers, rest, 0), bodyLine: lines };
}

function splitHeaders(raw: string): { headers: Map<string, string>; rest: string; lines: number } {
	const headers = new Map<string, string>();
	let position = 0;
	let lines = 0;
	let last: string | undefined;
	while (position < raw.length) {
		const newline = raw.indexOf('\n', position);
		const end = newline < 0 ? raw.length : newline;
		const line = raw.slice(position, end).replace(/\r$/, '');
		const field = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$/.exec(line);
		if (line === '') {
			position = end + 1;
			lines++;
			if (last === undefined) continue;
			break;
		}
		if (/^[ \t]/.test(line) && last !== undefined) {
			headers.set(last, `${headers.get(last) ?? ''}\n${line}`);
		} else if (field !== null) {
			last = (field[1] ?? '').toLowerCase();
			// A repeated field (Received) must not take the continuation of the first.
			if (headers.has(last)) last = `${last}:${lines}`;
			headers.set(last, field[2] ?? '');
		} else if (!(lines === 0 && line.startsWith('From '))) break;
		position = end + 1;
		lines++;
	}
	for (const [name, value] of headers) {
		const unfolded = value.replace(/\r?\n[ \t]+/g, ' ').trim();
		headers.set(name, decodeWords(decodeText(Buffer.from(unfolded, 'latin1'))));
	}
	return { headers, rest: raw.slice(position), lines };
}

function parameter(value: string, name: string): string | undefined {
	const match = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]*))`, 'i').exec(value);
	return match?.[1] ?? match?.[2];
}

function decodeBody(headers: Map<string, string>, raw: string, depth: number): string {
	const type = headers.get('content-type') ?? 'text/plain';
	const boundary = parameter(type, 'boundary');
	if (/^multipart\//i.test(type) && boundary !== undefined && depth < 8) {
		return parts(raw, boundary)
			.map((part) => {
				const inner = splitHeaders(part);
				const kind = inner.headers.get('content-type') ?? 'text/plain';
				if (!/^(multipart\/|text\/(?!html)|application\/(x-patch|octet-stream))/i.test(kind))
					return '';
				return decodeBody(inner.headers, inner.rest, depth + 1);
			})
			.join('\n');
	}
	const encoding = (headers.get('content-transfer-encoding') ?? '').toLowerCase();
	const bytes =
		encoding === 'base64'
			? Buffer.from(raw, 'base64')
			: encoding === 'quoted-printable'
				? quotedPrintable(raw)
				: Buffer.from(raw, 'latin1');
	return decodeText(bytes, parameter(type, 'charset'));
}

function parts(raw: string, boundary: string): string[] {
	const found: string[] = [];
	let current: string[] | undefined;
	for (const line of raw.split('\n')) {
		const bare = line.trimEnd();
		if (bare === `--${boundary}` || bare === `--${boundary}--`) {
			if (current !== undefined) found.push(current.join('\n'));
			current = bare.endsWith(`${boundary}--`) ? undefined : [];
		} else current?.push(line);
	}
	if (current !== undefined) found.push(current.join('\n'));
	// splitHeaders needs the blank line even where a part has no headers.
	return found.map((part) => (/^\r?\n/.test(part) ? `Content-Type: text/plain\n${part}` : part));
}

function quotedPrintable(text: string): Buffer {
	const joined = text.replace(/=[ \t]*\r?\n/g, '');
	return Buffer.from(
		joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
			String.fromCharCode(Number.parseInt(hex, 16)),
		),
		'latin1',
	);
}
