/**
 * The traces of a file: which names are its state, and what each function does with them. Only files whose
 * ops are called back when they are installed have traces; of the others nobody asks.
 */
import type { FileFacts, FunctionFact, StructFact, TraceFact } from './facts.ts';
import type { Interest } from './interest.ts';
import { type Passage, sourceOf } from './passage.ts';
import { lineAt, type Source } from './source.ts';
import { stepsOf, traceFact } from './trace.ts';
import { type ReadStep, readSteps } from './trace-read.ts';

/** A `#define` with a body. */
export interface MacroText {
	name: string;
	/** Parameters and body. */
	params: readonly string[];
	body: string;
	line: number;
}

/** A function of a file, in its passage. */
export interface TracedFunction {
	fact: FunctionFact;
	passage: Passage;
	/** Which function of the passage. */
	at: number;
	/** Lines of the file before the passage. */
	before: number;
}

type StateScope = Pick<FileFacts, 'structs' | 'variables'>;

/** Struct types that are tables of a driver, set once: no state. */
const TABLE = /(?:driver|_ops|_device_id|_attribute|_funcs|_desc)$/;

/** Whether a file has ops that are called back when they are installed. */
export function hasCallbacks(structs: readonly StructFact[], want: Interest): boolean {
	return structs.some(({ type, fields }) => {
		const members = want.calledBack.get(type);
		return members !== undefined && fields.some(({ path }) => members.has(path));
	});
}

/** The names of a file's variables, initialised ones too. */
export function stateNames({ structs, variables }: StateScope): Set<string> {
	const names = new Set(variables.map(({ name }) => name));
	for (const { type, name } of structs) {
		if (TABLE.test(type)) names.delete(name);
		else names.add(name);
	}
	return names;
}

/** What a macro's body does with the names asked for; every step is on the macro's line. */
export function macroSteps(macro: MacroText, wanted: (name: string) => boolean): ReadStep[] {
	const { body, params, line } = macro;
	const code = body.replace(/"(?:[^"\\]|\\.)*"/g, '""');
	const text = { code, from: 0, to: code.length, line: () => line, odd: () => false };
	return readSteps(text, (name) => !params.includes(name) && wanted(name), false);
}

/** The `#define`s of a text that have a body. */
export function macroTexts(source: Source): MacroText[] {
	return source.directives.flatMap(({ name: kind, rest, index }) => {
		const found = kind === 'define' ? /^(\w+)(?:\(([^)]*)\))?\s*(.*)$/.exec(rest) : null;
		const [, name = '', list = '', body = ''] = found ?? [];
		if (!/[A-Za-z_]/.test(body)) return [];
		return [{ name, params: list.split(/[\s,]+/), body, line: lineAt(source, index) }];
	});
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

/** The inside of a body, or of a whole fragment, as text to read. */
export function bodyText(source: Source, { open, close }: { open: number; close: number }) {
	return {
		code: source.code,
		from: open + 1,
		to: close,
		line: (offset: number) => lineAt(source, offset),
		odd: (offset: number) => source.match[offset] === -1,
	};
}

/** The traces of a file by the lines they belong to. */
export function tracesByLine(facts: Pick<FileFacts, 'traces'>) {
	return new Map((facts.traces ?? []).map((trace) => [trace.line, stepsOf(trace)] as const));
}
