/** Who could lose in the tree itself, from end to end: by a clone of the miniature kernel and by an index of it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { Engine } from '../../cli/engine.ts';
import { type BuiltReport, builtReport } from '../../src/range/built-report.ts';
import { type RangeReport, rangeReport } from '../../src/range/report.ts';
import { makeMiniatureKernel } from '../kernel/miniature.ts';
import { MINIATURE_BOARDS } from '../kernel/miniature-boards.ts';
import { asked, progress } from './asked.ts';

function on(report: RangeReport, release: string, config: string) {
	const one = report.releases
		.find((other) => other.release === release)
		?.byConfig.find((other) => other.config === config);
	assert.ok(one, `${release} ${config}`);
	return one;
}

/** Without what an index does not know: text, and so the commits of conflicts. */
const verdicts = (report: RangeReport) =>
	report.releases.map(({ release, byConfig }) => [
		release,
		byConfig.map(({ config, verdict, reasons, users }) => [config, verdict, reasons, users]),
	]);

describe('who could lose in the tree', () => {
	let folder = '';
	let dir = '';
	let index = '';
	let engine: Engine;
	let report: RangeReport;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-in-tree-'));
		const kernel = await makeMiniatureKernel(folder, MINIATURE_BOARDS);
		dir = kernel.dir;
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
		const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
		const stdin = Object.assign(Readable.from([]), { isTTY: false });
		engine = createEngine({ cwd: folder, env, stdin });
		index = join(folder, 'miniature.rfx');
		await engine.indexBuild({
			sources: [{ repo: dir }],
			out: index,
			example: join(folder, 'fix.patch'),
			progress,
		});
		report = await engine.range(asked({ repo: dir }));
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	it('makes a configuration safe in which no device tree has the hardware, and says so', () => {
		const { verdict, bug, prerequisites, reasons } = on(report, 'v4.7', 'arm64');
		assert.deepEqual([verdict, bug.state, prerequisites], ['safe', 'exposed', []]);
		const [first, second] = reasons;
		assert.equal(first?.code, 'no-in-tree-users');
		assert.match(
			first?.text ?? '',
			/^no device tree of arm64 \(1 read\) has .* elsewhere are not known$/,
		);
		assert.equal(second?.code, 'not-declared');
	});

	it('leaves the verdict where the hardware is there, though disabled on every board', () => {
		assert.equal(on(report, 'v4.7', 'arm').verdict, 'needs-prerequisites');
		assert.equal(on(report, 'v4.2', 'arm').verdict, 'unsafe');
	});

	it('names who uses the drivers: boards, masters and defconfigs, with lines', () => {
		const { users } = on(report, 'v4.6', 'arm');
		assert.ok(users);
		assert.deepEqual([users.boards, users.undecided, users.defconfigs], [4, 0, 1]);
		const [acme, beta, zeta] = users.drivers;
		assert.deepEqual(acme, {
			driver: 'acme-mmu',
			symbol: 'ACME_MMU',
			hardware: {
				enabled: 0,
				disabled: 2,
				masters: 0,
				withOwn: 0,
				node: { path: 'arch/arm/boot/dts/acme.dtsi', line: 4 },
				master: null,
			},
			defconfigs: {
				builtIn: 1,
				module: 0,
				implied: 0,
				open: 0,
				example: { path: 'arch/arm/configs/multi_defconfig', line: 2 },
			},
		});
		assert.deepEqual(
			[beta?.hardware?.enabled, beta?.hardware?.masters, beta?.hardware?.master],
			[1, 1, { path: 'arch/arm/boot/dts/beta.dtsi', line: 6 }],
		);
		assert.deepEqual([zeta?.driver, zeta?.defconfigs.builtIn], ['zeta-mmu', 0]);
		assert.equal(on(report, 'v4.9', 'arm').users, undefined, 'there is nothing to lose');
	});

	it('gives the same answer by an index, by a cache, and without git', async () => {
		const wanted = verdicts(report);
		assert.deepEqual(verdicts(await engine.range(asked({ index, noIndex: false }))), wanted);
		const cached = asked({ repo: dir, noCache: false });
		assert.deepEqual(await engine.range(cached), report);
		assert.deepEqual(await engine.range(cached), report);
		const helped = asked({ repo: dir, index, noIndex: false });
		assert.deepEqual(verdicts(await engine.range(helped)), wanted);
		assert.deepEqual(await engine.range(asked({ repo: dir, store: 'embedded' })), report);
		rangeReport.parse(report);
	});

	it('takes the architecture of a .config', async () => {
		const config = join(folder, 'arm64.config');
		const lines = ['ARM64', 'MMU', 'OF', 'IOMMU_SUPPORT', 'IOMMU_API', 'IOMMU_DMA', 'OF_IOMMU'];
		const set = [...lines, 'ACME_MMU', 'BETA_IOMMU'].map((name) => `CONFIG_${name}=y\n`);
		writeFileSync(config, set.join(''));
		const found = await engine.range(asked({ repo: dir, config }));
		assert.equal(on(found, 'v4.7', 'arm64.config').verdict, 'safe');
	});

	it('finds no difference between the index and its repository', async () => {
		const { differences } = await engine.indexVerify({ index, repo: dir });
		assert.deepEqual(differences, []);
	});

	describe('what can be built', () => {
		const ask = (what: string, more: object = {}): Promise<BuiltReport> =>
			engine.built({ what, repo: dir, release: [], arch: [], progress, ...more });
		const ranges = ({ ranges }: BuiltReport) =>
			ranges.map(
				({ arch, from, to, built, with: others }) =>
					`${arch} ${from} ${to} ${built} ${others.map(({ driver }) => driver).join()}`,
			);
		const ACME = [
			'arm v4.1 v4.1 yes beta-iommu',
			'arm v4.2 v4.9 yes beta-iommu,zeta-mmu',
			'arm v4.10 v4.10 yes ',
			'arm64 v4.1 v4.6.1 no ',
			'arm64 v4.7 v4.9 yes beta-iommu,zeta-mmu',
			'arm64 v4.10 v4.10 yes ',
		];

		it('is the same by a clone and by an index, however the driver is named', async () => {
			const releases = report.releases.map(({ release }) => release);
			for (const what of ['acme-mmu', 'CONFIG_ACME_MMU', 'drivers/iommu/acme-mmu.c']) {
				const found = builtReport.parse(await ask(what, { release: releases }));
				assert.deepEqual(ranges(found), ACME, what);
			}
			const asked = { what: 'ACME_MMU', index, release: [], arch: [], progress };
			assert.deepEqual(ranges(await engine.built(asked)), ACME);
		});

		it('narrows to an architecture, and to what a .config has', async () => {
			const release = ['v4.7'];
			const arm = await ask('acme-mmu', { release, arch: ['arm'] });
			assert.deepEqual(ranges(arm), ['arm v4.7 v4.7 yes beta-iommu,zeta-mmu']);
			const config = join(folder, 'one.config');
			writeFileSync(config, 'CONFIG_ARM=y\nCONFIG_ACME_MMU=y\nCONFIG_ZETA_MMU=y\n');
			assert.deepEqual(ranges(await ask('acme-mmu', { release, config })), [
				'arm v4.7 v4.7 yes zeta-mmu',
			]);
			writeFileSync(config, 'CONFIG_ARM=y\n# CONFIG_ACME_MMU is not set\n');
			const without = await ask('acme-mmu', { release, config });
			assert.deepEqual([without.ranges, without.never], [[], ['arm']]);
		});

		it('answers for a symbol that is no driver, and refuses one that nobody knows', async () => {
			const found = await ask('ARCH_ACME', { release: ['v4.7'] });
			assert.deepEqual(
				[found.driver, ranges(found)],
				[null, ['arm v4.7 v4.7 yes ', 'arm64 v4.7 v4.7 yes ']],
			);
			await assert.rejects(ask('gamma'), /gamma: no release looked at has such a driver/);
		});
	});
});
