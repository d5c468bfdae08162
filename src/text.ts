/**
 * Text that is safe and fits on a terminal: strings from mails and trees made printable, display
 * width, wrapping. Pure; knows nothing of reports, colours or streams.
 */

/**
 * What must never reach a terminal raw: C0 but tab and newline, DEL, C1, line separators, marks and
 * controls of text direction, zero-width characters, lone surrogates.
 */
const UNPRINTABLE =
	/[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\u{e0001}|[\u{e0020}-\u{e007f}]/gu;

function escaped(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
	if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
	return `\\u{${code.toString(16)}}`;
}

/** The text with every character that could act on a terminal shown as an escape; keeps tab and newline. */
export function printable(text: string): string {
	return text.replace(UNPRINTABLE, escaped);
}

/** As {@link printable}, for what has to stay on one line: tab and newline are shown too. */
export function printableLine(text: string): string {
	return printable(text).replace(/[\t\n]/g, (character) => (character === '\t' ? '\\t' : '\\n'));
}

/**
 * JSON of a value, indented by two spaces when `indent` is set. Characters that could act on a
 * terminal are written as \u escapes: the same data to a parser, harmless to a reader.
 */
export function safeJson(value: unknown, indent: boolean): string {
	return JSON.stringify(value, null, indent ? 2 : 0).replace(UNPRINTABLE, (character) =>
		Array.from({ length: character.length }, (_, i) => {
			return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
		}).join(''),
	);
}

const WIDE =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mn}|\p{Me}/u;

/** Columns that printable text takes on a terminal. */
export function displayWidth(text: string): number {
	if (/^[\x20-\x7e]*$/.test(text)) return text.length;
	let width = 0;
	for (const character of text) {
		if (WIDE.test(character)) width += 2;
		else if (!COMBINING.test(character)) width += 1;
	}
	return width;
}

/** The text with spaces after it up to `width` columns. */
export function padded(text: string, width: number): string {
	return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** The longest head of a word that fits, broken after a slash, comma or hyphen where there is one. */
function headThatFits(word: string, width: number): string {
	let head = '';
	let columns = 0;
	for (const character of word) {
		columns += displayWidth(character);
		if (columns > width && head !== '') break;
		head += character;
	}
	const natural = Math.max(...['/', ',', '-'].map((mark) => head.lastIndexOf(mark) + 1));
	return natural > head.length / 2 ? head.slice(0, natural) : head;
}

/**
 * Breaks text into lines of at most `width` columns. The first line starts with `first`, those that
 * follow with `rest`. A word that is longer than a line is broken.
 */
export function wrap(text: string, width: number, first = '', rest = first): string[] {
	const lines: string[] = [];
	let line = first;
	let empty = true;
	const flush = () => {
		lines.push(line.trimEnd());
		line = rest;
		empty = true;
	};
	for (let word of text.split(/[ \n]+/).filter((part) => part !== '')) {
		if (!empty && displayWidth(line) + 1 + displayWidth(word) > width) flush();
		while (empty && displayWidth(line) + displayWidth(word) > width) {
			const head = headThatFits(word, Math.max(1, width - displayWidth(line)));
			if (head === word) break;
			line += head;
			word = word.slice(head.length);
			flush();
		}
		line += empty ? word : ` ${word}`;
		empty = false;
	}
	if (!empty || lines.length === 0) flush();
	return lines;
}
