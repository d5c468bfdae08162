/** What stands outside of functions, and what the preprocessor says, of a whole text or a fragment alike. */
import { askedBy } from './asked.ts';
import type { DirectiveFact, FileFacts, MentionFact, SymbolFact } from './facts.ts';
import type { Interest } from './interest.ts';
import type { FileScope } from './scan.ts';
import { lineAt, type Source } from './source.ts';

export type ScopeFacts = Pick<
	FileFacts,
	| 'lines'
	| 'directives'
	| 'entries'
	| 'structs'
	| 'matchTables'
	| 'symbols'
	| 'variables'
	| 'mentions'
>;

/** The facts of a scanned text that need no parser. */
export function scopeFacts(source: Source, scope: FileScope, want: Interest): ScopeFacts {
	return {
		lines: source.starts.length,
		directives: directiveFacts(source),
		entries: scope.entries,
		structs: scope.structs,
		matchTables: scope.matchTables,
		symbols: [...scope.symbols, ...macroSymbols(source)].sort((a, b) => a.line - b.line),
		variables: scope.variables,
		mentions: mentionFacts(source, want.mentions),
	};
}

const CONDITIONAL: Readonly<Record<string, DirectiveFact['kind']>> = {
	if: 'if',
	ifdef: 'if',
	ifndef: 'if',
	elif: 'elif',
	elifdef: 'elif',
	elifndef: 'elif',
	else: 'else',
	endif: 'endif',
};

/** The conditional lines of a text. */
export function directiveFacts(source: Source): DirectiveFact[] {
	const facts: DirectiveFact[] = [];
	for (const { index, name, rest } of source.directives) {
		const kind = Object.hasOwn(CONDITIONAL, name) ? CONDITIONAL[name] : undefined;
		if (kind === undefined) continue;
		const asks = kind === 'if' || kind === 'elif';
		const when = asks ? askedBy(name, rest) : '';
		facts.push({ line: lineAt(source, index), kind, when });
	}
	return facts;
}

function macroSymbols(source: Source): SymbolFact[] {
	const symbols: SymbolFact[] = [];
	for (const { index, name, rest } of source.directives) {
		if (name !== 'define') continue;
		const found = /^(\w+)(?:\(([^)]*)\))?/.exec(rest);
		if (found === null) continue;
		const list = found[2];
		const plain = list === undefined || list.includes('...');
		const arity = plain ? -1 : list.trim() === '' ? 0 : list.split(',').length;
		symbols.push({ name: found[1] ?? '', line: lineAt(source, index), kind: 'macro', arity });
	}
	return symbols;
}

/** Where code names one of the identifiers, once a line. */
function mentionFacts(source: Source, names: ReadonlySet<string>): MentionFact[] {
	if (![...names].some((name) => source.code.includes(name))) return [];
	const mentions: MentionFact[] = [];
	const pattern = new RegExp(`\\b(?:${[...names].join('|')})\\b`, 'g');
	for (const { 0: name, index } of source.code.matchAll(pattern)) {
		const line = lineAt(source, index);
		if (!mentions.some((m) => m.line === line && m.name === name)) mentions.push({ name, line });
	}
	return mentions;
}
