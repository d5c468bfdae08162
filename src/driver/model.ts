/**
 * What the objects of one module say together in one tree: who installs bus ops, on which path,
 * behind which gates, under which configuration. Produced by link.ts, read by style.ts and the rules.
 * All of it is plain JSON: it goes into the release index.
 */
import type { CallUse, GateFact } from './facts.ts';
import type { Level } from './levels.ts';

/** A place in the source of a tree. */
export interface Evidence {
	path: string;
	line: number;
	blob?: string;
}

export type Installer = 'initcall' | 'declared' | 'probe' | 'called' | 'core';

/** A gate on a path, with the place of its test. */
export interface PathGate {
	kind: GateFact['kind'] | 'bound';
	negated: boolean;
	what: string;
	/** True when what it asks for is this driver's own hardware (its match table or a compatible string of it). */
	own: boolean;
	path: string;
	line: number;
}

/** One way from an entry into the kernel's boot sequence down to a call. */
export interface Chain {
	installer: Installer;
	/** When the call runs; absent when no initcall level can be told (an unknown caller). */
	level?: Level;
	/** When it runs where that is no initcall level: `bind`, when the driver model of U-Boot binds its drivers. */
	stage?: 'bind';
	/** What entered: the macro and function of the initcall, driver macro or declaration; the caller for `called`. */
	entry: { macro: string; function: string; path: string; line: number };
	/** Functions from the entry down to the one that holds the call. */
	steps: string[];
	/** In each of `steps` the line on which the next one is called, or registered to run; the call itself in the last. */
	lines: number[];
	gates: PathGate[];
	/** The condition under which every step of the path is compiled. */
	when: string;
	/** True when the path itself creates the device that makes probe run. */
	createsDevice: boolean;
}

export type OnBusy = 'ignored' | 'guarded' | 'fails';

/** Where a variable is touched. */
export interface StateAccess {
	function: string;
	path: string;
	line: number;
}

/** State that ops read when they are called back by the call that installs them, and that is written after it. */
export interface LateState {
	/** A variable of the file of `read`. */
	variable: string;
	/** The member of the ops that leads to the read. */
	callback: string;
	read: StateAccess;
	write: StateAccess;
	/** Which of the ways to the call: index of `reachedFrom`. */
	chain: number;
	/** The condition under which both are compiled, and no write before the call is. */
	when: string;
	/** True where the read follows a pointer, or looks into what is not set. */
	follows?: true;
	/** What keeps it from being certain; absent when it is. */
	doubt?: string;
}

export interface BusOps {
	call: string;
	bus: string;
	ops: string;
	/** The function that holds the call. */
	function: string;
	reachedFrom: Chain[];
	onBusy: OnBusy;
	/** Absent when there is none. */
	late?: LateState[];
	when: string;
	path: string;
	line: number;
}

export interface Entry {
	macro: string;
	level: Level | null;
	function: string;
	when: string;
	path: string;
	line: number;
}

export interface Declaration {
	/** `of` for device tree, `acpi` for an ACPI table. */
	table: 'of' | 'acpi';
	compatible: string;
	/** null when the entry only says that a driver exists. */
	callback: string | null;
	arity: number;
	when: string;
	path: string;
	line: number;
}

/** A call that makes the driver known to the subsystem core. */
export interface CoreCall {
	call: string;
	function: string;
	use: CallUse;
	reachedFrom: Chain[];
	/** Of a call that calls ops back; absent when there is none. */
	late?: LateState[];
	when: string;
	path: string;
	line: number;
}

/** The objects under one CONFIG symbol, in one tree. */
export interface DriverFacts {
	/** Name that stays the same while files move: the main source's base name with `-` for `_`. */
	driver: string;
	/** The CONFIG symbol of the module; '' for objects that are always built. */
	symbol: string;
	/** Further symbols, each of which builds its main source too; absent where there are none. */
	also?: readonly string[];
	/** The source that gave the name. */
	path: string;
	files: { path: string; blob: string }[];
	/** Files of other modules through which its calls are reached. */
	neighbours: string[];
	/** Link order among all objects the profile looks at; smaller is earlier. */
	position: number;
	linkedAt: { path: string; line: number };
	entries: Entry[];
	busOps: BusOps[];
	declares: Declaration[];
	/** Compatible strings of its match tables. */
	compatible: string[];
	deviceRegister: CoreCall[];
	setFwnode: CoreCall[];
	/** Headers beside its files that these include; only of drivers of any kind. */
	ownHeaders?: string[];
	/** Macros that are handed a driver struct and that no header was found to define; only of drivers of any kind. */
	unknownMacros?: string[];
	/** Lines where the parser had to recover: facts may be missing there. */
	doubtful: { path: string; line: number }[];
	/** Functions of its files that were not read whole; absent where there are none. See FileFacts. */
	incomplete?: Evidence[];
}

/** What the framework of a tree offers, with where that was read. */
export interface Capability {
	capability: string;
	value: string | number | boolean;
	evidence: Evidence[];
}

/** Everything a profile reads off one tree. */
export interface TreeFacts {
	drivers: DriverFacts[];
	capabilities: Capability[];
}
