/**
 * A report made by hand: an invented patch to an invented driver over twelve releases and two
 * configurations, with every verdict in it. Tests of output and commands share it.
 */
import type {
	Competitor,
	ConfigReport,
	PlacementResult,
	RangeReport,
	ReleaseReport,
	StylesReport,
} from '../../src/range/report.ts';

const ACME = 'drivers/iommu/acme-mmu.c';

function notBuilt(config: string): ConfigReport {
	return {
		config,
		built: false,
		style: { before: [], after: null },
		bug: { state: 'absent', competitors: [] },
		verdict: 'not-built',
		prerequisites: [],
		reasons: [
			{
				code: 'not-built',
				text: 'ACME_MMU depends on ARM_LPAE',
				evidence: [{ path: 'drivers/iommu/Kconfig', line: 280 }],
			},
		],
	};
}

/** A competitor whose place in the Makefile is `other`; the driver's own is `own`. */
function competitor(
	driver: string,
	state: Competitor['state'],
	by: Competitor['by'],
	own: number,
	other: number,
): Competitor {
	const path = by === 'level' ? `drivers/iommu/${driver}.c` : 'drivers/iommu/Makefile';
	const wins = state === 'latent';
	return {
		driver,
		against: 'acme-mmu',
		bus: 'platform_bus_type',
		state,
		why: `${wins ? 'wins' : 'loses'} by ${by.replace('-', ' ')}${wins ? '' : ': it goes on without'}`,
		by,
		style: by === 'level' ? 'probe@device+awaited' : 'initcall@subsys',
		decidedAt: [
			{ path, line: own },
			{ path, line: other },
		],
		consequence: wins ? null : 'it goes on without',
		maskedBy: [],
		evidence: [{ path, line: other }],
	};
}

function competitors(line: number, state: Competitor['state']): Competitor[] {
	return [
		competitor('beta-smmu', state, state === 'latent' ? 'link-order' : 'level', line + 2, line),
		competitor('zeta-iommu', 'exposed', 'link-order', line + 2, line + 4),
		competitor('eta-iommu', 'exposed', 'link-order', line + 2, line + 7),
	];
}

function answer(
	config: string,
	verdict: ConfigReport['verdict'],
	state: Competitor['state'],
	text: string,
	line: number,
	more: Partial<ConfigReport> = {},
): ConfigReport {
	return {
		config,
		built: true,
		style: { before: ['initcall@subsys'], after: ['probe@device'] },
		bug: { state, competitors: [] },
		verdict,
		prerequisites: [],
		reasons: [
			{
				code: verdict,
				text,
				evidence: [{ path: 'drivers/iommu/of_iommu.c', line, blob: 'a'.repeat(40) }],
			},
		],
		...more,
	};
}

function release(
	name: string,
	date: string,
	result: PlacementResult,
	byConfig: ConfigReport[],
): ReleaseReport {
	const worst = byConfig.filter((one) => one.built).at(-1) ?? byConfig[0];
	const conflict = result === 'conflict';
	return {
		release: name,
		series: `${name.split('.').slice(0, 2).join('.').slice(1)}.y`,
		commit: 'c'.repeat(40),
		date,
		tip: false,
		placement: {
			result,
			files: [
				{
					path: ACME,
					movedTo: null,
					result,
					hunks: [
						{ result: 'exact', offset: 0, fuzz: 0, at: 10, why: null, changedBy: null },
						{
							result,
							offset: 0,
							fuzz: 0,
							at: conflict ? null : 40,
							why: conflict ? '3 of 12 lines differ, first at line 44' : null,
							changedBy: null,
						},
					],
				},
			],
		},
		verdict: worst?.verdict ?? 'unknown',
		bug: worst?.bug.state ?? 'unknown',
		byConfig,
	};
}

const DEFER = 'lookup does not defer';
const DECLARE = 'lookup defers for declared IOMMUs only, and the driver has no declaration';

const early = (name: string, date: string, line: number) =>
	release(name, date, 'merge', [
		notBuilt('arm64'),
		answer('arm', 'unsafe', 'exposed', DEFER, line, {
			bug: { state: 'exposed', competitors: competitors(line - 100, 'latent') },
		}),
	]);

const needs = (name: string, date: string, result: PlacementResult) =>
	release(name, date, result, [
		answer('arm64', 'safe', 'exposed', 'lookup defers for all drivers', 210, {
			bug: { state: 'exposed', competitors: competitors(12, 'exposed') },
		}),
		answer('arm', 'needs-prerequisites', 'exposed', DECLARE, 215, {
			bug: { state: 'exposed', competitors: competitors(12, 'exposed') },
			prerequisites: [
				{
					kind: 'registration',
					form: 'adaptation',
					commit: null,
					subject: null,
					text: 'add IOMMU_OF_DECLARE(acme, "acme,mmu", NULL)',
					why: 'masters then wait for it',
					firstRelease: null,
				},
				{
					kind: 'registration',
					form: 'commit',
					commit: '0123456789abcdef0123456789abcdef01234567',
					subject: 'iommu/acme: Register with the core',
					text: null,
					why: 'the list is filled before it is walked',
					firstRelease: 'v4.14.5',
				},
			],
		}),
	]);

const rework = (name: string, date: string) =>
	release(name, date, 'conflict', [
		answer('arm64', 'superseded', 'fixed', 'the driver installs its ops in probe already', 900),
		answer('arm', 'needs-rework', 'exposed', 'the unchecked initcall is there', 950, {
			bug: { state: 'exposed', competitors: competitors(14, 'exposed') },
		}),
	]);

const over = (name: string, date: string) =>
	release(name, date, 'conflict', [
		answer('arm64', 'not-needed', 'fixed', 'the initcall checks the device tree first', 1100),
		answer('arm', 'not-needed', 'fixed', 'the initcall checks the device tree first', 1100),
	]);

/** Twelve releases; the patch is safe on arm64 for two of them. */
export function rangeReport(): RangeReport {
	return {
		schema: 'rangefinder.range/1',
		patch: {
			subject: '[PATCH v2] iommu/acme-mmu: Do not take the bus before the hardware is found',
			author: 'A Developer <dev@example.org>',
			messageId: 'one@example.org',
			commit: null,
			repaired: true,
			proof: 'postimage',
			files: [{ path: ACME, preimage: '1'.repeat(40), postimage: '2'.repeat(40) }],
		},
		source: { kind: 'index', releases: 12 },
		effect: [
			{
				driver: 'acme-mmu',
				bus: 'platform_bus_type',
				before: 'initcall@subsys',
				after: 'probe@device',
			},
		],
		configs: [
			{ name: 'arm64', when: 'ARM64 && IOMMU_DMA', alternatives: [] },
			{
				name: 'arm',
				when: 'ARM && !IOMMU_DMA',
				alternatives: [{ when: 'ARM && IOMMU_DMA', because: 'MTK_IOMMU selects IOMMU_DMA' }],
			},
		],
		releases: [
			early('v3.18.140', '2019-05-16', 120),
			early('v4.1.18', '2016-02-15', 128),
			early('v4.4.121', '2018-03-11', 131),
			early('v4.9.45', '2017-08-24', 190),
			needs('v4.13.9', '2017-10-21', 'merge'),
			needs('v4.14.5', '2017-12-10', 'exact'),
			rework('v4.15.1', '2018-02-03'),
			rework('v4.18.0', '2018-08-12'),
			over('v4.19.79', '2019-10-11'),
			over('v5.4.59', '2020-08-19'),
			over('v6.1.10', '2023-02-06'),
			over('v6.12', '2024-11-17'),
		],
		ranges: [
			{
				config: 'arm64',
				from: 'v4.13.9',
				to: 'v4.14.5',
				placement: 'merge',
				verdict: 'safe',
				bug: 'exposed',
				prerequisites: [],
			},
			{
				config: 'arm',
				from: 'v4.13.9',
				to: 'v4.14.5',
				placement: 'merge',
				verdict: 'needs-prerequisites',
				bug: 'exposed',
				prerequisites: [],
			},
		],
		tags: {
			fixes: ['Fixes: d25a2a16f088 ("iommu: Add driver for Acme MMU")'],
			cc: ['Cc: stable@vger.kernel.org # 4.13+'],
			notes: ['one commit introduced the bug, another exposed it'],
		},
		rules: ['bus-owner', 'lookup-defers'],
	};
}

/** Two drivers, of which one is missing from the last release, and one capability. */
export function stylesReport(): StylesReport {
	const facts = {
		entries: [],
		busOps: [],
		declares: [],
		deviceRegister: [],
		setFwnode: [],
		defers: false as const,
	};
	const at = (release: string, style: string, byConfig: [string, string][] = []) => ({
		release,
		path: ACME,
		blob: 'b'.repeat(40),
		style,
		byConfig: byConfig.map(([config, own]) => ({
			config,
			when: config.toUpperCase(),
			built: true,
			style: own,
		})),
		facts,
	});
	return {
		schema: 'rangefinder.styles/1',
		drivers: [
			{
				driver: 'beta-smmu',
				releases: [
					at('v4.9.45', 'probe@postcore'),
					at('v4.11.0', 'probe@postcore'),
					at('v4.12.4', 'probe@device+awaited'),
					at('v4.13.9', 'probe@device+awaited'),
				],
			},
			{
				driver: 'acme-mmu',
				releases: [
					at('v4.9.45', 'initcall@subsys'),
					at('v4.12.4', 'initcall@subsys'),
					at('v4.13.9', 'initcall@subsys, probe@device', [
						['arm64', 'probe@device'],
						['arm', 'initcall@subsys'],
					]),
				],
			},
		],
		capabilities: ['v4.9.45', 'v4.11.0', 'v4.12.4', 'v4.13.9'].map((release, i) => ({
			release,
			capability: 'lookup-defers',
			value: i < 2 ? false : 'declared',
			evidence: [],
		})),
	};
}
