/** Which call takes back what another one did, by the names that the kernel gives such pairs. */

/** Pairs whose names do not say it. */
const PAIRS: ReadonlyMap<string, string> = new Map([
	['platform_driver_probe', 'platform_driver_unregister'],
	['platform_create_bundle', 'platform_driver_unregister'],
	['iommu_device_sysfs_add', 'iommu_device_sysfs_remove'],
]);

/** What only grows a list of the framework (include/linux/iommu.h of v4.9): nothing takes it back. */
const FOR_GOOD = new Set(['iommu_register_instance']);

/**
 * The call that undoes another one; undefined for one that has none by name, or that is undone with
 * its device (`devm_`).
 */
export function undoOf(callee: string): string | undefined {
	const name = callee.replace(/^_+/, '');
	const pair = PAIRS.get(name);
	if (pair !== undefined) return pair;
	if (FOR_GOOD.has(name)) return undefined;
	if (/^(?:devm|pcim|drmm)_|unregister/.test(name)) return undefined;
	if (/(?:^|_)register(?:_|$)/.test(name))
		return name.replace(/(^|_)register(_|$)/, '$1unregister$2');
	if (/_add_driver$/.test(name)) return name.replace(/_add_driver$/, '_del_driver');
	return undefined;
}
