/**
 * The IOMMU subsystem: who takes the ops of a bus, how devices find their IOMMU, and what the
 * framework of a tree offers. Read in drivers/iommu from v3.18 to v6.12.
 */
import type { SymbolFact } from '../facts.ts';
import { initcallLevel, type Level } from '../levels.ts';
import type { Capability, Evidence } from '../model.ts';
import type { Profile, SourceFile } from '../profile.ts';
import { functionAt } from '../program.ts';
import { callbackCapabilities } from './iommu-callbacks.ts';
import { plain } from './plain.ts';

type Tree = ReadonlyMap<string, SourceFile>;

const CORE = 'drivers/iommu/iommu.c';
const OF = 'drivers/iommu/of_iommu.c';
const HEADER = 'include/linux/iommu.h';
const OF_HEADER = 'include/linux/of_iommu.h';
const DD = 'drivers/base/dd.c';
const PLATFORM_BUS = 'drivers/base/platform.c';
const OF_PLATFORM = 'drivers/of/platform.c';
/** Before v4.9 the architectures ran the declared callbacks themselves, from their own initcalls. */
const ARCH_SETUP = ['arch/arm/kernel/setup.c', 'arch/arm64/kernel/setup.c'];

/** What drivers use of the subsystem, as far as it came or went between releases. */
const API = [
	'bus_set_iommu',
	'iommu_present',
	'iommu_device_register',
	'iommu_device_set_ops',
	'iommu_device_set_fwnode',
	'iommu_device_sysfs_add',
	'IOMMU_OF_DECLARE',
];

export const iommu: Profile = {
	...plain,
	id: 'iommu',
	title: 'IOMMU drivers: bus ops, device tree lookup, registration with the IOMMU core',
	covers: (path) => path.startsWith('drivers/iommu/') && /\.[ch]$/.test(path),
	folders: ['drivers/iommu'],
	files: [
		HEADER,
		OF_HEADER,
		DD,
		'drivers/base/dma-mapping.c',
		PLATFORM_BUS,
		OF_PLATFORM,
		'drivers/of/device.c',
		...ARCH_SETUP,
		'arch/x86/kernel/pci-dma.c',
		'arch/x86/kernel/x86_init.c',
		'arch/s390/pci/pci.c',
		'arch/powerpc/kernel/iommu.c',
		'drivers/acpi/arm64/iort.c',
	],
	callers: ['drivers/memory'],
	callersMention: /iommu|smmu|gart/i,
	// ARCH_TEGRA_2x_SOC and its like, TEGRA_MC, HYPERV: symbols of one architecture defined outside arch/.
	kconfigFolders: ['drivers/soc', 'drivers/memory', 'drivers/hv'],
	installCalls: new Map([['bus_set_iommu', { bus: 0, ops: 1 }]]),
	synchronousCalls: new Map([
		['bus_set_iommu', { argument: 1, type: 'iommu_ops', capability: 'installing-calls-back' }],
		[
			'iommu_device_register',
			{ argument: 1, type: 'iommu_ops', capability: 'registering-calls-back' },
		],
	]),
	registerCalls: new Set(['iommu_device_register', 'of_iommu_set_ops', 'iommu_register_instance']),
	fwnodeCalls: new Map<string, { argument?: number }>([
		['iommu_device_set_fwnode', {}],
		['of_iommu_set_ops', {}],
		['iommu_register_instance', {}],
		// From v5.13 the hardware device is the third argument.
		['iommu_device_register', { argument: 2 }],
	]),
	declareMacros: new Map([
		['IOMMU_OF_DECLARE', 'of'],
		['IORT_ACPI_DECLARE', 'acpi'],
	]),
	deviceCreators: new Set(['of_platform_device_create', ...plain.deviceCreators]),
	bootMacros: new Set([
		'IOMMU_INIT',
		'IOMMU_INIT_FINISH',
		'IOMMU_INIT_POST',
		'IOMMU_INIT_POST_FINISH',
	]),
	hooks: [
		{
			target: 'x86_init.iommu.iommu_init',
			path: 'arch/x86/kernel/pci-dma.c',
			function: 'pci_iommu_init',
		},
	],
	declaredLevel,
	api: API,
	capabilities: (tree) => [
		...lookup(tree),
		...configureAtProbe(tree),
		...declarations(tree),
		...callbacks(tree),
		...registration(tree),
		...ownership(tree),
		...callbackCapabilities(tree),
		...API.map((name) => declared(tree, name)),
	],
};

/** Declared callbacks of the device tree run where of_iommu_init() is called; those of ACPI from acpi_init(). */
function declaredLevel(
	table: 'of' | 'acpi',
	capabilities: readonly Capability[],
): Level | undefined {
	// acpi_iort_init() probes the IORT from acpi_init(), a subsys_initcall, since it was added.
	if (table === 'acpi') return { name: 'subsys', sync: false };
	const macro = capabilities.find((one) => one.capability === 'declared-callbacks-run')?.value;
	return typeof macro === 'string' ? initcallLevel(macro) : undefined;
}

/** By which initcall of_iommu_init() runs: its own, or that of the architecture that calls it. */
function callbacks(tree: Tree): Capability[] {
	const home = tree.get(OF);
	const init = home?.facts.functions.find((fn) => fn.name === 'of_iommu_init');
	const found = (file: SourceFile, line: number, value: string): Capability[] => [
		{ capability: 'declared-callbacks-run', value, evidence: [at(file, line)] },
	];
	if (home === undefined || init === undefined) {
		return [{ capability: 'declared-callbacks-run', value: 'never', evidence: [] }];
	}
	const own = home.facts.entries.find(({ args }) => args[0] === init.name);
	if (own !== undefined) return found(home, own.line, own.macro);
	for (const path of ARCH_SETUP) {
		const setup = tree.get(path);
		const call = setup?.facts.calls.find(({ callee }) => callee === init.name);
		if (setup === undefined || call === undefined) continue;
		const caller = functionAt(setup.facts.functions, call.line);
		const entry = setup.facts.entries.find(({ args }) => args[0] === caller?.name);
		if (entry !== undefined) return found(setup, entry.line, entry.macro);
	}
	return [
		{ capability: 'declared-callbacks-run', value: 'never', evidence: [at(home, init.line)] },
	];
}

/** How a device's IOMMU is looked up, and whether the lookup waits for one that has no driver yet. */
function lookup(tree: Tree): Capability[] {
	const of = tree.get(OF);
	const entry = of?.facts.functions.find((fn) => fn.name === 'of_iommu_configure');
	if (of === undefined || entry === undefined) {
		const evidence = of === undefined ? [] : [at(of, 1)];
		return [
			{ capability: 'lookup', value: 'none', evidence },
			{ capability: 'lookup-defers', value: 'none', evidence },
		];
	}
	const through = of.facts.calls.find(({ callee }) =>
		[
			'iommu_ops_from_fwnode',
			'iommu_get_instance',
			'of_iommu_get_ops',
			'iommu_fwspec_init',
		].includes(callee),
	);
	const list = of.facts.functions.find((fn) => fn.name === 'of_iommu_set_ops');
	const found: Capability[] = [
		list === undefined
			? { capability: 'lookup', value: 'core', evidence: [at(of, through?.line ?? entry.line)] }
			: { capability: 'lookup', value: 'list', evidence: [at(of, list.line)] },
	];
	const waits =
		of.facts.calls.find(({ callee }) => callee === 'driver_deferred_probe_check_state') ??
		of.facts.mentions.find(({ name }) => name === 'EPROBE_DEFER');
	const declaredOnly = of.facts.calls.find(
		({ callee, line }) =>
			callee === 'of_match_node' &&
			of.facts.mentions.some(
				(mention) => mention.name === '__iommu_of_table' && mention.line === line,
			),
	);
	if (waits === undefined) {
		found.push({ capability: 'lookup-defers', value: 'none', evidence: [at(of, entry.line)] });
	} else if (declaredOnly === undefined) {
		found.push({ capability: 'lookup-defers', value: 'all', evidence: [at(of, waits.line)] });
	} else {
		const evidence = [at(of, declaredOnly.line), at(of, waits.line)];
		found.push({ capability: 'lookup-defers', value: 'declared', evidence });
	}
	return found;
}

/** Since v4.12 DMA is configured when a driver is bound, not when a device is created. */
function configureAtProbe(tree: Tree): Capability[] {
	const dd = tree.get(DD);
	const direct = dd?.facts.calls.find(({ callee }) => callee === 'dma_configure');
	if (dd !== undefined && direct !== undefined) {
		return [
			{ capability: 'dma-configured-at-probe', value: true, evidence: [at(dd, direct.line)] },
		];
	}
	// From v4.18 it is an operation of the bus.
	const bus = tree.get(PLATFORM_BUS);
	const field = bus?.facts.structs
		.filter((struct) => struct.type === 'bus_type')
		.flatMap((struct) => struct.fields)
		.find(({ path }) => path === 'dma_configure');
	if (bus !== undefined && field !== undefined) {
		return [
			{ capability: 'dma-configured-at-probe', value: true, evidence: [at(bus, field.line)] },
		];
	}
	const of = tree.get(OF_PLATFORM);
	const created = of?.facts.calls.find(({ callee }) => callee === 'of_dma_configure');
	const evidence = of !== undefined && created !== undefined ? [at(of, created.line)] : [];
	return [{ capability: 'dma-configured-at-probe', value: false, evidence }];
}

function declarations(tree: Tree): Capability[] {
	const macro = symbol(tree, OF_HEADER, 'IOMMU_OF_DECLARE');
	if (macro === undefined) return [{ capability: 'declare-arity', value: 0, evidence: [] }];
	return [
		{
			capability: 'declare-arity',
			value: macro.symbol.arity,
			evidence: [at(macro.file, macro.symbol.line)],
		},
	];
}

function registration(tree: Tree): Capability[] {
	const register = symbol(tree, HEADER, 'iommu_device_register');
	const evidence = register === undefined ? [] : [at(register.file, register.symbol.line)];
	return [{ capability: 'iommu-device-register', value: register !== undefined, evidence }];
}

/** Who owns a bus: through v6.0 the first caller of bus_set_iommu(), from v6.1 the core installs for everybody. */
function ownership(tree: Tree): Capability[] {
	const core = tree.get(CORE);
	const set = core?.facts.functions.find((fn) => fn.name === 'bus_set_iommu');
	if (core !== undefined && set !== undefined) {
		const busy = core.facts.mentions.find(
			({ name, line }) => name === 'EBUSY' && set.line <= line && line <= set.end,
		);
		return [
			{
				capability: 'one-owner-a-bus',
				value: busy !== undefined,
				evidence: [at(core, busy?.line ?? set.line)],
			},
			{ capability: 'core-installs-ops', value: false, evidence: [at(core, set.line)] },
		];
	}
	const register = core?.facts.functions.find((fn) => fn.name === 'iommu_device_register');
	const probes = core?.facts.calls.find(
		({ callee, line }) =>
			callee === 'bus_iommu_probe' &&
			register !== undefined &&
			register.line <= line &&
			line <= register.end,
	);
	if (core === undefined || probes === undefined) return [];
	return [
		{ capability: 'one-owner-a-bus', value: false, evidence: [at(core, probes.line)] },
		{ capability: 'core-installs-ops', value: true, evidence: [at(core, probes.line)] },
	];
}

/** Whether a name of the interface is declared in the headers of the tree. */
function declared(tree: Tree, name: string): Capability {
	const found = symbol(tree, HEADER, name) ?? symbol(tree, OF_HEADER, name);
	const header = tree.get(HEADER);
	const missing = header === undefined ? [] : [at(header, 1)];
	return {
		capability: `symbol:${name}`,
		value: found !== undefined,
		evidence: found === undefined ? missing : [at(found.file, found.symbol.line)],
	};
}

function symbol(
	tree: Tree,
	path: string,
	name: string,
): { file: SourceFile; symbol: SymbolFact } | undefined {
	const file = tree.get(path);
	const found = file?.facts.symbols.find((candidate) => candidate.name === name);
	return file === undefined || found === undefined ? undefined : { file, symbol: found };
}

function at(file: SourceFile, line: number): Evidence {
	return { path: file.path, line, blob: file.blob };
}
