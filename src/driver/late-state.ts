/**
 * State that is written too late: a call that calls ops back at once, callbacks of those ops that read a
 * variable of their file, and a path that writes it only after the call. Found on facts; what it means in
 * a tree is for the rules.
 */
import { and, type Condition, not, printCondition, satisfiable } from '../kernel/condition.ts';
import type { FunctionFact, StructFact } from './facts.ts';
import type { IndirectCalls } from './indirect.ts';
import { compareLevels, initcallLevel } from './levels.ts';
import type { Chain, LateState, StateAccess } from './model.ts';
import type { ModuleCalls, ModuleFunction, StateStep } from './module-calls.ts';
import type { Profile } from './profile.ts';
import type { Program, ProgramFile } from './program.ts';
import { type AccessCode, variableOf } from './trace.ts';

export interface LateContext {
	program: Program;
	profile: Profile;
	calls: ModuleCalls;
	indirect: IndirectCalls;
}

/** A touch of a variable, with where and under which condition it is compiled. */
interface Touch {
	file: ProgramFile;
	fn: FunctionFact;
	variable: string;
	/** '' for all of it. */
	member: string;
	code: AccessCode;
	line: number;
	when: Condition;
	/** The member of the ops that leads to it. */
	callback: string;
	/** Why it is not certain that the callback gets there; absent where it is. */
	doubt?: string;
}

const READS = new Set<AccessCode>(['R', 'D', 'V', 'U', 'P']);
const WRITES = new Set<AccessCode>(['W', 'M', 'U', 'P']);
/** What may have written before: also what got the value of a pointer or an array. */
const MAY_WRITE = new Set<AccessCode>(['W', 'M', 'U', 'P', 'V']);

/**
 * The state that callbacks of some ops read and that a path writes only after the call that installs them.
 * @param file that of the call
 * @param ops name of the ops
 * @param chains the ways to the call
 */
export function lateStates(
	context: LateContext,
	file: ProgramFile,
	ops: string,
	type: string,
	chains: readonly Chain[],
): LateState[] {
	const called = callbacks(context, file, ops, type);
	if (called.length === 0) return [];
	const reads = called.flatMap((one) => readsBelow(context, one));
	if (reads.length === 0) return [];
	const inCallbacks = context.calls.below(called.map(({ root }) => root));
	return chains
		.flatMap((chain, at) => {
			const path = walk(context, chain);
			return reads.flatMap((read) => {
				const late = lateOnPath(context, { chain, path, read, inCallbacks });
				return late === undefined ? [] : [{ ...late, chain: at }];
			});
		})
		.filter(firstOfEach());
}

/** Keeps the first of those that say the same of a variable on a chain, under the same condition. */
function firstOfEach(): (late: LateState) => boolean {
	const seen = new Set<string>();
	return ({ chain, variable, when, read }) => {
		const key = [chain, read.path, variable, when].join('\0');
		return !seen.has(key) && seen.add(key) !== undefined;
	};
}

interface Callback {
	member: string;
	root: ModuleFunction;
	when: Condition;
}

function callbacks(
	{ program, profile, calls }: LateContext,
	home: ProgramFile,
	ops: string,
	type: string,
): Callback[] {
	const members = profile.interest.calledBack.get(type);
	const isOps = (struct: StructFact) => struct.type === type && struct.name === ops;
	const own = home.facts.structs.some(isOps);
	return calls.files
		.filter((file) => (own ? file === home : file.facts.structs.some(isOps)))
		.flatMap((file) =>
			file.facts.structs.filter(isOps).flatMap((struct) =>
				struct.fields
					.filter(({ path }) => members?.has(path) === true)
					.flatMap(({ path, value, line }) =>
						calls.named(value, file).map((root) => ({
							member: path,
							root,
							when: and(program.conditionAt(file, struct.line), program.conditionAt(file, line)),
						})),
					),
			),
		);
}

function readsBelow(context: LateContext, { root, member, when }: Callback): Touch[] {
	const direct = context.calls.below([root]);
	const indirect = context.indirect
		.below(direct)
		.flatMap(({ target, doubt }) =>
			touches(context, new Set([target.fn]), READS).map(
				(touch): Touch => (doubt === undefined ? touch : { ...touch, doubt }),
			),
		);
	return [...touches(context, direct, READS), ...indirect].map((touch) => ({
		...touch,
		callback: member,
		when: and(when, touch.when),
	}));
}

/** What some functions do with variables, in one of some ways. */
function touches(
	context: LateContext,
	functions: ReadonlySet<FunctionFact>,
	codes: ReadonlySet<AccessCode>,
): Touch[] {
	return [...functions].flatMap((fn) => {
		const one = context.calls.holding(fn.name, fn.line);
		if (one === undefined) return [];
		return context.calls
			.accesses(one)
			.filter(({ step }) => codes.has(step.code as AccessCode))
			.map((access) => touch(context, one, access));
	});
}

function touch({ program }: LateContext, { file, fn }: ModuleFunction, { step }: StateStep): Touch {
	const variable = variableOf(step);
	return {
		file,
		fn,
		variable,
		member: step.name.slice(variable.length + 1),
		code: step.code as AccessCode,
		line: step.line,
		when: program.conditionAt(file, step.line),
		callback: '',
	};
}

/** What a path writes before the call at its end, and after it. */
interface Path {
	before: Touch[];
	after: Touch[];
	/** Functions that run on the path. */
	functions: Set<FunctionFact>;
}

function walk(context: LateContext, chain: Chain): Path {
	const path: Path = { before: [], after: [], functions: new Set() };
	const bound = chain.gates.find(({ kind }) => kind === 'bound');
	// What registers a driver goes on, for all that is known, before the driver finds a device.
	const first = bound === undefined ? 0 : Math.max(0, chain.steps.lastIndexOf(bound.what));
	for (const [at, name] of chain.steps.entries()) {
		const line = chain.lines[at] ?? 0;
		const one = context.calls.holding(name, line);
		if (one === undefined) continue;
		path.functions.add(one.fn);
		walkBefore(context, one, line, path);
		if (at >= first) walkAfter(context, one, line, path);
	}
	return path;
}

/** True for an assignment in the statement that holds the call: its value is there when the call is done. */
function assignsResult({ step, at }: StateStep, start: number, end: number): boolean {
	return (step.code === 'W' || step.code === 'M') && start <= at && at < end;
}

function walkBefore(context: LateContext, one: ModuleFunction, line: number, path: Path): void {
	const { calls } = context;
	const flow = calls.flow(one);
	const end = flow?.endOf(line) ?? 0;
	const start = flow?.startOf(end) ?? 0;
	for (const access of calls.accesses(one)) {
		const code = access.step.code as AccessCode;
		if (!MAY_WRITE.has(code) || access.step.line > line) continue;
		if (assignsResult(access, start, end)) continue;
		path.before.push(touch(context, one, access));
	}
	for (const call of calls.callsIn(one)) {
		if (call.line >= line) continue;
		const run = calls.below(calls.runBy(call, one.file, true), true);
		for (const fn of run) path.functions.add(fn);
		path.before.push(...touches(context, run, MAY_WRITE));
	}
}

function walkAfter(context: LateContext, one: ModuleFunction, line: number, path: Path): void {
	const { calls, program } = context;
	const flow = calls.flow(one);
	if (flow === undefined) return;
	const end = flow.endOf(line);
	const start = flow.startOf(end);
	const always = program.conditionAt(one.file, one.fn.line);
	const optional = (jump: number): boolean =>
		printCondition(program.conditionAt(one.file, jump)) !== printCondition(always);
	const stretches = flow.reached(end, optional);
	const reach = (at: number): Condition | undefined => {
		const stretch = stretches.find(({ from, to }) => from <= at && at <= to);
		if (stretch === undefined) return undefined;
		return and(...stretch.past.map((jump) => not(program.conditionAt(one.file, jump))));
	};
	for (const access of calls.accesses(one)) {
		if (!WRITES.has(access.step.code as AccessCode)) continue;
		const own = assignsResult(access, start, end);
		const when = own ? and() : access.at > end ? reach(access.at) : undefined;
		if (when === undefined) continue;
		const found = touch(context, one, access);
		path.after.push({ ...found, when: and(found.when, when) });
	}
	for (const call of calls.callsIn(one)) {
		const at = flow.endOf(call.line);
		const when = call.line > line && at > end ? reach(at) : undefined;
		if (when === undefined) continue;
		const run = calls.below(calls.runBy(call, one.file));
		for (const fn of run) path.functions.add(fn);
		const compiled = and(when, program.conditionAt(one.file, call.line));
		for (const found of touches(context, run, WRITES)) {
			path.after.push({ ...found, when: and(found.when, compiled) });
		}
	}
}

interface Question {
	chain: Chain;
	path: Path;
	read: Touch;
	inCallbacks: ReadonlySet<FunctionFact>;
}

/** Whether a path writes what a callback reads only after the call. */
function lateOnPath(
	context: LateContext,
	question: Question,
): Omit<LateState, 'chain'> | undefined {
	const { path, read } = question;
	const after = path.after.filter((write) => meets(write, read));
	const write = after.find(({ code }) => code !== 'P') ?? after[0];
	if (write === undefined) return undefined;
	const before = path.before.filter((other) => meets(other, read)).map(({ when }) => not(when));
	const when = and(read.when, write.when, ...before);
	if (!satisfiable(when)) return undefined;
	const doubt = doubtOf(context, question, write);
	return {
		variable: read.variable,
		callback: read.callback,
		read: place(read),
		write: place(write),
		when: printCondition(when),
		...(read.code === 'D' ? { follows: true as const } : {}),
		...(doubt === undefined ? {} : { doubt }),
	};
}

/** True when two touches can mean the same: the same variable, and not two different members of it. */
function meets(a: Touch, b: Touch): boolean {
	if (a.file !== b.file || a.variable !== b.variable) return false;
	return a.member === '' || b.member === '' || a.member === b.member;
}

function place({ fn, file, line }: Touch): StateAccess {
	return { function: fn.name, path: file.path, line };
}

/** Why it is not certain that the callback reads what nothing has written. */
function doubtOf(
	context: LateContext,
	{ chain, path, read, inCallbacks }: Question,
	write: Touch,
): string | undefined {
	if (read.doubt !== undefined) return read.doubt;
	if (read.code === 'P') return `${read.fn.name}() hands on its address`;
	if (write.code === 'P') return `${write.fn.name}() hands on its address`;
	const { calls } = context;
	for (const file of calls.files.filter((one) => one === read.file)) {
		for (const fn of file.facts.functions) {
			const one = { file, fn };
			const writes = calls
				.accesses(one)
				.some(
					(access) =>
						WRITES.has(access.step.code as AccessCode) && meets(touch(context, one, access), read),
				);
			if (!writes) continue;
			if (inCallbacks.has(fn)) return `${fn.name}(), which is called back, writes it too`;
			if (!path.functions.has(fn) && mayRunBefore(context, one, chain, new Set())) {
				return `${fn.name}() writes it too, and may have run before`;
			}
		}
	}
	return undefined;
}

/** Whether a function may run before a path is taken: by an earlier initcall, or nobody knows by whom. */
function mayRunBefore(
	context: LateContext,
	one: ModuleFunction,
	chain: Chain,
	seen: Set<FunctionFact>,
): boolean {
	if (seen.has(one.fn)) return false;
	seen.add(one.fn);
	const { calls } = context;
	const entries = calls.files.flatMap(({ facts }) =>
		facts.entries.filter(({ args }) => args.some((argument) => argument === one.fn.name)),
	);
	for (const { macro } of entries) {
		if (context.profile.declareMacros.has(macro)) return true;
		const level = initcallLevel(macro);
		if (level === undefined) continue;
		if (chain.level === undefined || compareLevels(level, chain.level) <= 0) return true;
	}
	const users = calls.users(one);
	const callers = users.filter(({ call }) => call.callee === one.fn.name);
	if (callers.some(({ by }) => mayRunBefore(context, by, chain, seen))) return true;
	const handed = calls.files.some(({ facts }) =>
		facts.structs.some(({ fields }) => fields.some(({ value }) => value === one.fn.name)),
	);
	return entries.length === 0 && users.length === 0 && !handed;
}
