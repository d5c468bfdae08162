/** What an added line of a damaged mail may have been, likeliest first. */
import type { AddedLine } from './align.ts';
import { type IndentContext, indentGuesses, TAB } from './indent.ts';
import { isMasked, unmaskings } from './masks.ts';
import { squeezed } from './match.ts';
import type { ReadingVotes } from './readings.ts';
import { type Damage, damaged, type Learned } from './whitespace.ts';

/** What the rest of the patch says about its added lines. */
export interface Evidence {
	votes: ReadingVotes;
	learned: Learned;
	/** Lines of the pre-image that say the same when white space is taken away. */
	twins: ReadonlyMap<string, readonly string[]>;
	addresses: readonly string[];
	/** How often each way to join the pieces of a broken line gave a line of the pre-image. */
	joins: ReadonlyMap<Join, number>;
	/** True when the lines of the file end in CR LF and the mail lost the CR. */
	carriage: boolean;
}

/** How the pieces of a broken line go together. */
export type Join = 'space' | 'flowed' | 'shortened' | 'whole';
export const JOINS: readonly Join[] = ['space', 'flowed', 'shortened', 'whole'];

const MAX_CANDIDATES = 24;

/** Joins the pieces of a line that a mailer broke. */
export function join(pieces: readonly string[], how: Join): string {
	return pieces.reduce((line, piece) => joinTwo(line, piece, how));
}

function joinTwo(line: string, piece: string, how: Join): string {
	switch (how) {
		case 'space':
			return `${line.trimEnd()} ${piece.trimStart()}`;
		case 'flowed':
			// RFC 3676: the space at the end is the line's, one at the start was stuffed.
			return line + piece.replace(/^ /, '');
		case 'shortened':
			// The same with DelSp=yes: the space at the end is the mailer's.
			return line.replace(/ $/, '') + piece.replace(/^ /, '');
		case 'whole':
			return line + piece.trimStart();
	}
}

/** The candidates for an added line, no two alike. */
export function candidatesFor(
	line: AddedLine,
	evidence: Evidence,
	context: () => Omit<IndentContext, 'collapsed'>,
): string[] {
	const texts = textsOf(line, evidence);
	const [text = ''] = texts;
	if (texts.length === 1 && evidence.learned.intact) return [text];
	if (texts.length === 1 && text.trim() === '') return blankForms(text, evidence);
	const out = new Set<string>();
	const forms = texts.map((one) =>
		one.trim() === '' ? [one] : evidence.learned.intact ? [one] : formsOf(one, evidence, context()),
	);
	// The first of each text before the second of any.
	for (let rank = 0; rank < MAX_CANDIDATES && out.size < MAX_CANDIDATES; rank++) {
		for (const list of forms) {
			const form = list[rank];
			if (form !== undefined && out.size < MAX_CANDIDATES) out.add(form);
		}
	}
	return [...out];
}

function textsOf(line: AddedLine, { votes, addresses, joins }: Evidence): string[] {
	const [only = ''] = line.pieces;
	let texts: string[];
	if (line.pieces.length === 1) texts = votes.of(only).map((one) => one.text);
	else {
		const weight = (how: Join): number => joins.get(how) ?? 0;
		const spaced = only.endsWith(' ');
		const order = [...JOINS].sort(
			(a, b) =>
				weight(b) - weight(a) || (spaced ? Number(a === 'space') - Number(b === 'space') : 0),
		);
		const ways = new Set(line.pieces.flatMap((piece) => votes.of(piece).map((one) => one.way)));
		texts = [...ways].flatMap((way) => {
			const read = line.pieces.map(
				(piece) => votes.of(piece).find((one) => one.way === way)?.text ?? piece,
			);
			return order.map((how) => join(read, how));
		});
	}
	const seen = [...new Set(texts)];
	return seen.flatMap((text) => (isMasked(text) ? [...unmaskings(text, addresses), text] : [text]));
}

function blankForms(text: string, { learned, carriage }: Evidence): string[] {
	const forms = learned.intact || text === '' ? [text] : ['', text];
	return carriage ? forms.map((form) => `${form}\r`) : forms;
}

/** The forms that a text may have had before its white space was damaged. */
function formsOf(
	text: string,
	evidence: Evidence,
	context: Omit<IndentContext, 'collapsed'>,
): string[] {
	const { learned, twins, carriage } = evidence;
	const same = twins.get(squeezed(text)) ?? [];
	const bare = text.trim();
	const collapsed = learned.kinds.every(
		({ runs }) => runs === 'folded' || runs === 'indented-by-one',
	);
	const near = same.filter((twin) => context.known.includes(twin));
	const inner = [...new Set([...same.map((twin) => twin.trim()), ...innerForms(text.trimEnd())])];
	const indents = indentGuesses(bare, { ...context, collapsed });
	const guessed = inner.flatMap((form, i) =>
		(i === 0 ? indents : indents.slice(0, 4)).map((indent) => indent + form),
	);
	const [damage] = learned.kinds;
	const tabs = damage?.tabs ?? 'kept';
	const untouched = tabs === 'kept' && damage?.runs === 'kept';
	// Where all indentation became one space, what is left of it says nothing.
	const said = collapsed ? [] : undone(text, tabs);
	const found = untouched
		? [text, ...near, ...guessed, ...same, ...retabbed(text)]
		: [...near, ...said, ...guessed, ...undone(text, tabs), ...same, ...retabbed(text), text];
	const all = [...new Set(found)];
	const forms = all.filter((form) => explains(form, text, learned));
	if (!learned.certain) forms.push(...all.filter((form) => !forms.includes(form)));
	if (forms.length === 0) forms.push(text);
	return carriage ? forms.map((form) => (form.endsWith('\r') ? form : `${form}\r`)) : forms;
}

/** Whether damage that was found in the patch makes `seen` of a form. */
function explains(form: string, seen: string, { kinds }: Learned): boolean {
	return kinds.some((kind) => damaged(form, kind) === seen);
}

/** The text with the white space inside it as it is, and with tabs where tabs are usual. */
function innerForms(text: string): string[] {
	const bare = text.trimStart();
	return [...new Set([bare, bare.replace(/[ \t]+/, '\t'), bare.replace(/ {2,}|\t/g, '\t')])];
}

/** The text with its runs of spaces as the tabs that they may stand for. */
function retabbed(text: string): string[] {
	if (!text.includes('  ')) return [];
	const kinds: Damage['tabs'][] = [{ from: 0 }, { from: 1 }, { spaces: 8 }, { spaces: 4 }];
	return kinds.flatMap((tabs) => undone(text, tabs));
}

/** The text as it may have been before its tabs became spaces. */
function undone(text: string, tabs: Damage['tabs']): string[] {
	if (tabs === 'kept' || !text.includes(' ')) return [];
	if ('from' in tabs) {
		return [2, 1, Number.POSITIVE_INFINITY].map((shortest) => unexpand(text, tabs.from, shortest));
	}
	const run = ' '.repeat(tabs.spaces);
	const lead = /^ */.exec(text)?.[0] ?? '';
	const led = lead.replaceAll(run, '\t') + text.slice(lead.length);
	return tabs.spaces === 1 ? [led] : [text.replaceAll(run, '\t'), led];
}

/** Tabs for the leading spaces, and for inner runs of at least `shortest` that end at a tab stop. */
function unexpand(text: string, from: 0 | 1, shortest: number): string {
	let out = '';
	let column: number = from;
	for (const part of text.split(/( +)/)) {
		const end = column + part.length;
		if (!part.startsWith(' ')) out += part;
		else if (out === '') {
			const tabs = Math.floor(end / TAB) - Math.floor(column / TAB);
			out += tabs === 0 ? part : '\t'.repeat(tabs) + ' '.repeat(end % TAB);
		} else if (end % TAB === 0 && part.length >= shortest) {
			out += '\t'.repeat(end / TAB - Math.floor(column / TAB));
		} else out += part;
		column = end;
	}
	return out;
}
