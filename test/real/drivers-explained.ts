/** Where what is found of a driver differs from what a person read: each with its reason. */
import type { DriverKey } from './drivers-key.ts';

interface Reason {
	why: string;
	/** `release path` of the drivers it holds for. */
	of: readonly string[];
}

const REASONS: readonly Reason[] = [
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
