/**
 * What one file says of the ways that lead to some names: who calls them, into which structs and calls they
 * are put, and the same for every function that was found so. Plain JSON, without the rest of the file.
 */
import type { DirectiveFact } from '../facts.ts';

/** Raised whenever reading or following ways changes; part of the key of what is cached. */
export const WAYS_VERSION = 1;

/** A function with a body. */
export interface WayFunction {
	name: string;
	/** 1-based; `end` is that of the closing brace. */
	line: number;
	end: number;
	local: boolean;
	/** True for `__init`: its text is gone after boot. */
	init: boolean;
	/** A variable that is set here and that keeps the rest from running again; absent without one. */
	once?: string;
	params: string[];
	/** Of each parameter the struct it points to; '' for anything else. */
	types: string[];
}

interface Use {
	/** The function, macro or member. */
	name: string;
	line: number;
	/** Index of the function it is in; -1 at file scope. */
	in: number;
}

/** One use of a name. */
export type WayUse = Use &
	(
		| { how: 'call'; args: string[] }
		/** Given to a call, or to a macro at file scope. */
		| { how: 'argument'; callee: string; args: string[] }
		/** Member of an initialiser; `struct` is '' where its type is not told. */
		| { how: 'field'; struct: string; object: string; member: string }
		/** `receiver->member = name`. */
		| { how: 'assigned'; receiver: string; member: string }
		/** `receiver->name(…)`; `types` are the structs that the file declares the receiver as. */
		| { how: 'through'; receiver: string; types: string[] }
		| { how: 'other' }
	);

/** A macro whose body calls a name. */
export interface WayMacro {
	name: string;
	params: string[];
	callee: string;
	args: string[];
	line: number;
	/** True when its body defines functions, as `module_platform_driver()`: it stands at file scope. */
	defines: boolean;
}

/** A driver's bus as the source sets it: `root->driver.bus = &bus`, or a member of the initialiser of `root`. */
export interface WayBus {
	root: string;
	bus: string;
	/** The function; -1 for an initialiser. */
	in: number;
}

export interface FileWays {
	lines: number;
	/** True where there were more uses than are looked at. */
	cut?: true;
	functions: WayFunction[];
	uses: WayUse[];
	directives: DirectiveFact[];
	macros: WayMacro[];
	buses: WayBus[];
	/** Local variables that calls are given, and the variable that each is made from: `drv = &rdrv->driver`. */
	aliases: { in: number; name: string; of: string }[];
	/** Type of file-scope structs that some use names in its arguments. */
	objects: { name: string; struct: string; line: number }[];
}
