/** Struct initialisers and device id tables after a patch, from the facts before and the patch's own lines. */

import type { MatchTableFact, StructFact } from './facts.ts';
import type { FragmentFacts } from './fragment.ts';
import type { Hunk, LineMap } from './lines.ts';

type Field = StructFact['fields'][number];

interface Edit extends Hunk {
	facts: FragmentFacts;
}

/** Ranges of initialisers after the edits: moved ones, and those whose head an edit brings. */
function spliceRanges<T extends { line: number; end: number }>(
	before: readonly T[],
	added: (facts: FragmentFacts) => readonly T[],
	edits: readonly Edit[],
	map: LineMap,
): T[] {
	const found = new Map<number, T>();
	const ends = before.flatMap((fact) => map.after(fact.end) ?? []).sort((a, b) => a - b);
	for (const [index, edit] of edits.entries())
		for (const fact of added(edit.facts)) {
			if (edit.origin[fact.line - 1] !== 0 && edit.facts.cut.includes(fact.line)) continue;
			const line = map.ofFragment(index, fact.line);
			const end = edit.facts.cut.includes(fact.line)
				? (ends.find((at) => at >= line) ?? map.lines)
				: map.ofFragment(index, fact.end);
			found.set(line, { ...fact, line, end });
		}
	for (const fact of before) {
		const line = map.after(fact.line);
		if (line === undefined || found.has(line)) continue;
		found.set(line, { ...fact, line, end: map.after(fact.end) ?? map.behind(fact.end) - 1 });
	}
	return [...found.values()].sort((a, b) => a.line - b.line);
}

/** The struct initialisers after the edits. */
export function spliceStructs(
	before: readonly StructFact[],
	edits: readonly Edit[],
	map: LineMap,
): StructFact[] {
	const fields: Field[] = [];
	const old = before.flatMap((struct) => struct.fields);
	for (const field of old) {
		const line = map.after(field.line);
		if (line !== undefined) fields.push({ ...field, line });
	}
	for (const [index, edit] of edits.entries())
		for (const field of addedFields(edit, old))
			fields.push({ ...field, line: map.ofFragment(index, field.line) });
	fields.sort((a, b) => a.line - b.line);
	return spliceRanges(before, (facts) => facts.structs, edits, map).map((struct) => ({
		...struct,
		fields: fields.filter(({ line }) => line >= struct.line && line <= struct.end),
	}));
}

/** The fields on added lines of an edit, with whole paths. */
function addedFields(edit: Edit, old: readonly Field[]): Field[] {
	const whole = edit.facts.structs.flatMap((struct) => struct.fields);
	const loose = edit.facts.looseFields.map(({ level, ...field }) => ({
		...field,
		path: prefixOf(edit, old, level) + field.path,
	}));
	return [...whole, ...loose].filter(({ line }) => edit.origin[line - 1] === 0);
}

/** The path of the member that a block of the fragment belongs to, told by what is known of its other lines. */
function prefixOf(edit: Edit, old: readonly Field[], level: number): string {
	const peers = edit.facts.looseFields.filter((field) => field.level === level);
	for (const peer of peers) {
		const origin = edit.origin[peer.line - 1] ?? 0;
		const known = old.find(
			({ line, path }) =>
				(origin !== 0 ? line === origin : edit.removed.includes(line)) &&
				(path === peer.path || path.endsWith(`.${peer.path}`)),
		);
		if (known !== undefined) return known.path.slice(0, known.path.length - peer.path.length);
	}
	const near = edit.origin.find((origin) => origin !== 0) ?? edit.at;
	const above = old.filter(({ line }) => line < near).at(-1)?.path ?? '';
	const below = old.find(({ line }) => line > near)?.path ?? '';
	const shared = above.slice(0, above.lastIndexOf('.') + 1);
	return level === 0 && shared !== '' && below.startsWith(shared) ? shared : '';
}

/** The device id tables after the edits. */
export function spliceMatchTables(
	before: readonly MatchTableFact[],
	edits: readonly Edit[],
	map: LineMap,
): MatchTableFact[] {
	const entries = before
		.flatMap((table) => table.compatible)
		.flatMap((entry) => {
			const line = map.after(entry.line);
			return line === undefined ? [] : [{ ...entry, line }];
		});
	for (const [index, edit] of edits.entries())
		for (const entry of edit.facts.looseCompatible)
			if (edit.origin[entry.line - 1] === 0)
				entries.push({ ...entry, line: map.ofFragment(index, entry.line) });
	entries.sort((a, b) => a.line - b.line);
	return spliceRanges(before, (facts) => facts.matchTables, edits, map).map((table) => ({
		...table,
		compatible: entries.filter(({ line }) => line >= table.line && line <= table.end),
	}));
}
