/**
 * What the answer for the mail must be, from the table of the issue, read in the trees. `bug` and
 * `verdict` list all answers that the table allows; `not-built` stands for both.
 */

/** What one configuration may answer. */
export interface Allowed {
	built: boolean;
	bug: readonly string[];
	verdict: readonly string[];
	/** Codes of reasons, one of which has to be there. */
	reasons?: readonly string[];
	/** What has to win against the bug, or lose to it, by driver. */
	competitors?: Readonly<Record<string, string>>;
}

export interface KeyRow {
	releases: readonly string[];
	placement: readonly string[];
	arm64: Allowed;
	arm: Allowed;
}

const NOT_BUILT: Allowed = { built: false, bug: ['absent', 'fixed'], verdict: ['not-built'] };
const NOT_NEEDED: Allowed = { built: true, bug: ['fixed'], verdict: ['not-needed'] };
const SUPERSEDED: Allowed = { built: true, bug: ['fixed'], verdict: ['superseded'] };

const BEFORE_DEFERRAL = ['lookup-does-not-defer'];
/** `list_add()` in ipmmu_probe() stands behind the bus_set_iommu() that the patch puts there. */
const LIST_STILL_EMPTY = ['installs-before-state'];

export const KEY: readonly KeyRow[] = [
	{
		// The worst competitor counts; arm-smmu, linked first, wins.
		releases: ['v3.18.140', 'v4.1.18', 'v4.4.121', 'v4.9.45', 'v4.10.17', 'v4.11'],
		placement: ['merge'],
		arm64: NOT_BUILT,
		arm: {
			built: true,
			bug: ['exposed'],
			verdict: ['unsafe'],
			reasons: BEFORE_DEFERRAL,
			competitors: { 'arm-smmu': 'latent', 'omap-iommu': 'exposed' },
		},
	},
	{
		releases: ['v4.12.4'],
		placement: ['merge'],
		arm64: NOT_BUILT,
		arm: {
			built: true,
			bug: ['exposed'],
			verdict: ['unsafe'],
			reasons: LIST_STILL_EMPTY,
			competitors: { 'arm-smmu': 'exposed' },
		},
	},
	{
		releases: ['v4.13.9'],
		placement: ['merge'],
		// No arm64 device tree of v4.13 or v4.14 has an IPMMU that the driver matches.
		arm64: {
			built: true,
			bug: ['exposed'],
			verdict: ['safe'],
			reasons: ['no-in-tree-users'],
			competitors: { 'arm-smmu': 'exposed' },
		},
		arm: {
			built: true,
			bug: ['exposed'],
			verdict: ['unsafe'],
			reasons: LIST_STILL_EMPTY,
			competitors: { 'arm-smmu': 'exposed' },
		},
	},
	{
		// exynos, an unchecked core_initcall, may mask it where it is built in as well.
		releases: ['v4.14.5'],
		placement: ['exact'],
		arm64: { built: true, bug: ['exposed'], verdict: ['safe'], reasons: ['no-in-tree-users'] },
		arm: {
			built: true,
			bug: ['exposed'],
			verdict: ['needs-prerequisites'],
			reasons: ['not-declared'],
			competitors: { 'exynos-iommu': 'latent' },
		},
	},
	{
		releases: ['v4.15.1', 'v4.16.13', 'v4.17', 'v4.18'],
		placement: ['conflict'],
		arm64: SUPERSEDED,
		arm: { built: true, bug: ['exposed'], verdict: ['needs-rework'] },
	},
	{
		releases: [
			...['v4.19.79', 'v4.20.1', 'v5.0.1', 'v5.4.59', 'v5.10.7', 'v5.15.85', 'v6.0.19'],
			...['v6.1.10', 'v6.6.87', 'v6.12'],
		],
		placement: ['conflict'],
		arm64: NOT_NEEDED,
		arm: NOT_NEEDED,
	},
];
