/**
 * C source to file facts. The file scope is scanned (scan.ts); function bodies, and only they, are
 * parsed by tree-sitter, so that a macro without semicolon or an odd header at file scope costs no function.
 */

import { preprocessorCondition, printCondition } from '../kernel/condition.ts';
import { bodiesOfInterest } from './bodies.ts';
import { bodiesOnly, inSource, parseable } from './bodies-text.ts';
import type { CallFact, DirectiveFact, FileFacts, MentionFact, SymbolFact } from './facts.ts';
import type { FragmentCall, FragmentFacts } from './fragment.ts';
import { looseCompatibles, looseFields } from './fragment.ts';
import { type Assignment, findGates, localNames, memberAssignments } from './gates.ts';
import type { Interest } from './interest.ts';
import { defaultInterest } from './interest.ts';
import { argumentsAt } from './lists.ts';
import type { IfSpan, Parsed } from './parser.ts';
import { createCParser } from './parser.ts';
import { fileNames, keepsArguments, relevantFunctions } from './relevance.ts';
import type { FileScope, FunctionSpan } from './scan.ts';
import { scanFileScope } from './scan.ts';
import type { Source } from './source.ts';
import { lineAt, prepare, prepareFragment } from './source.ts';
import { useOf } from './use.ts';

export type { FragmentCall, FragmentFacts } from './fragment.ts';
export type { GateCall, Interest } from './interest.ts';
export { defaultInterest } from './interest.ts';

export interface Extractor {
	/** The facts of a whole file. Bytes that are not UTF-8, NUL and carriage returns are tolerated. */
	extract(source: Uint8Array | string, want?: Interest): FileFacts;
	/** The facts of the new side of a patch hunk, with line numbers of the fragment, for splice.ts. */
	extractFragment(lines: readonly string[], want?: Interest): FragmentFacts;
	/** Parses the prepared bodies and nothing else; what it costs is what extraction cannot save. */
	parseOnly(source: Uint8Array | string): void;
}

/** Loads the grammar once; the extractor is synchronous from then on. */
export async function createExtractor(): Promise<Extractor> {
	const parser = await createCParser();
	const withParsed = <T>(code: string, use: (parsed: Parsed) => T): T => {
		const parsed = parser.parse(code);
		try {
			return use(parsed);
		} finally {
			parsed.free();
		}
	};
	return {
		extract(bytes, want = defaultInterest) {
			const source = prepare(bytes);
			const scope = scanFileScope(source, want.entryMacros);
			const assigned = memberAssignments(source);
			const read = bodiesOfInterest(source, scope, assigned, want);
			for (const span of scope.functions) if (!read.has(span)) span.fact.unread = true;
			const bodies = scope.functions.filter((span) => read.has(span));
			const { code, pieces } = bodiesOnly(source, bodies);
			return withParsed(code, (parsed) =>
				fileFacts(source, { ...scope, bodies, assigned }, inSource(parsed, pieces), want),
			);
		},
		extractFragment(lines, want = defaultInterest) {
			const source = prepareFragment(lines);
			const scope = scanFileScope(source, want.entryMacros, true);
			return withParsed(parseable(source.code), (parsed) =>
				fragmentFacts(source, scope, parsed, want),
			);
		},
		parseOnly(bytes) {
			const source = prepare(bytes);
			const scope = scanFileScope(source, () => false);
			withParsed(bodiesOnly(source, scope.functions).code, () => undefined);
		},
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

function directiveFacts(source: Source): DirectiveFact[] {
	const facts: DirectiveFact[] = [];
	for (const { index, name, rest } of source.directives) {
		const kind = Object.hasOwn(CONDITIONAL, name) ? CONDITIONAL[name] : undefined;
		if (kind === undefined) continue;
		const asks = kind === 'if' || kind === 'elif';
		const when = asks ? printCondition(preprocessorCondition(`#${name} ${rest}`)) : '';
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

const NOT_CALLEES = new Set(
	'if for while switch return sizeof typeof __typeof__ defined do else case goto'.split(' '),
);

/** Offsets of the callees of calls: the parser's, and by scanning where it had to recover. */
function calleesOf(
	source: Source,
	parsed: Parsed,
	errors: readonly { from: number; to: number }[],
): number[] {
	const found = new Set(parsed.callees());
	let done = 0;
	for (const error of errors) {
		// Recoveries nest: each stretch is read once.
		const from = Math.max(done, error.from);
		const to = Math.max(from, error.to);
		done = to;
		const text = source.code.slice(from, to + 1);
		for (const call of text.matchAll(/(?<![\w.>])([A-Za-z_]\w*)\s*\(/g)) {
			const before = source.code.slice(Math.max(0, from + call.index - 40), from + call.index);
			const declared = /[\w*]\s+\**$/.test(before) && !/\b(?:return|else|case)\s+$/.test(before);
			if (!NOT_CALLEES.has(call[1] ?? '') && !declared) found.add(from + call.index);
		}
	}
	return [...found].sort((a, b) => a - b);
}

/** The call whose callee starts at an offset; undefined where no parenthesis closes it. */
function callAt(source: Source, callee: number): (FragmentCall & { args: string[] }) | undefined {
	const found = /^([A-Za-z_]\w*)\s*\(/.exec(source.code.slice(callee, callee + 200));
	if (found === null) return undefined;
	const open = callee + found[0].length - 1;
	const close = source.match[open] ?? -1;
	if (close < open) return undefined;
	return {
		callee: found[1] ?? '',
		line: lineAt(source, callee),
		start: statementLine(source, callee),
		end: lineAt(source, close),
		use: useOf(source, callee, close),
		args: argumentsAt(source, open),
	};
}

/** How far back the beginning of a statement is looked for. */
const LONGEST_STATEMENT = 4000;

/** The line on which the statement around an offset begins; 0 when its beginning is not in the text. */
function statementLine(source: Source, index: number): number {
	for (let at = index - 1; at >= Math.max(0, index - LONGEST_STATEMENT); at--) {
		const char = source.code.charAt(at);
		if (char === ';' || char === '{' || char === '}') {
			const first = /\S/.exec(source.code.slice(at + 1, index + 1));
			return lineAt(source, at + 1 + (first?.index ?? 0));
		}
	}
	return 0;
}

function inBody(functions: readonly FunctionSpan[], index: number): boolean {
	let low = 0;
	let high = functions.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((functions[middle]?.open ?? 0) <= index) low = middle + 1;
		else high = middle;
	}
	return index < (functions[low - 1]?.close ?? -1);
}

/** A file scope with what is to be read inside of functions. */
interface ReadScope extends FileScope {
	bodies: readonly FunctionSpan[];
	assigned: readonly Assignment[];
}

function fileFacts(source: Source, scope: ReadScope, parsed: Parsed, want: Interest): FileFacts {
	const { bodies } = scope;
	const functions = scope.functions.map((span) => span.fact);
	const errors = parsed.errors();
	const names = fileNames({ ...scope, functions });
	const calls: CallFact[] = [];
	for (const callee of calleesOf(source, parsed, errors)) {
		const call = inBody(bodies, callee) ? callAt(source, callee) : undefined;
		if (call === undefined) continue;
		const { args, end: _end, start: _start, ...fact } = call;
		calls.push(keepsArguments(fact.callee, args, names, want) ? { ...fact, args } : fact);
	}
	const relevant = relevantFunctions(functions, calls, want);
	const ifs = relevant.size > 0 ? parsed.ifs() : [];
	const gates = bodies
		.filter((span) => relevant.has(span.fact))
		.flatMap(({ fact, open, close }) =>
			findGates(
				source,
				{ from: open + 1, to: close, params: fact.params },
				ifsIn(ifs, open, close),
				want,
			),
		);
	return {
		...scopeFacts(source, scope, want),
		calls,
		gates,
		hooks: hookFacts(source, scope, names.functions),
		variables: scope.variables,
		doubtful: doubtfulLines(source, scope.functions, errors),
	};
}

/** What a file and a fragment say alike: all that stands outside of functions. */
function scopeFacts(source: Source, scope: FileScope, want: Interest) {
	return {
		lines: source.starts.length,
		functions: scope.functions.map((span) => span.fact),
		directives: directiveFacts(source),
		entries: scope.entries,
		structs: scope.structs,
		matchTables: scope.matchTables,
		symbols: [...scope.symbols, ...macroSymbols(source)].sort((a, b) => a.line - b.line),
		mentions: mentionFacts(source, want.mentions),
	};
}

/** Where code names one of the identifiers, once a line. */
function mentionFacts(source: Source, names: ReadonlySet<string>): MentionFact[] {
	if (names.size === 0) return [];
	const mentions: MentionFact[] = [];
	const pattern = new RegExp(`\\b(?:${[...names].join('|')})\\b`, 'g');
	for (const { 0: name, index } of source.code.matchAll(pattern)) {
		const line = lineAt(source, index);
		if (!mentions.some((m) => m.line === line && m.name === name)) mentions.push({ name, line });
	}
	return mentions;
}

/**
 * Hooks: a function of this file given to a member of anything, or anything that looks like a function
 * given to a member of an object that outlives the function.
 */
function hookFacts(
	source: Source,
	scope: ReadScope,
	functions: ReadonlySet<string>,
): FileFacts['hooks'] {
	const hooks: FileFacts['hooks'] = [];
	const locals = new Map<FunctionSpan, Set<string>>();
	for (const { target, value, index } of scope.assigned) {
		const span = scope.functions.find((f) => f.open < index && index < f.close);
		if (span === undefined) continue;
		if (!functions.has(value)) {
			const stretch = { from: span.open + 1, to: span.close, params: span.fact.params };
			const known = locals.get(span) ?? localNames(source, stretch);
			locals.set(span, known);
			const root = /^\w+/.exec(target)?.[0] ?? '';
			if (known.has(root) || known.has(value) || !/[a-z]\w*_/.test(value)) continue;
			if (!target.slice(root.length).startsWith('.')) continue;
		}
		hooks.push({ target, value, line: lineAt(source, index) });
	}
	return hooks;
}

function ifsIn(ifs: readonly IfSpan[], from: number, to: number): IfSpan[] {
	return ifs.filter((span) => span.start >= from && span.start < to);
}

/** Lines of bodies where the parser recovered, and of brackets that nothing closes. */
function doubtfulLines(
	source: Source,
	functions: readonly FunctionSpan[],
	errors: readonly { from: number; to: number }[],
): number[] {
	const lines = new Set<number>();
	for (const { from } of errors) lines.add(lineAt(source, from));
	for (const found of source.code.matchAll(/[({[]/g))
		if (source.match[found.index] === -1) lines.add(lineAt(source, found.index));
	const last = functions.at(-1)?.close ?? 0;
	const stray = source.code.indexOf('}', last + 1);
	if (stray !== -1 && source.match[stray] === -1) lines.add(lineAt(source, stray));
	return [...lines].sort((a, b) => a - b);
}

function fragmentFacts(
	source: Source,
	scope: FileScope,
	parsed: Parsed,
	want: Interest,
): FragmentFacts {
	const calls: FragmentCall[] = [];
	for (const callee of calleesOf(source, parsed, parsed.errors())) {
		const call = callAt(source, callee);
		if (call !== undefined) calls.push(call);
	}
	const ifs = parsed.ifs();
	const stretches = outsideAndBodies(source, scope.functions);
	return {
		...scopeFacts(source, scope, want),
		calls,
		gates: stretches.flatMap((stretch) =>
			findGates(source, stretch, ifsIn(ifs, stretch.from, stretch.to), want),
		),
		hooks: memberAssignments(source).map(({ target, value, index }) => ({
			target,
			value,
			line: lineAt(source, index),
		})),
		// Members of structs and local variables look the same, but are indented.
		variables: scope.variables.filter(({ line }) => atMargin(source, line)),
		doubtful: [],
		looseFields: looseFields(source),
		looseCompatible: looseCompatibles(source),
		closed: source.closed.map((at) => lineAt(source, at)),
		cut: [
			...scope.functions.filter((span) => span.close >= source.limit).map((span) => span.fact.line),
			...[...scope.structs, ...scope.matchTables]
				.filter((fact) => cutAt(source, fact.end))
				.map((fact) => fact.line),
		],
	};
}

function atMargin(source: Source, line: number): boolean {
	return /\S/.test(source.text.charAt(source.starts[line - 1] ?? 0));
}

/** True when what ends on a line was closed for want of more. */
function cutAt(source: Source, end: number): boolean {
	return end === source.starts.length && source.limit < source.code.length;
}

/** The stretches of a fragment that may hold statements: bodies, and what is between them. */
function outsideAndBodies(
	source: Source,
	functions: readonly FunctionSpan[],
): { from: number; to: number; params: readonly string[] }[] {
	const stretches: { from: number; to: number; params: readonly string[] }[] = [];
	let done = 0;
	for (const { fact, name, open, close } of functions) {
		stretches.push({ from: done, to: name, params: [] });
		stretches.push({ from: open + 1, to: close, params: fact.params });
		done = close + 1;
	}
	stretches.push({ from: done, to: source.code.length, params: [] });
	return stretches.filter((stretch) => stretch.from < stretch.to);
}
