/**
 * The functions of one module as a call graph downwards: what a function leads to, and what each does with
 * the state of its file. Answers questions about facts; judges nothing.
 */
import type { CallFact, FunctionFact, StructFact } from './facts.ts';
import { Flow } from './flow.ts';
import { identifier, isOneUnit, type ProgramFile } from './program.ts';
import { functionAt } from './relevance.ts';
import { isAccess, type Step, tracesByLine, variableOf } from './trace.ts';

/** A function of the module. */
export interface ModuleFunction {
	file: ProgramFile;
	fn: FunctionFact;
}

/** An access to a variable of a file; macros are followed, names of the function's own left out. */
export interface StateStep {
	step: Step;
	/** Where in the function's trace. */
	at: number;
}

/** More functions than this below one are not followed. */
const MAX_FUNCTIONS = 2000;
/** Macros that use macros are followed this deep. */
const MAX_MACROS = 4;
/** Calls that run a function they are given at once, for each of something. */
const RUNS_ARGUMENT = /for_each|iterate|walk/;

/** The functions of one module. */
export class ModuleCalls {
	readonly files: readonly ProgramFile[];
	readonly #functions = new Map<string, ModuleFunction[]>();
	readonly #calls = new Map<FunctionFact, CallFact[]>();
	readonly #traces = new Map<ProgramFile, Map<number, Step[]>>();
	/** What the macros of a file that name state do, by name. */
	readonly #macros = new Map<ProgramFile, Map<string, Step[]>>();
	readonly #accesses = new Map<FunctionFact, StateStep[]>();
	readonly #flows = new Map<FunctionFact, Flow>();

	constructor(files: readonly ProgramFile[]) {
		this.files = files;
		for (const file of files) {
			const traces = tracesByLine(file.facts);
			this.#traces.set(file, traces);
			this.#macros.set(file, macrosOf(file, traces));
			for (const fn of file.facts.functions) {
				const known = this.#functions.get(fn.name);
				if (known === undefined) this.#functions.set(fn.name, [{ file, fn }]);
				else known.push({ file, fn });
			}
			for (const call of file.facts.calls) {
				const fn = functionAt(file.facts.functions, call.line);
				if (fn === undefined) continue;
				const known = this.#calls.get(fn);
				if (known === undefined) this.#calls.set(fn, [call]);
				else known.push(call);
			}
		}
	}

	/** The functions that a name means in a file. */
	named(name: string, file: ProgramFile): ModuleFunction[] {
		const all = this.#functions.get(name) ?? [];
		const own = all.filter((one) => isOneUnit(one.file, file));
		return own.length > 0 ? own : all.filter(({ fn }) => !fn.local);
	}

	/** The function of a name that holds a line, whichever file it is in. */
	holding(name: string, line: number): ModuleFunction | undefined {
		return this.#functions.get(name)?.find(({ fn }) => fn.line <= line && line <= fn.end);
	}

	/** The calls in a function, in order. */
	callsIn({ fn }: ModuleFunction): readonly CallFact[] {
		return this.#calls.get(fn) ?? [];
	}

	/**
	 * The functions of the module that a call runs before it returns.
	 * @param generous with those that it is given and may run at some time
	 */
	runBy(call: CallFact, file: ProgramFile, generous = false): ModuleFunction[] {
		const found = this.named(call.callee, file);
		const follows = generous || RUNS_ARGUMENT.test(call.callee);
		for (const argument of call.args ?? []) {
			const name = identifier(argument);
			if (name === undefined) continue;
			const binds = /driver_probe$|create_bundle$/.test(call.callee);
			if (follows || binds) found.push(...this.named(name, file));
			if (!registersDriver(call.callee)) continue;
			for (const struct of file.facts.structs) {
				if (struct.name === name) found.push(...this.#probesOf(struct, file));
			}
		}
		return found;
	}

	#probesOf(struct: StructFact, file: ProgramFile): ModuleFunction[] {
		if (!/driver$/.test(struct.type)) return [];
		return struct.fields
			.filter(({ path }) => /(^|\.)probe(_new)?$/.test(path))
			.flatMap(({ value }) => this.named(value, file));
	}

	/** Functions and everything they run, each once. */
	below(from: readonly ModuleFunction[], generous = false): Set<FunctionFact> {
		const found = new Set<FunctionFact>();
		const queue = [...from];
		for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
			if (found.has(one.fn) || found.size >= MAX_FUNCTIONS) continue;
			found.add(one.fn);
			for (const call of this.callsIn(one)) queue.push(...this.runBy(call, one.file, generous));
		}
		return found;
	}

	/** Calls in the module that call a function by name, or hand it on. */
	users({ fn, file }: ModuleFunction): { by: ModuleFunction; call: CallFact }[] {
		const found: { by: ModuleFunction; call: CallFact }[] = [];
		for (const other of this.files) {
			if (fn.local && !isOneUnit(other, file)) continue;
			for (const call of other.facts.calls) {
				const passes = call.args?.some((argument) => identifier(argument) === fn.name) === true;
				if (call.callee !== fn.name && !passes) continue;
				const by = functionAt(other.facts.functions, call.line);
				if (by !== undefined) found.push({ by: { file: other, fn: by }, call });
			}
		}
		return found;
	}

	/** The control flow of a function; undefined where it was not read. */
	flow({ file, fn }: ModuleFunction): Flow | undefined {
		const steps = this.#traces.get(file)?.get(fn.line);
		if (steps === undefined || fn.unread === true) return undefined;
		const known = this.#flows.get(fn) ?? new Flow(steps);
		this.#flows.set(fn, known);
		return known;
	}

	/** All steps of a function. */
	steps({ file, fn }: ModuleFunction): readonly Step[] {
		return this.#traces.get(file)?.get(fn.line) ?? [];
	}

	/** What a function does with variables of its file. */
	accesses(one: ModuleFunction): readonly StateStep[] {
		const known = this.#accesses.get(one.fn);
		if (known !== undefined) return known;
		const steps = this.steps(one);
		const own = new Set(one.fn.params);
		for (const step of steps) if (step.code === 'L') own.add(step.name);
		const found = steps.flatMap((step, at) =>
			isAccess(step) && step.code !== 'L' && !own.has(variableOf(step))
				? this.#expand(one.file, step, 0).map((expanded) => ({ step: expanded, at }))
				: [],
		);
		this.#accesses.set(one.fn, found);
		return found;
	}

	/** The use of a macro as what its body does. */
	#expand(file: ProgramFile, step: Step, depth: number): Step[] {
		const name = variableOf(step);
		const body = this.#macros.get(file)?.get(name);
		// What is called by name is read.
		if (body === undefined) return [step.code === 'X' ? { ...step, code: 'R' } : step];
		if (depth >= MAX_MACROS) return [];
		const changed = 'WMUP'.includes(step.code);
		return body.flatMap((inner) => {
			const code = changed && !'WMU'.includes(inner.code) ? 'P' : inner.code;
			return this.#expand(file, { ...inner, code, line: step.line }, depth + 1);
		});
	}
}

function macrosOf(file: ProgramFile, traces: ReadonlyMap<number, Step[]>): Map<string, Step[]> {
	const macros = new Map<string, Step[]>();
	for (const { kind, name, line } of file.facts.symbols) {
		const steps = kind === 'macro' ? traces.get(line) : undefined;
		if (steps !== undefined) macros.set(name, steps);
	}
	return macros;
}

function registersDriver(callee: string): boolean {
	return /register|_probe$|create_bundle$/.test(callee) && !/unregister/.test(callee);
}
