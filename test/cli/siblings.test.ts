/** What `siblings` prints and answers, and what `range` says of siblings and of what remains. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { noPaint } from '../../cli/output/paint.ts';
import { remainsLines, siblingsNote } from '../../cli/output/siblings-notes.ts';
import { siblingsText } from '../../cli/output/siblings-text.ts';
import {
	type Sibling,
	type SiblingsReport,
	siblingsReport,
} from '../../src/range/siblings-report.ts';
import { rangefinder } from './rangefinder.ts';

const sibling = (driver: string, more: Partial<Sibling> = {}): Sibling => ({
	hazard: 'takes-bus-unchecked',
	driver,
	symbol: driver.toUpperCase(),
	path: `drivers/iommu/${driver}.c`,
	bus: 'platform_bus_type',
	style: 'initcall@subsys',
	configs: [
		{ config: 'arm64', when: 'ARM64' },
		{ config: 'arm, X=y', when: 'ARM && X' },
		{ config: 'arm, X=n', when: 'ARM && !X' },
	],
	evidence: [{ path: `drivers/iommu/${driver}.c`, line: 1042 }],
	...more,
});

const release = (name: string, ...siblings: Sibling[]) => ({
	release: name,
	series: name,
	tip: false,
	siblings,
});

const REPORT: SiblingsReport = {
	schema: 'rangefinder.siblings/1',
	patch: { subject: '[PATCH] iommu/acme: Look first', messageId: null },
	source: { kind: 'index', releases: 3 },
	removes: [
		{
			hazard: 'takes-bus-unchecked',
			says: 'takes the bus from an initcall without looking for its hardware',
			driver: 'acme-mmu',
			bus: 'platform_bus_type',
			before: 'initcall@subsys',
			after: 'probe@device',
		},
	],
	unknown: null,
	releases: [
		release('v4.1', sibling('beta'), sibling('zeta', { bus: 'pci_bus_type' })),
		release('v4.2', sibling('beta')),
		release('v4.3'),
	],
};

describe('the text of siblings', () => {
	it('has what is removed, and each driver with where it is so', () => {
		assert.deepEqual(siblingsText(REPORT, 80, noPaint), [
			'[PATCH] iommu/acme: Look first',
			'index: 3 releases, not tips',
			'removes: acme-mmu takes the bus from an initcall without looking for its',
			'  hardware (platform: initcall@subsys -> probe@device)',
			'',
			'beta',
			'  v4.1 - v4.2: platform, initcall@subsys, built on arm64, arm,',
			'    drivers/iommu/beta.c:1042',
			'zeta',
			'  v4.1: pci, initcall@subsys, built on arm64, arm, drivers/iommu/zeta.c:1042',
			'',
			'2 other drivers; none in v4.3.',
		]);
	});

	it('says what it does not know, and that there are none', () => {
		const unknown = { ...REPORT, removes: [], unknown: 'it lands nowhere' };
		assert.equal(
			siblingsText(unknown, 80, noPaint).at(-1),
			'what it removes is not known: it lands nowhere',
		);
		const none = { ...REPORT, releases: [release('v4.3')] };
		assert.equal(siblingsText(none, 80, noPaint).at(-1), 'No other driver does.');
	});

	it('keeps to its width and prints nothing raw', () => {
		const odd = sibling('beta\x1b[31m', { path: 'a/'.repeat(60) });
		const lines = siblingsText({ ...REPORT, releases: [release('v4.1', odd)] }, 60, noPaint);
		assert.ok(lines.every((line) => !line.includes('\x1b')));
		assert.ok(lines.every((line) => line.length <= 60));
	});

	it('is one note in range', () => {
		const releases = REPORT.releases as unknown as Parameters<typeof siblingsNote>[0]['releases'];
		assert.deepEqual(siblingsNote({ releases }), [
			'2 other drivers do what the patch stops this one from doing: beta (v4.1 - v4.2), zeta (v4.1); see siblings',
		]);
		assert.deepEqual(siblingsNote({ releases: [] }), []);
	});

	it('says what remains', () => {
		const evidence = [{ path: 'drivers/iommu/beta.c', line: 7 }];
		const said = { driver: 'zeta', bus: 'platform_bus_type', evidence };
		const lines = remainsLines(
			{
				losers: [{ ...said, to: ['beta'], why: 'beta takes the bus before it by link order' }],
				halfway: [{ ...said, left: ['iommu_device_register'], why: 'its probe fails' }],
			},
			80,
		);
		assert.deepEqual(lines, [
			'  what remains:',
			'    zeta still loses platform: beta takes the bus before it by link order',
			'      drivers/iommu/beta.c:7',
			'    zeta: its probe fails',
			'      drivers/iommu/beta.c:7',
		]);
		assert.deepEqual(remainsLines(undefined, 80), []);
	});
});

describe('the command siblings', () => {
	const run = (report: SiblingsReport, ...more: string[]) =>
		rangefinder(['siblings', 'fix.patch', ...more], { siblings: async () => report });

	it('exits with 0 where some driver has it, 1 where none does, 125 where that is not known', async () => {
		assert.equal((await run(REPORT)).code, 0);
		assert.equal((await run({ ...REPORT, releases: [release('v4.3')] })).code, 1);
		assert.equal((await run({ ...REPORT, removes: [], unknown: 'no' })).code, 125);
	});

	it('hands its words over, and is valid JSON by its schema', async () => {
		let asked: unknown;
		const words = ['--release', 'v4.1', '--release', 'v4.2', '--arch', 'arm', '--json'];
		const { out } = await rangefinder(['siblings', 'fix.patch', ...words], {
			siblings: async ({ progress: _, ...given }) => {
				asked = given;
				return REPORT;
			},
		});
		assert.deepEqual(asked, {
			input: 'fix.patch',
			example: false,
			release: ['v4.1', 'v4.2'],
			arch: ['arm'],
		});
		assert.deepEqual(siblingsReport.parse(JSON.parse(out)), REPORT);
	});

	it('wants a patch or the example, and not both', async () => {
		assert.equal((await rangefinder(['siblings'])).code, 2);
		assert.equal((await run(REPORT, '--example')).code, 2);
	});
});
