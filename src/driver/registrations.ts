/**
 * Registrations of drivers of any kind in one file: driver structs given to a call, or to a macro that
 * registers them; entries of linker lists; callbacks in tables of the firmware; devices handed to a
 * framework; and where there is nothing of these, the initcalls themselves. Reads facts; judges nothing.
 */
import { and, parseCondition, printCondition } from '../kernel/condition.ts';
import { type ChainContext, chainsTo, type FoundChain } from './chains.ts';
import { registersAt } from './entries.ts';
import type { EntryFact, StructFact } from './facts.ts';
import { EARLY } from './levels.ts';
import { includedPaths } from './macros/scope.ts';
import type { BusOps, Capability, Chain } from './model.ts';
import type { AnyDriver } from './profile.ts';
import { type CallSite, functionAt, identifier, type ProgramFile } from './program.ts';

/** A registration, and the files of other modules through which it is reached. */
export interface Registration {
	ops: BusOps;
	neighbours: readonly string[];
}

interface Context extends ChainContext {
	drivers: AnyDriver;
}

/** Registrations of driver structs in one file, by calls and by macros, in a profile of whatever kind. */
export function structRegistrations(
	context: ChainContext,
	file: ProgramFile,
	files: readonly ProgramFile[],
): BusOps[] {
	return [...byEntry(context, file), ...byCall(context, file, files)].map(({ ops }) => ops);
}

/** All registrations of the files of one module. */
export function registrations(context: Context, files: readonly ProgramFile[]): Registration[] {
	const found = files.flatMap((file) => [
		...byEntry(context, file),
		...byCall(context, file, files),
		...inTables(context, file),
		...handedOn(context, file),
	]);
	return found.length > 0 ? found : files.flatMap((file) => initcalls(context, file));
}

/** A type that is a driver's: `platform_driver`, and `driver` of U-Boot. */
function isDriverType(type: string): boolean {
	return /(?:^|_)driver$/.test(type);
}

/** `platform_driver` → platform; of U-Boot's `driver`, the uclass; of a bare `device_driver`, the bus it names. */
function busOf(struct: StructFact): string {
	const named = struct.fields.find(({ path }) => path === 'id')?.value;
	if (struct.type === 'driver') return named?.replace(/^UCLASS_/, '').toLowerCase() ?? 'driver';
	if (struct.type === 'device_driver') {
		const bus = struct.fields.find(({ path }) => path === 'bus')?.value;
		return bus?.replace(/_bus(?:_type)?$/, '') ?? 'device';
	}
	return struct.type.replace(/_driver$/, '');
}

/** The bus a call is named after: `__platform_driver_register`, `i2c_add_driver`, `usb_serial_register_drivers`. */
function busOfCall(callee: string): string | undefined {
	return /^_*(\w+?)_(?:(?:register|add|create)_drivers?|drivers?_(?:register|probe|add))/.exec(
		callee,
	)?.[1];
}

/** Structs that an entry registers: with a macro, or as entry of a linker list. */
function byEntry(context: ChainContext, file: ProgramFile): Registration[] {
	const found: Registration[] = [];
	const unit = context.program.unitOf(file);
	for (const entry of file.facts.entries) {
		for (const struct of unit.flatMap(({ facts }) => facts.structs)) {
			if (!isDriverType(struct.type)) continue;
			const when = registersAt(context.profile, file, entry, struct);
			if (when === undefined || ('stage' in when && !bindsDevices(struct, file))) continue;
			const chain: Pick<Chain, 'installer' | 'level' | 'stage'> =
				'level' in when
					? { installer: 'initcall', level: when.level }
					: 'boots' in when
						? { installer: 'called', level: EARLY }
						: { installer: 'declared', ...when };
			const meaning = file.meanings?.get(entry);
			const call =
				meaning?.calls.find(({ args }) => args.includes(struct.name))?.callee ?? entry.macro;
			found.push(
				entered(context, file, entry, chain, { call, bus: busOf(struct), ops: struct.name }),
			);
		}
	}
	return found;
}

/** True for an entry that is a driver, not the description of a device: it names functions, or what it binds to. */
function bindsDevices({ fields }: StructFact, file: ProgramFile): boolean {
	const functions = new Set(file.facts.functions.map(({ name }) => name));
	return fields.some(
		({ path, value }) => path === 'id' || path === 'of_match' || functions.has(value),
	);
}

/** A registration by an entry alone; nothing of the file leads to it. */
function entered(
	{ program }: ChainContext,
	file: ProgramFile,
	entry: EntryFact,
	chain: Pick<Chain, 'installer' | 'level' | 'stage'>,
	{ call, bus, ops }: Pick<BusOps, 'call' | 'bus' | 'ops'>,
): Registration {
	const { path } = file;
	const { macro, line } = entry;
	const means = file.meanings?.get(entry)?.when ?? '';
	const when = printCondition(and(program.conditionAt(file, line), parseCondition(means)));
	const whole: Chain = {
		...chain,
		entry: { macro, function: ops, path, line },
		steps: [],
		lines: [],
		gates: [],
		when,
		createsDevice: false,
	};
	const reachedFrom = [whole];
	const fact: BusOps = {
		call,
		bus,
		ops,
		function: ops,
		reachedFrom,
		onBusy: 'fails',
		when,
		path,
		line,
	};
	return { ops: fact, neighbours: [] };
}

/** Structs that a call is given. */
function byCall(
	context: ChainContext,
	file: ProgramFile,
	files: readonly ProgramFile[],
): Registration[] {
	const found: Registration[] = [];
	for (const site of sitesOf(file, (callee) => context.profile.registersDriver(callee))) {
		const { callee, args = [] } = site.call;
		for (const argument of args) {
			// Of a struct within another one, the outer one is the driver.
			const name = identifier(argument) ?? /^&\s*([A-Za-z_]\w*)\.[\w.]+$/.exec(argument)?.[1];
			if (name === undefined) continue;
			const parameter = site.within.params.indexOf(name);
			const struct = structNamed(name, file, files);
			const bus = struct === undefined ? busOfCall(callee) : busOf(struct);
			if (struct === undefined && (bus === undefined || !isAddress(argument, parameter))) continue;
			const chains = chainsTo(context, site, parameter < 0 ? undefined : { parameter });
			const passed = chains.find((one) => one.passed !== undefined)?.passed;
			found.push(called(context, site, bus ?? '', passed ?? name, chains));
			break;
		}
	}
	return found;
}

/** Of a struct that is elsewhere, `&x`; or a parameter that the caller fills. */
function isAddress(argument: string, parameter: number): boolean {
	return argument.startsWith('&') || parameter >= 0;
}

function structNamed(
	name: string,
	file: ProgramFile,
	files: readonly ProgramFile[],
): StructFact | undefined {
	for (const other of [file, ...files]) {
		const found = other.facts.structs.find(
			(struct) => struct.name === name && isDriverType(struct.type),
		);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The calls of some functions, which are few among all. */
function* sitesOf(
	file: ProgramFile,
	isWanted: (callee: string) => boolean,
): Generator<CallSite, undefined> {
	for (const call of file.facts.calls) {
		if (!isWanted(call.callee)) continue;
		const within = functionAt(file.facts.functions, call.line);
		if (within !== undefined) yield { file, call, within };
	}
}

function called(
	{ program }: ChainContext,
	{ file, call, within }: CallSite,
	bus: string,
	ops: string,
	chains: readonly FoundChain[],
): Registration {
	const fact: BusOps = {
		call: call.callee,
		bus,
		ops,
		function: within.name,
		reachedFrom: chains.map(({ chain }) => chain),
		onBusy: call.use === 'ignored' ? 'ignored' : 'fails',
		when: printCondition(program.conditionAt(file, call.line)),
		path: file.path,
		line: call.line,
	};
	return { ops: fact, neighbours: chains.flatMap(({ neighbours }) => neighbours) };
}

/** Callbacks that the framework finds by a table of the firmware, or in a linker list. */
function inTables(context: Context, file: ProgramFile): Registration[] {
	const functions = new Set(file.facts.functions.map(({ name }) => name));
	const found: Registration[] = [];
	for (const entry of file.facts.entries) {
		const meaning = file.meanings?.get(entry);
		const given = entry.args.map((one) => identifier(one) ?? '').find((one) => functions.has(one));
		const bus = meaning?.table ?? meaning?.list?.name;
		// A command of the shell is no driver.
		if (meaning === undefined || given === undefined || bus === undefined || bus === 'cmd')
			continue;
		const ops = { call: entry.macro, bus, ops: given };
		found.push(entered(context, file, entry, { installer: 'declared' }, ops));
	}
	return found;
}

/** True where drivers are entered by initcalls: then one that hands on a device is told by how it gets there. */
function hasInitcalls(capabilities: readonly Capability[]): boolean {
	return capabilities.find(({ capability }) => capability === 'initcalls')?.value === true;
}

/** Devices that a driver makes known to its framework when board or architecture code calls it. */
function handedOn(context: Context, file: ProgramFile): Registration[] {
	if (hasInitcalls(context.capabilities)) return [];
	const { handsTo } = context.drivers;
	const own = new Set(file.facts.functions.map(({ name }) => name));
	const found: Registration[] = [];
	for (const site of sitesOf(file, (callee) => handsTo(callee) !== undefined)) {
		const { callee, args = [] } = site.call;
		const bus = own.has(callee) ? undefined : handsTo(callee);
		if (bus === undefined) continue;
		const chains = chainsTo(context, site).filter(({ chain }) => chain.installer === 'called');
		if (chains.length === 0) continue;
		found.push(called(context, site, bus, identifier(args[0] ?? '') ?? '', chains));
	}
	return found;
}

/** Of what registers nothing that is known, the initcalls. */
function initcalls(context: Context, file: ProgramFile): Registration[] {
	const unit = context.program.unitOf(file);
	const functions = new Set(unit.flatMap(({ facts }) => facts.functions.map(({ name }) => name)));
	return file.facts.entries.flatMap((entry) => {
		const meaning = file.meanings?.get(entry);
		const runs = meaning?.runs.find((name) => functions.has(name));
		if (meaning?.level === undefined || runs === undefined) return [];
		const ops = { call: entry.macro, bus: 'initcall', ops: runs };
		return entered(context, file, entry, { installer: 'initcall', level: meaning.level }, ops);
	});
}

/** The headers that files include by a path of their own folders: `"core.h"`, `"../common.h"`. */
export function ownHeaders(files: readonly ProgramFile[]): string[] {
	const found = new Set<string>();
	for (const { path, facts } of files) {
		for (const include of facts.preprocessor?.includes ?? []) {
			const [beside] = include.beside ? includedPaths(include, path) : [];
			if (beside !== undefined) found.add(beside);
		}
	}
	return [...found];
}

/** Macros that get a driver struct of the files and whose definition was not found. */
export function unknownMacros(files: readonly ProgramFile[]): string[] {
	const found = new Set<string>();
	for (const { facts, unknownMacros: unknown } of files) {
		const drivers = new Set(
			facts.structs.filter(({ type }) => isDriverType(type)).map(({ name }) => name),
		);
		for (const { macro, args } of facts.entries) {
			const gets = args.some((argument) => drivers.has(identifier(argument) ?? ''));
			if (gets && unknown?.has(macro)) found.add(macro);
		}
	}
	return [...found];
}
