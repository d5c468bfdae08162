/**
 * Which function bodies of a file are worth parsing: those that can be on a path from an entry of
 * the file, and those that lead to a call of interest. Found by the names in them, which costs a
 * fraction of parsing; a name in a body is taken for a call, so too many are read rather than too few.
 */

import type { Assignment } from './gates.ts';
import type { Interest } from './interest.ts';
import type { FileScope, FunctionSpan } from './scan.ts';
import type { Source } from './source.ts';

/** The functions of a file whose bodies can bear on registration. */
export function bodiesOfInterest(
	source: Source,
	scope: FileScope,
	assigned: readonly Assignment[],
	want: Interest,
): Set<FunctionSpan> {
	const byName = new Map<string, FunctionSpan[]>();
	for (const span of scope.functions) {
		const known = byName.get(span.fact.name);
		if (known === undefined) byName.set(span.fact.name, [span]);
		else known.push(span);
	}
	const named = new Map<FunctionSpan, string[]>();
	const chosen = new Set<FunctionSpan>();
	const users = new Map<string, FunctionSpan[]>();
	const leads: FunctionSpan[] = [];
	for (const span of scope.functions) {
		const names: string[] = [];
		let interesting = false;
		for (const name of new Set(source.code.slice(span.open, span.close).split(/\W+/))) {
			if (want.argsOf.has(name) || want.callsOf.has(name)) interesting = true;
			if (!byName.has(name)) continue;
			names.push(name);
			const known = users.get(name);
			if (known === undefined) users.set(name, [span]);
			else known.push(span);
		}
		named.set(span, names);
		if (interesting) leads.push(span);
	}
	spread(leads, chosen, (span) => users.get(span.fact.name) ?? []);
	const fromEntries = new Set<FunctionSpan>();
	spread(entries(scope, assigned, byName), fromEntries, (span) =>
		(named.get(span) ?? []).flatMap((name) => byName.get(name) ?? []),
	);
	for (const span of fromEntries) chosen.add(span);
	return chosen;
}

function spread(
	from: readonly FunctionSpan[],
	into: Set<FunctionSpan>,
	next: (span: FunctionSpan) => readonly FunctionSpan[],
): void {
	const queue = [...from];
	for (let span = queue.pop(); span !== undefined; span = queue.pop()) {
		if (into.has(span)) continue;
		into.add(span);
		queue.push(...next(span));
	}
}

/** Functions that something outside the file runs: named by a macro, a driver struct or a hook. */
function entries(
	scope: FileScope,
	assigned: readonly Assignment[],
	byName: ReadonlyMap<string, FunctionSpan[]>,
): FunctionSpan[] {
	const names = scope.entries.flatMap(({ args }) => args);
	for (const { type, fields } of scope.structs) {
		if (/driver$/.test(type)) names.push(...fields.map(({ value }) => value));
	}
	names.push(...assigned.map(({ value }) => value));
	return names.flatMap((name) => byName.get(name.replace(/^&\s*/, '')) ?? []);
}
