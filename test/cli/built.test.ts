/** What `built` prints and answers, and what `--why` says of users in the tree. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { builtText } from '../../cli/output/built-text.ts';
import { noPaint } from '../../cli/output/paint.ts';
import { usersLines } from '../../cli/output/users-text.ts';
import { type BuiltReport, builtReport } from '../../src/range/built-report.ts';
import type { ConfigReport } from '../../src/range/report.ts';
import { displayWidth } from '../../src/text.ts';
import { rangefinder } from './rangefinder.ts';

type Range = BuiltReport['ranges'][number];

const range = (arch: string, built: Range['built'], more: Partial<Range> = {}): Range => ({
	arch,
	from: 'v4.1',
	to: 'v4.6',
	built,
	why: built === 'unknown' ? 'no Kconfig file that was read defines ACME_MMU' : null,
	with: [],
	...more,
});

const BETA: Range['with'][number] = {
	driver: 'beta-iommu',
	symbol: 'BETA_IOMMU',
	buses: ['platform_bus_type'],
	together: 'yes',
};

const REPORT: BuiltReport = {
	schema: 'rangefinder.built/1',
	source: { kind: 'index', releases: 2 },
	driver: 'acme-mmu',
	symbol: 'ACME_MMU',
	config: null,
	releases: [],
	ranges: [
		range('arm', 'no'),
		range('arm', 'yes', {
			from: 'v4.7',
			to: 'v4.9',
			with: [BETA, { ...BETA, driver: 'zeta-mmu', together: 'unknown' }],
		}),
		range('mips', 'unknown'),
	],
	never: ['sparc', 'x86'],
};

describe('the text of built', () => {
	it('has the releases of each architecture, with whom, and where it is not built', () => {
		assert.deepEqual(builtText(REPORT, 80, noPaint), [
			'acme-mmu (ACME_MMU), index: 2 releases, not tips',
			'same bus: platform',
			'',
			'arch  releases     built  together with',
			'arm   v4.1 - v4.6  no     -',
			'      v4.7 - v4.9  yes    beta-iommu, zeta-mmu?',
			'',
			'not known of mips',
			'not built on sparc, x86',
		]);
	});

	it('says why nothing is known where nothing is', () => {
		const text = builtText({ ...REPORT, ranges: [range('mips', 'unknown')] }, 80, noPaint);
		assert.match(text.join('\n'), /mips {2}v4\.1 - v4\.6 {2}unknown {2}no Kconfig file/);
	});

	it('lets nothing of a tree act on a terminal', () => {
		const odd = '\x1b[2Jx';
		const text = builtText(
			{ ...REPORT, driver: odd, ranges: [range(odd, 'yes', { with: [{ ...BETA, driver: odd }] })] },
			80,
			noPaint,
		);
		assert.doesNotMatch(text.join(''), /\x1b/);
	});
});

describe('the command built', () => {
	const run = (report: BuiltReport, ...more: string[]) =>
		rangefinder(['built', 'acme-mmu', ...more], { built: async () => report });

	it('exits with 0 where some release builds it, 1 where none does, 125 where that is not known', async () => {
		assert.equal((await run(REPORT)).code, 0);
		assert.equal((await run({ ...REPORT, ranges: [] })).code, 1);
		assert.equal((await run({ ...REPORT, ranges: [range('mips', 'unknown')] })).code, 125);
	});

	it('hands its words over', async () => {
		let asked: unknown;
		await rangefinder(['built', 'X', '--arch', 'arm', '--release', 'v4.1', '--config', 'c'], {
			built: async ({ progress: _, ...words }) => {
				asked = words;
				return REPORT;
			},
		});
		assert.deepEqual(asked, { what: 'X', arch: ['arm'], release: ['v4.1'], config: 'c' });
	});

	it('is valid JSON by its schema with --json', async () => {
		const { out } = await run(REPORT, '--json');
		assert.deepEqual(builtReport.parse(JSON.parse(out)), REPORT);
	});

	it('wants a driver', async () => {
		const { code, err } = await rangefinder(['built']);
		assert.equal(code, 2);
		assert.match(err, /missing required argument 'DRIVER'/);
	});
});

describe('users in the text of --why', () => {
	const none = { builtIn: 0, module: 0, implied: 0, open: 0, example: null };
	const hardware = { enabled: 0, disabled: 0, masters: 0, withOwn: 0, node: null, master: null };
	const USERS: NonNullable<ConfigReport['users']> = {
		arch: 'arm',
		boards: 9,
		undecided: 1,
		undecidedAt: { path: 'arch/arm/boot/dts/x.dts', line: 4, why: 'y.dtsi is not there' },
		defconfigs: 1,
		drivers: [
			{
				driver: 'acme-mmu',
				symbol: 'ACME_MMU',
				hardware: { ...hardware, disabled: 6, node: { path: 'arch/arm/a.dtsi', line: 7 } },
				defconfigs: none,
			},
			{
				driver: 'beta-iommu',
				symbol: 'BETA_IOMMU',
				hardware: {
					...hardware,
					...{ enabled: 2, disabled: 1, masters: 1, withOwn: 0 },
					...{ node: { path: 'b.dtsi', line: 1 }, master: { path: 'b.dtsi', line: 9 } },
				},
				defconfigs: { ...none, builtIn: 1, open: 3, example: { path: 'a_defconfig', line: 2 } },
			},
			{ driver: 'zeta-mmu', symbol: 'ZETA_MMU', hardware: null, defconfigs: none },
		],
	};

	it('are boards, masters and defconfigs, with their lines', () => {
		const lines = usersLines(USERS, 80);
		for (const line of lines) assert.ok(displayWidth(line) <= 80, line);
		assert.equal(
			lines.join('\n'),
			`\
  in the tree (9 device trees and 1 defconfig of arm; what is not in it is not
    known):
    acme-mmu: disabled on all 6 boards that have it; no defconfig builds
      ACME_MMU
      arch/arm/a.dtsi:7
    beta-iommu: hardware on 2 boards, 1 with masters, none with that of the
      patched driver too, disabled on 1 board more; built in by 1 defconfig,
      perhaps by default in 3 defconfigs
      b.dtsi:1
      b.dtsi:9
      a_defconfig:2
    zeta-mmu: hardware not known from device trees; no defconfig builds ZETA_MMU
    not understood in 1 device tree: y.dtsi is not there
      (arch/arm/boot/dts/x.dts:4)`,
		);
	});

	it('are not mentioned where the tree was not asked', () => {
		assert.deepEqual(usersLines(undefined, 80), []);
	});
});
