/**
 * Whether the driver core of a tree holds the lock of a device while a driver that is being registered is
 * matched with it: dc23806a7c47 ("driver core: enforce device_lock for driver_match_device()").
 * Asked is what __driver_attach() does, which a registration runs for every device of the bus; an assertion that
 * the lock is held takes none.
 */
import type { Capability } from '../model.ts';
import { scanFileScope } from '../scan.ts';
import { lineAt, prepare, type Source } from '../source.ts';

/** The name of the capability. */
export const MATCH_UNDER_LOCK = 'match-under-device-lock';

/** The files of the driver core that say it. */
export const DRIVER_CORE = [
	'drivers/base/base.h',
	'drivers/base/bus.c',
	'drivers/base/dd.c',
] as const;

/** What is run for each device of the bus when a driver is registered. */
const ATTACH = '__driver_attach';

const LOCKS =
	/\b(?:scoped_)?guard\s*\(\s*device\s*[,)]|\b(?:device_lock|device_lock_interruptible|__device_driver_lock)\s*\(/g;
const UNLOCKS = /\b(?:device_unlock|__device_driver_unlock)\s*\(/g;
const MATCHES = /->\s*match\s*\(/g;

interface CoreFunction {
	name: string;
	path: string;
	source: Source;
	open: number;
	body: string;
}

interface Reading {
	/** True when the match runs under a lock that is taken before it. */
	locked: boolean;
	path: string;
	line: number;
}

/**
 * Reads the capability off the driver core.
 * @param files the text of {@link DRIVER_CORE}, as far as the tree has them
 * @returns undefined where it cannot be told: there is no __driver_attach(), or it matches nothing that is known
 */
export function matchUnderLock(
	files: ReadonlyMap<string, { blob: string; bytes: Uint8Array }>,
): Capability | undefined {
	const functions = [...files].flatMap(([path, { bytes }]) => functionsOf(path, bytes));
	const attach = functions.find(({ name }) => name === ATTACH);
	const reading = attach && read(attach, functions, new Set());
	if (reading === undefined) return undefined;
	const { locked, path, line } = reading;
	const blob = files.get(path)?.blob;
	const evidence = [{ path, line, ...(blob === undefined ? {} : { blob }) }];
	return { capability: MATCH_UNDER_LOCK, value: locked, evidence };
}

function functionsOf(path: string, bytes: Uint8Array): CoreFunction[] {
	const source = prepare(bytes);
	const scope = scanFileScope(source, { entryMacros: () => false, macroObjects: false });
	return scope.functions.map(({ fact, open, close }) => {
		return { name: fact.name, path, source, open, body: source.code.slice(open, close) };
	});
}

/** How a function matches; undefined where it does not. */
function read(
	fn: CoreFunction,
	all: readonly CoreFunction[],
	seen: Set<CoreFunction>,
): Reading | undefined {
	if (seen.has(fn)) return undefined;
	seen.add(fn);
	const { body, path, source, open } = fn;
	for (const call of body.matchAll(/(?:->\s*)?\b([A-Za-z_]\w*)\s*\(/g)) {
		const name = call[1] ?? '';
		const at = call.index;
		const inner = call[0].startsWith('->')
			? undefined
			: all.find((one) => one.name === name && one !== fn);
		const below = inner && read(inner, all, seen);
		if (below === undefined && !new RegExp(MATCHES.source).test(call[0])) continue;
		if (below?.locked === true) return below;
		const lock = lastBefore(body, LOCKS, at);
		const locked = lock !== -1 && lock > lastBefore(body, UNLOCKS, at);
		return { locked, path, line: lineAt(source, open + (locked ? lock : at)) };
	}
	return undefined;
}

function lastBefore(body: string, pattern: RegExp, at: number): number {
	return [...body.slice(0, at).matchAll(pattern)].at(-1)?.index ?? -1;
}
