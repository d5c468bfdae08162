import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DECLARED, onMiniature, RANGE, STYLE } from './runs.ts';

describe('bisect on the miniature kernel', () => {
	const runs = onMiniature();

	it('finds the commit that changed a style, with evidence before and after', async () => {
		const { code, report } = await runs.bisected(...RANGE, '--where', STYLE);
		assert.equal(code, 0);
		assert.equal(report.result, 'found');
		assert.equal(report.first?.subject, DECLARED);
		assert.equal(report.first?.commit, runs.commit(DECLARED));
		assert.equal(report.first?.firstRelease, 'v4.8');
		assert.deepEqual(
			report.before.map(({ answer, evidence }) => [answer, evidence[0]?.text]),
			[['good', 'initcall@subsys']],
		);
		assert.deepEqual(
			report.after?.evidence.map(({ text }) => text),
			['probe@subsys+awaited', 'initcall@subsys'],
		);
		assert.ok(
			report.after?.evidence.every(({ path, line }) => path === runs.kernel.fix.path && line),
		);
		// Of 24 commits, those that touch nothing of drivers/iommu and its framework are not candidates.
		assert.ok(report.candidates < 14, `${report.candidates}`);
		assert.ok(report.evaluations <= 6, `${report.evaluations}`);
	});

	it('prints it for people', async () => {
		const { code, out } = await runs.words('bisect', ...RANGE, '--where', STYLE);
		assert.equal(code, 0);
		assert.match(out, /^first bad commit: style\(acme-mmu\) ~ 'probe\*'\n[0-9a-f]{40} {2}\d{4}-/);
		assert.match(
			out,
			/before, at [0-9a-f]{12}: initcall@subsys \(drivers\/iommu\/acme-mmu\.c:\d+\)/,
		);
		assert.ok(out.split('\n').every((line) => line.length <= 80));
		const old = await runs.words('bisect', '--old', 'v4.1', '--new', 'v4.8', '--where', STYLE);
		assert.match(old.out, /^first new commit:/);
	});

	it('answers every kind of test', async () => {
		const first: [string, string][] = [
			['reached(bus_set_iommu, acme-mmu) ~ probe and capability(declare-arity) == 2', DECLARED],
			[
				"reached(iommu_device_register, beta-iommu) != 'none'",
				'iommu: Introduce iommu_device_register()',
			],
			['capability(lookup-defers)', 'iommu/of: Let the lookup of an IOMMU defer'],
			[
				'symbol(iommu_device_register) in include/linux/iommu.h',
				'iommu: Introduce iommu_device_register()',
			],
			["not style(zeta-mmu) == 'absent'", 'iommu/zeta-mmu: Add driver for Zeta video blocks'],
			['not places(fix.patch)', DECLARED],
			['places(fix.patch) != exact', 'iommu/acme-mmu: Register with the IOMMU core'],
			['contains(v4.6)', 'Linux 4.6'],
			["style(acme-mmu, ARM, '!IOMMU_DMA') != 'initcall@subsys' or contains(v4.7)", 'Linux 4.7'],
			["style(acme-mmu, IOMMU_DMA) != 'initcall@subsys'", DECLARED],
		];
		for (const [where, subject] of first) {
			const { report, err } = await runs.bisected(...RANGE, '--where', where);
			assert.equal(report.first?.subject, subject, `${where}: ${err}`);
		}
	});

	it('finds every change of a property that comes and goes', async () => {
		const where = ['--where', "places(fix.patch) == 'exact'"];
		const { code, report } = await runs.bisected(
			'--good',
			'v4.1',
			'--bad',
			'v4.6.1',
			'--flips',
			...where,
		);
		assert.equal(code, 0);
		assert.deepEqual(
			report.flips.map(({ subject, holds, certain }) => [subject, holds, certain]),
			[['iommu/acme-mmu: Say which interrupt is missing', false, true]],
		);
		const both = ['--flips', '--where', STYLE];
		const { report: whole } = await runs.bisected('--good', 'v4.1', '--bad', 'v4.10', ...both);
		assert.deepEqual(
			whole.flips.map(({ firstRelease, holds }) => [firstRelease, holds]),
			[
				['v4.8', true],
				['v4.10', false],
			],
		);
		const { out } = await runs.words('bisect', '--good', 'v4.1', '--bad', 'v4.10', ...both);
		assert.match(out, /^2 changes: [\s\S]*\nbegins: [0-9a-f]{12} .* v4\.8\n[\s\S]*\nends: /);
	});

	it('is the same with several jobs', async () => {
		const argv = ['--good', 'v4.1', '--bad', 'v4.10', '--where', 'capability(core-installs-ops)'];
		const one = await runs.bisected(...argv, '--no-cache');
		const four = await runs.bisected(...argv, '--no-cache', '-j', '4');
		assert.deepEqual(four.report.first, one.report.first);
		assert.equal(four.report.steps, one.report.steps);
	});
});
