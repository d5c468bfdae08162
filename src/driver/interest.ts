/**
 * What the extractor is asked to look for: plain data about a subsystem, no logic. The default
 * covers the IOMMU subsystem.
 */

import type { GateFact } from './facts.ts';

/** How the answer of a call is a gate. */
export interface GateCall {
	kind: GateFact['kind'];
	/** Position of the argument that says what was asked for; -1 when none does. */
	what: number;
	/** True for calls that return a status, so that zero means found. */
	zeroIsFound?: boolean;
}

export interface Interest {
	/** Names the interest in cache keys and to worker threads; '' for the one whose facts ship with the index. */
	id: string;
	/** Callees whose arguments are recorded; functions that reach one of them have their gates recorded. */
	argsOf: Pick<ReadonlySet<string>, 'has'>;
	/** Further callees whose callers are read: what the capabilities of a framework are told by. */
	callsOf: ReadonlySet<string>;
	/** File-scope macro invocations to keep as entries. */
	entryMacros: (name: string) => boolean;
	/**
	 * True to record what else of the file scope a driver may be: objects that a macro declares
	 * (`U_BOOT_DRIVER(x) = { … }`), arrays of driver structs, and the macros and includes of the file.
	 */
	macroObjects: boolean;
	/**
	 * True where a patch may have to be put into the facts without any text (splice.ts), as into those of the release
	 * index. Else what no link looks at is left out (linked-only.ts): most of what the facts of a history weigh.
	 */
	spliced: boolean;
	/** Calls whose answer is a gate. */
	gateCalls: ReadonlyMap<string, GateCall>;
	/** Loop macros whose body runs only when hardware was found, with the argument that says which. */
	gateIterators: ReadonlyMap<string, number>;
	/** Identifiers whose every mention in code is recorded. */
	mentions: ReadonlySet<string>;
	/** Struct types whose members are called back at once when the struct is installed, and those members. */
	calledBack: ReadonlyMap<string, ReadonlySet<string>>;
}

const ENTRY =
	/initcall|^module_(?!param)|^(?:builtin|console)_\w+|_OF_DECLARE|OF_DECLARE|^IOMMU_INIT|ACPI_DECLARE|^DECLARE_(?:ACPI|PCI)|^MODULE_(?:DEVICE_TABLE|SOFTDEP)$/;

/** The interest of the IOMMU subsystem. */
export const defaultInterest: Interest = {
	id: '',
	macroObjects: false,
	spliced: true,
	argsOf: new Set([
		'bus_set_iommu',
		'iommu_present',
		'iommu_device_register',
		'iommu_device_set_ops',
		'__iommu_device_set_ops',
		'iommu_device_set_fwnode',
		'__iommu_device_set_fwnode',
		'of_iommu_set_ops',
		'iommu_register_instance',
		'platform_driver_register',
		'__platform_driver_register',
		'platform_driver_probe',
		'__platform_driver_probe',
		'platform_create_bundle',
		'__platform_create_bundle',
		'platform_register_drivers',
		'__platform_register_drivers',
		'pci_register_driver',
		'__pci_register_driver',
		'driver_register',
		'amba_driver_register',
		'register_virtio_driver',
		'of_platform_device_create',
		'platform_device_register',
		'platform_device_register_full',
		'platform_device_register_simple',
		'platform_device_register_data',
		'platform_device_register_resndata',
		'platform_device_add',
		'bus_for_each_dev',
		'bus_register_notifier',
		'acpi_get_table',
		'of_find_matching_node',
		'of_find_matching_node_and_match',
		'of_find_compatible_node',
		'of_find_node_by_name',
		'of_find_node_by_path',
		'of_find_device_by_node',
	]),
	callsOf: new Set([
		'__iommu_probe_device',
		'bus_iommu_probe',
		'dma_configure',
		'driver_deferred_probe_check_state',
		'iommu_fwspec_init',
		'iommu_get_instance',
		'iommu_init_device',
		'iommu_ops_from_fwnode',
		'iommu_probe_device',
		'of_dma_configure',
		'of_iommu_get_ops',
		'of_iommu_init',
		'of_match_node',
	]),
	entryMacros: (name) => ENTRY.test(name),
	gateCalls: new Map<string, GateCall>([
		['of_find_matching_node', { kind: 'devicetree', what: 1 }],
		['of_find_matching_node_and_match', { kind: 'devicetree', what: 1 }],
		['of_find_compatible_node', { kind: 'devicetree', what: 2 }],
		['of_find_node_by_name', { kind: 'devicetree', what: 1 }],
		['of_find_node_by_path', { kind: 'devicetree', what: 0 }],
		['of_machine_is_compatible', { kind: 'devicetree', what: 0 }],
		['acpi_get_table', { kind: 'acpi', what: 0, zeroIsFound: true }],
		['acpi_get_table_with_size', { kind: 'acpi', what: 0, zeroIsFound: true }],
		['acpi_table_parse', { kind: 'acpi', what: 0, zeroIsFound: true }],
		['iommu_present', { kind: 'present', what: 0 }],
		['IS_ENABLED', { kind: 'config', what: 0 }],
		['IS_BUILTIN', { kind: 'config', what: 0 }],
		['IS_MODULE', { kind: 'config', what: 0 }],
		['IS_REACHABLE', { kind: 'config', what: 0 }],
	]),
	gateIterators: new Map([
		['for_each_matching_node', 1],
		['for_each_matching_node_and_match', 1],
		['for_each_compatible_node', 2],
	]),
	mentions: new Set(['EPROBE_DEFER', 'EBUSY', '__iommu_of_table', 'add_device', 'probe_device']),
	calledBack: new Map([['iommu_ops', new Set(['add_device', 'probe_device'])]]),
};
