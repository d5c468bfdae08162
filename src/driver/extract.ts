/**
 * C source to file facts. The file scope is scanned (scan.ts); function bodies, and only they, are
 * parsed by tree-sitter, so that a macro without semicolon or an odd header at file scope costs no function.
 * What is read is read by passage (passage.ts) and put together here, where it takes the whole file.
 */

import { bodiesOfInterest, type NamedBody } from './bodies.ts';
import { bodiesOnly, parseable } from './bodies-text.ts';
import { type BodyFacts, BodyReader, type FunctionAt } from './body.ts';
import type { CallFact, FileFacts, FunctionFact } from './facts.ts';
import { type FlagSet, keepsOutSecondCall } from './flags.ts';
import type { FragmentFacts } from './fragment.ts';
import { fragmentFacts } from './fragment-facts.ts';
import type { Interest } from './interest.ts';
import { defaultInterest } from './interest.ts';
import { macroFactsOfParts } from './macros/definitions.ts';
import { plainName } from './macros/meaning.ts';
import type { Parsed } from './parser.ts';
import { createCParser } from './parser.ts';
import { type Passage, PassageReader } from './passage.ts';
import { type FileNames, fileNames, keepsArguments, relevantFunctions } from './relevance.ts';
import { scanFileScope } from './scan.ts';
import { scopeOf } from './scope.ts';
import { decode, prepare, prepareFragment } from './source.ts';
import { TraceCache } from './trace-facts.ts';

export type { FragmentCall, FragmentFacts } from './fragment.ts';
export type { GateCall, Interest } from './interest.ts';
export { defaultInterest } from './interest.ts';

export interface Extractor {
	/**
	 * The facts of a whole file. Bytes that are not UTF-8, NUL and carriage returns are tolerated. Versions
	 * of one file are best extracted one after the other: what they share is read once.
	 */
	extract(source: Uint8Array | string, want?: Interest): FileFacts;
	/** The facts of the new side of a patch hunk, with line numbers of the fragment, for splice.ts. */
	extractFragment(lines: readonly string[], want?: Interest): FragmentFacts;
	/** Parses the prepared bodies and nothing else; what it costs is what extraction cannot save. */
	parseOnly(source: Uint8Array | string): void;
}

/** Loads the grammar once; the extractor is synchronous from then on. */
export async function createExtractor(): Promise<Extractor> {
	const parser = await createCParser();
	const readers = new WeakMap<Interest, PassageReader>();
	const traces = new TraceCache();
	const readerFor = (want: Interest): PassageReader => {
		const reader = readers.get(want) ?? new PassageReader(want);
		readers.set(want, reader);
		return reader;
	};
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
			const text = decode(bytes);
			const passages = readerFor(want).passagesOf(text);
			const reader = new BodyReader(parser, want);
			try {
				const facts = fileFacts(passages, reader, traces, want);
				return want.macroObjects ? { ...facts, preprocessor: macroFactsOfParts(passages) } : facts;
			} finally {
				reader.free();
				for (const passage of passages) passage.source = undefined;
			}
		},
		extractFragment(lines, want = defaultInterest) {
			const source = prepareFragment(lines);
			const scope = scanFileScope(source, want, true);
			return withParsed(parseable(source.code), (parsed) =>
				fragmentFacts(source, scope, parsed, want),
			);
		},
		parseOnly(bytes) {
			const source = prepare(bytes);
			const scope = scanFileScope(source, { entryMacros: () => false, macroObjects: false });
			const bodies = scope.functions.map((span) => ({ source, span }));
			withParsed(bodiesOnly(bodies).code, () => undefined);
		},
	};
}

/** A function in its file. */
interface FileFunction extends NamedBody, FunctionAt {
	/** With the lines of the file. */
	fact: FunctionFact;
	/** Lines before its passage. */
	before: number;
}

function fileFacts(
	passages: readonly Passage[],
	reader: BodyReader,
	cache: TraceCache,
	want: Interest,
): FileFacts {
	const { facts: scope, assigned } = scopeOf(passages);
	const all: FileFunction[] = [];
	let before = 0;
	for (const passage of passages) {
		for (const [at, span] of passage.functions.entries()) {
			const { name, line, end } = span.fact;
			const fact = { ...span.fact, line: line + before, end: end + before };
			const body = passage.named[at] ?? { names: [], interesting: false };
			all.push({ name, ...body, fact, passage, at, before });
		}
		before += passage.lines;
	}
	const functions = all.map(({ fact }) => fact);
	const chosen = bodiesOfInterest(all, scope, assigned, want);
	for (const one of all) if (!chosen.has(one)) one.fact.unread = true;
	const read = all.filter((one) => chosen.has(one));
	reader.readCalls(read);
	const names = fileNames({ ...scope, functions });
	const calls: CallFact[] = [];
	for (const one of read) {
		for (const { callee, line, use, args } of bodyOf(one).calls) {
			const fact = { callee, line: line + one.before, use };
			calls.push(keepsArguments(callee, args, names, want) ? { ...fact, args } : fact);
		}
	}
	const relevant = relevantFunctions(functions, calls, want);
	const gated = read.filter(({ fact }) => relevant.has(fact));
	reader.readGates(gated);
	const sets = passages.flatMap((passage) => passage.sets);
	const traces = cache.traces(all, scope, passages, want);
	return {
		lines: scope.lines,
		functions,
		directives: scope.directives,
		entries: want.macroObjects ? ownEntries(scope, names) : scope.entries,
		structs: scope.structs,
		matchTables: scope.matchTables,
		symbols: scope.symbols,
		mentions: scope.mentions,
		...(traces === undefined ? {} : { traces }),
		calls,
		gates: gated.flatMap((one) => gateFacts(one, sets)),
		hooks: assigned
			.filter(({ value, outlives }) => outlives || names.functions.has(value))
			.map(({ target, value, line }) => ({ target, value, line })),
		variables: scope.variables,
		doubtful: doubtfulLines(passages, read),
	};
}

/** Entries that hand something of the file to their macro, or declare an object with it. */
function ownEntries(
	scope: Pick<FileFacts, 'entries' | 'structs'>,
	{ functions, objects }: FileNames,
): FileFacts['entries'] {
	const declared = new Set(scope.structs.filter((one) => one.macro).map(({ type }) => type));
	const drivers = scope.structs.filter(({ type }) => /driver$/.test(type)).map(({ name }) => name);
	return scope.entries.filter(
		({ macro, args }) =>
			declared.has(macro) ||
			args.some((arg) => {
				const name = plainName(arg);
				if (name === undefined) return false;
				// A macro may put `_driver` behind what it is given.
				const begins = drivers.some((driver) => driver.startsWith(name));
				return begins || functions.has(name) || objects.has(name);
			}),
	);
}

function bodyOf({ passage, at }: FunctionAt): BodyFacts {
	const body = passage.bodies[at];
	if (body === undefined) throw new RangeError(`function ${at} of its passage was not read`);
	return body;
}

function gateFacts(
	one: FileFunction,
	sets: readonly Pick<FlagSet, 'flag' | 'inside'>[],
): FileFacts['gates'] {
	const { gates = [], flags = [] } = bodyOf(one).gates ?? {};
	const none = new Set(
		flags.filter((flag) => keepsOutSecondCall(flag, sets)).map(({ gate }) => gate),
	);
	const { before } = one;
	return gates
		.filter((gate) => !none.has(gate))
		.map((gate) => ({
			...gate,
			line: gate.line + before,
			from: gate.from + before,
			to: gate.to + before,
			...(gate.closes === undefined ? {} : { closes: gate.closes + before }),
		}));
}

/** Lines of bodies where the parser recovered, and of brackets that nothing closes. */
function doubtfulLines(passages: readonly Passage[], read: readonly FileFunction[]): number[] {
	const lines = new Set<number>();
	for (const one of read) for (const line of bodyOf(one).recovered) lines.add(line + one.before);
	let above = 0;
	/** The first closing brace after the last function. */
	let brace: { line: number; odd: boolean } | undefined;
	for (const passage of passages) {
		for (const line of passage.odd) lines.add(line + above);
		if (passage.functions.length > 0) brace = undefined;
		if (brace === undefined && passage.brace !== undefined) {
			brace = { line: passage.brace.line + above, odd: passage.brace.odd };
		}
		above += passage.lines;
	}
	if (brace?.odd === true) lines.add(brace.line);
	return [...lines].sort((a, b) => a - b);
}
