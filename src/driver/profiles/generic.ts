/**
 * Drivers of any kind, in any tree in the style of the kernel: how a driver registers itself, told by
 * the tree's own macros. Read in Linux from v3.18 to v6.12 and in U-Boot from v2012.10 to v2024.10.
 *
 * The words of a style:
 * - `initcall@LEVEL`: a driver struct is registered at this level, by a function of the file or by one
 *   that a macro makes (`module_platform_driver`); or, of what registers no such struct, an initcall;
 * - `probe@LEVEL`: it is registered by the probe function of another driver;
 * - `declared`: a callback in a table of the firmware or in a linker list;
 * - `declared@bind`: an entry of U-Boot's list of drivers, which the driver model binds;
 * - `called`: architecture, board or other code outside of what was read calls a function that registers;
 * - `none`: there is a driver struct, and nothing registers it.
 */
import { defaultInterest, type Interest } from '../interest.ts';
import { waysIn } from '../meanings.ts';
import type { Profile } from '../profile.ts';
import { plain } from './plain.ts';

const REGISTERS =
	/(?:^|_)register(?:_|$)|(?:^|_)(?:add|create)_drivers?$|(?:^|_)probe$|_create_bundle$/;

function registersDriver(callee: string): boolean {
	return REGISTERS.test(callee);
}

/** `mmc_register`, `serial_register`, `mmc_create`, `add_sdhci`, `register_console` → the framework's name. */
function handsTo(callee: string): string | undefined {
	const found = /^([a-z]\w*?)_(?:register|create)$|^(?:register|add)_([a-z]\w*)$/.exec(callee);
	return found?.[1] ?? found?.[2];
}

/** What extraction records for drivers of any kind. */
export const genericInterest: Interest = {
	...defaultInterest,
	id: 'generic',
	argsOf: { has: (name) => registersDriver(name) || handsTo(name) !== undefined },
	callsOf: new Set(),
	entryMacros: () => true,
	macroObjects: true,
	spliced: false,
	mentions: new Set(),
};

/**
 * Headers of Linux and of U-Boot with the macros of most drivers, which are always read. Others are found by what
 * drivers include: of a single tree all that define a macro they use, along history those by which some of its
 * trees enter drivers (cache/entering-headers.ts).
 */
const HEADERS = [
	'include/linux/init.h',
	'include/linux/module.h',
	'include/linux/export.h',
	'include/linux/device.h',
	'include/linux/device/driver.h',
	'include/linux/platform_device.h',
	'include/linux/of.h',
	'include/linux/compiler.h',
	'include/linux/compiler_types.h',
	'include/linux/compiler_attributes.h',
	'include/linux/stringify.h',
	'include/linux/compat.h',
	'include/linux/amba/bus.h',
	'include/linux/hid.h',
	'include/linux/i2c.h',
	'include/linux/irqchip.h',
	'include/linux/of_clk.h',
	'include/linux/clk-provider.h',
	'include/linux/mdio.h',
	'include/linux/mei_cl_bus.h',
	'include/linux/of_device.h',
	'include/linux/pci.h',
	'include/linux/phy.h',
	'include/linux/pnp.h',
	'include/linux/rpmsg.h',
	'include/linux/serdev.h',
	'include/linux/serial_core.h',
	'include/linux/serio.h',
	'include/linux/slimbus.h',
	'include/linux/soundwire/sdw.h',
	'include/linux/spi/spi.h',
	'include/linux/usb.h',
	'include/linux/usb/composite.h',
	'include/linux/usb/serial.h',
	'include/linux/virtio.h',
	'include/linux/w1.h',
	'include/linux/wmi.h',
	'include/linux/acpi.h',
	'include/linker_lists.h',
	'include/dm/device.h',
	'include/dm/uclass.h',
	'include/dm/platdata.h',
];

/** Folders whose modules are looked at for a file: its own and its neighbours', but never all of drivers/. */
function folderOf(path: string): string {
	const parts = path.split('/').slice(0, -1);
	return parts.slice(0, Math.max(2, parts.length - 1)).join('/');
}

/** False for files that are not C: Makefiles, device trees, documents. */
export function isSourceOrFolder(path: string): boolean {
	const base = path.slice(path.lastIndexOf('/') + 1);
	return /\.[ch]$/.test(base) || !/^(?:Makefile|Kbuild|Kconfig|MAINTAINERS)|\.\w+$/.test(base);
}

/** The folders of files and folders, without those within another. */
function foldersOf(paths: readonly string[]): string[] {
	const all = [
		...new Set(paths.map((path) => (/\.[ch]$/.test(path) ? folderOf(path) : path))),
	].sort();
	return all.filter(
		(folder) => folder !== '' && !all.some((other) => folder.startsWith(`${other}/`)),
	);
}

/** True for a file of C in one of the folders. */
function within(path: string, folders: readonly string[]): boolean {
	return /\.[ch]$/.test(path) && folders.some((folder) => path.startsWith(`${folder}/`));
}

/** Names about which answers are remembered at once. */
const MOST_NAMES = 1 << 14;

/** Remembers what names say: sources call the same few thousand functions again and again. */
function remembered<T>(tell: (name: string) => T): (name: string) => T {
	const known = new Map<string, T>();
	return (name) => {
		const before = known.get(name);
		if (before !== undefined || known.has(name)) return before as T;
		const told = tell(name);
		if (known.size >= MOST_NAMES) known.clear();
		known.set(name, told);
		return told;
	};
}

/**
 * The profile of drivers in given files and folders.
 * @param paths without trailing slash
 */
export function genericProfile(paths: readonly string[]): Profile {
	const folders = foldersOf(paths);
	return {
		...plain,
		id: 'generic',
		title: 'Drivers of any kind: how they are registered, and at which level',
		covers: (path) => within(path, folders),
		folders,
		files: HEADERS,
		anyDriver: { focus: [...paths].sort(), handsTo: remembered(handsTo) },
		registersDriver: remembered(registersDriver),
		capabilities: (tree) => waysIn(HEADERS, tree),
		interest: genericInterest,
	};
}
