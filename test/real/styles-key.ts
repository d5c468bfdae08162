/**
 * Registration styles as read in the sources by a person (`git show TAG:drivers/iommu/FILE`), with
 * the lines that say so. Over all configurations; several installers in order.
 */

export interface StyleKey {
	driver: string;
	releases: readonly string[];
	style: string;
	why: string;
}

export const STYLES: readonly StyleKey[] = [
	{
		driver: 'arm-smmu',
		releases: ['v3.18.140'],
		style: 'initcall@subsys',
		why: 'subsys_initcall(arm_smmu_init) registers and installs, guarded by iommu_present() only',
	},
	{
		driver: 'arm-smmu',
		releases: ['v4.1.18', 'v4.4.121'],
		style: 'initcall@subsys+dt',
		why: 'arm_smmu_init() returns when of_find_matching_node(arm_smmu_of_match) finds nothing',
	},
	{
		driver: 'arm-smmu',
		releases: ['v4.9.45', 'v4.10.17', 'v4.11'],
		style: 'probe@postcore',
		why: 'installs in probe; arm_smmu_of_init(), declared, registers and creates the device; of_iommu_init is postcore_sync; lookup does not defer',
	},
	{
		driver: 'arm-smmu',
		releases: ['v4.12.4', 'v4.13.9', 'v4.14.5', 'v4.16.13', 'v4.18'],
		style: 'probe@device+awaited',
		why: 'module_platform_driver, arm_smmu_bus_init() from probe, IOMMU_OF_DECLARE() without callback, so declared',
	},
	{
		driver: 'arm-smmu',
		releases: ['v4.19.79', 'v5.0.1', 'v5.10.7', 'v6.0.19'],
		style: 'probe@device+awaited',
		why: 'module_ or builtin_platform_driver, installs in probe; of_iommu.c defers for everybody',
	},
	{
		driver: 'arm-smmu-v3',
		releases: ['v4.4.121'],
		style: 'initcall@subsys+dt',
		why: 'arm_smmu_init(): of_find_matching_node(arm_smmu_of_match), then bus_set_iommu(pci)',
	},
	{
		driver: 'arm-smmu-v3',
		releases: ['v4.9.45', 'v4.11'],
		style: 'probe@postcore',
		why: 'as arm-smmu: declared arm_smmu_of_init() creates the device, probe installs',
	},
	{
		driver: 'arm-smmu-v3',
		releases: ['v4.12.4', 'v4.15.1', 'v5.0.1', 'v5.10.7'],
		style: 'probe@device+awaited',
		why: 'module_ or builtin_platform_driver, installs in probe, declared until lookup defers for all',
	},
	{
		driver: 'exynos-iommu',
		releases: ['v3.18.140'],
		style: 'initcall@subsys',
		why: 'subsys_initcall(exynos_iommu_init) installs without a look at the device tree',
	},
	{
		driver: 'exynos-iommu',
		releases: ['v4.1.18'],
		style: 'initcall@subsys+dt',
		why: 'of_find_matching_node(sysmmu_of_match) first',
	},
	{
		driver: 'exynos-iommu',
		releases: ['v4.4.121'],
		style: 'declared@arch',
		why: 'exynos_iommu_of_setup() calls exynos_iommu_init() if !init_done; arch/arm/kernel/setup.c calls of_iommu_init() in an arch_initcall',
	},
	{
		driver: 'exynos-iommu',
		releases: ['v4.9.45', 'v4.11', 'v4.12.4', 'v4.13.9'],
		style: 'declared@postcore',
		why: 'the same, and of_iommu_init() became a postcore_initcall_sync',
	},
	{
		driver: 'exynos-iommu',
		releases: ['v4.14.5', 'v4.15.1'],
		style: 'initcall@core',
		why: 'core_initcall(exynos_iommu_init), nothing checked',
	},
	{
		driver: 'exynos-iommu',
		releases: ['v4.16.13', 'v4.19.79', 'v5.4.59', 'v5.15.85'],
		style: 'initcall@core+dt',
		why: 'core_initcall, of_find_matching_node(sysmmu_of_match) first',
	},
	{
		driver: 'ipmmu-vmsa',
		releases: ['v3.18.140', 'v4.9.45', 'v4.12.4', 'v4.13.9', 'v4.14.5'],
		style: 'initcall@subsys',
		why: 'subsys_initcall(ipmmu_init) registers and installs',
	},
	{
		driver: 'ipmmu-vmsa',
		releases: ['v4.15.1'],
		style: 'probe@arch+awaited, initcall@subsys',
		why: 'IOMMU_DMA: probe installs, the declared callback registers at postcore, devices exist from arch; else ipmmu_init() installs, behind setup_done',
	},
	{
		driver: 'ipmmu-vmsa',
		releases: ['v4.16.13', 'v4.18'],
		style: 'probe@subsys+awaited, initcall@subsys',
		why: 'the declaration has no callback any more: the subsys_initcall registers',
	},
	{
		driver: 'ipmmu-vmsa',
		releases: ['v4.19.79', 'v5.0.1', 'v6.0.19'],
		style: 'probe@subsys+dt+awaited, initcall@subsys+dt',
		why: 'of_find_matching_node(ipmmu_of_ids) before both ways',
	},
	{
		driver: 'msm-iommu',
		releases: ['v3.18.140', 'v4.4.121'],
		style: 'initcall@subsys',
		why: 'subsys_initcall(msm_iommu_init) installs, nothing checked',
	},
	{
		driver: 'msm-iommu',
		releases: ['v4.9.45', 'v4.11', 'v4.15.1'],
		style: 'declared@postcore',
		why: 'msm_iommu_of_setup(), declared, calls msm_iommu_init(), which installs',
	},
	{
		driver: 'msm-iommu',
		releases: ['v4.16.13', 'v4.19.79', 'v5.15.85'],
		style: 'probe@subsys+awaited',
		why: 'probe installs, a subsys_initcall registers; declared, later lookup defers for all',
	},
	{
		driver: 'msm-iommu',
		releases: ['v6.0.19'],
		style: 'probe@device+awaited',
		why: 'builtin_platform_driver',
	},
	{
		driver: 'mtk-iommu',
		releases: ['v4.9.45', 'v4.11'],
		style: 'probe@postcore',
		why: 'mtk_iommu_init_fn(), declared, creates the device and registers; probe installs; nothing defers',
	},
	{
		driver: 'mtk-iommu',
		releases: ['v4.12.4', 'v4.13.9'],
		style: 'probe@postcore+awaited',
		why: 'the same, and lookup defers for declared IOMMUs',
	},
	{
		driver: 'mtk-iommu',
		releases: ['v4.14.5', 'v4.18'],
		style: 'probe@subsys',
		why: 'a subsys_initcall registers, no declaration; lookup defers for declared ones only',
	},
	{
		driver: 'mtk-iommu',
		releases: ['v4.19.79', 'v5.10.7'],
		style: 'probe@subsys+awaited',
		why: 'the same, lookup defers for all',
	},
	{
		driver: 'mtk-iommu',
		releases: ['v5.15.85', 'v6.0.19'],
		style: 'probe@device+awaited',
		why: 'module_platform_driver',
	},
	{
		driver: 'mtk-iommu-v1',
		releases: ['v4.9.45', 'v4.12.4', 'v4.18'],
		style: 'probe@subsys',
		why: 'subsys_initcall(m4u_init) registers, probe installs, never declared',
	},
	{
		driver: 'mtk-iommu-v1',
		releases: ['v5.0.1'],
		style: 'probe@subsys+awaited',
		why: 'the same, lookup defers for all',
	},
	{
		driver: 'omap-iommu',
		releases: ['v3.18.140'],
		style: 'initcall@subsys',
		why: 'subsys_initcall(omap_iommu_init) installs, then registers; nothing checked',
	},
	{
		driver: 'omap-iommu',
		releases: ['v4.1.18', 'v4.12.4', 'v5.10.7', 'v6.0.19'],
		style: 'initcall@subsys+dt',
		why: 'of_find_matching_node(omap_iommu_of_match) first',
	},
	{
		driver: 'rockchip-iommu',
		releases: ['v4.1.18', 'v4.9.45', 'v4.16.13'],
		style: 'initcall@subsys+dt',
		why: 'rk_iommu_init(): of_find_matching_node(rk_iommu_dt_ids), then bus_set_iommu()',
	},
	{
		driver: 'rockchip-iommu',
		releases: ['v4.17', 'v4.18', 'v5.15.85'],
		style: 'probe@subsys+awaited',
		why: 'probe installs, a subsys_initcall registers; declared, later lookup defers for all',
	},
	{
		driver: 'rockchip-iommu',
		releases: ['v6.0.19'],
		style: 'probe@device+awaited',
		why: 'builtin_platform_driver',
	},
	{
		driver: 'qcom-iommu',
		releases: ['v4.14.5', 'v4.19.79', 'v5.10.7'],
		style: 'probe@device+awaited',
		why: 'module_init or device_initcall registers, probe installs; declared, later lookup defers for all',
	},
	{
		driver: 'tegra-smmu',
		releases: ['v3.18.140'],
		style: 'probe@subsys',
		why: 'subsys_initcall registers, tegra_smmu_probe() installs',
	},
	{
		driver: 'tegra-smmu',
		releases: ['v4.1.18', 'v4.14.5', 'v6.0.19'],
		style: 'called',
		why: 'drivers/memory/tegra/mc.c calls tegra_smmu_probe() from its own probe',
	},
	{
		driver: 'tegra-gart',
		releases: ['v3.18.140'],
		style: 'probe@subsys',
		why: 'subsys_initcall registers, tegra_gart_probe() installs',
	},
	{
		driver: 'tegra-gart',
		releases: ['v4.1.18', 'v4.20.1'],
		style: 'none',
		why: 'bus_set_iommu() is gone from the file',
	},
	{
		driver: 'shmobile-iommu',
		releases: ['v3.18.140', 'v4.1.18'],
		style: 'called',
		why: 'ipmmu_iommu_init() installs, called by the probe of another module, shmobile-ipmmu.c',
	},
	{
		driver: 's390-iommu',
		releases: ['v4.4.121', 'v4.14.5', 'v5.15.85'],
		style: 'initcall@subsys',
		why: 'subsys_initcall(s390_iommu_init) installs on pci',
	},
	{
		driver: 'fsl-pamu-domain',
		releases: ['v3.18.140', 'v4.14.5', 'v6.0.19'],
		style: 'initcall@arch+dt',
		why: 'arch_initcall(fsl_pamu_init): of_find_compatible_node("fsl,pamu"), then pamu_domain_init()',
	},
	{
		driver: 'amd-iommu',
		releases: ['v3.18.140', 'v4.9.45', 'v6.0.19'],
		style: 'called',
		why: 'x86_init.iommu.iommu_init = amd_iommu_init, called by pci_iommu_init() of arch/x86',
	},
	{
		driver: 'intel-iommu',
		releases: ['v3.18.140', 'v4.14.5', 'v6.0.19'],
		style: 'called',
		why: 'x86_init.iommu.iommu_init = intel_iommu_init in dmar.c',
	},
	{
		driver: 'virtio-iommu',
		releases: ['v5.4.59', 'v6.0.19'],
		style: 'probe@device+awaited',
		why: 'module_virtio_driver, viommu_probe() installs, lookup defers for all',
	},
	{
		driver: 'sun50i-iommu',
		releases: ['v5.10.7'],
		style: 'probe@device+awaited',
		why: 'builtin_platform_driver_probe(), installs in probe',
	},
	{
		driver: 'sprd-iommu',
		releases: ['v5.15.85'],
		style: 'probe@device+awaited',
		why: 'module_platform_driver, installs in probe',
	},
	{
		driver: 'apple-dart',
		releases: ['v5.15.85'],
		style: 'probe@device+awaited',
		why: 'module_platform_driver, apple_dart_set_bus_ops() from probe',
	},
	{
		driver: 'dmar',
		releases: ['v4.11'],
		style: 'none',
		why: 'registers IOMMUs with the core, installs no ops',
	},
	{
		driver: 'ipmmu-vmsa',
		releases: ['v6.1.10', 'v6.12'],
		style: 'core',
		why: 'iommu_device_register() in probe; no bus_set_iommu() is left in the tree',
	},
	{
		driver: 's390-iommu',
		releases: ['v6.1.10'],
		style: 'core',
		why: 'zpci_init_iommu(), called by arch/s390/pci/pci.c, registers with the core',
	},
	{
		driver: 'tegra-gart',
		releases: ['v6.1.10'],
		style: 'core',
		why: 'tegra_gart_probe(), called by drivers/memory/tegra/mc.c, registers with the core',
	},
];
