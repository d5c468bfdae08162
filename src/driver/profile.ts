/**
 * What a subsystem profile says: which files matter, which calls mean what, and how the framework's
 * capabilities are read. A new subsystem is one file in profiles/ that exports one of these.
 */
import type { EntryFact, FileFacts } from './facts.ts';
import type { Interest } from './interest.ts';
import type { Level } from './levels.ts';
import type { EntryMeaning } from './macros/meaning.ts';
import type { Capability } from './model.ts';

/** A file of a tree with its facts. */
export interface SourceFile {
	path: string;
	blob: string;
	facts: FileFacts;
	/** What its entries do, by the macros of the tree; absent where a profile goes by their names. */
	meanings?: ReadonlyMap<EntryFact, EntryMeaning>;
	/** Macros of its entries that no header was found to define. */
	unknownMacros?: ReadonlySet<string>;
}

/** A function pointer that the architecture calls at a known place of the boot sequence. */
export interface PlatformHook {
	/** The member path that is assigned: `x86_init.iommu.iommu_init`. */
	target: string;
	/** The function that calls through it, for whose entry the source is searched. */
	path: string;
	function: string;
}

/** How drivers of any kind are read. */
export interface AnyDriver {
	/** Files and folders that were asked for; only modules with a source among them are read. */
	focus: readonly string[];
	/** The framework that a call makes a device known to, where drivers do so by hand; undefined for other calls. */
	handsTo(callee: string): string | undefined;
}

export interface Profile {
	id: string;
	/** One line for humans: what it covers. */
	title: string;
	/** True for a path whose registration this profile models. */
	covers(path: string): boolean;
	/** Folders whose sources, Makefiles and Kconfig files are read, recursively. */
	folders: readonly string[];
	/** Single files outside those folders: framework, callers in other drivers and architectures. */
	files: readonly string[];
	/** Folders outside those, of which only the C sources are read as possible callers. */
	callers: readonly string[];
	/** What a source of those has to mention to be one. */
	callersMention: RegExp;
	/** Further folders whose Kconfig files define what drivers depend on. */
	kconfigFolders: readonly string[];
	/** Calls that install bus ops: which arguments are the bus and the ops. */
	installCalls: ReadonlyMap<string, { bus: number; ops: number }>;
	/**
	 * Calls that, in some trees, call back at once what they are given: which argument is the struct of callbacks, its type
	 * (whose members `interest.calledBack` names), and the capability that says which member a tree calls back.
	 */
	synchronousCalls: ReadonlyMap<string, { argument: number; type: string; capability: string }>;
	/** True for a call that registers the driver struct it is given, or binds it at once. */
	registersDriver(callee: string): boolean;
	/**
	 * What a registration of a driver is told by, in a profile of drivers of any kind; absent where
	 * `installCalls` says what is modelled.
	 */
	anyDriver?: AnyDriver;
	/** Calls that make a driver known to the subsystem core. */
	registerCalls: ReadonlySet<string>;
	/** Calls that tie the registration to a firmware node; `argument` where a register call does it itself, when that argument is given. */
	fwnodeCalls: ReadonlyMap<string, { argument?: number }>;
	/** Declaration macros and the firmware table they extend. */
	declareMacros: ReadonlyMap<string, 'of' | 'acpi'>;
	/** Calls that create the device a driver then binds to. */
	deviceCreators: ReadonlySet<string>;
	/** Macros by which boot code of the architecture calls a function before any initcall. */
	bootMacros: ReadonlySet<string>;
	hooks: readonly PlatformHook[];
	/** When firmware devices exist, so that a registered driver's probe can run at all. */
	devicesExist: Level;
	/** When the callbacks of declarations run; undefined when they never do. */
	declaredLevel(table: 'of' | 'acpi', capabilities: readonly Capability[]): Level | undefined;
	/** Read off the framework files of a tree (those in `files` and below `folders`). */
	capabilities(tree: ReadonlyMap<string, SourceFile>): Capability[];
	/** Names of the subsystem interface whose declaration is checked: capabilities `symbol:NAME`. */
	api: readonly string[];
	/** What extraction has to record for the above. */
	interest: Interest;
}
