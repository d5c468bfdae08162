/** Where what is found of a driver differs from what a person read: each with its reason. */
import type { DriverKey } from './drivers-key.ts';

interface Reason {
	why: string;
	/** `release path` of the drivers it holds for. */
	of: readonly string[];
}

const REASONS: readonly Reason[] = [
	{
		why: 'a mistake: a driver is not seen whose struct macros of the file scope make (`IRQCHIP_PLATFORM_DRIVER_BEGIN()` to `_END()`)',
		of: ['v6.1.10 drivers/irqchip/qcom-pdc.c', 'v6.12 drivers/irqchip/irq-bcm7120-l2.c'],
	},
	{
		why: 'a mistake: what the handler of an early parameter registers is not seen (`early_platform_init()`)',
		of: ['v3.18.140 drivers/clocksource/sh_cmt.c'],
	},
	{
		why: 'an object that a Makefile has under two CONFIG symbols counts to the first',
		of: ['v6.12 drivers/clk/samsung/clk-exynos5420.c'],
	},
	{
		why: 'in a tree with initcalls a file without a driver struct that board code calls is no driver',
		of: ['v4.1.18 drivers/reset/reset-sunxi.c', 'v6.6.87 drivers/reset/reset-sunxi.c'],
	},
];

/** Why a driver differs from its key; undefined where nothing explains it. */
export function explainDriver({ release, path }: DriverKey): string | undefined {
	return REASONS.find(({ of }) => of.includes(`${release} ${path}`))?.why;
}
