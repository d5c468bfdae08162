/** What the help of `built` says after its options. */
export const BUILT_HELP = `
Examples:
  rangefinder built ipmmu-vmsa
  rangefinder built CONFIG_ARM_SMMU --arch arm64 --repo ~/linux-stable
  rangefinder built drivers/iommu/rockchip-iommu.c --release v4.14.5
  rangefinder built ipmmu-vmsa --config .config

Built means y or m. The last column lists drivers that install ops on the same
bus and can be built into one kernel with it; a ? stands behind one of which
that is not known. COMPILE_TEST is taken as n. With --config, the file decides
what is built, and Kconfig whether a release can build it at all.

Exit codes: 0 some release builds it, 1 none does, 125 that is not known.`;
