/** The facts of a file, put together from what its passages say. */
import { type BodyNames, bodiesOfInterest, type NamedBody } from './bodies.ts';
import type { BodyFacts, BodyReader, FunctionAt, KeptCalls } from './body.ts';
import type { CallFact, FileFacts, FunctionFact, GateFact, HookFact } from './facts.ts';
import { type FlagSet, keepsOutSecondCall } from './flags.ts';
import type { Interest } from './interest.ts';
import type { KnownNames, NamesOfFiles } from './known-names.ts';
import { leaveLinked } from './linked-only.ts';
import { macroFactsOfParts } from './macros/definitions.ts';
import { plainName } from './macros/meaning.ts';
import type { Passage } from './passage.ts';
import { type FileNames, functionAt, keepsArguments } from './relevance.ts';
import { scopeOf } from './scope.ts';
import type { TraceCache } from './trace-facts.ts';

/** What remembers things between files. */
export interface Remembered {
	reader: BodyReader;
	traces: TraceCache;
	names: NamesOfFiles;
}

/** A function in its file. */
interface FileFunction extends NamedBody, FunctionAt {
	/** With the lines of the file. */
	fact: FunctionFact;
	/** Lines before its passage. */
	before: number;
}

const NO_NAMES: BodyNames = { names: [], interesting: false, called: { of: 0, names: [] } };

/** The facts of a file that is cut into passages. */
export function fileFacts(
	passages: readonly Passage[],
	{ reader, traces: cache, names: known }: Remembered,
	want: Interest,
): FileFacts {
	const scope = scopeOf(passages, want.spliced);
	const all = functionsOf(passages);
	const functions = all.map(({ fact }) => fact);
	const names = known.of(passages);
	const read = readFunctions(passages, all, names, scope, want);
	reader.readCalls(read);
	const calls = callsOf(read, names, want);
	const relevant = relevantNames(all, functions, names, want);
	const gated = read.filter(({ name }) => relevant.has(name));
	reader.readGates(gated);
	const traces = cache.traces(all, scope, passages, want);
	const incomplete = read.filter((one) => !isWhole(bodyOf(one))).map(({ fact }) => fact.line);
	const { lines, directives, structs, matchTables, symbols, mentions, variables } = scope;
	const entries = want.macroObjects ? ownEntries(scope, names) : scope.entries;
	const outside = {
		lines,
		functions,
		directives,
		entries,
		structs,
		matchTables,
		symbols,
		mentions,
	};
	const gates = gatesOf(gated, passages);
	const hooks = hooksOf(passages, names);
	const doubtful = doubtfulLines(passages, read);
	const inside = { calls, gates, hooks, variables, doubtful };
	const facts: FileFacts = Object.assign(
		outside,
		traces === undefined ? undefined : { traces },
		inside,
	);
	if (incomplete.length > 0) facts.incomplete = incomplete;
	if (want.macroObjects) facts.preprocessor = macroFactsOfParts(passages);
	if (!want.spliced) leaveLinked(facts);
	return facts;
}

function functionsOf(passages: readonly Passage[]): FileFunction[] {
	const all: FileFunction[] = [];
	let before = 0;
	for (const passage of passages) {
		for (let at = 0; at < passage.functions.length; at++) {
			const fact = passage.functions[at]?.fact;
			if (fact === undefined) continue;
			const { name, line, end, params, local } = fact;
			const body = passage.named[at] ?? NO_NAMES;
			const placed = { name, line: line + before, end: end + before, params, local };
			all.push({ name, body, fact: placed, passage, at, before });
		}
		before += passage.lines;
	}
	return all;
}

/** The functions whose bodies are read; the others are marked. */
function readFunctions(
	passages: readonly Passage[],
	all: readonly FileFunction[],
	names: KnownNames,
	scope: Pick<FileFacts, 'entries' | 'structs'>,
	want: Interest,
): FileFunction[] {
	const assigned: string[] = [];
	for (const passage of passages) for (const { value } of passage.assigned) assigned.push(value);
	const chosen = bodiesOfInterest(all, names, scope, assigned, want);
	for (const one of all) if (!chosen.has(one)) one.fact.unread = true;
	return all.filter((one) => chosen.has(one));
}

function bodyOf({ passage, at }: FunctionAt): BodyFacts {
	const body = passage.bodies[at];
	if (body === undefined) throw new RangeError(`function ${at} of its passage was not read`);
	return body;
}

/** Whether all that a body says was read. */
function isWhole({ givenUp, gates }: BodyFacts): boolean {
	return !givenUp && gates?.whole !== false;
}

/** What is kept of the calls of a body in a file with these names. */
function keptCalls(body: BodyFacts, names: KnownNames, want: Interest): KeptCalls {
	if (body.kept?.of === names.id) return body.kept;
	const calls: CallFact[] = [];
	const targets = new Set<string>();
	let reaches = false;
	for (const { callee, line, use, args } of body.calls) {
		const call: CallFact = { callee, line, use };
		if (keepsArguments(callee, args, names, want)) call.args = args;
		calls.push(call);
		reaches ||= want.argsOf.has(callee);
		for (const target of targetsOf(call, names)) targets.add(target);
	}
	body.kept = { of: names.id, calls, reaches, targets: [...targets] };
	return body.kept;
}

/** The functions of its file that a call calls or hands on. */
function targetsOf({ callee, args = [] }: CallFact, { defined }: KnownNames): string[] {
	return [callee, ...args]
		.map((name) => (name.startsWith('&') ? name.slice(1).trimStart() : name))
		.filter((name) => defined.has(name));
}

function callsOf(read: readonly FileFunction[], names: KnownNames, want: Interest): CallFact[] {
	const calls: CallFact[] = [];
	for (const one of read) {
		for (const { callee, line, use, args } of keptCalls(bodyOf(one), names, want).calls) {
			if (args === undefined) calls.push({ callee, line: line + one.before, use });
			else calls.push({ callee, line: line + one.before, use, args });
		}
	}
	return calls;
}

/** The names of functions that reach a call of interest, as relevance.ts has it. */
function relevantNames(
	all: readonly FileFunction[],
	functions: readonly FunctionFact[],
	names: KnownNames,
	want: Interest,
): Set<string> {
	const callers = new Map<string, string[]>();
	const queue: string[] = [];
	const add = (inside: string, reaches: boolean, targets: readonly string[]) => {
		if (reaches) queue.push(inside);
		for (const target of targets) {
			const known = callers.get(target);
			if (known === undefined) callers.set(target, [inside]);
			else known.push(inside);
		}
	};
	for (let i = 0; i < all.length; i++) {
		const one = all[i];
		if (one === undefined || one.fact.unread === true) continue;
		const { calls, reaches, targets } = keptCalls(bodyOf(one), names, want);
		if ((functions[i + 1]?.line ?? Number.POSITIVE_INFINITY) > one.fact.end) {
			add(one.name, reaches, targets);
			continue;
		}
		// The next function begins on a line of this one: a call belongs to the last that begins before it.
		for (const call of calls) {
			const inside = functionAt(functions, call.line + one.before)?.name;
			if (inside !== undefined) add(inside, want.argsOf.has(call.callee), targetsOf(call, names));
		}
	}
	const reached = new Set<string>();
	for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
		if (reached.has(name)) continue;
		reached.add(name);
		queue.push(...(callers.get(name) ?? []));
	}
	return reached;
}

/**
 * Entries that hand something of the file to their macro, or declare an object with it; and those of macros that
 * are named after a driver, which may make one of a name alone (`IRQCHIP_PLATFORM_DRIVER_END`).
 */
function ownEntries(
	scope: Pick<FileFacts, 'entries' | 'structs'>,
	{ functions, objects }: FileNames,
): FileFacts['entries'] {
	const declared = new Set(scope.structs.filter((one) => one.macro).map(({ type }) => type));
	const drivers = scope.structs.filter(({ type }) => /driver$/.test(type)).map(({ name }) => name);
	return scope.entries.filter(
		({ macro, args }) =>
			declared.has(macro) ||
			/driver/i.test(macro) ||
			args.some((arg) => {
				const name = plainName(arg);
				if (name === undefined) return false;
				// A macro may put `_driver` behind what it is given.
				const begins = drivers.some((driver) => driver.startsWith(name));
				return begins || functions.has(name) || objects.has(name);
			}),
	);
}

function hooksOf(passages: readonly Passage[], { functions }: FileNames): HookFact[] {
	const hooks: HookFact[] = [];
	let before = 0;
	for (const passage of passages) {
		for (const { target, value, line, outlives } of passage.assigned) {
			if (!outlives && !functions.has(value)) continue;
			hooks.push({ target, value, line: line + before });
		}
		before += passage.lines;
	}
	return hooks;
}

function gatesOf(gated: readonly FileFunction[], passages: readonly Passage[]): GateFact[] {
	if (gated.length === 0) return [];
	const sets = passages.flatMap((passage) => passage.sets);
	return gated.flatMap((one) => gatesOfBody(one, sets));
}

function gatesOfBody(
	one: FileFunction,
	sets: readonly Pick<FlagSet, 'flag' | 'inside'>[],
): GateFact[] {
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
