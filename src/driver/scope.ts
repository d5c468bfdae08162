/** The file scope of a source, put together from its passages. */
import type { MemberAssignment, Passage } from './passage.ts';
import type { ScopeFacts } from './scope-facts.ts';

/** What the passages of a file say outside of functions, with the lines of the file. */
export function scopeOf(passages: readonly Passage[]): {
	facts: ScopeFacts;
	assigned: MemberAssignment[];
} {
	const facts: ScopeFacts = {
		lines: 0,
		directives: [],
		entries: [],
		structs: [],
		matchTables: [],
		symbols: [],
		variables: [],
		mentions: [],
	};
	const assigned: MemberAssignment[] = [];
	for (const passage of passages) {
		const by = facts.lines;
		append(facts.directives, passage.directives, by);
		append(facts.symbols, passage.symbols, by);
		append(facts.variables, passage.variables, by);
		append(facts.mentions, passage.mentions, by);
		append(assigned, passage.assigned, by);
		for (const one of passage.entries) facts.entries.push(movedRange(one, by));
		for (const one of passage.structs) {
			facts.structs.push({ ...movedRange(one, by), fields: append([], one.fields, by) });
		}
		for (const one of passage.matchTables) {
			facts.matchTables.push({
				...movedRange(one, by),
				compatible: append([], one.compatible, by),
			});
		}
		facts.lines += passage.lines;
	}
	return { facts, assigned };
}

function append<T extends { line: number }>(to: T[], from: readonly T[], by: number): T[] {
	for (const one of from) to.push({ ...one, line: one.line + by });
	return to;
}

function movedRange<T extends { line: number; end: number }>(one: T, by: number): T {
	return { ...one, line: one.line + by, end: one.end + by };
}
