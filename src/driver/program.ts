/**
 * The sources of one tree as a program: which function a line is in, who calls a function, and
 * under which conditions and gates a line runs. Answers questions about facts; judges nothing.
 */
import {
	and,
	type Condition,
	conditionAt,
	not,
	parseCondition,
	type Region,
	regions,
} from '../kernel/condition.ts';
import type { CallFact, DirectiveFact, FunctionFact, GateFact } from './facts.ts';
import type { SourceFile } from './profile.ts';

/** A source file as a member of a module. */
export interface ProgramFile extends SourceFile {
	/** The CONFIG symbol of its module; the path itself for a file outside any. */
	module: string;
	/** The condition under which the Makefiles link it, beyond the module's own symbol. */
	when: string;
	/** The source that it is compiled with: itself, or the one that includes it. */
	unit: string;
}

/** True for files that are compiled as one: what is static in one is known in the other. */
export function isOneUnit(a: ProgramFile, b: ProgramFile): boolean {
	return a === b || (a.unit === b.unit && a.module === b.module);
}

/** A call together with where it stands. */
export interface CallSite {
	file: ProgramFile;
	call: CallFact;
	within: FunctionFact;
}

/** Source files of a tree, searchable by call. */
export class Program {
	readonly files: readonly ProgramFile[];
	/** Made when they are first asked for: most drivers are entered by a macro, and nobody asks. */
	#sites: Sites | undefined;
	#defining: Map<string, ProgramFile[]> | undefined;
	readonly #asked: Set<string> | undefined;
	/** Files that are compiled with others, by the source that includes them; empty in most trees. */
	readonly #parts: readonly ProgramFile[];

	/**
	 * @param asked is given every name visible beyond its file that is asked for: files that neither define nor
	 * use one of them, outside the modules of `files`, change no answer
	 */
	constructor(files: readonly ProgramFile[], asked?: Set<string>) {
		this.files = files;
		this.#asked = asked;
		this.#parts = files.filter(({ path, unit }) => unit !== path);
	}

	/** A file and those that are compiled with it. */
	unitOf(file: ProgramFile): readonly ProgramFile[] {
		const alone = !this.#parts.some((one) => isOneUnit(one, file));
		return alone ? [file] : this.files.filter((one) => isOneUnit(one, file));
	}

	/** The files that define a function of this name. */
	definitions(name: string): readonly ProgramFile[] {
		this.#asked?.add(name);
		this.#defining ??= definingFiles(this.files);
		return this.#defining.get(name) ?? [];
	}

	/** Calls that reach the function `fn` of `file`: a static function of another file hides a global one there. */
	callersOf(fn: FunctionFact, file: ProgramFile): CallSite[] {
		this.#sites ??= sitesOf(this.files);
		return this.#visible(this.#sites.calling.get(fn.name), fn.name, fn.local, file);
	}

	/** Calls that pass `name` (a function or struct of `file`) as an argument. */
	passing(name: string, local: boolean, file: ProgramFile): CallSite[] {
		this.#sites ??= sitesOf(this.files);
		return this.#visible(this.#sites.passing.get(name), name, local, file);
	}

	#visible(
		sites: readonly CallSite[] | undefined,
		name: string,
		local: boolean,
		file: ProgramFile,
	): CallSite[] {
		if (!local) this.#asked?.add(name);
		return (sites ?? []).filter((site) => {
			if (isOneUnit(site.file, file)) return true;
			if (local) return false;
			return !this.unitOf(site.file).some(({ path, facts }) =>
				facts.functions.some((other) => other.name === name && (other.local || path === file.path)),
			);
		});
	}

	/** The condition under which a line of a file is compiled, config gates around it included. */
	conditionAt(file: ProgramFile, line: number): Condition {
		let condition = and(parseCondition(file.when), conditionAt(regionsOf(file), line));
		for (const gate of gatesAt(file.facts.gates, line)) {
			if (gate.kind !== 'config') continue;
			const tested = parseCondition(gate.what);
			condition = and(condition, gate.negated ? not(tested) : tested);
		}
		return condition;
	}
}

/** Call sites. */
interface Sites {
	/** By the function that is called. */
	readonly calling: ReadonlyMap<string, CallSite[]>;
	/** By identifiers they pass, for callbacks and driver structs. */
	readonly passing: ReadonlyMap<string, CallSite[]>;
}

function sitesOf(files: readonly ProgramFile[]): Sites {
	const calling = new Map<string, CallSite[]>();
	const passing = new Map<string, CallSite[]>();
	for (const file of files) {
		for (const call of file.facts.calls) {
			const within = functionAt(file.facts.functions, call.line);
			if (within === undefined) continue;
			const site = { file, call, within };
			push(calling, call.callee, site);
			if (call.args === undefined) continue;
			for (const argument of new Set(call.args)) {
				const name = identifier(argument);
				if (name !== undefined) push(passing, name, site);
			}
		}
	}
	return { calling, passing };
}

function definingFiles(files: readonly ProgramFile[]): Map<string, ProgramFile[]> {
	const defining = new Map<string, ProgramFile[]>();
	for (const file of files) for (const fn of file.facts.functions) push(defining, fn.name, file);
	return defining;
}

/** The regions of files by their conditionals, which many trees share. */
const knownRegions = new WeakMap<readonly DirectiveFact[], Region[]>();

function regionsOf({ facts: { directives, lines } }: ProgramFile): Region[] {
	const known = knownRegions.get(directives) ?? regions(directives, lines);
	knownRegions.set(directives, known);
	return known;
}

/** Which function each line is in, by list of functions: 0 for none, else its place from 1. */
const functionsByLine = new WeakMap<readonly FunctionFact[], Uint32Array>();

/** The function whose lines contain `line`; the first, where those of several do. */
export function functionAt(
	functions: readonly FunctionFact[],
	line: number,
): FunctionFact | undefined {
	let table = functionsByLine.get(functions);
	if (table === undefined) {
		const last = functions.reduce((most, { end }) => Math.max(most, end), 0);
		table = new Uint32Array(last + 1);
		for (let i = functions.length - 1; i >= 0; i--) {
			const { line: from, end } = functions[i] ?? { line: 0, end: -1 };
			table.fill(i + 1, from, end + 1);
		}
		functionsByLine.set(functions, table);
	}
	return functions[(table[line] ?? 0) - 1];
}

/** The gates whose region contains `line`. */
export function gatesAt(gates: readonly GateFact[], line: number): GateFact[] {
	return gates.filter((gate) => gate.from <= line && line <= gate.to);
}

/** `&foo`, `foo` → foo; undefined for anything else. */
export function identifier(argument: string): string | undefined {
	return /^&?\s*([A-Za-z_]\w*)$/.exec(argument)?.[1];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
	const known = map.get(key);
	if (known === undefined) map.set(key, [value]);
	else known.push(value);
}
