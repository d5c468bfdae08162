/**
 * Which functions and macros of a tree register a driver, and for which bus: `driver_register()`, and whatever
 * hands a driver of its parameters on to one of these. Told by the sources; no list of names is kept.
 */
import type { FileWays, WayUse } from './facts.ts';
import { rootOf } from './read.ts';

/** What every driver is registered by in the end: drivers/base/driver.c. */
export const ROOT_REGISTRAR = 'driver_register';

export interface Registrar {
	name: string;
	/** The parameter that is the driver. */
	param: number;
	/** The struct of that parameter. */
	struct: string;
	/** `platform_bus_type`; undefined where the driver says it itself. */
	bus: string | undefined;
	path: string;
	line: number;
	/** Registrars between this one and `driver_register()`. */
	depth: number;
}

/** A call of a name in a file. */
interface Site {
	path: string;
	file: FileWays;
	use: WayUse & { how: 'call' };
}

/** The registrars that the files of a tree show. */
export class Registrars {
	readonly #global = new Map<string, Registrar>();
	readonly #local = new Map<string, Registrar>();
	/** Of the struct types of drivers: how many registrars there are for each bus. */
	readonly #busesOf = new Map<string, Map<string, number>>();

	constructor(files: ReadonlyMap<string, FileWays>) {
		const root: Registrar = {
			name: ROOT_REGISTRAR,
			param: 0,
			struct: 'device_driver',
			bus: undefined,
			path: '',
			line: 0,
			depth: 0,
		};
		this.#global.set(ROOT_REGISTRAR, root);
		const sites = sitesByCallee(files);
		const macros = macrosByCallee(files);
		const queue = [root];
		for (const one of queue) {
			for (const site of sites.get(one.name) ?? []) {
				if (this.find(one.name, site.path) === one) this.#add(fromCall(one, site), site, queue);
			}
			for (const { path, macro } of macros.get(one.name) ?? []) {
				if (macro.defines || this.find(one.name, path) !== one) continue;
				const param = macro.params.indexOf(rootOf(macro.args[one.param] ?? ''));
				if (param < 0) continue;
				const found = { ...one, name: macro.name, param, path, line: macro.line };
				this.#put({ ...found, depth: one.depth + 1 }, !path.endsWith('.h'), queue);
			}
		}
	}

	#add(found: Registrar | undefined, { file, use }: Site, queue: Registrar[]): void {
		if (found === undefined) return;
		const local = file.functions[use.in]?.local === true && !found.path.endsWith('.h');
		this.#put(found, local, queue);
	}

	#put(found: Registrar, local: boolean, queue: Registrar[]): void {
		const map = local ? this.#local : this.#global;
		const key = local ? `${found.path}\0${found.name}` : found.name;
		const known = map.get(key);
		// A function that registers for several buses registers what it is told to.
		if (known !== undefined && (known.bus !== undefined || found.bus === undefined)) return;
		map.set(key, found);
		queue.push(found);
		if (found.bus === undefined || found.struct === '' || found.struct === 'device_driver') return;
		const buses = this.#busesOf.get(found.struct) ?? new Map<string, number>();
		buses.set(found.bus, (buses.get(found.bus) ?? 0) + 1);
		this.#busesOf.set(found.struct, buses);
	}

	/** The registrar that a name means in a file. */
	find(name: string, path: string): Registrar | undefined {
		return this.#local.get(`${path}\0${name}`) ?? this.#global.get(name);
	}

	/** The names that are registrars in any file. */
	names(): string[] {
		return [...this.#global.keys()];
	}

	/**
	 * The bus of the drivers that have this struct type: where a call of the file registers the driver, that of the
	 * call; else the one with most registrars. Undefined for what is no driver.
	 */
	busOf(struct: string, driver: string, path: string, file: FileWays): string | undefined {
		const buses = this.#busesOf.get(struct);
		if (buses === undefined) return undefined;
		if (buses.size > 1) {
			for (const use of file.uses) {
				const own = use.how === 'call' ? this.find(use.name, path) : undefined;
				if (use.how !== 'call' || own?.bus === undefined) continue;
				if (rootOf(use.args[own.param] ?? '') === driver) return own.bus;
			}
		}
		return [...buses].sort(([, a], [, b]) => b - a)[0]?.[0];
	}
}

function fromCall(one: Registrar, { path, file, use }: Site): Registrar | undefined {
	const fn = file.functions[use.in];
	const root = rootOf(use.args[one.param] ?? '');
	const param = fn?.params.indexOf(originOf(file, use.in, root)) ?? -1;
	if (fn === undefined || root === '' || param < 0) return undefined;
	const bus = one.bus ?? busSetIn(file, use.in, root);
	const struct = fn.types[param] ?? '';
	return { name: fn.name, param, struct, bus, path, line: fn.line, depth: one.depth + 1 };
}

/** The variable that a local one is made from, through at most two others; the variable itself where it is not. */
export function originOf(file: FileWays, fn: number, root: string): string {
	let name = root;
	for (let depth = 0; depth < 3; depth++) {
		const made = file.aliases.find((one) => one.in === fn && one.name === name);
		if (made === undefined) break;
		name = made.of;
	}
	return name;
}

/** The bus that a function gives the driver in a variable, or that the variable's initialiser has. */
export function busSetIn(file: FileWays, fn: number, root: string): string | undefined {
	const names = new Set([root, originOf(file, fn, root)]);
	const own = file.buses.find((one) => names.has(one.root) && one.in === fn);
	return (own ?? file.buses.find((one) => names.has(one.root) && one.in === -1))?.bus;
}

function sitesByCallee(files: ReadonlyMap<string, FileWays>): Map<string, Site[]> {
	const found = new Map<string, Site[]>();
	for (const [path, file] of files) {
		for (const use of file.uses) {
			if (use.how !== 'call') continue;
			const known = found.get(use.name);
			if (known === undefined) found.set(use.name, [{ path, file, use }]);
			else known.push({ path, file, use });
		}
	}
	return found;
}

function macrosByCallee(files: ReadonlyMap<string, FileWays>) {
	const found = new Map<string, { path: string; macro: FileWays['macros'][number] }[]>();
	for (const [path, { macros }] of files) {
		for (const macro of macros) {
			const known = found.get(macro.callee);
			if (known === undefined) found.set(macro.callee, [{ path, macro }]);
			else known.push({ path, macro });
		}
	}
	return found;
}
