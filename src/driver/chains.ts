/**
 * Every way from the boot sequence down to a call: an initcall, a driver's probe, a declared callback,
 * another driver, the architecture, a platform hook. Searched backwards from the call, over the
 * call graph of the tree; a path whose conditions contradict each other is no path.
 */
import {
	and,
	type Condition,
	parseCondition,
	printCondition,
	satisfiable,
} from '../kernel/condition.ts';
import { registersAt, roleOf } from './entries.ts';
import type { EntryFact, FunctionFact, StructFact } from './facts.ts';
import { EARLY, type Level, laterLevel } from './levels.ts';
import type { Capability, Chain, Installer, PathGate } from './model.ts';
import { isOwn, ownHardware } from './own-hardware.ts';
import type { Profile } from './profile.ts';
import {
	type CallSite,
	gatesAt,
	identifier,
	isOneUnit,
	type Program,
	type ProgramFile,
} from './program.ts';

/** Paths longer than this are not followed: kernel init paths are short, cycles are not paths. */
const MAX_STEPS = 16;
/** More paths than this to one call add nothing: the earliest decides. */
const MAX_CHAINS = 32;

export interface ChainContext {
	program: Program;
	profile: Profile;
	capabilities: readonly Capability[];
}

/** What a path passes down as its ops argument, so that a wrapper called with NULL is no installation. */
export interface Tracked {
	/** Index of the parameter of the current function that is followed. */
	parameter: number;
}

interface State {
	file: ProgramFile;
	fn: FunctionFact;
	/** Functions from here down to the call. */
	steps: string[];
	/** Where in each of them the path goes on. */
	lines: number[];
	gates: PathGate[];
	condition: Condition;
	/** Set once the path has gone up through a driver's probe. */
	probed: boolean;
	/** Set once a function that calls into the module from outside was passed. */
	crossed: boolean;
	createsDevice: boolean;
	tracked: Tracked | undefined;
	/** The module that holds the call the search began at. */
	home: string;
	/** The argument that filled the followed parameter, once known. */
	passed: string | undefined;
	/** Files of other modules on the path. */
	neighbours: readonly string[];
	/** Set where the path ends at something that runs at no initcall level. */
	stage?: Chain['stage'];
}

/** A chain, and what was passed for the followed parameter. */
export interface FoundChain {
	chain: Chain;
	passed: string | undefined;
	/** Files outside the module through which the path goes. */
	neighbours: readonly string[];
}

/**
 * All chains to a call site.
 * @param tracked the parameter of the containing function to follow upwards, if the call passes one on
 */
export function chainsTo(context: ChainContext, site: CallSite, tracked?: Tracked): FoundChain[] {
	const { program } = context;
	const found: FoundChain[] = [];
	const own = ownHardware(program, site.file.module);
	climb(
		{ ...context, own, found },
		{
			file: site.file,
			fn: site.within,
			steps: [site.within.name],
			lines: [site.call.line],
			gates: pathGates(site.file, site.call.line, own),
			condition: program.conditionAt(site.file, site.call.line),
			probed: false,
			crossed: false,
			createsDevice: false,
			tracked,
			home: site.file.module,
			passed: undefined,
			neighbours: [],
		},
	);
	return distinct(found);
}

interface Search extends ChainContext {
	own: ReadonlySet<string>;
	found: FoundChain[];
}

function climb(search: Search, state: State): void {
	if (search.found.length >= MAX_CHAINS || state.steps.length > MAX_STEPS) return;
	if (!satisfiable(state.condition)) return;
	const before = search.found.length;
	climbEntries(search, state);
	climbProbe(search, state);
	climbHooks(search, state);
	const called = climbCallers(search, state);
	if (search.found.length > before || state.fn.local) return;
	// Of drivers of any kind callers that no build has say nothing, and several may define one function.
	const nobody = !called && search.program.definitions(state.fn.name).length === 1;
	if (nobody || search.profile.anyDriver !== undefined) {
		// An exported function whose caller is in a file that was not read.
		finish(search, { ...state, crossed: true }, 'called', undefined, {
			macro: '',
			function: state.fn.name,
			path: state.file.path,
			line: state.fn.line,
		});
	}
}

/** Entries at file scope that name the current function: initcalls, declarations, boot macros. */
function climbEntries(search: Search, state: State): void {
	const { fn, file } = state;
	const homes = fn.local
		? search.program.unitOf(file)
		: search.program.files.filter((other) => other === file || other.module === file.module);
	for (const home of homes) {
		for (const entry of home.facts.entries) {
			const role = roleOf(search.profile, home, entry, fn.name);
			if (role === undefined) continue;
			const next = {
				...state,
				condition: and(state.condition, entryCondition(search, home, entry)),
			};
			const at = { macro: entry.macro, function: fn.name, path: home.path, line: entry.line };
			if (role.kind === 'initcall') finish(search, next, 'initcall', role.level, at);
			else if (role.kind === 'probe') finish(search, bind(next), 'initcall', role.level, at);
			else if (role.kind === 'boot') {
				finish(search, { ...next, crossed: true }, 'called', EARLY, at);
			} else if (role.table === undefined) finish(search, next, 'declared', undefined, at);
			else {
				const runs = search.profile.declaredLevel(role.table, search.capabilities);
				if (runs !== undefined) finish(search, next, 'declared', runs, at);
			}
		}
	}
}

/** The condition under which an entry is there and does what it does. */
function entryCondition({ program }: Search, home: ProgramFile, entry: EntryFact): Condition {
	const at = program.conditionAt(home, entry.line);
	const means = home.meanings?.get(entry)?.when ?? '';
	return means === '' ? at : and(at, parseCondition(means));
}

/** The current function as a driver's probe: up through everything that registers the driver. */
function climbProbe(search: Search, state: State): void {
	for (const home of search.program.unitOf(state.file)) {
		for (const struct of home.facts.structs) {
			if (!isProbeOf(struct, state.fn.name)) continue;
			const bound = bind(state);
			registrations(search, bound, struct);
		}
	}
	for (const site of search.program.passing(state.fn.name, state.fn.local, state.file)) {
		// platform_driver_probe(&drv, probe): registers and binds at once.
		if (/driver_probe$|create_bundle$/.test(site.call.callee)) step(search, bind(state), site);
		else if (/for_each|iterate|walk/.test(site.call.callee)) step(search, state, site);
	}
}

function isProbeOf(struct: StructFact, name: string): boolean {
	return (
		/driver$/.test(struct.type) &&
		struct.fields.some((field) => /(^|\.)probe(_new)?$/.test(field.path) && field.value === name)
	);
}

function registrations(search: Search, state: State, struct: StructFact): void {
	for (const home of search.program.unitOf(state.file)) {
		for (const entry of home.facts.entries) {
			const when = registersAt(search.profile, home, entry, struct);
			if (when === undefined) continue;
			const condition = and(state.condition, entryCondition(search, home, entry));
			const { macro, line } = entry;
			const at = { macro, function: struct.name, path: home.path, line };
			if ('level' in when) finish(search, { ...state, condition }, 'initcall', when.level, at);
			else if ('boots' in when) finish(search, { ...state, condition }, 'called', EARLY, at);
			else finish(search, { ...state, condition, stage: when.stage }, 'declared', undefined, at);
		}
	}
	for (const site of search.program.passing(struct.name, true, state.file)) {
		if (search.profile.registersDriver(site.call.callee)) step(search, state, site);
	}
}

function bind(state: State): State {
	const bound: PathGate = {
		kind: 'bound',
		negated: false,
		what: state.fn.name,
		own: true,
		path: state.file.path,
		line: state.fn.line,
	};
	return { ...state, probed: true, gates: [bound, ...state.gates], tracked: undefined };
}

/** `x86_init.iommu.iommu_init = fn`: up through whatever calls the hook. */
function climbHooks(search: Search, state: State): void {
	for (const file of search.program.files) {
		if (state.fn.local && !isOneUnit(file, state.file)) continue;
		for (const hook of file.facts.hooks) {
			if (hook.value !== state.fn.name) continue;
			const known = search.profile.hooks.find((candidate) => candidate.target === hook.target);
			if (known === undefined) continue;
			const caller = search.program.files.find((other) => other.path === known.path);
			const fn = caller?.facts.functions.find((other) => other.name === known.function);
			const condition = and(state.condition, search.program.conditionAt(file, hook.line));
			const gates = [...pathGates(file, hook.line, search.own), ...state.gates];
			if (caller === undefined || fn === undefined) {
				const neighbours = withNeighbour(state, file);
				finish(
					search,
					{ ...state, crossed: true, condition, gates, neighbours },
					'called',
					undefined,
					{
						macro: hook.target,
						function: state.fn.name,
						path: file.path,
						line: hook.line,
					},
				);
				continue;
			}
			climb(search, {
				...state,
				file: caller,
				fn,
				steps: [fn.name, ...state.steps],
				lines: [fn.line, ...state.lines],
				gates,
				condition,
				crossed: true,
				neighbours: [...withNeighbour(state, file), caller.path],
				tracked: undefined,
			});
		}
	}
}

function withNeighbour(state: State, file: ProgramFile): readonly string[] {
	return file.module === state.home ? state.neighbours : [...state.neighbours, file.path];
}

/** Plain callers; says whether there were any. */
function climbCallers(search: Search, state: State): boolean {
	const sites = search.program.callersOf(state.fn, state.file);
	for (const site of sites) {
		if (state.tracked === undefined) {
			step(search, state, site);
			continue;
		}
		const argument = site.call.args?.[state.tracked.parameter];
		if (argument === 'NULL') continue;
		const name = argument === undefined ? undefined : identifier(argument);
		const parameter = name === undefined ? -1 : site.within.params.indexOf(name);
		step(
			search,
			{ ...state, tracked: parameter < 0 ? undefined : { parameter }, passed: name },
			site,
		);
	}
	return sites.length > 0;
}

/** One step up: from the current function to the call site that leads into it. */
function step(search: Search, state: State, site: CallSite): void {
	if (state.steps.includes(site.within.name)) return;
	const creates = (): boolean =>
		site.file.facts.calls.some(
			(call) =>
				call.line >= site.within.line &&
				call.line <= site.within.end &&
				search.profile.deviceCreators.has(call.callee),
		);
	climb(search, {
		...state,
		file: site.file,
		fn: site.within,
		steps: [site.within.name, ...state.steps],
		lines: [site.call.line, ...state.lines],
		gates: [...pathGates(site.file, site.call.line, search.own), ...state.gates],
		condition: and(state.condition, search.program.conditionAt(site.file, site.call.line)),
		crossed: state.crossed || site.file.module !== state.home,
		neighbours: withNeighbour(state, site.file),
		createsDevice: state.createsDevice || (state.probed && creates()),
	});
}

function finish(
	search: Search,
	state: State,
	root: Installer,
	level: Level | undefined,
	entry: Chain['entry'],
): void {
	if (!satisfiable(state.condition)) return;
	const chain: Chain = {
		installer: state.crossed ? 'called' : state.probed ? 'probe' : root,
		entry,
		steps: state.steps,
		lines: state.lines,
		gates: state.gates,
		when: printCondition(state.condition),
		createsDevice: state.createsDevice,
	};
	if (state.stage !== undefined) chain.stage = state.stage;
	if (level !== undefined) {
		chain.level =
			state.probed && !state.createsDevice ? laterLevel(level, search.profile.devicesExist) : level;
	}
	search.found.push({ chain, passed: state.passed, neighbours: state.neighbours });
}

/** Gates at a line as path gates; config gates are conditions and are not repeated here. */
function pathGates(file: ProgramFile, line: number, own: ReadonlySet<string>): PathGate[] {
	return gatesAt(file.facts.gates, line)
		.filter((gate) => gate.kind !== 'config')
		.map((gate) => ({
			kind: gate.kind,
			negated: gate.negated,
			what: gate.what,
			own:
				!gate.negated &&
				(gate.kind === 'acpi' || (gate.kind === 'devicetree' && isOwn(gate.what, own))),
			path: file.path,
			line: gate.line,
		}));
}

function distinct(found: FoundChain[]): FoundChain[] {
	const seen = new Map<string, FoundChain>();
	for (const one of found) {
		const { chain } = one;
		const key = [
			chain.entry.macro,
			chain.entry.path,
			chain.entry.line,
			chain.when,
			...chain.steps,
		].join('\0');
		if (!seen.has(key)) seen.set(key, one);
	}
	return [...seen.values()];
}
