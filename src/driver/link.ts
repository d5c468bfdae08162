/**
 * From the facts of single files to the facts of drivers: the objects under one CONFIG symbol,
 * linked by their call graph and placed in link order. Reads facts; judges nothing.
 */
import { and, parseCondition, printCondition } from '../kernel/condition.ts';
import { chainsTo } from './chains.ts';
import type { CallFact } from './facts.ts';
import { IndirectCalls } from './indirect.ts';
import { type LateContext, lateStates } from './late-state.ts';
import { driverMacro, initcallLevel } from './levels.ts';
import { type Lifecycle, lifecycle } from './lifecycle.ts';
import { type MeaningMemo, withMeanings } from './meanings.ts';
import type {
	BusOps,
	Capability,
	Chain,
	CoreCall,
	Declaration,
	DriverFacts,
	Entry,
	LateState,
	OnBusy,
	TreeFacts,
} from './model.ts';
import { ModuleCalls } from './module-calls.ts';
import type { Profile, SourceFile } from './profile.ts';
import {
	type CallSite,
	functionAt,
	gatesAt,
	identifier,
	Program,
	type ProgramFile,
} from './program.ts';
import { ownHeaders, registrations, unknownMacros } from './registrations.ts';

/**
 * Raised whenever linking, or what a profile reads off a tree, changes; part of the key of cached trees
 * and of the version of the release index.
 */
export const LINKER_VERSION = 6;

/** A module as the Makefiles describe it. */
export interface ModuleSources {
	symbol: string;
	/**
	 * Sources in link order, each with the condition under which it is linked into the module, the CONFIG symbols of
	 * others that link it, too, and the source it is compiled with where another one includes it (included.ts).
	 */
	sources: readonly { path: string; when: string; also?: readonly string[]; within?: string }[];
	position: number;
	at: { path: string; line: number };
}

/** Base names that say nothing about the driver they are in. */
const GENERIC_NAMES = new Set(['iommu', 'init', 'main', 'core', 'base', 'driver']);

/**
 * Links the files of one tree into drivers.
 * @param tree every file that was read, by path: modules' sources, framework, possible callers
 * @param modules the modules below the profile's folders, in link order
 * @param capabilities of the tree, where they are known already
 * @param only when given, only drivers with one of these sources are linked; those that are included do not count
 * @param asked is given the names by which files of other modules may come into it; see {@link Program}
 * @param memo what was found out about files that other trees share with this one
 */
export function linkTree(
	profile: Profile,
	tree: ReadonlyMap<string, SourceFile>,
	modules: readonly ModuleSources[],
	capabilities: readonly Capability[] = profile.capabilities(tree),
	only?: ReadonlySet<string>,
	asked?: Set<string>,
	memo?: MeaningMemo,
): TreeFacts {
	const read = profile.anyDriver === undefined ? tree : withMeanings(tree, memo);
	const program = new Program(programFiles(read, modules), asked);
	const byModule = new Map<string, ProgramFile[]>();
	for (const file of program.files) {
		const members = byModule.get(file.module);
		if (members === undefined) byModule.set(file.module, [file]);
		else members.push(file);
	}
	const drivers: DriverFacts[] = [];
	const graphs = new WeakMap<readonly ProgramFile[], CallGraph>();
	const callsOf = (files: readonly ProgramFile[]): CallGraph => {
		const known = graphs.get(files) ?? callGraph(files);
		graphs.set(files, known);
		return known;
	};
	for (const module of modules) {
		const files = byModule.get(moduleId(module)) ?? [];
		if (files.length === 0) continue;
		if (only !== undefined && !files.some(({ unit }) => only.has(unit))) continue;
		const driver = linkModule({ profile, program, capabilities, callsOf }, module, files);
		if (driver !== undefined) drivers.push(driver);
	}
	return { drivers, capabilities: [...capabilities] };
}

/**
 * The life of one module from other sources than its tree has, or the same.
 * @param tree the module's files and those that call into it
 */
export function lifecycleOf(
	profile: Profile,
	tree: ReadonlyMap<string, SourceFile>,
	module: ModuleSources,
	capabilities: readonly Capability[],
): Lifecycle {
	const read = profile.anyDriver === undefined ? tree : withMeanings(tree);
	const program = new Program(programFiles(read, [module]));
	const files = program.files.filter((file) => file.module === moduleId(module));
	return lifecycle(program, profile, capabilities, files);
}

interface LinkContext {
	profile: Profile;
	program: Program;
	capabilities: readonly Capability[];
	/** The call graph of a module, made when it is first asked for. */
	callsOf(files: readonly ProgramFile[]): CallGraph;
}

type CallGraph = Pick<LateContext, 'calls' | 'indirect'>;

function callGraph(files: readonly ProgramFile[]): CallGraph {
	const calls = new ModuleCalls(files);
	return { calls, indirect: new IndirectCalls(calls) };
}

function moduleId(module: ModuleSources): string {
	return module.symbol === '' ? `${module.at.path}#${module.position}` : module.symbol;
}

function programFiles(
	tree: ReadonlyMap<string, SourceFile>,
	modules: readonly ModuleSources[],
): ProgramFile[] {
	const files: ProgramFile[] = [];
	const placed = new Set<string>();
	const included = new Set<string>();
	for (const module of modules) {
		for (const { path, when, within } of module.sources) {
			const file = tree.get(path);
			// What is included is compiled anew by everyone who does.
			if (file === undefined || (within === undefined && placed.has(path))) continue;
			(within === undefined ? placed : included).add(path);
			files.push({ ...file, module: moduleId(module), when, unit: within ?? path });
		}
	}
	for (const file of tree.values()) {
		const isKnown = placed.has(file.path) || included.has(file.path);
		if (!isKnown && file.path.endsWith('.c')) {
			files.push({ ...file, module: file.path, when: '', unit: file.path });
		}
	}
	return files;
}

/** The facts of one module; undefined when it is no driver of this subsystem. */
function linkModule(
	context: LinkContext,
	module: ModuleSources,
	files: readonly ProgramFile[],
): DriverFacts | undefined {
	const { profile } = context;
	const drivers = profile.anyDriver;
	const registered = drivers === undefined ? [] : registrations({ ...context, drivers }, files);
	const busOps: BusOps[] = registered.map(({ ops }) => ops);
	const neighbours = new Set(registered.flatMap((one) => one.neighbours));
	const deviceRegister: CoreCall[] = [];
	const setFwnode: CoreCall[] = [];
	for (const site of files.flatMap((file) => sitesOf(profile, file))) {
		const install = profile.installCalls.get(site.call.callee);
		if (install !== undefined) {
			const ops = installation(context, site, install, neighbours, files);
			if (ops !== undefined) busOps.push(ops);
		}
		if (profile.registerCalls.has(site.call.callee)) {
			deviceRegister.push(coreCall(context, site, neighbours, files));
		}
		if (tiesFwnode(profile, site.call)) setFwnode.push(coreCall(context, site, neighbours, []));
	}
	const declares = files.flatMap((file) => declarations(context, file));
	const bindsDevices = files.some((file) =>
		file.facts.structs.some(
			(struct) =>
				/driver$/.test(struct.type) &&
				struct.fields.some((field) => /(^|\.)probe$/.test(field.path)),
		),
	);
	const nothing = busOps.length + deviceRegister.length + setFwnode.length + declares.length === 0;
	if (nothing && !bindsDevices) return undefined;
	const named = namingFile(files, busOps, deviceRegister);
	const incomplete = files.flatMap(({ path, facts }) =>
		(facts.incomplete ?? []).map((line) => ({ path, line })),
	);
	const also = module.sources.find(({ path }) => path === named.path)?.also;
	return {
		driver: driverName(named.path, module.symbol),
		symbol: module.symbol,
		...(also === undefined ? {} : { also }),
		path: named.path,
		files: files.map(({ path, blob }) => ({ path, blob })),
		neighbours: [...neighbours],
		position: module.position,
		linkedAt: module.at,
		entries: files.flatMap((file) => entries(context, file)),
		busOps,
		declares,
		compatible: [
			...new Set(
				files.flatMap((file) =>
					file.facts.matchTables.flatMap((table) => table.compatible.map(({ value }) => value)),
				),
			),
		],
		deviceRegister,
		setFwnode,
		...(drivers === undefined
			? {}
			: { ownHeaders: ownHeaders(files), unknownMacros: unknownMacros(files) }),
		doubtful: files.flatMap((file) =>
			file.facts.doubtful.map((line) => ({ path: file.path, line })),
		),
		...(incomplete.length === 0 ? {} : { incomplete }),
	};
}

/** The calls that a profile says something of, few among all; none for drivers of any kind. */
function sitesOf(profile: Profile, file: ProgramFile): CallSite[] {
	const { installCalls, registerCalls, fwnodeCalls } = profile;
	if (installCalls.size + registerCalls.size + fwnodeCalls.size === 0) return [];
	const found: CallSite[] = [];
	for (const call of file.facts.calls) {
		const { callee } = call;
		if (!installCalls.has(callee) && !registerCalls.has(callee) && !fwnodeCalls.has(callee))
			continue;
		const within = functionAt(file.facts.functions, call.line);
		if (within !== undefined) found.push({ file, call, within });
	}
	return found;
}

/** The source that names the driver: the one that installs, else registers, else the first. */
function namingFile(
	files: readonly ProgramFile[],
	busOps: readonly BusOps[],
	registers: readonly CoreCall[],
): ProgramFile {
	const [first] = busOps;
	const path = first?.path ?? registers[0]?.path;
	// A driver of any kind is named after where it is entered.
	const entered = files.find(
		({ path, meanings }) => meanings !== undefined && path === first?.reachedFrom[0]?.entry.path,
	);
	const said = entered ?? files.find((file) => file.path === path) ?? files[0];
	// Many may include one source; each is named after its own.
	const found = files.find((file) => file.path === said?.unit) ?? said;
	if (found === undefined) throw new RangeError('a module without files has no name');
	return found;
}

/** `drivers/iommu/arm/arm-smmu/arm-smmu.c` → arm-smmu; a base name that says nothing gives way to the CONFIG symbol. */
export function driverName(path: string, symbol: string): string {
	const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.c$/, '');
	const chosen = GENERIC_NAMES.has(base) && symbol !== '' ? symbol.toLowerCase() : base;
	return chosen.replaceAll('_', '-');
}

function installation(
	context: LinkContext,
	site: CallSite,
	at: { bus: number; ops: number },
	neighbours: Set<string>,
	files: readonly ProgramFile[],
): BusOps | undefined {
	const { file, call, within } = site;
	const bus = identifier(call.args?.[at.bus] ?? '');
	const ops = identifier(call.args?.[at.ops] ?? '');
	// bus_set_iommu(bus, NULL) takes ops away.
	if (bus === undefined || ops === undefined || ops === 'NULL') return undefined;
	const parameter = within.params.indexOf(ops);
	const found = chainsTo(context, site, parameter < 0 ? undefined : { parameter });
	for (const path of found.flatMap((one) => one.neighbours)) neighbours.add(path);
	const installed = found.find(({ passed }) => passed !== undefined)?.passed ?? ops;
	const reachedFrom = found.map(({ chain }) => chain);
	return {
		call: call.callee,
		bus,
		ops: installed,
		function: within.name,
		reachedFrom,
		onBusy: onBusy(file, call, bus),
		...lateOf(context, site, installed, reachedFrom, files),
		when: whenAt(context, file, call.line),
		path: file.path,
		line: call.line,
	};
}

function onBusy(file: ProgramFile, call: CallFact, bus: string): OnBusy {
	const guarded = gatesAt(file.facts.gates, call.line).some(
		(gate) => gate.kind === 'present' && gate.negated && gate.what === bus,
	);
	if (guarded) return 'guarded';
	return call.use === 'ignored' ? 'ignored' : 'fails';
}

function tiesFwnode(profile: Profile, call: CallFact): boolean {
	const tie = profile.fwnodeCalls.get(call.callee);
	if (tie === undefined) return false;
	if (tie.argument === undefined) return true;
	const argument = call.args?.[tie.argument];
	return argument !== undefined && argument !== 'NULL';
}

/** What the callbacks of a call read that its paths write after it. */
function lateOf(
	context: LinkContext,
	{ file, call }: CallSite,
	ops: string | undefined,
	chains: readonly Chain[],
	files: readonly ProgramFile[],
): { late?: LateState[] } {
	const type = context.profile.synchronousCalls.get(call.callee)?.type;
	if (type === undefined || ops === undefined || files.length === 0) return {};
	const calls = context.callsOf(files);
	const late = lateStates({ ...context, ...calls }, file, ops, type, chains);
	return late.length === 0 ? {} : { late };
}

function coreCall(
	context: LinkContext,
	site: CallSite,
	neighbours: Set<string>,
	files: readonly ProgramFile[],
): CoreCall {
	const found = chainsTo(context, site);
	const given = context.profile.synchronousCalls.get(site.call.callee)?.argument ?? -1;
	const ops = identifier(site.call.args?.[given] ?? '');
	const reachedFrom = found.map(({ chain }) => chain);
	for (const path of found.flatMap((one) => one.neighbours)) neighbours.add(path);
	return {
		call: site.call.callee,
		function: site.within.name,
		use: site.call.use,
		reachedFrom,
		...lateOf(context, site, ops, reachedFrom, files),
		when: whenAt(context, site.file, site.call.line),
		path: site.file.path,
		line: site.call.line,
	};
}

function declarations(context: LinkContext, file: ProgramFile): Declaration[] {
	const found: Declaration[] = [];
	for (const entry of file.facts.entries) {
		const table = context.profile.declareMacros.get(entry.macro);
		if (table === undefined) continue;
		const callback = entry.args[2];
		found.push({
			table,
			compatible: (entry.args[1] ?? '').replace(/^"(.*)"$/, '$1'),
			callback: callback === undefined || callback === 'NULL' ? null : callback,
			arity: entry.args.length,
			when: whenAt(context, file, entry.line),
			path: file.path,
			line: entry.line,
		});
	}
	return found;
}

function entries(context: LinkContext, file: ProgramFile): Entry[] {
	const found: Entry[] = [];
	for (const entry of file.facts.entries) {
		const meaning = file.meanings?.get(entry);
		const level =
			file.meanings === undefined
				? (initcallLevel(entry.macro) ?? driverMacro(entry.macro)?.level)
				: meaning?.level;
		const boots = context.profile.bootMacros.has(entry.macro) || meaning?.boots === true;
		if (level === undefined && !boots) continue;
		found.push({
			macro: entry.macro,
			level: level ?? null,
			function: entry.args[0] ?? '',
			when: whenAt(context, file, entry.line),
			path: file.path,
			line: entry.line,
		});
	}
	return found;
}

function whenAt(context: LinkContext, file: ProgramFile, line: number): string {
	return printCondition(and(parseCondition(file.when), context.program.conditionAt(file, line)));
}
