/** Kconfig files and Makefiles of the miniature kernel, as they are in one era. */
import type { Era } from './miniature-era.ts';

export function makefile(era: Era): string {
	const [version, patchlevel] = era.version.split('.');
	return `VERSION = ${version}\nPATCHLEVEL = ${patchlevel}\nSUBLEVEL = ${era.sublevel}\nEXTRAVERSION =\n\ndrivers-y\t:= drivers/\n`;
}

export const ARM_KCONFIG = `config ARM
	bool
	default y

config MMU
	bool "MMU-based Paged Memory Management Support"
	default y

config ARM_LPAE
	bool "Support for the Large Physical Address Extension"
	depends on MMU

config ARM_DMA_USE_IOMMU
	bool

config ARCH_ACME
	bool "Acme SoCs"

config OF
	def_bool y
`;

export const ARM64_KCONFIG = `config ARM64
	def_bool y
	select IOMMU_DMA if IOMMU_SUPPORT

config MMU
	def_bool y

config ARCH_ACME
	bool "Acme SoCs"

config OF
	def_bool y
`;

export function iommuKconfig(era: Era): string {
	const acme = era.acmeArm64
		? '\tdepends on ARM || IOMMU_DMA\n\tdepends on ARCH_ACME || COMPILE_TEST\n'
		: '\tdepends on ARM_LPAE\n\tdepends on ARCH_ACME || COMPILE_TEST\n';
	const zeta =
		era.zeta === 'none'
			? ''
			: '\nconfig ZETA_MMU\n\tbool "Zeta IOMMU Support"\n\tdepends on ARM || ARM64\n\tselect IOMMU_API\n';
	return `menuconfig IOMMU_SUPPORT
	bool "IOMMU Hardware Support"
	depends on MMU
	default y

if IOMMU_SUPPORT

config IOMMU_API
	bool

config OF_IOMMU
	def_bool y
	depends on OF && IOMMU_API

config IOMMU_DMA
	bool
	select IOMMU_API

config ACME_MMU
	bool "Acme MMU Support"
${acme}	select IOMMU_API
	select ARM_DMA_USE_IOMMU if ARM
	help
	  Support for the MMU of Acme SoCs.

	  If unsure, say N.

config BETA_IOMMU
	bool "Beta IOMMU Support"
	depends on (ARM64 || ARM) && MMU
	select IOMMU_API
	select ARM_DMA_USE_IOMMU if ARM
${zeta}
endif # IOMMU_SUPPORT
`;
}

export function iommuMakefile(era: Era): string {
	return [
		'obj-$(CONFIG_IOMMU_API) += iommu.o',
		'obj-$(CONFIG_OF_IOMMU)\t+= of_iommu.o',
		'obj-$(CONFIG_BETA_IOMMU) += beta-iommu.o',
		'obj-$(CONFIG_ACME_MMU) += acme-mmu.o',
		...(era.zeta === 'none' ? [] : ['obj-$(CONFIG_ZETA_MMU) += zeta-mmu.o']),
		'',
	].join('\n');
}
