/** Comma separated lists of C: arguments, parameters, initialisers. */

import type { Source } from './source.ts';
import { textOf } from './source.ts';

/** The parts of a parenthesised list between two offsets, split at its own commas. */
export function splitList(
	source: Source,
	from: number,
	to: number,
): { from: number; to: number }[] {
	const { code, match } = source;
	const parts: { from: number; to: number }[] = [];
	let start = from;
	for (let at = from; at < to; at++) {
		const char = code.charCodeAt(at);
		if (char === 44) {
			parts.push({ from: start, to: at });
			start = at + 1;
		} else if (char === 40 || char === 91 || char === 123) {
			const partner = match[at] ?? -1;
			if (partner > at) at = Math.min(partner, to);
		}
	}
	if (parts.length > 0 || code.slice(start, to).trim() !== '') parts.push({ from: start, to });
	return parts;
}

/** The arguments between the parentheses at `open`, white space folded. */
export function argumentsAt(source: Source, open: number): string[] {
	const close = source.match[open] ?? -1;
	if (close < open) return [];
	return splitList(source, open + 1, close).map((part) => textOf(source, part.from, part.to));
}
