/**
 * The whole way on the miniature kernel: a mail, a clone of it and an index built from it. What the answer
 * must be was read in the miniature's sources (test/kernel/miniature.ts says what each release is like).
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { Engine } from '../../cli/engine.ts';
import { type RangeReport, rangeReport, stylesReport } from '../../src/range/report.ts';
import { siblingsReport } from '../../src/range/siblings-report.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { asked, progress } from './asked.ts';

/** Release, how the fix lands, and verdict with bug on arm64 and on arm. */
const EXPECTED = [
	'v4.1 exact | not-built absent | unsafe latent',
	'v4.2 exact | not-built absent | unsafe exposed',
	'v4.4 exact | not-built absent | unsafe exposed',
	'v4.4.1 offset | not-built absent | unsafe exposed',
	'v4.4.2 offset | not-built absent | unsafe exposed',
	'v4.5 exact | not-built absent | unsafe exposed',
	'v4.6-rc1 exact | not-built absent | needs-prerequisites exposed',
	'v4.6 exact | not-built absent | needs-prerequisites exposed',
	'v4.6.1 offset | not-built absent | needs-prerequisites exposed',
	'v4.7 merge | needs-prerequisites exposed | needs-prerequisites exposed',
	'v4.8 conflict | superseded fixed | needs-rework exposed',
	'v4.8.1 conflict | superseded fixed | needs-rework exposed',
	'v4.9 conflict | not-needed fixed | not-needed fixed',
	'v4.10 conflict | not-needed fixed | not-needed fixed',
];

/** What arm's competitors come to, where the release changes it. */
const COMPETITORS: Readonly<Record<string, string>> = {
	'v4.1': 'beta-iommu latent',
	'v4.2': 'beta-iommu latent, zeta-mmu exposed',
	'v4.4': 'beta-iommu latent, zeta-mmu exposed',
	'v4.6-rc1': 'beta-iommu latent, zeta-mmu exposed',
	'v4.6': 'beta-iommu exposed, zeta-mmu exposed',
	'v4.7': 'beta-iommu exposed, zeta-mmu latent',
	'v4.8': 'beta-iommu exposed, zeta-mmu latent',
	'v4.9': '',
};

/** Drivers that take the bus unchecked besides the patched one. */
const SIBLINGS: readonly string[] = [
	...['v4.2', 'v4.4', 'v4.4.1', 'v4.4.2', 'v4.5', 'v4.6-rc1', 'v4.6', 'v4.6.1'].map(
		(release) => `${release} zeta-mmu initcall@subsys`,
	),
	...['v4.7', 'v4.8', 'v4.8.1'].map((release) => `${release} zeta-mmu initcall@core`),
];

function table(report: RangeReport): string[] {
	return report.releases.map(({ release, placement, byConfig }) =>
		[
			`${release} ${placement.result}`,
			...['arm64', 'arm'].map((name) => {
				const one = byConfig.find(({ config }) => config === name);
				return `${one?.verdict} ${one?.bug.state}`;
			}),
		].join(' | '),
	);
}

function arm(report: RangeReport, release: string) {
	const one = report.releases
		.find((other) => other.release === release)
		?.byConfig.find(({ config }) => config === 'arm');
	assert.ok(one, release);
	return one;
}

describe('the miniature kernel from end to end', () => {
	let folder = '';
	let kernel: MiniatureKernel;
	let engine: Engine;
	let index = '';
	let untouched = '';
	let fromClone: RangeReport;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-end-'));
		kernel = await makeMiniatureKernel(folder);
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
		untouched = fingerprint(kernel.dir);
		const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
		const stdin = Object.assign(Readable.from([]), { isTTY: false });
		engine = createEngine({ cwd: folder, env, stdin });
		index = join(folder, 'miniature.rfx');
		await engine.indexBuild({
			sources: [{ repo: kernel.dir }],
			out: index,
			example: join(folder, 'fix.patch'),
			progress,
		});
		fromClone = await engine.range(asked({ repo: kernel.dir }));
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	it('gives the answer that its sources give', () => {
		assert.deepEqual(table(fromClone), EXPECTED);
		for (const [release, expected] of Object.entries(COMPETITORS)) {
			const found = arm(fromClone, release).bug.competitors;
			assert.equal(found.map(({ driver, state }) => `${driver} ${state}`).join(', '), expected);
		}
	});

	it('gives the same answer without git, chosen or not there', async () => {
		const embedded = await engine.range(asked({ repo: kernel.dir, store: 'embedded' }));
		assert.deepEqual(embedded, fromClone);
		const env = { PATH: join(folder, 'no-git-here'), HOME: folder };
		const stdin = Object.assign(Readable.from([]), { isTTY: false });
		const alone = createEngine({ cwd: folder, env, stdin });
		assert.deepEqual(await alone.range(asked({ repo: kernel.dir })), fromClone);
		const styles = { paths: [], release: [], progress, repo: kernel.dir };
		assert.deepEqual(await alone.styles(styles), await engine.styles(styles));
	});

	it('names the other drivers that take a bus unchecked, by clone and by index alike', async () => {
		const options = { input: join(folder, 'fix.patch'), example: false, release: [], arch: [] };
		const byClone = await engine.siblings({ ...options, repo: kernel.dir, progress });
		const byIndex = await engine.siblings({ ...options, index, progress });
		const looked = new Set(byClone.releases.map(({ release }) => release));
		assert.deepEqual(
			siblingsReport.parse(byIndex).releases.filter(({ release }) => looked.has(release)),
			byClone.releases,
		);
		assert.deepEqual(
			byClone.removes.map(({ hazard, bus }) => [hazard, bus]),
			[['takes-bus-unchecked', 'platform_bus_type']],
		);
		const found = byIndex.releases.flatMap(({ release, siblings }) =>
			siblings.map(({ driver, style }) => `${release} ${driver} ${style}`),
		);
		assert.deepEqual(found, SIBLINGS);
		const late = { ...options, release: ['v4.9'], index, progress };
		const [alone] = (await engine.siblings(late)).removes;
		assert.deepEqual([alone?.hazard, alone?.bus], ['takes-bus-unchecked', 'platform_bus_type']);
	});

	it('derives the configurations and tells the effect in styles', () => {
		assert.deepEqual(
			fromClone.configs.map(({ name, when }) => [name, when]),
			[
				['arm64', 'ARM64 && IOMMU_DMA'],
				['arm', 'ARM && !IOMMU_DMA'],
			],
		);
		assert.deepEqual(fromClone.effect, [
			{
				driver: 'acme-mmu',
				bus: 'platform_bus_type',
				before: 'initcall@subsys',
				after: 'probe@device',
			},
		]);
	});

	it('names what is missing: both pieces before the driver registers, the declaration after', () => {
		const texts = (release: string) =>
			arm(fromClone, release).prerequisites.map(({ text }) => text?.split(' ')[1]);
		assert.deepEqual(texts('v4.6'), ['IOMMU_OF_DECLARE(acme_mmu,', 'probe,']);
		assert.deepEqual(texts('v4.7'), ['IOMMU_OF_DECLARE(acme_mmu,']);
		const [, register] = arm(fromClone, 'v4.6').prerequisites;
		assert.equal(register?.firstRelease, 'v4.7');
	});

	it('gives evidence that is in the tree', async () => {
		const unsafe = arm(fromClone, 'v4.4').reasons[0]?.evidence[0];
		assert.equal(unsafe?.path, 'drivers/iommu/of_iommu.c');
		assert.ok((unsafe?.line ?? 0) > 0);
		const wins = arm(fromClone, 'v4.1').bug.competitors[0];
		assert.match(wins?.why ?? '', /link order/);
		assert.deepEqual(
			wins?.evidence
				.filter(({ path }) => path === 'drivers/iommu/Makefile')
				.map(({ line }) => line),
			[4, 3],
		);
	});

	it('keeps to its contract', async () => {
		assert.deepEqual(rangeReport.parse(fromClone), fromClone);
		const styles = await engine.styles({
			paths: ['drivers/iommu'],
			repo: kernel.dir,
			index,
			release: ['v4.4', 'v4.6'],
			progress,
		});
		assert.deepEqual(stylesReport.parse(styles), styles);
		const beta = styles.drivers.find(({ driver }) => driver === 'beta-iommu');
		assert.deepEqual(
			beta?.releases.map(({ style }) => style),
			['probe@postcore', 'probe@device+awaited'],
		);
	});

	it('gives the same answer from an index of it, with the mail and as its example', async () => {
		const report = await engine.range(asked({ index, noIndex: false }));
		const comparable = (one: RangeReport) => ({
			...one,
			// Without text the post-image cannot be hashed.
			patch: { ...one.patch, proof: '' },
			source: { ...one.source, kind: '' },
			releases: one.releases.map((release) => ({ ...release, commit: '' })),
		});
		assert.deepEqual(comparable(report), comparable(fromClone));
		const { input: _input, ...rest } = asked({ index, noIndex: false, example: true });
		const example = await engine.range({ ...rest, input: undefined });
		assert.deepEqual(example.releases, report.releases);
		assert.deepEqual(example.patch, fromClone.patch);
		assert.deepEqual([report.patch.proof, example.patch.proof], ['preimage', 'postimage']);
	});

	it('may be asked about one architecture, though drivers with the same mistake are of others', async () => {
		const { input: _input, ...rest } = asked({ noIndex: false, example: true });
		const all = await engine.range({ ...rest, input: undefined });
		for (const arch of ['arm64', 'arm']) {
			const one = await engine.range({ ...rest, input: undefined, arch: [arch] });
			const wanted = all.configs.filter(({ name }) => name === arch);
			assert.ok(wanted.length > 0);
			assert.deepEqual(
				one.configs.map(({ name }) => name),
				wanted.map(({ name }) => name),
			);
		}
	});

	it('gives the same answer with the help of an index, and of a cache', async () => {
		const helped = await engine.range(asked({ repo: kernel.dir, index, noIndex: false }));
		assert.deepEqual(helped, fromClone);
		for (let run = 0; run < 2; run++) {
			const cached = await engine.range(asked({ repo: kernel.dir, noCache: false }));
			assert.deepEqual(cached, fromClone);
		}
	});

	it('gives the same answer for the commit as for the mail', async () => {
		const report = await engine.range(asked({ repo: kernel.dir, input: kernel.fix.commit }));
		assert.equal(report.patch.commit, kernel.fix.commit);
		assert.deepEqual(report.releases, fromClone.releases);
	});

	it('looks at first and tip of each series, and between them where they differ', async () => {
		const report = await engine.range(asked({ repo: kernel.dir, all: false }));
		const names = report.releases.map(({ release }) => release);
		assert.ok(
			names.includes('v4.4.1'),
			'the release at which the fix comes to land with an offset',
		);
		assert.ok(!names.includes('v4.6-rc1'));
		const without = new Set(['v4.6-rc1']);
		assert.deepEqual(
			table(report),
			EXPECTED.filter((line) => !without.has(line.split(' ')[0] ?? '')),
		);
	});

	it('looks at nothing but what was asked for', async () => {
		const report = await engine.range(
			asked({ repo: kernel.dir, all: false, release: ['v4.4', 'v4.4.2'] }),
		);
		assert.deepEqual(
			report.releases.map(({ release }) => release),
			['v4.4', 'v4.4.2'],
		);
	});

	it('answers for one architecture, and for the .config of a kernel', async () => {
		const one = await engine.range(asked({ repo: kernel.dir, arch: ['arm'] }));
		assert.deepEqual(
			one.configs.map(({ name }) => name),
			['arm'],
		);
		const config = join(folder, 'dotconfig');
		const lines = ['ARM', 'MMU', 'ARM_LPAE', 'OF', 'IOMMU_SUPPORT', 'IOMMU_API', 'ACME_MMU'];
		writeFileSync(
			config,
			[...lines, 'BETA_IOMMU', 'ZETA_MMU'].map((name) => `CONFIG_${name}=y\n`).join(''),
		);
		const given = await engine.range(asked({ repo: kernel.dir, config, release: ['v4.7'] }));
		const [answer] = given.releases.find(({ release }) => release === 'v4.7')?.byConfig ?? [];
		assert.equal(answer?.bug.state, 'masked');
		assert.match(answer?.bug.competitors[0]?.why ?? '', /^zeta-mmu takes the bus before both/);
		assert.equal(answer?.verdict, 'needs-prerequisites');
	});

	it('calls nothing safe that it was only asked to place', async () => {
		const report = await engine.range(asked({ repo: kernel.dir, only: 'placement' }));
		assert.ok(report.releases.every(({ verdict }) => verdict === 'unknown'));
		assert.deepEqual(
			report.releases.map(({ placement }) => placement.result),
			fromClone.releases.map(({ placement }) => placement.result),
		);
	});

	it('says unknown, with the placement, for a path that no profile covers', async () => {
		const mail = kernel.fix.mail.replaceAll('drivers/iommu/acme-mmu.c', 'drivers/iommu/Makefile');
		writeFileSync(join(folder, 'other.patch'), mail);
		const report = await engine.range(asked({ repo: kernel.dir, input: 'other.patch' }));
		for (const { verdict, byConfig, placement } of report.releases) {
			assert.equal(verdict, 'unknown');
			assert.equal(byConfig[0]?.reasons[0]?.code, 'no-profile');
			assert.equal(placement.result, 'conflict');
		}
	});

	it('says unknown for a file of the framework, which is no driver', async () => {
		const mail = kernel.fix.mail.replaceAll('acme-mmu.c', 'of_iommu.c');
		writeFileSync(join(folder, 'framework.patch'), mail);
		const report = await engine.range(asked({ repo: kernel.dir, input: 'framework.patch' }));
		assert.ok(report.releases.every(({ verdict }) => verdict === 'unknown'));
		assert.equal(report.releases[0]?.byConfig[0]?.reasons[0]?.code, 'no-driver');
	});

	it('leaves the repository as it was, byte for byte', () => {
		assert.equal(fingerprint(kernel.dir), untouched);
	});
});
