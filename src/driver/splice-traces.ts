/** Traces after a patch: the steps of kept lines move, those of added lines and changed statements are the patch's. */
import type { FileFacts, TraceFact } from './facts.ts';
import type { FragmentFacts } from './fragment.ts';
import type { Interest } from './interest.ts';
import { type Hunk, isWhole, type LineMap } from './lines.ts';
import { functionAt } from './relevance.ts';
import { isAccess, type Step, stepsOf, traceFact, variableOf } from './trace.ts';
import type { ReadStep } from './trace-read.ts';
import { hasCallbacks, stateNames } from './trace-scope.ts';

interface Edit extends Hunk {
	facts: Pick<FragmentFacts, 'steps' | 'macroSteps'>;
}

/** A macro with what its body does, on the lines of the file after the edits. */
interface Macro {
	name: string;
	line: number;
	steps: Step[];
}

/**
 * The traces of a file after edits; undefined where it has none, or where it had none before and what
 * its other lines do is not known.
 */
export function spliceTraces(
	before: FileFacts,
	edits: readonly Edit[],
	map: LineMap,
	after: Pick<FileFacts, 'functions' | 'structs' | 'variables'>,
	want: Interest,
): TraceFact[] | undefined {
	if (before.traces === undefined || !hasCallbacks(after.structs, want)) return undefined;
	const heads = new Set(before.functions.map(({ line }) => line));
	const ofBodies = before.traces.filter(({ line }) => heads.has(line)).flatMap(stepsOf);
	const names = stateNames(after);
	const found = spliceMacros(before, edits, map, names);
	const byFunction = new Map<number, Step[]>();
	for (const step of mergeSteps(ofBodies, edits, map)) {
		const inside = functionAt(after.functions, step.line);
		if (inside === undefined) continue;
		if (isAccess(step) ? !names.has(variableOf(step)) : inside.unread === true) continue;
		const steps = byFunction.get(inside.line) ?? [];
		byFunction.set(inside.line, steps);
		steps.push(step);
	}
	for (const [line, steps] of byFunction) found.push(traceFact(line, balanced(steps)));
	return found.filter(({ steps }) => steps !== '').sort((a, b) => a.line - b.line);
}

/** Steps in order of lines; a line's are all from the file or all from the fragment. */
function mergeSteps(kept: readonly Step[], edits: readonly Edit[], map: LineMap): Step[] {
	const steps: Step[] = [];
	const replaced = new Set<number>();
	for (const [index, edit] of edits.entries()) {
		const anew = new Set(edit.facts.steps.filter((step) => isNew(edit, step)).map(lineOf));
		for (const step of edit.facts.steps) {
			if (!anew.has(step.line)) continue;
			const line = map.ofFragment(index, step.line);
			replaced.add(line);
			steps.push({ line, code: step.code, name: step.name });
		}
	}
	for (const step of kept) {
		const line = map.after(step.line);
		if (line !== undefined && !replaced.has(line)) steps.push({ ...step, line });
	}
	return steps.sort((a, b) => a.line - b.line);
}

const lineOf = ({ line }: Step): number => line;

/** True for a step on an added line, or in a statement of which an earlier line changed. */
function isNew(edit: Edit, step: ReadStep): boolean {
	if (edit.origin[step.line - 1] === 0) return true;
	if (step.start === 0) return false;
	const origins = edit.origin.slice(step.start - 1, step.line);
	return origins.includes(0) || !isWhole(origins);
}

/** The brace that ends the function is no step of it. */
function balanced(steps: readonly Step[]): Step[] {
	let depth = 0;
	return steps.filter(({ code }) => {
		if (code === '{') depth++;
		if (code !== '}') return true;
		if (depth === 0) return false;
		depth--;
		return true;
	});
}

/** Traces of macros; the names of those that name state are added to the names. */
function spliceMacros(
	before: FileFacts,
	edits: readonly Edit[],
	map: LineMap,
	names: Set<string>,
): TraceFact[] {
	const macros: Macro[] = [];
	for (const trace of before.traces ?? []) {
		const symbol = before.symbols.find(({ kind, line }) => kind === 'macro' && line === trace.line);
		const line = map.after(trace.line);
		if (symbol === undefined || line === undefined) continue;
		const steps = stepsOf(trace).map((step) => ({ ...step, line }));
		macros.push({ name: symbol.name, line, steps });
	}
	for (const [index, edit] of edits.entries()) {
		for (const { name, line: at, steps } of edit.facts.macroSteps) {
			if (edit.origin[at - 1] !== 0) continue;
			const line = map.ofFragment(index, at);
			macros.push({ name, line, steps: steps.map((step) => ({ ...step, line })) });
		}
	}
	const found = new Map<number, TraceFact>();
	for (let round = 0; round < 4; round++) {
		for (const macro of macros) {
			const steps = macro.steps.filter((step) => names.has(variableOf(step)));
			if (steps.length === 0) continue;
			names.add(macro.name);
			found.set(macro.line, traceFact(macro.line, steps));
		}
	}
	return [...found.values()];
}
