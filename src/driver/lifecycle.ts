/**
 * The life of a driver beyond its coming: which structs it registers and how often, what its exits take
 * back, and what an error in probe leaves behind. Found on facts of its files; what it means is for the rules.
 */
import { and, type Condition, printCondition } from '../kernel/condition.ts';
import { Exits } from './exits.ts';
import type { CallFact } from './facts.ts';
import { driverMacro, initcallLevel } from './levels.ts';
import type { Capability, Chain, Evidence } from './model.ts';
import { ModuleCalls, type ModuleFunction } from './module-calls.ts';
import type { Profile } from './profile.ts';
import { identifier, type Program, type ProgramFile } from './program.ts';
import { structRegistrations } from './registrations.ts';
import { undoOf } from './undo.ts';

/** A driver struct that is registered, and one way to where it is. */
export interface StructRegistration extends Evidence {
	struct: string;
	/** The file that has the struct, as far as it is known: statics of two files may have one name. */
	home: string;
	call: string;
	chain: Chain;
	/** Whether nothing is tested on the way, within the functions that lead to it; undefined where that is not known. */
	untested: boolean | undefined;
	when: string;
}

/** A call that takes something back, in the exit of the module or when a device goes. */
export interface Undone extends Evidence {
	/** The call that does: `platform_driver_unregister`; '' for a macro that is given the struct. */
	call: string;
	/** The struct, variable or bus that it is given; '' where it is none of the file. */
	what: string;
	by: 'exit' | 'remove';
	when: string;
}

/** A call on the way of a probe function that has something to be taken back. */
export interface Done extends Evidence {
	call: string;
	what: string;
	undo: string;
	/** The function that holds it. */
	function: string;
	/** Whether it is on the way of a probe function. */
	inProbe: boolean;
	/** Errors with which probe is left after it and that leave it as it is. */
	left: LeftBehind[];
	/** True in probe where the order of statements is not known, so that nothing can be said of `left`. */
	unread: boolean;
	when: string;
}

export interface LeftBehind extends Evidence {
	function: string;
	/** The call whose failure it is; '' for any other reason. */
	failed: string;
	/** What that call is given of the file, or which bus; '' for nothing. */
	failedOn: string;
	when: string;
}

/** What the files of one module say of all that. */
export interface Lifecycle {
	registered: StructRegistration[];
	undone: Undone[];
	/** What can be undone and is done on the way of a probe function or an initcall. */
	done: Done[];
	/** Which ways out there are: an exit of the module, a callback for devices that go. */
	exits: { exit: Evidence | undefined; remove: Evidence | undefined };
}

interface Context {
	program: Program;
	profile: Profile;
	capabilities: readonly Capability[];
	files: readonly ProgramFile[];
	calls: ModuleCalls;
}

/**
 * The life of one module.
 * @param files its sources, all of them files of the program
 */
export function lifecycle(
	program: Program,
	profile: Profile,
	capabilities: readonly Capability[],
	files: readonly ProgramFile[],
): Lifecycle {
	const context = { program, profile, capabilities, files, calls: new ModuleCalls(files) };
	const roots = exitRoots(context);
	const evidence = (by: Undone['by']): Evidence | undefined =>
		roots.find((root) => root.by === by)?.at;
	return {
		registered: structs(context),
		undone: roots.flatMap((root) => undoneBy(context, root)),
		done: done(context),
		exits: { exit: evidence('exit'), remove: evidence('remove') },
	};
}

function structs(context: Context): StructRegistration[] {
	const { files } = context;
	return files.flatMap((file) =>
		structRegistrations(context, file, files).flatMap((ops) =>
			ops.reachedFrom.map((chain) => ({
				struct: ops.ops,
				home: homeOf(files, file, ops.ops),
				call: ops.call,
				chain,
				untested: isUntested(context, chain),
				when: ops.when,
				path: ops.path,
				line: ops.line,
			})),
		),
	);
}

function homeOf(files: readonly ProgramFile[], file: ProgramFile, struct: string): string {
	const has = ({ facts }: ProgramFile): boolean =>
		facts.structs.some(({ name }) => name === struct);
	return (has(file) ? file : files.find(has))?.path ?? '';
}

function isUntested({ calls }: Context, { steps, lines, gates }: Chain): boolean | undefined {
	if (gates.some(({ kind }) => kind === 'flag')) return false;
	let untested: boolean | undefined = true;
	for (const [i, name] of steps.entries()) {
		const one = calls.holding(name, lines[i] ?? 0);
		const exits = one === undefined ? undefined : exitsOf(calls, one);
		if (exits === undefined) untested = undefined;
		else if (!exits.isUntested(exits.endOf(lines[i] ?? 0))) return false;
	}
	return untested;
}

/** Made once for each function. */
const known = new WeakMap<ModuleCalls, Map<unknown, Exits>>();

function exitsOf(calls: ModuleCalls, one: ModuleFunction): Exits | undefined {
	const flow = calls.flow(one);
	if (flow === undefined) return undefined;
	const all = known.get(calls) ?? new Map<unknown, Exits>();
	known.set(calls, all);
	const exits = all.get(one.fn) ?? new Exits(calls.steps(one), flow);
	all.set(one.fn, exits);
	return exits;
}

interface ExitRoot {
	by: Undone['by'];
	at: Evidence;
	when: Condition;
	/** The functions that run; none for a macro. */
	functions: ModuleFunction[];
	/** The struct that a macro takes back. */
	struct: string;
}

function exitRoots({ program, files, calls }: Context): ExitRoot[] {
	return files.flatMap((file) => {
		const { path } = file;
		const place = (line: number) => ({
			at: { path, line },
			when: program.conditionAt(file, line),
		});
		const roots: ExitRoot[] = [];
		for (const { macro, args, line } of file.facts.entries) {
			const name = identifier(args[0] ?? '') ?? '';
			if (/^(?:module_exit|__exitcall)$/.test(macro)) {
				const functions = calls.named(name, file);
				roots.push({ by: 'exit', ...place(line), functions, struct: '' });
			} else if (macro.startsWith('module_') && driverMacro(macro) !== undefined) {
				roots.push({ by: 'exit', ...place(line), functions: [], struct: name });
			}
		}
		for (const { type, fields } of file.facts.structs) {
			if (!/driver$/.test(type)) continue;
			for (const { path: member, value, line } of fields) {
				if (!/(?:^|\.)remove(?:_new)?$/.test(member)) continue;
				const functions = calls.named(value, file);
				if (functions.length > 0)
					roots.push({ by: 'remove', ...place(line), functions, struct: '' });
			}
		}
		return roots;
	});
}

function undoneBy(context: Context, root: ExitRoot): Undone[] {
	const { program, calls } = context;
	const { by, when, struct, at } = root;
	if (struct !== '') return [{ call: '', what: struct, by, when: printCondition(when), ...at }];
	const found: Undone[] = [];
	for (const fn of calls.below(root.functions)) {
		const one = calls.holding(fn.name, fn.line);
		if (one === undefined) continue;
		for (const call of calls.callsIn(one)) {
			if (!takesBack(context, call)) continue;
			const compiled = and(when, program.conditionAt(one.file, call.line));
			found.push({
				call: call.callee,
				what: givenTo(call),
				by,
				when: printCondition(compiled),
				path: one.file.path,
				line: call.line,
			});
		}
	}
	return found;
}

/** True for a call that takes something back: `…unregister…`, or an installation of no ops. */
function takesBack({ profile }: Context, { callee, args }: CallFact): boolean {
	const install = profile.installCalls.get(callee);
	if (install !== undefined) return args?.[install.ops] === 'NULL';
	return /(?:^|_)unregister(?:_|$)|_del_driver$|_sysfs_remove$/.test(callee);
}

/** What of the file, or which bus, a call is given first. */
function givenTo({ args = [] }: CallFact): string {
	const [first = ''] = args;
	return identifier(first) ?? '';
}

/** A function that a root leads to, and the call by which it does. */
interface Reached {
	one: ModuleFunction;
	from: { reached: Reached; call: CallFact } | undefined;
}

/** Everything that functions run, each once, by the shortest way. */
function reachedFrom({ calls }: Context, roots: readonly ModuleFunction[]): Reached[] {
	const seen = new Set(roots.map(({ fn }) => fn));
	const found: Reached[] = roots.map((one) => ({ one, from: undefined }));
	for (const reached of found) {
		for (const call of calls.callsIn(reached.one)) {
			for (const next of calls.named(call.callee, reached.one.file)) {
				if (seen.has(next.fn)) continue;
				seen.add(next.fn);
				found.push({ one: next, from: { reached, call } });
			}
		}
	}
	return found;
}

function probes({ files, calls }: Context): ModuleFunction[] {
	return files.flatMap((file) =>
		file.facts.structs
			.filter(({ type }) => /driver$/.test(type))
			.flatMap(({ fields }) => fields)
			.filter(({ path }) => /(?:^|\.)probe(?:_new)?$/.test(path))
			.flatMap(({ value }) => calls.named(value, file)),
	);
}

/** The functions of initcalls. */
function inits({ files, calls }: Context): ModuleFunction[] {
	return files.flatMap((file) =>
		file.facts.entries
			.filter(({ macro }) => initcallLevel(macro) !== undefined)
			.flatMap(({ args }) => calls.named(identifier(args[0] ?? '') ?? '', file)),
	);
}

/** Calls on the ways of probe functions and initcalls that can be taken back. */
function done(context: Context): Done[] {
	const { calls, program } = context;
	const inProbe = reachedFrom(context, probes(context)).map((one) => ({
		reached: one,
		probe: true,
	}));
	const inInit = reachedFrom(context, inits(context)).map((one) => ({
		reached: one,
		probe: false,
	}));
	return [...inProbe, ...inInit].flatMap(({ reached, probe }) => {
		const { one } = reached;
		return calls.callsIn(one).flatMap((call): Done[] => {
			const undo = undoFor(context, call);
			if (undo === undefined) return [];
			const wanted = { undo, what: givenTo(call) };
			return [
				{
					call: call.callee,
					...wanted,
					function: one.fn.name,
					left: probe ? leftBehind(context, reached, call, wanted) : [],
					inProbe: probe,
					unread: probe && calls.flow(one) === undefined,
					when: printCondition(program.conditionAt(one.file, call.line)),
					path: one.file.path,
					line: call.line,
				},
			];
		});
	});
}

/** The call that undoes another one: an installation by one of no ops. */
function undoFor({ profile }: Context, { callee, args }: CallFact): string | undefined {
	const install = profile.installCalls.get(callee);
	if (install === undefined) return undoOf(callee);
	return args?.[install.ops] === 'NULL' ? undefined : callee;
}

type Wanted = Pick<Done, 'undo' | 'what'>;

/** The errors after a call, in its function and in those that lead to it, on whose way nothing undoes it. */
function leftBehind(
	context: Context,
	reached: Reached,
	call: CallFact,
	wanted: Wanted,
): LeftBehind[] {
	const found: LeftBehind[] = [];
	for (let at: Reached | undefined = reached, by = call; at !== undefined; ) {
		found.push(...leftIn(context, at.one, by, wanted));
		if (at.from === undefined) break;
		({ reached: at, call: by } = at.from);
	}
	return found;
}

function leftIn(
	context: Context,
	one: ModuleFunction,
	call: CallFact,
	wanted: Wanted,
): LeftBehind[] {
	const { calls, program } = context;
	const exits = exitsOf(calls, one);
	if (exits === undefined || call.use === 'returned') return [];
	const end = exits.endOf(call.line);
	const placed = calls.callsIn(one).map((other) => ({ other, at: exits.endOf(other.line) }));
	const failure = call.use === 'ignored' ? undefined : exits.failureOf(end);
	return exits.errorsAfter(end, failure).flatMap(({ line, at, runs }) => {
		const run = placed.filter(
			(two) =>
				two.other !== call &&
				two.at > end &&
				runs.some(({ from, to }) => from <= two.at && two.at <= to),
		);
		if (run.some(({ other }) => undoes(context, one, other, wanted))) return [];
		const failed = run.findLast(
			({ other, at: done }) =>
				(other.use === 'assigned' || other.use === 'tested') && isFailureOf(exits, done, at),
		);
		return [
			{
				function: one.fn.name,
				failed: failed?.other.callee ?? '',
				failedOn: failed === undefined ? '' : givenTo(failed.other),
				when: printCondition(program.conditionAt(one.file, line)),
				path: one.file.path,
				line,
			},
		];
	});
}

function isFailureOf(exits: Exits, end: number, at: number): boolean {
	const failure = exits.failureOf(end);
	return failure !== undefined && failure.from <= at && at <= failure.to;
}

/** Whether a call takes something back: itself, in what it runs, or by what it asks to be run when the device goes. */
function undoes(
	context: Context,
	{ file }: ModuleFunction,
	call: CallFact,
	{ undo, what }: Wanted,
): boolean {
	const { calls } = context;
	const fits = (one: CallFact): boolean => {
		if (one.callee !== undo || !takesBack(context, one)) return false;
		const given = givenTo(one);
		return what === '' || given === '' || given === what;
	};
	if (fits(call)) return true;
	const later = /^devm_add_action/.test(call.callee);
	return [...calls.below(calls.runBy(call, file, later))].some((fn) => {
		const below = calls.holding(fn.name, fn.line);
		return below !== undefined && calls.callsIn(below).some(fits);
	});
}
