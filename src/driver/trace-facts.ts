/**
 * The traces of a file: what each function does with its state. Only files whose
 * ops are called back when they are installed have traces; of the others nobody asks.
 */
import type { FunctionFact, TraceFact } from './facts.ts';
import type { Interest } from './interest.ts';
import { type Passage, sourceOf } from './passage.ts';
import { traceFact } from './trace.ts';
import { readSteps } from './trace-read.ts';
import { bodyText, hasCallbacks, macroSteps, type StateScope, stateNames } from './trace-scope.ts';

/** A function of a file, in its passage. */
export interface TracedFunction {
	fact: FunctionFact;
	passage: Passage;
	/** Which function of the passage. */
	at: number;
	/** Lines of the file before the passage. */
	before: number;
}

/** Remembers what was read of a passage; a function that stays the same is read once. */
export class TraceCache {
	readonly #known = new WeakMap<Passage, Map<string, string>>();

	/**
	 * The traces of a file; undefined where none are asked for.
	 * @param functions all of the file, in order
	 */
	traces(
		functions: readonly TracedFunction[],
		scope: StateScope,
		passages: readonly Passage[],
		want: Interest,
	): TraceFact[] | undefined {
		if (!hasCallbacks(scope.structs, want)) return undefined;
		const names = stateNames(scope);
		const found = macroTraces(passages, names);
		for (const one of functions) {
			const used = (one.passage.named[one.at]?.names ?? []).filter((name) => names.has(name));
			const flow = one.fact.unread !== true;
			if (used.length === 0 && !flow) continue;
			const steps = this.#steps(one, used, flow);
			if (steps !== '') found.push({ line: one.fact.line, steps });
		}
		return found.sort((a, b) => a.line - b.line);
	}

	#steps({ passage, at }: TracedFunction, used: readonly string[], flow: boolean): string {
		const known = this.#known.get(passage) ?? new Map<string, string>();
		this.#known.set(passage, known);
		const key = `${at} ${flow} ${used.join(' ')}`;
		const span = passage.functions[at];
		let steps = known.get(key);
		if (steps === undefined && span !== undefined) {
			const source = sourceOf(passage);
			const names = new Set(used);
			const read = readSteps(bodyText(source, span), (name) => names.has(name), flow);
			steps = traceFact(span.fact.line, read).steps;
			known.set(key, steps);
		}
		return steps ?? '';
	}
}

/** Macros that name state; their names are added to those that are asked for. */
function macroTraces(passages: readonly Passage[], names: Set<string>): TraceFact[] {
	const found = new Map<number, TraceFact>();
	// A macro of macros is found in a later round.
	for (let round = 0, grown = true; grown && round < 4; round++) {
		grown = false;
		let before = 0;
		for (const passage of passages) {
			for (const macro of passage.macros) {
				macro.words ??= macro.body.match(/[A-Za-z_]\w*/g) ?? [];
				if (!macro.words.some((word) => names.has(word))) continue;
				const line = macro.line + before;
				const steps = macroSteps({ ...macro, line }, (name) => names.has(name));
				if (steps.length === 0) continue;
				grown ||= !names.has(macro.name);
				names.add(macro.name);
				found.set(line, traceFact(line, steps));
			}
			before += passage.lines;
		}
	}
	return [...found.values()];
}
