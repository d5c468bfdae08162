/** What makes one commit of the miniature kernel different from another. */

/** What the miniature kernel is like at one commit. */
export interface Era {
	/** `4.6`, for the Makefile. */
	readonly version: string;
	readonly sublevel: number;
	/** Whether looking up an IOMMU defers: never, for declared ones, for all. */
	readonly lookup: 'never' | 'declared' | 'all';
	/** Whether DMA is configured when a driver probes (else when the device is made). */
	readonly dmaAtProbe: boolean;
	/** Arity of IOMMU_OF_DECLARE; 0 when there is none. */
	readonly declareArity: 0 | 2 | 3;
	readonly deviceRegister: boolean;
	/** The core installs the ops; bus_set_iommu() is gone. */
	readonly coreInstalls: boolean;
	readonly acme: 'initcall' | 'registered' | 'declared' | 'checked' | 'core';
	readonly acmeArm64: boolean;
	readonly acmeSaysInterrupt: boolean;
	readonly beta: 'checked' | 'callback' | 'plain' | 'core';
	readonly zeta: 'none' | 'subsys' | 'core-level' | 'checked' | 'core';
	readonly zetaNamesWindow: boolean;
}
