import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { configHeadings } from '../../cli/output/headings.ts';
import { createPaint, noPaint } from '../../cli/output/paint.ts';
import { placementText } from '../../cli/output/placement-text.ts';
import { rangeText } from '../../cli/output/range-text.ts';
import { stylesText } from '../../cli/output/styles-text.ts';
import { whyText } from '../../cli/output/why-text.ts';
import type { RangeReport } from '../../src/range/report.ts';
import { displayWidth } from '../../src/text.ts';
import { rangeReport, stylesReport } from './report.ts';

function release(report: RangeReport, name: string) {
	const found = report.releases.find((one) => one.release === name);
	assert.ok(found !== undefined);
	return found;
}

function assertWithin(lines: readonly string[], width: number): void {
	for (const line of lines) assert.ok(displayWidth(line) <= width, line);
}

describe('the text of range', () => {
	it('is what a maintainer pastes, at 80 columns', () => {
		assert.equal(
			rangeText(rangeReport(), 80, noPaint).join('\n'),
			`\
[PATCH v2] iommu/acme-mmu: Do not take the bus before the hardware is found
repaired, proved: 111111111111 -> 222222222222      index: 12 releases, not tips
platform bus ops: initcall@subsys -> probe@device

                   arm64                  arm, IOMMU_DMA=n
release   lands    bug         patch      bug         patch
v3.18.140 merge    not built   -          exposed [a] unsafe [1]
- v4.9.45
v4.13.9   merge    exposed [b] safe [2]   exposed [b] needs-prerequisites [3]
v4.14.5   exact    exposed [b] safe [2]   exposed [b] needs-prerequisites [3]
v4.15.1   conflict fixed       superseded exposed [b] needs-rework [5]
- v4.18.0                      [4]
v4.19.79  conflict fixed       not-needed fixed       not-needed [6]
- v6.12                        [6]

[a] loses by link order: zeta-iommu, eta-iommu (drivers/iommu/Makefile:24,27
    after 22); wins by link order: beta-smmu (Makefile:20 before 22)
[b] loses by level: beta-smmu (probe@device+awaited,
    drivers/iommu/beta-smmu.c:12); loses by link order: zeta-iommu, eta-iommu
    (Makefile:16,19 after 14)
[1] lookup does not defer (drivers/iommu/of_iommu.c:120)
[2] lookup defers for all drivers (drivers/iommu/of_iommu.c:210)
[3] lookup defers for declared IOMMUs only, and the driver has no declaration
    (drivers/iommu/of_iommu.c:215); adapt the patch: add IOMMU_OF_DECLARE(acme,
    "acme,mmu", NULL); apply 0123456789ab ("iommu/acme: Register with the core")
    first, in v4.14.5: the list is filled before it is walked
[4] the driver installs its ops in probe already (drivers/iommu/of_iommu.c:900)
[5] the unchecked initcall is there (drivers/iommu/of_iommu.c:950)
[6] the initcall checks the device tree first (drivers/iommu/of_iommu.c:1100)
Lines and styles in a note are those of the first release it is about.

Fixes: d25a2a16f088 ("iommu: Add driver for Acme MMU")
Cc: stable@vger.kernel.org # 4.13+

note: one commit introduced the bug, another exposed it
note: arm, IOMMU_DMA=n could also be ARM && IOMMU_DMA: MTK_IOMMU selects
      IOMMU_DMA

Safe on v4.13.9 - v4.14.5 (arm64); needs prerequisites on v4.13.9 - v4.14.5
(arm, IOMMU_DMA=n).`,
		);
	});

	it('needs no broken cell where the terminal is wide enough', () => {
		const table = rangeText(rangeReport(), 120, noPaint).slice(4, 12);
		assert.deepEqual(table, [
			'                               arm64                        arm, IOMMU_DMA=n',
			'release              lands     bug          patch           bug          patch',
			'v3.18.140 - v4.9.45  merge     not built    -               exposed [a]  unsafe [1]',
			'v4.13.9              merge     exposed [b]  safe [2]        exposed [b]  needs-prerequisites [3]',
			'v4.14.5              exact     exposed [b]  safe [2]        exposed [b]  needs-prerequisites [3]',
			'v4.15.1 - v4.18.0    conflict  fixed        superseded [4]  exposed [b]  needs-rework [5]',
			'v4.19.79 - v6.12     conflict  fixed        not-needed [6]  fixed        not-needed [6]',
			'',
		]);
	});

	it('gives a table of its own to a configuration that does not fit beside the others', () => {
		const report = rangeReport();
		const lines = rangeText(report, 60, noPaint);
		assertWithin(
			lines.filter((line) => !/^(Fixes|Cc):/.test(line)),
			60,
		);
		assert.ok(lines.includes('arm64'));
		assert.ok(lines.includes('arm, IOMMU_DMA=n'));
		assert.equal(lines.filter((line) => line.startsWith('release ')).length, 2);
	});

	it('keeps to its width with many configurations and long names', () => {
		const report = rangeReport();
		const branch = `backports/${'very-'.repeat(10)}long`;
		const many = ['x86', 'powerpc', 's390', 'riscv'].map((name) => ({
			name,
			when: `${name.toUpperCase()} && (A || B)`,
			alternatives: [],
		}));
		report.configs.push(...many);
		report.releases.push({ ...release(report, 'v6.12'), release: branch });
		for (const width of [60, 80, 100]) {
			const lines = rangeText(report, width, noPaint);
			assertWithin(
				lines.filter((line) => !/^(Fixes|Cc):/.test(line)),
				width,
			);
		}
	});

	it('does not merge releases across one that answers otherwise', () => {
		const report = rangeReport();
		const back = structuredClone(release(report, 'v4.4.121'));
		report.releases.push({ ...back, release: 'v6.13' });
		const rows = rangeText(report, 120, noPaint).filter((line) => line.includes('unsafe [1]'));
		assert.deepEqual(
			rows.map((row) => row.split('  ')[0]),
			['v3.18.140 - v4.9.45', 'v6.13'],
		);
	});

	it('has only where the patch lands and the verdict when no profile covers the paths', () => {
		const report = rangeReport();
		const releases = report.releases.map((one) => ({
			...one,
			byConfig: [],
			verdict: 'unknown' as const,
		}));
		const lines = rangeText({ ...report, configs: [], ranges: [], releases }, 80, noPaint);
		assert.ok(lines.includes('release              lands     verdict'));
		assert.ok(lines.includes('v4.14.5              exact     unknown'));
		assert.equal(
			lines.at(-1),
			'Cannot tell for any release here; --why RELEASE says what is missing.',
		);
	});

	it('says so when no release is safe, and what the releases are instead', () => {
		const report = rangeReport();
		const releases = report.releases.filter(
			({ release: name }) => name !== 'v4.13.9' && name !== 'v4.14.5',
		);
		const lines = rangeText({ ...report, ranges: [], releases }, 80, noPaint);
		assert.deepEqual(lines.slice(-2), [
			'No release here is safe as it stands; unsafe: v3.18.140 - v4.9.45; needs rework:',
			'v4.15.1 - v4.18.0; not needed: v4.19.79 - v6.12.',
		]);
	});

	it('shows control bytes of a subject as escapes', () => {
		const report = rangeReport();
		report.patch.subject = '[PATCH] \x1b]0;title\x07 clear\u202e';
		const [subject] = rangeText(report, 80, noPaint);
		assert.equal(subject, '[PATCH] \\x1b]0;title\\x07 clear\\u202e');
	});

	it('has the same words in colour', async () => {
		const report = rangeReport();
		const colored = rangeText(report, 80, await createPaint(true)).join('\n');
		assert.match(colored, /\x1b\[31munsafe \[1\]\x1b\[39m/);
		assert.match(colored, /\x1b\[32msafe \[2\]\x1b\[39m/);
		assert.equal(colored.replace(/\x1b\[\d+m/g, ''), rangeText(report, 80, noPaint).join('\n'));
	});
});

describe('the notes about who takes the bus', () => {
	const letters = (change: (releases: RangeReport['releases']) => void): string => {
		const report = rangeReport();
		const releases = report.releases.slice(0, 4).map((one) => structuredClone(one));
		change(releases);
		const lines = rangeText({ ...report, releases }, 400, noPaint);
		return lines.filter((line) => /^\[[a-z]\] /.test(line)).join('\n');
	};
	const competitors = (releases: RangeReport['releases'], at: number) =>
		releases[at]?.byConfig[1]?.bug.competitors ?? [];

	it('share a mark where drivers come and go, and say on which releases those are', () => {
		assert.equal(
			letters((releases) => {
				competitors(releases, 0).pop();
				competitors(releases, 3).pop();
			}),
			'[a] loses by link order: zeta-iommu (drivers/iommu/Makefile:24 after 22), eta-iommu in v4.1.18 - v4.4.121 (Makefile:35 after 30); wins by link order: beta-smmu (Makefile:20 before 22)',
		);
	});

	it('are apart as soon as one driver that is in both wins in one and loses in the other', () => {
		const text = letters((releases) => {
			for (const one of competitors(releases, 3)) one.state = 'exposed';
		});
		assert.deepEqual(
			text.split('\n').map((line) => line.replace(/ \(.*/, '')),
			[
				'[a] loses by link order: zeta-iommu, eta-iommu',
				'[b] loses by link order: beta-smmu, zeta-iommu, eta-iommu',
			],
		);
	});

	it('say once, for all who lose, where a third masks the bug', () => {
		const text = letters((releases) => {
			for (const at of [2, 3]) {
				for (const one of competitors(releases, at).slice(1)) one.maskedBy = ['theta'];
			}
		});
		assert.match(text, /; masked in v4\.4\.121 - v4\.9\.45 where theta is built in; wins by/);
	});

	it('do not count a driver whose bug is masked among those that lose', () => {
		const text = letters((releases) => {
			const [, , last] = competitors(releases, 0);
			for (const release of releases.splice(1)) release.byConfig = [];
			if (last !== undefined) Object.assign(last, { state: 'masked', maskedBy: ['theta'] });
		});
		assert.equal(
			text,
			'[a] loses by link order: zeta-iommu (drivers/iommu/Makefile:24 after 22); would lose by link order: eta-iommu (Makefile:27 after 22); eta-iommu masked where theta is built in; wins by link order: beta-smmu (Makefile:20 before 22)',
		);
	});

	it('name who is masked where not everybody is', () => {
		const text = letters((releases) => {
			for (const one of competitors(releases, 2).slice(2)) one.maskedBy = ['theta'];
		});
		assert.match(text, /; eta-iommu masked in v4\.4\.121 where theta is built in; /);
	});
});

describe('the headings of configurations', () => {
	it('name what is not set, and what is set only where it tells two apart', () => {
		const configs = [
			{ name: 'arm64', when: 'ARM64 && IOMMU_DMA', alternatives: [] },
			{ name: 'arm-1', when: 'ARM && !IOMMU_DMA', alternatives: [] },
			{ name: 'arm-2', when: 'ARM && IOMMU_DMA', alternatives: [] },
		];
		assert.deepEqual(
			[...configHeadings(configs).values()],
			['arm64', 'arm-1, IOMMU_DMA=n', 'arm-2, IOMMU_DMA=y'],
		);
	});
});

describe('the text of --why', () => {
	it('has every hunk, competitor, reason and prerequisite with its evidence', () => {
		const report = rangeReport();
		const lines = whyText(report, release(report, 'v4.14.5'), 80, noPaint);
		assertWithin(lines, 80);
		assert.equal(
			lines.slice(lines.indexOf('arm, IOMMU_DMA=n: needs-prerequisites')).join('\n'),
			`\
arm, IOMMU_DMA=n: needs-prerequisites
  style: initcall@subsys -> probe@device
  bug: exposed
    beta-smmu: exposed: loses by level: it goes on without
      drivers/iommu/beta-smmu.c:12
    zeta-iommu: exposed: loses by link order: it goes on without
      drivers/iommu/Makefile:16
    eta-iommu: exposed: loses by link order: it goes on without
      drivers/iommu/Makefile:19
  reasons:
    needs-prerequisites: lookup defers for declared IOMMUs only, and the driver
      has no declaration
      drivers/iommu/of_iommu.c:215 (blob aaaaaaaaaaaa)
  prerequisites, in order:
    1. registration: adapt the patch: add IOMMU_OF_DECLARE(acme, "acme,mmu",
       NULL) (masters then wait for it)
    2. registration: apply 0123456789ab ("iommu/acme: Register with the core")
       first, in v4.14.5: the list is filled before it is walked

Rules checked: bus-owner, lookup-defers.`,
		);
	});

	it('says where a hunk conflicts and why a driver is not built', () => {
		const report = rangeReport();
		const conflict = whyText(report, release(report, 'v4.15.1'), 80, noPaint);
		assert.ok(conflict.includes('    hunk 2: conflict: 3 of 12 lines differ, first at line 44'));
		const early = whyText(report, release(report, 'v4.9.45'), 80, noPaint);
		assert.ok(early.includes('arm64: not built'));
		assert.ok(early.includes('    not-built: ACME_MMU depends on ARM_LPAE'));
	});
});

describe('the text of --only placement', () => {
	it('says how each hunk lands', () => {
		const lines = placementText(rangeReport(), 80, noPaint);
		assert.deepEqual(lines.slice(4), [
			'release              lands     hunks',
			'v3.18.140 - v4.13.9  merge     1 exact, 2 merge',
			'v4.14.5              exact     1-2 exact',
			'v4.15.1 - v6.12      conflict  1 exact, 2 conflict',
			'',
			'It lands on 6 of 12 releases; where it is safe was not asked.',
		]);
	});
});

describe('the text of styles', () => {
	it('merges adjacent releases of one style, but not across one without the driver', () => {
		assert.deepEqual(stylesText(stylesReport(), 80, noPaint), [
			'driver     releases           style',
			'beta-smmu  v4.9.45 - v4.11.0  probe@postcore',
			'           v4.12.4 - v4.13.9  probe@device+awaited',
			'acme-mmu   v4.9.45            initcall@subsys',
			'           v4.12.4            initcall@subsys',
			'           v4.13.9            probe@device (arm64), initcall@subsys (arm)',
			'',
			'capability     releases           value',
			'lookup-defers  v4.9.45 - v4.11.0  false',
			'               v4.12.4 - v4.13.9  declared',
		]);
	});
});
