/** What is done with the value of a call, told from the statement around it. */

import type { CallUse } from './facts.ts';
import { isWord } from './identifiers.ts';
import type { Source } from './source.ts';

/** How far a statement is followed to either side; longer ones do not occur outside of generated tables. */
const REACH = 4000;

const WORD = /[A-Za-z_]\w*$/;

/** The use of the call whose callee starts at `callee` and whose parenthesis closes at `close`. */
export function useOf(source: Source, callee: number, close: number): CallUse {
	if (decidesChoice(source, close)) return 'tested';
	const { code, match } = source;
	let assigned = false;
	let comma = false;
	for (let at = callee - 1; at >= 0 && callee - at < REACH; at--) {
		const char = code.charCodeAt(at);
		if (char <= 32) continue;
		if (char === 41 || char === 93) {
			const partner = match[at] ?? -1;
			if (partner === -1) break;
			at = partner;
		} else if (char === 40 || char === 91) {
			const word = WORD.exec(code.slice(Math.max(0, at - 64), at).trimEnd())?.[0];
			if (word === 'if' || word === 'while' || word === 'switch') return 'tested';
			if (word === 'for') return assigned ? 'assigned' : 'tested';
			if (word === 'return') return 'returned';
			if (word !== undefined || char === 91) return 'argument';
			if (/[)\]]$/.test(code.slice(Math.max(0, at - 64), at).trimEnd())) return 'argument';
		} else if (char === 59 || char === 125) break;
		else if (char === 123) {
			if (!assigned && /[=,]\s*$/.test(code.slice(Math.max(0, at - 64), at))) return 'assigned';
			break;
		} else if (char === 44) comma = true;
		else if (char === 61) {
			const before = code.charAt(at - 1);
			const comparison = code.charAt(at + 1) === '=' || '=!<>'.includes(before);
			const shift = '<>'.includes(before) && code.charAt(at - 2) === before;
			if (!comma && (!comparison || shift)) assigned = true;
		} else if (isWord(char)) {
			let first = at;
			while (first > 0 && isWord(code.charCodeAt(first - 1))) first--;
			const word = code.slice(first, at + 1);
			if (word === 'return') return 'returned';
			if (word === 'else' || word === 'do') break;
			at = first;
		}
	}
	return assigned ? 'assigned' : 'ignored';
}

/** True when a `?` follows in the same expression. */
function decidesChoice(source: Source, close: number): boolean {
	const { code, match } = source;
	for (let at = close + 1; at < code.length && at - close < REACH; at++) {
		const char = code.charCodeAt(at);
		if (char === 63) return true;
		if (char === 59 || char === 44 || char === 41 || char === 93 || char === 123 || char === 125)
			return false;
		if (char === 40 || char === 91) at = Math.max(at, match[at] ?? at);
	}
	return false;
}
