/** Conversions of U-Boot drivers to the driver model, as read in the commits. */
export interface Conversion {
	commit: string;
	path: string;
	before: string;
	after: string;
}

/** Where both styles remain, the old one is kept for builds without the driver model. */
export const CONVERSIONS: readonly Conversion[] = [
	{
		commit: 'c689ae044bf7',
		path: 'drivers/mmc/mvebu_mmc.c',
		before: 'called',
		after: 'declared@bind',
	},
	{
		commit: '6240e64f9208',
		path: 'drivers/mmc/hi6220_dw_mmc.c',
		before: 'called',
		after: 'declared@bind',
	},
	{
		commit: '6a474db4894d',
		path: 'drivers/mmc/tegra_mmc.c',
		before: 'called',
		after: 'declared@bind',
	},
	{
		commit: 'dd27918c2252',
		path: 'drivers/mmc/sunxi_mmc.c',
		before: 'called',
		after: 'declared@bind, called',
	},
	{
		commit: 'c86c0155dcfb',
		path: 'drivers/mmc/gen_atmel_mci.c',
		before: 'called',
		after: 'declared@bind, called',
	},
	{
		commit: '290e6bb9585e',
		path: 'drivers/mmc/pxa_mmc_gen.c',
		before: 'called',
		after: 'declared@bind, called',
	},
	{
		commit: '4ec9dd4071cb',
		path: 'drivers/mmc/mv_sdhci.c',
		before: 'called',
		after: 'declared@bind, called',
	},
	{
		commit: '890fcefe2e20',
		path: 'drivers/serial/sandbox.c',
		before: 'called',
		after: 'declared@bind',
	},
	{
		commit: '73e256c2ac7a',
		path: 'drivers/serial/serial_s5p.c',
		before: 'called',
		after: 'declared@bind',
	},
	{
		commit: '42800ffa7997',
		path: 'drivers/serial/serial_zynq.c',
		before: 'called',
		after: 'declared@bind',
	},
	{
		commit: '01496c4fac22',
		path: 'drivers/serial/serial_arc.c',
		before: 'called',
		after: 'declared@bind',
	},
	{
		commit: 'da2f838d8a6f',
		path: 'drivers/serial/altera_uart.c',
		before: 'called',
		after: 'declared@bind',
	},
	{
		commit: 'fdbae099bf13',
		path: 'drivers/serial/serial_lpuart.c',
		before: 'called',
		after: 'declared@bind, called',
	},
];
