/**
 * The author of a mail in the form of a trailer, `Name <mail>`: out of what mailers write, and of
 * what list archives make of it to hide addresses.
 */

/** No name and address are longer together; in characters. */
const LONGEST = 1000;

/** The name and address of a `From` value; '' where there is none. */
export interface Author {
	name: string;
	mail: string;
}

/**
 * Reads `Name <a@b>`, `"Name" <a@b>`, `a@b (Name)`, a bare address, and the masked forms
 * `a at b (Name)` (pipermail) and `Name <a () b ! org>` (marc).
 */
export function readAuthor(value: string): Author {
	const plain = unquoteName(
		unmask(
			value
				.slice(0, LONGEST)
				.replace(/[ \t-\r]+/g, ' ')
				.trim(),
		),
	).trim();
	const at = plain.indexOf('@');
	if (at < 0) {
		const open = plain.indexOf('<');
		const close = plain.indexOf('>', open + 1);
		if (open < 0 || close < 0) return { name: plain, mail: '' };
		return { name: plain.slice(0, open).trim(), mail: plain.slice(open + 1, close).trim() };
	}
	let start = at;
	while (start > 0 && plain[start - 1] !== ' ' && plain[start - 1] !== '<') start--;
	let end = at;
	while (end < plain.length && plain[end] !== ' ' && plain[end] !== '>') end++;
	const before = plain.slice(0, start).replace(/<$/, '');
	const after = plain.slice(end).replace(/^>/, '');
	let name = `${before} ${after}`.replace(/ +/g, ' ').trim();
	if (name.startsWith('(') && name.endsWith(')')) name = name.slice(1, -1).trim();
	return { name, mail: plain.slice(start, end) };
}

/** The author as `Name <mail>`, or what of it is known. */
export function showAuthor({ name, mail }: Author): string {
	if (mail === '') return name;
	return name === '' ? mail : `${name} <${mail}>`;
}

/** Takes the quotes off quoted strings, wherever they stand; one that does not end goes to the end. */
function unquoteName(value: string): string {
	if (!value.includes('"')) return value;
	let out = '';
	let quoted = false;
	for (let i = 0; i < value.length; i++) {
		const char = value.charAt(i);
		if (char === '"') quoted = !quoted;
		else if (quoted && char === '\\') out += value.charAt(++i);
		else out += char;
	}
	return out;
}

function unmask(value: string): string {
	if (value.includes('@')) return value;
	const pipermail = /^([^\s()<>]+) at ([^\s()<>]+\.[^\s()<>]+)(?= \(|$)/.exec(value);
	if (pipermail !== null) {
		return `${pipermail[1]}@${pipermail[2]}${value.slice(pipermail[0].length)}`;
	}
	const marc = /<(\S+) \(\) ([^<>]+)>/.exec(value);
	if (marc === null) return value;
	const host = (marc[2] ?? '').replaceAll(' ! ', '.');
	return value.replace(marc[0], () => `<${marc[1] ?? ''}@${host}>`);
}
