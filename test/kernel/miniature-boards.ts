/**
 * Device trees and defconfigs for the miniature kernel. On arm an Acme SoC has its MMU disabled, and
 * boards of Beta and Zeta have theirs, with masters. On arm64 there are boards of Beta only.
 */
export const MINIATURE_BOARDS: Readonly<Record<string, string>> = {
	'arch/arm/boot/dts/acme.dtsi': `/ {
	soc {
		mmu: mmu@1000 {
			compatible = "acme,soc-mmu", "acme,mmu";
			status = "disabled";
		};
	};
};
`,
	'arch/arm/boot/dts/acme-one.dts': '/dts-v1/;\n#include "acme.dtsi"\n',
	'arch/arm/boot/dts/acme-two.dts': '/dts-v1/;\n#include "acme.dtsi"\n',
	'arch/arm/boot/dts/beta.dtsi': `/ {
	iommu: iommu@2000 {
		compatible = "beta,iommu";
	};
	video@3000 {
		iommus = <&iommu 1>;
	};
};
`,
	'arch/arm/boot/dts/beta.dts': '#include "beta.dtsi"\n',
	'arch/arm/boot/dts/zeta.dts': '/ { z: z { compatible = "zeta,mmu"; }; v { iommus = <&z>; }; };\n',
	'arch/arm64/boot/dts/beta/board.dts': '/dts-v1/;\n#include <arm/beta.dtsi>\n',
	'arch/arm/configs/multi_defconfig':
		'CONFIG_ARCH_ACME=y\nCONFIG_ACME_MMU=y\nCONFIG_BETA_IOMMU=y\n',
	'arch/arm64/configs/defconfig': 'CONFIG_ARCH_ACME=y\nCONFIG_BETA_IOMMU=y\n',
};
