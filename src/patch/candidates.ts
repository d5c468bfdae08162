/** What an added line of a damaged mail may have been, likeliest first. */
import type { AddedLine } from './align.ts';
import { type IndentContext, indentGuesses, TAB } from './indent.ts';
import { isMasked, unmaskings } from './masks.ts';
import { squeezed } from './match.ts';
import type { ReadingVotes } from './readings.ts';
import { damaged, type Learned } from './whitespace.ts';

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
	return pieces.reduce((line, piece) => {
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
	});
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
			(a, b) => weight(b) - weight(a) || (spaced ? Number(a === 'space') - Number(b === 'space') : 0),
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
	const inner = innerForms(text.trimEnd());
	const indents = indentGuesses(bare, { ...context, collapsed });
	const guessed = inner.flatMap((form, i) =>
		(i === 0 ? indents : indents.slice(0, 4)).map((indent) => indent + form),
	);
	const all = [...new Set([text, ...same, ...retabbed(text), ...guessed])];
	const rated = all.map((form) => ({ form, rank: rankOf(form, text, learned) }));
	const explained = rated.filter(({ rank }) => rank >= 0);
	const order = new Map<string, number>();
	for (const { form, rank } of explained) order.set(form, rank);
	// What is surely how a line of the file looks, or how the damage of tabs is undone, comes first.
	const known = new Set([...same, ...retabbed(text)]);
	const mild = learned.kinds[0]?.runs === 'kept';
	const kept = explained
		.filter(({ form }) => form !== text)
		.sort((a, b) => (mild ? Number(known.has(b.form)) - Number(known.has(a.form)) : 0));
	const asIs = explained.filter(({ form }) => form === text);
	const untouched = learned.kinds[0]?.tabs === 'kept' && mild;
	const first = untouched ? [...asIs, ...kept] : [...kept, ...asIs];
	const rest = learned.certain ? [] : rated.filter(({ rank }) => rank < 0);
	const forms = [...first, ...rest].map(({ form }) => form);
	if (forms.length === 0) forms.push(text);
	return carriage ? forms.map((form) => (form.endsWith('\r') ? form : `${form}\r`)) : forms;
}

/** The first kind of damage that makes `seen` of a form; -1 when none does. */
function rankOf(form: string, seen: string, { kinds }: Learned): number {
	return kinds.findIndex((kind) => damaged(form, kind) === seen);
}

/** The text with the white space inside it as it is, and with tabs where tabs are usual. */
function innerForms(text: string): string[] {
	const bare = text.trimStart();
	return [...new Set([bare, bare.replace(/[ \t]+/, '\t'), bare.replace(/ {2,}|\t/g, '\t')])];
}

/** The text with its runs of spaces as the tabs that they may stand for. */
function retabbed(text: string): string[] {
	if (!text.includes(' ')) return [];
	const out: string[] = [];
	for (const from of [0, 1] as const) {
		for (const shortest of [2, 1, Number.POSITIVE_INFINITY]) out.push(unexpand(text, from, shortest));
	}
	for (const spaces of [8, 4, 2]) out.push(text.replaceAll(' '.repeat(spaces), '\t'));
	const lead = /^ */.exec(text)?.[0] ?? '';
	for (const spaces of [8, 4, 2, 1]) {
		out.push(lead.replaceAll(' '.repeat(spaces), '\t') + text.slice(lead.length));
	}
	return [...new Set(out)].filter((one) => one !== text);
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
