/**
 * How drivers of many subsystems are registered, as read in the sources by a person (`git show TAG:PATH`
 * and the Makefile above it) before the program was asked. A driver is the module that has the file: all
 * objects under one CONFIG symbol.
 */

/** One driver in one release. */
export interface DriverKey {
	path: string;
	release: string;
	/** In the words of src/driver/profiles: every way it is registered, in any order. */
	style: string;
	/** `macro level line` of what says so in the file; `-` where a macro has no level. */
	entries: readonly string[];
	/** `bus line` of every bus_set_iommu() that installs, in what has a profile of its own. */
	installs?: readonly string[];
	/** What is not to be seen in the entries. */
	why?: string;
}

const DEVICE = 'initcall@device';

/** A driver that one macro, or one initcall that does nothing before it, registers. */
function plain(path: string, release: string, entry: string, why?: string): DriverKey {
	const [, level = ''] = entry.split(' ');
	const style = level === '-' ? 'declared' : `initcall@${level}`;
	return { path, release, style, entries: [entry], ...(why === undefined ? {} : { why }) };
}

const DECLARED: readonly DriverKey[] = [
	plain('drivers/irqchip/irq-gic.c', 'v3.18.140', 'IRQCHIP_DECLARE - 1051'),
	{
		path: 'drivers/irqchip/irq-gic.c',
		release: 'v4.14.5',
		style: 'declared',
		entries: [
			...['IRQCHIP_DECLARE - 1420', 'IRQCHIP_DECLARE - 1428'],
			...['IRQCHIP_ACPI_DECLARE - 1606', 'IRQCHIP_ACPI_DECLARE - 1609'],
		],
	},
	plain('drivers/irqchip/irq-gic.c', 'v6.12', 'IRQCHIP_ACPI_DECLARE - 1703'),
	plain('drivers/irqchip/irq-mtk-sysirq.c', 'v4.4.121', 'IRQCHIP_DECLARE - 169'),
	plain('drivers/irqchip/irq-mtk-sysirq.c', 'v6.6.87', 'IRQCHIP_DECLARE - 235'),
	plain('drivers/irqchip/qcom-pdc.c', 'v4.18', 'IRQCHIP_DECLARE - 311'),
	plain('drivers/irqchip/qcom-pdc.c', 'v5.10.7', 'IRQCHIP_DECLARE - 462'),
	plain('drivers/irqchip/irq-imx-gpcv2.c', 'v4.9.45', 'IRQCHIP_DECLARE - 274'),
	plain('drivers/irqchip/irq-imx-gpcv2.c', 'v5.15.85', 'IRQCHIP_DECLARE - 290'),
	plain('drivers/irqchip/irq-bcm7120-l2.c', 'v5.4.59', 'IRQCHIP_DECLARE - 353'),
	plain('drivers/clocksource/exynos_mct.c', 'v3.18.140', 'CLOCKSOURCE_OF_DECLARE - 634'),
	plain('drivers/clocksource/exynos_mct.c', 'v4.14.5', 'TIMER_OF_DECLARE - 613'),
	plain('drivers/clocksource/exynos_mct.c', 'v6.12', 'TIMER_OF_DECLARE - 701'),
	plain('drivers/clocksource/timer-imx-tpm.c', 'v4.15.1', 'TIMER_OF_DECLARE - 239'),
	plain('drivers/clocksource/timer-imx-tpm.c', 'v6.0.19', 'TIMER_OF_DECLARE - 236'),
	plain('drivers/clk/mediatek/clk-mt8173.c', 'v6.1.10', 'CLK_OF_DECLARE - 882'),
	plain('drivers/clk/samsung/clk-exynos5420.c', 'v4.1.18', 'CLK_OF_DECLARE - 1329'),
	plain('drivers/clk/sunxi-ng/ccu-sun8i-h3.c', 'v4.12.4', 'CLK_OF_DECLARE - 1141'),
	{
		path: 'drivers/clk/samsung/clk-exynos5420.c',
		release: 'v6.12',
		style: 'declared, initcall@core',
		entries: ['CLK_OF_DECLARE_DRIVER - 1685', 'CLK_OF_DECLARE_DRIVER - 1692'],
		why: 'clk-exynos5-subcmu.c, of the same module, registers its drivers in a core_initcall',
	},
	{
		path: 'drivers/clk/rockchip/clk-rk3399.c',
		release: 'v5.15.85',
		style: `declared, ${DEVICE}`,
		entries: ['CLK_OF_DECLARE - 1572', 'builtin_platform_driver_probe device 1656'],
	},
	{
		path: 'drivers/clk/clk-fixed-rate.c',
		release: 'v4.9.45',
		style: `declared, ${DEVICE}`,
		entries: ['CLK_OF_DECLARE - 197', 'builtin_platform_driver device 239'],
		why: 'COMMON_CLK has clk-fixed-factor.c and clk-gpio.c as well, which do the same',
	},
	{
		path: 'drivers/clk/clk-fixed-rate.c',
		release: 'v6.12',
		style: `declared, ${DEVICE}`,
		entries: ['CLK_OF_DECLARE - 197', 'builtin_platform_driver device 237'],
	},
	{
		path: 'drivers/tty/serial/amba-pl011.c',
		release: 'v5.10.7',
		style: 'declared, initcall@arch, probe@arch',
		entries: ['OF_EARLYCON_DECLARE - 2494', 'EARLYCON_DECLARE - 2517', 'arch_initcall arch 2861'],
		why: 'both probe functions register amba_reg by pl011_register_port(); devices exist from arch',
	},
];

const INITCALLS: readonly DriverKey[] = [
	plain('drivers/irqchip/irq-renesas-intc-irqpin.c', 'v4.1.18', 'postcore_initcall postcore 604'),
	plain('drivers/irqchip/irq-renesas-intc-irqpin.c', 'v5.10.7', 'postcore_initcall postcore 599'),
	plain('drivers/irqchip/irq-imgpdc.c', 'v4.1.18', 'core_initcall core 499'),
	plain('drivers/irqchip/irq-imgpdc.c', 'v5.4.59', 'core_initcall core 497'),
	plain('drivers/clocksource/em_sti.c', 'v4.1.18', 'subsys_initcall subsys 389'),
	plain('drivers/clocksource/em_sti.c', 'v6.1.10', 'subsys_initcall subsys 366'),
	{
		path: 'drivers/clocksource/sh_cmt.c',
		release: 'v3.18.140',
		style: 'called, initcall@subsys',
		entries: ['early_platform_init - 1104', 'subsys_initcall subsys 1105'],
		why: 'an early_param handler, which boot code calls, registers it as an early driver',
	},
	plain('drivers/spi/spi-pxa2xx.c', 'v3.18.140', 'subsys_initcall subsys 1354'),
	plain('drivers/spi/spi-pxa2xx.c', 'v5.10.7', 'subsys_initcall subsys 2023'),
	plain('drivers/spi/spi-pxa2xx-platform.c', 'v6.12', 'subsys_initcall subsys 217'),
	plain('drivers/spi/spi-pl022.c', 'v4.4.121', 'subsys_initcall subsys 2498'),
	plain('drivers/spi/spi-pl022.c', 'v6.1.10', 'subsys_initcall subsys 2443'),
	plain('drivers/i2c/busses/i2c-imx.c', 'v3.18.140', 'subsys_initcall subsys 785'),
	plain('drivers/i2c/busses/i2c-imx.c', 'v6.12', 'subsys_initcall subsys 1593'),
	plain('drivers/i2c/busses/i2c-tegra.c', 'v4.9.45', 'subsys_initcall subsys 1111'),
	plain('drivers/i2c/busses/i2c-omap.c', 'v5.4.59', 'subsys_initcall subsys 1607'),
	plain('drivers/i2c/busses/i2c-designware-platdrv.c', 'v4.14.5', 'subsys_initcall subsys 500'),
	plain('drivers/i2c/busses/i2c-s3c2410.c', 'v6.6.87', 'subsys_initcall subsys 1176'),
	plain('drivers/gpio/gpio-pca953x.c', 'v3.18.140', 'subsys_initcall subsys 775'),
	plain('drivers/gpio/gpio-pca953x.c', 'v6.12', 'subsys_initcall subsys 1350'),
	{
		path: 'drivers/gpio/gpio-omap.c',
		release: 'v4.9.45',
		style: 'initcall@postcore, probe@arch',
		entries: ['postcore_initcall postcore 1646'],
		why: 'omap_gpio_probe() registers omap_mpuio_driver by omap_mpuio_init(); devices exist from arch',
	},
	plain('drivers/gpio/gpio-pl061.c', 'v4.1.18', 'module_init device 404'),
	plain('drivers/gpio/gpio-pl061.c', 'v4.12.4', 'device_initcall device 431'),
	plain('drivers/gpio/gpio-stmpe.c', 'v4.18', 'subsys_initcall subsys 538'),
	{
		path: 'drivers/gpio/gpio-tegra.c',
		release: 'v4.1.18',
		style: 'initcall@postcore',
		entries: ['postcore_initcall postcore 541', 'late_initcall late 589'],
		why: 'the late initcall makes a file in debugfs and registers no driver',
	},
	plain('drivers/gpio/gpio-tegra.c', 'v5.10.7', 'subsys_initcall subsys 720'),
	plain('drivers/gpio/gpio-max7301.c', 'v4.15.1', 'subsys_initcall subsys 103'),
	plain('drivers/gpio/gpio-zynq.c', 'v4.1.18', 'postcore_initcall postcore 723'),
	plain('drivers/gpio/gpio-zynq.c', 'v4.19.79', 'postcore_initcall postcore 925'),
	plain('drivers/clk/qcom/gcc-msm8996.c', 'v4.9.45', 'core_initcall core 3489'),
	plain('drivers/clk/qcom/gcc-msm8996.c', 'v6.6.87', 'core_initcall core 3638'),
	plain('drivers/mmc/host/tifm_sd.c', 'v5.0.1', 'module_init device 1091'),
	plain('drivers/net/phy/marvell.c', 'v3.18.140', 'module_init device 1093'),
	plain('drivers/net/phy/dp83640.c', 'v4.14.5', 'module_init device 1530'),
	{
		path: 'drivers/net/phy/fixed_phy.c',
		release: 'v6.6.87',
		style: `initcall@arch, ${DEVICE}`,
		entries: ['module_init device 370'],
		why: 'no driver struct; FIXED_PHY has dsa_loop_bdinfo.c as well, an arch_initcall, overlooked at first',
	},
	{
		path: 'drivers/rtc/rtc-cmos.c',
		release: 'v4.9.45',
		style: `${DEVICE}, ${DEVICE}+flag`,
		entries: ['module_init device 1307'],
		why: 'platform_driver_probe() only if !cmos_rtc.dev; that check was not written down at first',
	},
	plain(
		'drivers/watchdog/softdog.c',
		'v4.14.5',
		'module_init device 161',
		'no driver struct: it registers a watchdog device',
	),
	plain('drivers/hwmon/it87.c', 'v4.12.4', 'module_init device 3267'),
	plain('drivers/input/keyboard/gpio_keys.c', 'v4.9.45', 'late_initcall late 905'),
	plain('drivers/input/keyboard/gpio_keys.c', 'v6.12', 'late_initcall late 1118'),
	plain('drivers/regulator/fixed.c', 'v6.12', 'subsys_initcall subsys 397'),
	plain('drivers/regulator/tps65910-regulator.c', 'v4.10.17', 'subsys_initcall subsys 1264'),
	plain('drivers/dma/omap-dma.c', 'v4.15.1', 'subsys_initcall subsys 1659'),
	plain('drivers/dma/mv_xor.c', 'v4.9.45', 'device_initcall device 1463'),
	plain(
		'drivers/soc/samsung/pm_domains.c',
		'v5.4.59',
		'core_initcall core 168',
		'no driver struct: it makes the power domains of the device tree',
	),
	{
		path: 'drivers/usb/host/ehci-platform.c',
		release: 'v4.19.79',
		style: `${DEVICE}+flag`,
		entries: ['module_init device 387'],
		why: 'not if usb_disabled(), a word of the command line; not written down at first',
	},
	plain('drivers/pinctrl/pinctrl-rockchip.c', 'v4.14.5', 'postcore_initcall postcore 3558'),
	plain('drivers/mfd/tps65910.c', 'v5.10.7', 'subsys_initcall subsys 537'),
	plain('drivers/mailbox/pl320-ipc.c', 'v3.18.140', 'module_init device 198'),
	plain('drivers/mailbox/pl320-ipc.c', 'v5.10.7', 'subsys_initcall subsys 187'),
	plain('drivers/bus/imx-weim.c', 'v6.12', 'module_init device 395'),
];

const MACROS: readonly DriverKey[] = [
	plain('drivers/irqchip/irq-ts4800.c', 'v4.9.45', 'module_platform_driver device 159'),
	{
		path: 'drivers/irqchip/qcom-pdc.c',
		release: 'v6.1.10',
		style: DEVICE,
		entries: ['IRQCHIP_PLATFORM_DRIVER_END device 339'],
		why: 'IRQCHIP_PLATFORM_DRIVER_END() ends with builtin_platform_driver()',
	},
	{
		path: 'drivers/irqchip/irq-bcm7120-l2.c',
		release: 'v6.12',
		style: DEVICE,
		entries: ['IRQCHIP_PLATFORM_DRIVER_END device 363'],
		why: 'the same, with two compatibles',
	},
	{
		path: 'drivers/clocksource/timer-ti-dm.c',
		release: 'v5.10.7',
		style: `declared, ${DEVICE}`,
		entries: ['module_platform_driver device 960'],
		why: 'timer-ti-dm-systimer.c, of the same module, has a TIMER_OF_DECLARE(); overlooked at first',
	},
	plain('drivers/spi/spi-omap2-mcspi.c', 'v4.1.18', 'module_platform_driver device 1534'),
	plain('drivers/spi/spi-imx.c', 'v4.9.45', 'module_platform_driver device 1331'),
	plain('drivers/spi/spi-dw-mmio.c', 'v5.0.1', 'module_platform_driver device 262'),
	plain('drivers/i2c/busses/i2c-tegra.c', 'v5.15.85', 'module_platform_driver device 1939'),
	plain('drivers/i2c/busses/i2c-pxa-pci.c', 'v3.18.140', 'module_pci_driver device 164'),
	plain('drivers/i2c/busses/i2c-pxa-pci.c', 'v5.10.7', 'builtin_pci_driver device 154'),
	plain('drivers/i2c/busses/i2c-nforce2.c', 'v4.20.1', 'module_pci_driver device 450'),
	plain('drivers/mmc/host/mmci.c', 'v4.11', 'module_amba_driver device 1979'),
	plain('drivers/mmc/host/mmci.c', 'v5.15.85', 'module_amba_driver device 2455'),
	plain('drivers/mmc/host/sdhci-acpi.c', 'v4.16.13', 'module_platform_driver device 849'),
	plain('drivers/mmc/host/mmc_spi.c', 'v6.12', 'module_spi_driver device 1359'),
	plain('drivers/mmc/host/toshsd.c', 'v4.4.121', 'module_pci_driver device 704'),
	plain('drivers/gpio/gpio-pl061.c', 'v6.1.10', 'module_amba_driver device 438'),
	plain('drivers/gpio/gpio-74x164.c', 'v4.14.5', 'module_spi_driver device 198'),
	plain('drivers/clk/clk-scpi.c', 'v6.0.19', 'module_platform_driver device 310'),
	plain('drivers/clk/clk-si5351.c', 'v5.0.1', 'module_i2c_driver device 1667'),
	plain('drivers/clk/sunxi-ng/ccu-sun8i-h3.c', 'v6.6.87', 'module_platform_driver device 1094'),
	plain('drivers/net/phy/marvell.c', 'v4.9.45', 'module_phy_driver device 1737'),
	plain('drivers/net/phy/marvell.c', 'v6.12', 'module_phy_driver device 4134'),
	plain('drivers/net/phy/spi_ks8995.c', 'v4.18', 'module_spi_driver device 538'),
	plain('drivers/rtc/rtc-sh.c', 'v4.4.121', 'module_platform_driver_probe device 790'),
	plain('drivers/rtc/rtc-pl031.c', 'v5.10.7', 'module_amba_driver device 472'),
	plain('drivers/watchdog/wdt_pci.c', 'v4.17', 'module_pci_driver device 741'),
	plain('drivers/hwmon/jc42.c', 'v6.1.10', 'module_i2c_driver device 639'),
	plain('drivers/bus/imx-weim.c', 'v4.14.5', 'module_platform_driver_probe device 212'),
	plain('drivers/usb/serial/cp210x.c', 'v4.18', 'module_usb_serial_driver device 1545'),
	plain('drivers/nvmem/imx-ocotp.c', 'v5.15.85', 'module_platform_driver device 615'),
	{
		path: 'drivers/reset/reset-sunxi.c',
		release: 'v4.1.18',
		style: `called, ${DEVICE}`,
		entries: ['module_platform_driver device 189'],
		why: 'arch/arm/mach-sunxi calls sun6i_reset_init(), which registers controllers by hand',
	},
	{
		path: 'drivers/reset/reset-sunxi.c',
		release: 'v6.6.87',
		style: 'called',
		entries: [],
		why: 'only sun6i_reset_init() is left in it',
	},
];

const IOMMUS: readonly DriverKey[] = [
	{
		path: 'drivers/iommu/omap-iommu.c',
		release: 'v4.4.121',
		style: 'initcall@subsys+dt',
		entries: ['subsys_initcall subsys 1317'],
		installs: ['platform_bus_type 1311'],
		why: 'of_find_matching_node(omap_iommu_of_match) first',
	},
	{
		path: 'drivers/iommu/rockchip-iommu.c',
		release: 'v4.11',
		style: 'initcall@subsys+dt',
		entries: ['subsys_initcall subsys 1206'],
		installs: ['platform_bus_type 1187'],
	},
	{
		path: 'drivers/iommu/rockchip-iommu.c',
		release: 'v6.6.87',
		style: 'core',
		entries: ['builtin_platform_driver device 1412'],
		why: 'iommu_device_register() in probe, on line 1293; no bus_set_iommu() is left',
	},
	{
		path: 'drivers/iommu/mtk_iommu.c',
		release: 'v4.11',
		style: 'probe@postcore',
		entries: [],
		installs: ['platform_bus_type 594'],
		why: 'IOMMU_OF_DECLARE() with a callback that makes the device and registers; nothing defers',
	},
	{
		path: 'drivers/iommu/exynos-iommu.c',
		release: 'v4.16.13',
		style: 'initcall@core+dt',
		entries: ['core_initcall core 1402'],
		installs: ['platform_bus_type 1386'],
	},
	{
		path: 'drivers/iommu/exynos-iommu.c',
		release: 'v6.12',
		style: 'core',
		entries: ['core_initcall core 1530'],
	},
	{
		path: 'drivers/iommu/msm_iommu.c',
		release: 'v5.4.59',
		style: 'probe@subsys+awaited',
		entries: ['subsys_initcall subsys 868'],
		installs: ['platform_bus_type 823'],
		why: 'of_iommu.c of v5.4 defers for everybody (driver_deferred_probe_check_state())',
	},
	{
		path: 'drivers/iommu/virtio-iommu.c',
		release: 'v5.4.59',
		style: 'probe@device+awaited',
		entries: ['module_virtio_driver device 1175'],
		installs: ['pci_bus_type 1097', 'amba_bustype 1104', 'platform_bus_type 1110'],
	},
	{
		path: 'drivers/iommu/ipmmu-vmsa.c',
		release: 'v4.20.1',
		style: 'probe@subsys+dt+awaited, initcall@subsys+dt',
		entries: ['subsys_initcall subsys 1141'],
		installs: ['platform_bus_type 1070', 'platform_bus_type 1129'],
		why: 'IOMMU_DMA: in probe; without it in the initcall; both behind of_find_matching_node()',
	},
];

export const DRIVERS: readonly DriverKey[] = [...DECLARED, ...INITCALLS, ...MACROS, ...IOMMUS];
