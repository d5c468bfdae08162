/**
 * The file scope of a source, put together from its passages. Every version of a file goes through here, most of it
 * for the same text again: each kind of fact is copied by a function of its own, field by field, which
 * takes a tenth of the time of copying whatever fields there are.
 */
import type {
	DirectiveFact,
	EntryFact,
	MatchTableFact,
	MentionFact,
	StructFact,
	SymbolFact,
	VariableFact,
} from './facts.ts';
import type { Passage } from './passage.ts';
import type { ScopeFacts } from './scope-facts.ts';

/**
 * What the passages of a file say outside of functions, with the lines of the file.
 * @param spliced whether symbols and variables are wanted; see Interest
 */
export function scopeOf(passages: readonly Passage[], spliced: boolean): ScopeFacts {
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
	for (const passage of passages) {
		addDirectives(facts.directives, passage.directives, facts.lines);
		if (spliced) {
			addSymbols(facts.symbols, passage.symbols, facts.lines);
			addVariables(facts.variables, passage.variables, facts.lines);
		}
		addMentions(facts.mentions, passage.mentions, facts.lines);
		addEntries(facts.entries, passage.entries, facts.lines);
		addStructs(facts.structs, passage.structs, facts.lines);
		addTables(facts.matchTables, passage.matchTables, facts.lines);
		facts.lines += passage.lines;
	}
	return facts;
}

function addDirectives(to: DirectiveFact[], from: readonly DirectiveFact[], by: number): void {
	for (const { line, kind, when } of from) to.push({ line: line + by, kind, when });
}

function addSymbols(to: SymbolFact[], from: readonly SymbolFact[], by: number): void {
	for (const { name, line, kind, arity } of from) to.push({ name, line: line + by, kind, arity });
}

function addVariables(to: VariableFact[], from: readonly VariableFact[], by: number): void {
	for (const { name, line } of from) to.push({ name, line: line + by });
}

function addMentions(to: MentionFact[], from: readonly MentionFact[], by: number): void {
	for (const { name, line } of from) to.push({ name, line: line + by });
}

function addEntries(to: EntryFact[], from: readonly EntryFact[], by: number): void {
	for (const { macro, line, end, args } of from) {
		to.push({ macro, line: line + by, end: end + by, args });
	}
}

function addStructs(to: StructFact[], from: readonly StructFact[], by: number): void {
	for (const one of from) {
		const { type, name, macro } = one;
		const [line, end] = [one.line + by, one.end + by];
		const fields: StructFact['fields'] = [];
		for (const { path, value, line } of one.fields) fields.push({ path, value, line: line + by });
		if (macro === undefined) to.push({ type, name, line, end, fields });
		else to.push({ type, name, macro, line, end, fields });
	}
}

function addTables(to: MatchTableFact[], from: readonly MatchTableFact[], by: number): void {
	for (const { name, line, end, compatible } of from) {
		const moved: MatchTableFact['compatible'] = [];
		for (const { value, line } of compatible) moved.push({ value, line: line + by });
		to.push({ name, line: line + by, end: end + by, compatible: moved });
	}
}
