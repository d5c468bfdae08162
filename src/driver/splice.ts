/**
 * Facts after a patch, made of the facts before it and of the patch's own lines: for releases of the
 * index there is no text to patch. What a fragment says of lines it holds whole is preferred; everything else moves.
 */

import type { CallFact, FileFacts, FunctionFact, GateFact, VariableFact } from './facts.ts';
import { type FlagSet, keepsOutSecondCall } from './flags.ts';
import type { FragmentCall, FragmentFacts } from './fragment.ts';
import type { Interest } from './interest.ts';
import { defaultInterest } from './interest.ts';
import type { Hunk } from './lines.ts';
import { isWhole, LineMap } from './lines.ts';
import { fileNames, functionAt, keepsArguments, relevantFunctions } from './relevance.ts';
import { spliceMatchTables, spliceStructs } from './splice-structs.ts';
import { spliceTraces } from './splice-traces.ts';

export type { Hunk } from './lines.ts';

/** One hunk as it lands, with the facts of its new side. */
export interface SpliceEdit extends Hunk {
	/** `Extractor.extractFragment` of the hunk's context and added lines, in order. */
	facts: FragmentFacts;
}

/** A hunk's lines with their leading ' ', '+' or '-', as an edit of the file it lands in. */
export function spliceEdit(
	extractFragment: (lines: readonly string[]) => FragmentFacts,
	at: number,
	lines: readonly string[],
): SpliceEdit {
	const origin: number[] = [];
	const removed: number[] = [];
	let before = at;
	for (const line of lines) {
		if (line.startsWith('+')) origin.push(0);
		else if (line.startsWith('-')) removed.push(++before);
		else if (!line.startsWith('\\')) origin.push(++before);
	}
	const after = lines.filter((line) => !/^[-\\]/.test(line)).map((line) => line.slice(1));
	return { at, origin, removed, facts: extractFragment(after) };
}

/**
 * The facts of a file after edits.
 * @param before the facts of the file the edits land in
 * @param edits in any order; they must not overlap
 * @param want the interest that `before` and the fragments were extracted with
 */
export function spliceFacts(
	before: FileFacts,
	edits: readonly SpliceEdit[],
	want: Interest = defaultInterest,
): FileFacts {
	const ordered = [...edits].sort((a, b) => a.at - b.at);
	const map = new LineMap(before.lines, ordered);
	const functions = spliceFunctions(before, ordered, map);
	const outside = <T extends { line: number }>(facts: T[]): T[] =>
		facts.filter((fact) => functionAt(functions, fact.line) === undefined);
	const ranged = <T extends { line: number; end: number }>(
		kept: T[],
		added: (f: FragmentFacts) => T[],
	) => outside(mergeRanges(kept, added, ordered, map));
	const symbols = spliceSymbols(before, ordered, map, functions);
	const variables = outside(merge(before.variables, (f) => f.variables, ordered, map));
	const structs = spliceStructs(before.structs, ordered, map);
	const names = fileNames({ functions, structs, variables, symbols });
	const calls = spliceCalls(before, ordered, map, functions).map((call): CallFact => {
		const { args, ...fact } = call;
		if (args === undefined || !keepsArguments(fact.callee, args, names, want)) return fact;
		return { ...fact, args };
	});
	const relevant = relevantFunctions(functions, calls, want);
	const gates = spliceGates(before, ordered, map, functions, variables).filter((gate) => {
		const inside = functionAt(functions, gate.line);
		return inside !== undefined && relevant.has(inside);
	});
	const traces = spliceTraces(before, ordered, map, { functions, structs, variables }, want);
	const incomplete = [
		...(before.incomplete ?? []).map((line) => map.after(line) ?? 1),
		...ordered.flatMap((edit, index) =>
			(edit.facts.incomplete ?? []).map((line) => map.ofFragment(index, line)),
		),
	];
	return {
		lines: map.lines,
		functions,
		directives: merge(before.directives, (f) => f.directives, ordered, map),
		entries: ranged(before.entries, (f) => f.entries),
		structs: outside(structs),
		matchTables: outside(spliceMatchTables(before.matchTables, ordered, map)),
		calls,
		gates,
		hooks: merge(before.hooks, (f) => f.hooks, ordered, map).filter(
			(hook) =>
				names.functions.has(hook.value) ||
				(/^\w+\.[^>]*$/.test(hook.target) && /^[a-z]\w*_\w+$/.test(hook.value)),
		),
		symbols,
		variables,
		mentions: merge(before.mentions, (f) => f.mentions, ordered, map),
		...(traces === undefined ? {} : { traces }),
		doubtful: before.doubtful.flatMap((line) => map.after(line) ?? []),
		...(incomplete.length === 0 ? {} : { incomplete }),
	};
}

/** Symbols; those of a definition whose head a fragment shows are the fragment's, for its parameters may have changed. */
function spliceSymbols(
	before: FileFacts,
	edits: readonly SpliceEdit[],
	map: LineMap,
	functions: readonly FunctionFact[],
): FileFacts['symbols'] {
	const shown = new Map(
		edits.flatMap((edit, index) =>
			edit.facts.symbols
				.filter((symbol) => symbol.kind === 'function')
				.map((symbol) => [map.ofFragment(index, symbol.line), symbol] as const),
		),
	);
	return merge(before.symbols, (f) => f.symbols, edits, map)
		.map((symbol) => {
			const head = symbol.kind === 'function' ? shown.get(symbol.line) : undefined;
			return head === undefined ? symbol : { ...head, line: symbol.line };
		})
		.filter((symbol) => symbol.kind === 'macro' || isFileScope(functions, symbol.line));
}

/** True on the first line of a function, and outside of all. */
function isFileScope(functions: readonly FunctionFact[], line: number): boolean {
	const inside = functionAt(functions, line);
	return inside === undefined || inside.line === line;
}

const byLine = (a: { line: number }, b: { line: number }) => a.line - b.line;

/** Facts of one line: those of kept lines move, those of added lines come from the fragments. */
function merge<T extends { line: number }>(
	kept: readonly T[],
	added: (facts: FragmentFacts) => readonly T[],
	edits: readonly SpliceEdit[],
	map: LineMap,
): T[] {
	const facts: T[] = kept.flatMap((fact) => {
		const line = map.after(fact.line);
		return line === undefined ? [] : [{ ...fact, line }];
	});
	for (const [index, edit] of edits.entries())
		for (const fact of added(edit.facts))
			if (edit.origin[fact.line - 1] === 0)
				facts.push({ ...fact, line: map.ofFragment(index, fact.line) });
	return facts.sort(byLine);
}

/** Facts of a range of lines: a range that an edit touches comes from the fragment, if it has it whole. */
function mergeRanges<T extends { line: number; end: number }>(
	kept: readonly T[],
	added: (facts: FragmentFacts) => readonly T[],
	edits: readonly SpliceEdit[],
	map: LineMap,
): T[] {
	const facts: T[] = [];
	const taken = new Set<number>();
	for (const [index, edit] of edits.entries())
		for (const fact of added(edit.facts)) {
			const origins = edit.origin.slice(fact.line - 1, fact.end);
			const first = map.ofFragment(index, fact.line);
			if (!origins.includes(0) && isWhole(origins)) continue;
			facts.push({ ...fact, line: first, end: map.ofFragment(index, fact.end) });
			taken.add(first);
		}
	for (const fact of kept) {
		const line = map.after(fact.line);
		const end = map.after(fact.end);
		if (line === undefined || end === undefined || taken.has(line)) continue;
		facts.push({ ...fact, line, end });
	}
	return facts.sort(byLine);
}

function spliceFunctions(
	before: FileFacts,
	edits: readonly SpliceEdit[],
	map: LineMap,
): FunctionFact[] {
	// Of a fragment a definition counts from its first line; its end may lie beyond.
	const heads = new Map<number, FunctionFact & { whole: boolean }>();
	for (const [index, edit] of edits.entries())
		for (const fact of edit.facts.functions) {
			const whole = !edit.facts.cut.includes(fact.line);
			const line = map.ofFragment(index, fact.line);
			const end = map.ofFragment(index, fact.end);
			const unread = before.functions.some((f) => f.name === fact.name && f.unread === true);
			heads.set(line, { ...fact, line, end, whole, ...(unread ? { unread } : {}) });
		}
	const functions: FunctionFact[] = [];
	const ends: number[] = [];
	for (const fact of before.functions) {
		const end = map.after(fact.end) ?? closingLine(fact.end, edits, map);
		if (end !== undefined) ends.push(end);
		const line = map.after(fact.line);
		if (line !== undefined && !heads.has(line)) functions.push({ ...fact, line, end: 0 });
	}
	for (const { whole, ...fact } of heads.values()) {
		if (whole) ends.push(fact.end);
		functions.push(fact);
	}
	for (const [index, edit] of edits.entries())
		for (const head of edit.facts.functions) {
			const end = edit.facts.closed.filter((at) => at < head.line).at(-1);
			if (end !== undefined) ends.push(map.ofFragment(index, end));
		}
	// Definitions do not nest: each runs to the nearest end.
	ends.sort((a, b) => a - b);
	functions.sort(byLine);
	return functions.map((fact, at) => {
		const next = functions[at + 1]?.line ?? map.lines + 1;
		return { ...fact, end: ends.find((end) => end >= fact.line && end < next) ?? next - 1 };
	});
}

function spliceCalls(
	before: FileFacts,
	edits: readonly SpliceEdit[],
	map: LineMap,
	functions: readonly FunctionFact[],
): CallFact[] {
	const calls: CallFact[] = [];
	// A call whose lines an edit changed comes from the fragment, also where its first line stayed.
	const replaced = new Set<string>();
	for (const [index, edit] of edits.entries())
		for (const call of edit.facts.calls) {
			const { start, end: _end, ...fact } = call;
			if (!changed(edit, call)) continue;
			const line = map.ofFragment(index, call.line);
			if (edit.origin[call.line - 1] !== 0) {
				if (start === 0) continue;
				replaced.add(`${line} ${call.callee}`);
			}
			calls.push({ ...fact, line });
		}
	for (const call of before.calls) {
		const line = map.after(call.line);
		if (line === undefined || replaced.has(`${line} ${call.callee}`)) continue;
		calls.push({ ...call, line });
	}
	return calls.sort(byLine).filter((call) => {
		const inside = functionAt(functions, call.line);
		return inside !== undefined && inside.unread !== true;
	});
}

/** True when a line of the call's statement was added, or one in between was removed. */
function changed(edit: SpliceEdit, call: FragmentCall): boolean {
	const origins = edit.origin.slice((call.start === 0 ? call.line : call.start) - 1, call.end);
	return origins.includes(0) || !isWhole(origins);
}

/** Gates whose test is added come from the fragment, and those it newly shows; the others move. */
function spliceGates(
	before: FileFacts,
	edits: readonly SpliceEdit[],
	map: LineMap,
	functions: readonly FunctionFact[],
	variables: readonly VariableFact[],
): GateFact[] {
	const gates: GateFact[] = [];
	const shown = new Set<number>();
	const sets = flagsSet(edits, map, functions);
	for (const [index, edit] of edits.entries())
		for (const gate of edit.facts.gates) {
			const added = edit.origin[gate.line - 1] === 0;
			const line = map.ofFragment(index, gate.line);
			const known = before.gates.some((g) => g.line === edit.origin[gate.line - 1]);
			if (!added && (known || gate.kind === 'flag')) continue;
			const isState = () => tellsLocals(edit.facts, gate) || mentionsState(gate.what, variables);
			if (gate.kind === 'flag' && !isState()) continue;
			if (keepsOutSecond(gate, edit.facts, sets)) continue;
			shown.add(line);
			gates.push(placed(gate, index, line, map, functions));
		}
	for (const gate of before.gates) {
		const line = map.after(gate.line);
		if (line === undefined || shown.has(line)) continue;
		gates.push({ ...gate, ...movedRegion(gate, edits, map), line });
	}
	return gates.sort((a, b) => a.line - b.line || a.from - b.from);
}

/** Flags that hunks set in functions of which they do not show the head, with those functions. */
function flagsSet(
	edits: readonly SpliceEdit[],
	map: LineMap,
	functions: readonly FunctionFact[],
): Pick<FlagSet, 'flag' | 'inside'>[] {
	return edits.flatMap(({ facts }, index) =>
		(facts.sets ?? []).map(({ flag, line }) => ({
			flag,
			inside: functionAt(functions, map.ofFragment(index, line))?.name,
		})),
	);
}

/** Whether a function that a gate's region calls sets the gate's flag, in another hunk. */
function keepsOutSecond(
	{ kind, negated, what, from, to }: GateFact,
	{ calls }: FragmentFacts,
	sets: readonly Pick<FlagSet, 'flag' | 'inside'>[],
): boolean {
	if (kind !== 'flag' || !negated) return false;
	const called = calls.filter(({ line }) => line >= from && line <= to);
	return keepsOutSecondCall({ flag: what, calls: called.map(({ callee }) => callee) }, sets);
}

/** Where the region of a gate is now; what was added inside of its block belongs to it. */
function movedRegion(
	gate: GateFact,
	edits: readonly SpliceEdit[],
	map: LineMap,
): Pick<GateFact, 'from' | 'to' | 'closes'> {
	const from = map.after(gate.from) ?? map.behind(gate.from - 1);
	if (gate.closes === undefined)
		return { from, to: map.after(gate.to) ?? Math.max(from, map.behind(gate.to) - 1) };
	const closes =
		map.after(gate.closes) ?? closingLine(gate.closes, edits, map) ?? map.behind(gate.closes) - 1;
	const first = gate.from === gate.line ? from : Math.min(from, map.behind(gate.from - 1));
	return { from: first, to: gate.to < gate.closes ? closes - 1 : closes, closes };
}

/** The line that closes a block now that the line which did was removed. */
function closingLine(line: number, edits: readonly SpliceEdit[], map: LineMap): number | undefined {
	for (const [index, edit] of edits.entries()) {
		if (!edit.removed.includes(line)) continue;
		const ends = edit.facts.closed.filter((at) => edit.origin[at - 1] === 0);
		const end = ends.at(-1);
		if (end !== undefined) return map.ofFragment(index, end);
	}
	return undefined;
}

/** A fragment's gate in the file; an open region runs to the end of its function. */
function placed(
	gate: GateFact,
	index: number,
	line: number,
	map: LineMap,
	functions: readonly FunctionFact[],
): GateFact {
	const { open, closes, ...fact } = gate;
	const from = map.ofFragment(index, gate.from);
	if (open !== true) {
		const to = map.ofFragment(index, gate.to);
		return closes === undefined
			? { ...fact, line, from, to }
			: { ...fact, line, from, to, closes: map.ofFragment(index, closes) };
	}
	const end = functionAt(functions, line)?.end ?? map.lines;
	return { ...fact, line, from, to: Math.max(from, end - 1), closes: end };
}

/** Whether a fragment shows the function of a gate from its head on, so that its own tests are of no local variables. */
function tellsLocals({ functions }: FragmentFacts, { line }: GateFact): boolean {
	return functions.some((one) => one.line <= line && line <= one.end);
}

/** True when an expression names what outlives a function: a fragment without its head cannot tell locals. */
function mentionsState(what: string, variables: readonly VariableFact[]): boolean {
	if (/\bof_node\b|\w\(\)/.test(what)) return true;
	const words = new Set(what.match(/[A-Za-z_]\w*/g));
	return variables.some((variable) => words.has(variable.name));
}
