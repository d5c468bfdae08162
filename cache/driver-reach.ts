/** Which modules a driver's name means, and by which functions a driver is reached from other files. */
import { driverName, type ModuleSources } from '../src/driver/link.ts';
import type { Profile, SourceFile } from '../src/driver/profile.ts';
import { functionAt } from '../src/driver/relevance.ts';

/**
 * The modules that may be a driver: by the name that one of their sources would give them, or by the path of one.
 * Which source names a driver is known only when it is linked. A source that is included is one of those that
 * include it only where it is in no module by itself.
 */
export function driversNamed(
	modules: readonly ModuleSources[],
	driver: string,
	there: ReadonlyMap<string, string>,
): ModuleSources[] {
	const own = modules.filter(({ symbol, sources }) =>
		sources.some(
			({ path, within }) =>
				within === undefined &&
				there.has(path) &&
				(path === driver || driverName(path, symbol) === driver),
		),
	);
	if (own.length > 0 || !there.has(driver)) return own;
	return modules.filter(({ sources }) => sources.some(({ path }) => path === driver));
}

/**
 * The global names that lead to a driver: its own functions, and those of the other files that call or
 * pass on one that does. A file that names none of them is on no path to it.
 */
export function reachedNames(
	tree: ReadonlyMap<string, SourceFile>,
	own: readonly string[],
	profile: Profile,
): string[] {
	const reached = new Set<string>();
	for (const path of own) {
		for (const { name, local } of tree.get(path)?.facts.functions ?? []) {
			if (!local) reached.add(name);
		}
	}
	const mine = new Set(own);
	const others = [...tree.values()].filter(({ path }) => !mine.has(path));
	for (let grown = true; grown; ) {
		grown = false;
		for (const file of others) if (climb(file, reached, profile)) grown = true;
	}
	return [...reached];
}

/** Adds what of a file leads to what is reached; says whether that was anything new. */
function climb({ facts }: SourceFile, reached: Set<string>, profile: Profile): boolean {
	const within = new Set<string>();
	const leads = (name: string): boolean => reached.has(name) || within.has(name);
	const before = reached.size;
	for (let size = -1; size !== within.size; ) {
		size = within.size;
		for (const { callee, args, line } of facts.calls) {
			const named = [callee, ...(args ?? []).map((one) => one.replace(/^&\s*/, ''))];
			const inside = named.some(leads) ? functionAt(facts.functions, line) : undefined;
			if (inside === undefined) continue;
			within.add(inside.name);
			if (!inside.local) reached.add(inside.name);
		}
		for (const { name, fields } of facts.structs) {
			if (fields.some(({ value }) => leads(value))) within.add(name);
		}
		for (const { target, value } of facts.hooks) {
			const hook = leads(value) ? profile.hooks.find((one) => one.target === target) : undefined;
			if (hook !== undefined) reached.add(hook.function);
		}
	}
	return reached.size > before;
}
