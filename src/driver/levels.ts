/**
 * Initcall levels and the macros that enter code at them: `include/linux/init.h` and
 * `include/linux/device.h` (`module_driver`, `builtin_driver`) of the kernel.
 */

/** Levels in the order in which do_initcalls() runs them. */
export const LEVELS = [
	'early',
	'pure',
	'core',
	'postcore',
	'arch',
	'subsys',
	'fs',
	'rootfs',
	'device',
	'late',
] as const;

export type LevelName = (typeof LEVELS)[number];

/** A point of the boot sequence: a level, and whether it is the `_sync` half after it. */
export interface Level {
	name: LevelName;
	sync: boolean;
}

/** Before there are initcalls, when boot code of the architecture runs. */
export const EARLY: Level = { name: 'early', sync: false };

/** Orders two levels: negative when `a` runs first, 0 when link order has to decide. */
export function compareLevels(a: Level, b: Level): number {
	return LEVELS.indexOf(a.name) - LEVELS.indexOf(b.name) || Number(a.sync) - Number(b.sync);
}

/** The later of two levels. */
export function laterLevel(a: Level, b: Level): Level {
	return compareLevels(a, b) >= 0 ? a : b;
}

/** `postcore_initcall_sync` → postcore, sync; undefined when it is no initcall macro. */
export function initcallLevel(macro: string): Level | undefined {
	if (macro === 'module_init' || macro === '__initcall') return { name: 'device', sync: false };
	if (macro === 'console_initcall' || macro === 'security_initcall') {
		return { name: 'early', sync: false };
	}
	const found = /^([a-z]+)_initcall(_sync)?$/.exec(macro);
	const name = LEVELS.find((level) => level === found?.[1]);
	return name === undefined ? undefined : { name, sync: found?.[2] !== undefined };
}

/** What a driver macro does: registers the struct named by its first argument, at the device level. */
export interface DriverMacro {
	level: Level;
	/** Index of the argument that is the probe function, where the macro takes one (`module_platform_driver_probe`). */
	probeArgument?: number;
}

/** `module_platform_driver`, `builtin_pci_driver`, `module_driver` and their relatives; undefined for other macros. */
export function driverMacro(macro: string): DriverMacro | undefined {
	if (!/^(module|builtin)_([a-z0-9_]+_)?driver(_probe|s)?$/.test(macro)) return undefined;
	const level: Level = { name: 'device', sync: false };
	return macro.endsWith('_probe') ? { level, probeArgument: 1 } : { level };
}
