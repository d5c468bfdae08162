/**
 * Which in-tree defconfigs build a driver: those whose own line says so, and those in which the
 * Kconfig leaves no other value (a default, or somebody who selects it). A defconfig names only what
 * differs from defaults, so for a symbol that has a default or could be selected its silence decides nothing.
 */
import type { KconfigModel } from './kconfig-model.ts';
import { canBuildTogether, type FixedValues } from './kconfig-solver.ts';

/** A defconfig: the value and line of each symbol it names. */
export interface Defconfig {
	path: string;
	values: ReadonlyMap<string, { value: 'y' | 'm' | 'n'; line: number }>;
}

/** How the defconfigs of an architecture build one symbol. */
export interface DefconfigUse {
	symbol: string;
	/** Defconfigs with a line that builds it in. */
	builtIn: number;
	/** With a line that makes a module of it. */
	module: number;
	/** Without a line, where the Kconfig gives it all the same. */
	implied: number;
	/** Without a line, where the Kconfig may give it. */
	open: number;
	/** The first line that builds it; of a defconfig that implies it, the file. */
	example?: { path: string; line: number };
}

/** The folder of an architecture's defconfigs. */
export function defconfigFolder(arch: string): string {
	return `arch/${arch}/configs`;
}

/** Whether a path is a defconfig, not a fragment (`.config`) that is merged into one. */
export function isDefconfig(path: string): boolean {
	return /^arch\/[^/]+\/configs\/(?:[^/]+\/)*(?:\w[\w.+-]*_)?defconfig$/.test(path);
}

const HASH = 35;
const LETTER_C = 67;

/** Parses a defconfig; lines that are none of one are passed over. */
export function parseDefconfig(text: string, path: string): Defconfig {
	const values = new Map<string, { value: 'y' | 'm' | 'n'; line: number }>();
	for (const [i, line] of text.split('\n').entries()) {
		const first = line.charCodeAt(0);
		if (first !== HASH && first !== LETTER_C) continue;
		const off = /^# CONFIG_(\w+) is not set\s*$/.exec(line)?.[1];
		const [, name, value] = /^CONFIG_(\w+)=([ymn])\s*$/.exec(line) ?? [];
		if (off !== undefined) values.set(off, { value: 'n', line: i + 1 });
		else if (name !== undefined && (value === 'y' || value === 'm' || value === 'n')) {
			values.set(name, { value, line: i + 1 });
		}
	}
	return { path, values };
}

/** How the defconfigs of an architecture build each of `symbols`; those that nothing builds are left out. */
export function defconfigUses(
	defconfigs: readonly Defconfig[],
	symbols: readonly string[],
	model: KconfigModel,
	arch: string,
): DefconfigUse[] {
	const named = new Map<Defconfig, FixedValues>();
	return [...new Set(symbols)].sort().flatMap((symbol) => {
		const use: DefconfigUse = { symbol, builtIn: 0, module: 0, implied: 0, open: 0 };
		// What only the user can set is n where no line sets it.
		const silent = mayComeUnasked(model, symbol, arch);
		// kconfig drops a line whose dependencies cannot be there.
		if (canBuildTogether(model, arch, [symbol]) === 'no') return [];
		for (const one of defconfigs) count(use, one, symbol, silent, model, arch, named);
		return use.builtIn + use.module + use.implied + use.open === 0 ? [] : [use];
	});
}

function mayComeUnasked(model: KconfigModel, symbol: string, arch: string): boolean {
	return (
		model.selectors(symbol, arch).length > 0 ||
		model.definitions(symbol, arch).some(({ byDefault }) => byDefault.kind !== 'never')
	);
}

function count(
	use: DefconfigUse,
	defconfig: Defconfig,
	symbol: string,
	silent: boolean,
	model: KconfigModel,
	arch: string,
	named: Map<Defconfig, FixedValues>,
): void {
	const { path, values } = defconfig;
	const said = values.get(symbol);
	if (said !== undefined && said.value !== 'n') {
		if (said.value === 'y') use.builtIn++;
		else use.module++;
		use.example ??= { path, line: said.line };
		return;
	}
	if (!silent) return;
	let fixed = said === undefined ? named.get(defconfig) : undefined;
	fixed ??= namedValues(defconfig, symbol, model, arch);
	// What is said besides a symbol is the same for all that it does not name.
	if (said === undefined) named.set(defconfig, fixed);
	if (canBuildTogether(model, arch, [symbol], fixed) === 'no') return;
	if (canBuildTogether(model, arch, [], { ...fixed, [symbol]: 'n' }) === 'no') {
		use.implied++;
		use.example ??= { path, line: 1 };
	} else if (said === undefined) use.open++;
}

/** What a defconfig says of symbols of the model, as far as the model has a configuration like it. */
function namedValues(
	{ values }: Defconfig,
	symbol: string,
	model: KconfigModel,
	arch: string,
): FixedValues {
	const fixed: Record<string, 'y' | 'm' | 'n'> = {};
	for (const [name, { value }] of values) {
		if (name !== symbol && model.definitions(name, arch).length > 0) fixed[name] = value;
	}
	return canBuildTogether(model, arch, [], fixed) === 'no' ? {} : fixed;
}
