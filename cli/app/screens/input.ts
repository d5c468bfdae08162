/** What ink hands over of the keyboard, as names of keys; and pasted text, as terminals bracket it. */
import type { Key } from 'ink';

/** What terminals write around a paste once they were asked to (xterm, bracketed paste mode). */
const PASTE_START = '[200~';
const PASTE_END = '[201~';

const CONTROL: Readonly<Record<string, string>> = {
	'\r': 'enter',
	'\n': 'enter',
	'\t': 'tab',
	'\x7f': 'backspace',
	'\b': 'backspace',
	'\x1b': 'esc',
	' ': 'space',
};

/** A character that came among others. */
function nameOf(character: string): string {
	const named = CONTROL[character];
	if (named !== undefined) return named;
	const code = character.codePointAt(0) ?? 0;
	return code >= 1 && code <= 26 ? `ctrl-${String.fromCharCode(code + 96)}` : character;
}

const NAMED: readonly (readonly [keyof Key, string])[] = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageDown', 'pagedown'],
	['pageUp', 'pageup'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['backspace', 'backspace'],
	['delete', 'backspace'],
	['escape', 'esc'],
];

/** The keys of one event: fast typing comes as several characters at once. */
export function keysOf(input: string, key: Key): string[] {
	if (input === PASTE_START) return ['paste-start'];
	if (input === PASTE_END) return ['paste-end'];
	if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
	const named = NAMED.find(([name]) => key[name]);
	if (named !== undefined) return [named[1]];
	if (key.ctrl && input.length === 1) return [`ctrl-${input}`];
	return [...input].map(nameOf);
}

/** The text of one event within a paste. */
export function pastedText(input: string, key: Key): string {
	if (key.return) return '\n';
	if (key.tab) return '\t';
	return input;
}
