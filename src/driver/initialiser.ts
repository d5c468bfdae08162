/** Designated initialisers: which member of a struct names which function, object or string. */

import type { MatchTableFact, StructFact } from './facts.ts';
import { splitList } from './lists.ts';
import type { Source } from './source.ts';
import { lineAt, textOf } from './source.ts';

const DESIGNATOR = /^\s*(?:\.\s*([\w.[\]]+?)\s*=|([A-Za-z_]\w*)\s*:)/;
const WRAPPER =
	/^(?:of_match_ptr|ACPI_PTR|pm_ptr|pm_sleep_ptr|PTR_IF|__devexit_p|__exit_p|\w+_p|\w+_ptr)\s*\((.*)\)$/;

/** What a value names: an identifier or a string literal, else undefined. */
export function namedBy(value: string): string | undefined {
	let text = value.trim();
	for (let rounds = 0; rounds < 4; rounds++) {
		const bare = text
			.replace(/^&\s*/, '')
			.replace(
				/^\((?:const\s+)?(?:struct\s+|unsigned\s+|enum\s+)?\w+(?:\s+\w+)?[\s*]*\)\s*(?=[\w&(])/,
				'',
			)
			.replace(WRAPPER, '$1')
			.replace(/^\(\s*([\w&\s]+)\s*\)$/, '$1')
			.trim();
		if (bare === text) break;
		text = bare;
	}
	return /^(?:[A-Za-z_]\w*|"(?:[^"\\]|\\.)*")$/.test(text) ? text : undefined;
}

/** The fields between two offsets, nested members with dotted paths. */
export function initialisedFields(
	source: Source,
	from: number,
	to: number,
	prefix = '',
): StructFact['fields'] {
	const fields: StructFact['fields'] = [];
	for (const part of splitList(source, from, to)) {
		const text = source.code.slice(part.from, part.to);
		const found = DESIGNATOR.exec(text);
		const member = found?.[1] ?? found?.[2];
		if (found === null || member === undefined) continue;
		const value = part.from + found[0].length;
		const path = prefix + member;
		const brace = source.code.indexOf('{', value);
		const close = brace !== -1 && brace < part.to ? (source.match[brace] ?? -1) : -1;
		if (close > brace) {
			fields.push(...initialisedFields(source, brace + 1, close, `${path}.`));
			continue;
		}
		const named = namedBy(textOf(source, value, part.to));
		const dot = part.from + (text.length - text.trimStart().length);
		if (named !== undefined) fields.push({ path, value: named, line: lineAt(source, dot) });
	}
	return fields;
}

/** The compatible strings between two offsets of a device id table, also those inside macros. */
export function compatibles(
	source: Source,
	from: number,
	to: number,
): MatchTableFact['compatible'] {
	const found: MatchTableFact['compatible'] = [];
	const code = source.code.slice(from, to);
	for (const value of code.matchAll(
		/(?:\.\s*(\w+)\s*=\s*)?("[^"]*"|(?=[A-Za-z_])(?<==\s*)[A-Za-z_]\w*)/g,
	)) {
		const member = value[1];
		const literal = value[2] ?? '';
		const at = from + value.index + value[0].length - literal.length;
		if (member !== undefined && member !== 'compatible') continue;
		if (member === undefined && !/\(\s*$/.test(code.slice(0, value.index).slice(-20))) continue;
		const text = source.text.slice(at, at + literal.length);
		found.push({ value: text.replace(/^"|"$/g, ''), line: lineAt(source, at) });
	}
	return found;
}
