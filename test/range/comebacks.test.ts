/** Landmarks in a history in which things are brought, reverted, and brought again, on mainline and a stable branch. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { RangeReport } from '../../src/range/report.ts';
import { fixOn, linux, makeKernelOf, type Step } from '../kernel/miniature.ts';
import { asked } from './asked.ts';

const DEFERS = 'iommu/of: Let the lookup of an IOMMU defer';
const DEFERS_AGAIN = 'iommu/of: Let the lookup of an IOMMU defer, this time for good';
const STABLE = 'iommu/of: Let lookups defer in 4.5.y';
const STABLE_AGAIN = 'iommu/of: Let lookups defer in 4.5.y after all';
const CHECKS = 'iommu/acme-mmu: Look for hardware before taking the bus';
const CHECKS_AGAIN = 'iommu/acme-mmu: Look for hardware once more';
const reverts = (subject: string): string => `Revert "${subject}"`;

const CHECKED = { acme: 'checked', declareArity: 2 } as const;
const UNCHECKED = { acme: 'registered', declareArity: 3 } as const;
const BRANCH = 'refs/heads/linux-4.5.y';

/** One commit on the stable branch, and the release with it. */
function stable(number: number, subject: string, change: Step['change']): Step[] {
	const on = number === 1 ? 'v4.5' : `v4.5.${number - 1}`;
	const tag = `v4.5.${number}`;
	return [
		{ subject, change, on, branch: BRANCH },
		{ subject: `Linux 4.5.${number}`, change: { sublevel: number }, tag, branch: BRANCH },
	];
}

const STEPS: readonly Step[] = [
	linux('4.1'),
	{ subject: 'iommu: Introduce iommu_device_register()', change: { deviceRegister: true } },
	{ subject: 'drivers: base: Configure DMA when a driver probes', change: { dmaAtProbe: true } },
	{ subject: 'iommu/acme-mmu: Register with the IOMMU core', change: { acme: 'registered' } },
	linux('4.2'),
	{ subject: DEFERS, change: { lookup: 'declared' } },
	linux('4.4'),
	{ subject: reverts(DEFERS), change: { lookup: 'never' } },
	linux('4.5'),
	{ subject: DEFERS_AGAIN, change: { lookup: 'declared' } },
	linux('4.6'),
	{ subject: CHECKS, change: CHECKED },
	linux('4.7'),
	{ subject: reverts(CHECKS), change: UNCHECKED },
	linux('4.8'),
	{ subject: CHECKS_AGAIN, change: CHECKED },
	linux('4.9'),
	...stable(1, STABLE, { lookup: 'declared' }),
	...stable(2, reverts(STABLE), { lookup: 'never' }),
	...stable(3, STABLE_AGAIN, { lookup: 'declared' }),
	fixOn('v4.2'),
];

describe('landmarks that come back', () => {
	let folder = '';
	let kernel: Awaited<ReturnType<typeof makeKernelOf>>;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-comebacks-'));
		kernel = await makeKernelOf(folder, STEPS);
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	/** The answer for all releases, or for those that are named; commits by their subjects. */
	async function range(...release: string[]): Promise<RangeReport> {
		const env = { PATH: process.env.PATH, HOME: folder };
		const engine = createEngine({ cwd: folder, env, stdin: (async function* () {})() });
		const some = release.length === 0 ? {} : { all: false, release };
		const report = await engine.range(asked({ repo: kernel.dir, noHistory: false, ...some }));
		let text = JSON.stringify(report);
		for (const [subject, id] of kernel.commits) {
			const quoted = JSON.stringify(`("${subject}"`).slice(1, -1);
			text = text.replaceAll(
				`${id.slice(0, 12)} ${quoted}`,
				`<${JSON.stringify(subject).slice(1, -1)}`,
			);
		}
		return JSON.parse(text);
	}

	/** By release: what is said to have brought the deferring lookup. */
	function broughtBy({ releases }: RangeReport): Record<string, string | undefined> {
		return Object.fromEntries(
			releases.flatMap(({ release, byConfig }) => {
				const reasons = byConfig.flatMap((one) => one.reasons);
				const lacks = reasons.find(({ code }) => code === 'lookup-does-not-defer');
				if (lacks === undefined) return [];
				return [[release, /brought by <(.*), v/.exec(lacks.text)?.[1]]];
			}),
		);
	}

	it('names for each release that lacks a capability what brought it after that', async () => {
		assert.deepEqual(broughtBy(await range()), {
			'v4.1': DEFERS,
			'v4.2': DEFERS,
			'v4.5': STABLE,
			'v4.5.2': STABLE_AGAIN,
		});
	});

	it('names what the next release has it by, where nothing between was looked at', async () => {
		assert.deepEqual(broughtBy(await range('v4.2', 'v4.6')), { 'v4.2': DEFERS_AGAIN });
		assert.deepEqual(broughtBy(await range('v4.2', 'v4.5', 'v4.6')), {
			'v4.2': DEFERS_AGAIN,
			'v4.5': DEFERS_AGAIN,
		});
		assert.deepEqual(broughtBy(await range('v4.5', 'v4.5.3')), { 'v4.5': STABLE_AGAIN });
	});

	it('says with which commits the bug came and went, each time', async () => {
		const { tags } = await range();
		const notes = tags.notes.join('\n');
		assert.match(
			notes,
			/^the bug came with <Linux 4\.1, v4\.1\), and again with <Revert "iommu\/acme-mmu: Look for hardware before taking the bus", v4\.8\)$/m,
		);
		assert.match(notes, /^no Fixes: line: more than one commit brought the bug$/m);
		assert.deepEqual(tags.fixes, []);
		const ended = tags.notes.filter((note) => note.includes('has it no more since'));
		assert.deepEqual(
			ended.map((note) => /<(.*), v/.exec(note)?.[1]),
			[CHECKS, CHECKS_AGAIN],
		);
	});
});
