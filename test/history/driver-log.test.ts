import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { genericProfile } from '../../src/driver/profiles/generic.ts';
import { logRecord } from '../../src/history/log-report.ts';
import { driverSource, initcall, LOOK, TAKE } from '../driver/fixtures.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { logOf, transitionsOf } from './logs.ts';
import { makeHistory, type Shape } from './random-history.ts';

const MAKEFILE = 'drivers/iommu/Makefile';

/** A driver that takes the bus in an initcall of this level, after a look into the device tree with `look`. */
function source(name: string, { level = 'subsys', look = false, note = '' } = {}): string {
	const tail = initcall(`${level}_initcall`, TAKE, { first: look ? LOOK : '' });
	return `${note}${driverSource(name, { tail })}`;
}

const makefile = (...names: string[]): string =>
	names
		.map((name) => `obj-$(CONFIG_${name.toUpperCase().replaceAll('-', '_')}) += ${name}.o\n`)
		.join('');

describe('the log of drivers', () => {
	let folder = '';
	let made = 0;
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-log-'));
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	/** A repository with these commits; subjects are c0, c1, … */
	const history = (shape: Shape, files: readonly Record<string, string | null>[]): string => {
		const dir = join(folder, `${made++}.git`);
		makeHistory(dir, shape, (i) => files[i] ?? {});
		return dir;
	};

	describe('of the miniature kernel', () => {
		let kernel: MiniatureKernel;
		let log: Awaited<ReturnType<typeof logOf>>;
		before(async () => {
			kernel = await makeMiniatureKernel(folder);
			log = await logOf(kernel.dir);
		});

		it('has the transitions that its description tells of', () => {
			assert.deepEqual(transitionsOf(log.drivers).sort(), TOLD);
		});

		it('says the first release that contains a commit, also of stable branches', () => {
			const found = new Map(log.drivers.map((one) => [one.subject, one.firstRelease]));
			assert.equal(found.get('iommu/beta: Probe early with a declared callback'), 'v4.4');
			assert.equal(found.get('iommu/of: Let the lookup of an IOMMU defer'), 'v4.6-rc1');
			assert.equal(found.get('iommu/acme-mmu: Say that the interrupt is missing'), 'v4.4.1');
			assert.equal(found.get('iommu/acme-mmu: Set the bus ops when the hardware probes'), null);
		});

		it('lists commits that touch a driver and change no style', () => {
			const touched = log.drivers.filter(({ subject }) => subject.endsWith('interrupt is missing'));
			assert.deepEqual(
				touched.map(({ driver, touched: own, transition, before: was, after: is }) => [
					driver,
					own,
					transition,
					was === is,
				]),
				[
					['acme-mmu', true, false, true],
					['acme-mmu', true, false, true],
				],
			);
		});

		it('says which fact changed, with a place in the tree after it', () => {
			const one = log.drivers.find(({ subject }) => subject.endsWith('Take the bus at core level'));
			assert.deepEqual(one?.changes.map(({ text }) => text).slice(0, 3), [
				'core_initcall(zeta_init) came',
				'subsys_initcall(zeta_init) went',
				'bus_set_iommu() moves from the subsys to the core level',
			]);
			const [place] = one?.changes[0]?.evidence ?? [];
			const text = execFileSync('git', ['-C', kernel.dir, 'show', place?.blob ?? ''], {
				encoding: 'utf8',
			});
			assert.match(text.split('\n')[(place?.line ?? 0) - 1] ?? '', /core_initcall\(zeta_init\)/);
		});

		it('tells of what the framework offers, and of the drivers that this changes', () => {
			const lookup = log.capabilities
				.filter(({ capability }) => capability === 'lookup-defers')
				.map(({ subject, before: was, after: is, drivers }) => [
					subject,
					was,
					is,
					drivers.map(({ driver }) => driver),
				]);
			assert.deepEqual(lookup, [
				['Linux 4.1', null, 'none', []],
				['iommu/of: Let the lookup of an IOMMU defer', 'none', 'declared', ['beta-iommu']],
				[
					'iommu/of: Let every lookup defer and drop IOMMU_OF_DECLARE',
					'declared',
					'all',
					['acme-mmu'],
				],
			]);
		});

		it('keeps to its schema', () => {
			for (const record of [...log.drivers, ...log.capabilities]) logRecord.parse(record);
		});

		it('tells only of drivers under the paths, and only of wanted commits', async () => {
			const { drivers } = await logOf(kernel.dir, { paths: ['drivers/iommu/zeta-mmu.c'] });
			assert.deepEqual([...new Set(drivers.map(({ driver }) => driver))], ['zeta-mmu']);
			const wanted = kernel.commits.get('iommu/zeta-mmu: Look for hardware first');
			const one = await logOf(kernel.dir, { shows: async (commit) => commit === wanted });
			assert.deepEqual(
				one.drivers.map(({ subject }) => subject),
				['iommu/zeta-mmu: Look for hardware first'],
			);
		});
	});

	for (const included of ['linux/types.h', 'data.c'])
		it(`tells of a header that enters drivers at another level where it changes, beside ${included}`, async () => {
			const init = (level: number, more = '') =>
				`${more}#define enter(fn) static initcall_t i_##fn __section(".initcall${level}.init") = fn;\n`;
			// What includes a source has the macros of all of the tree.
			const driver = (name: string, note = '') =>
				`${note}#include <linux/init.h>\n#include "${included}"\nstatic struct platform_driver ${name}_driver;\nstatic int ${name}_init(void)\n{\n\treturn platform_driver_register(&${name}_driver);\n}\nenter(${name}_init);\n`;
			const dir = history(
				[[], [0], [1], [2], [3]],
				[
					{
						'include/linux/init.h': init(6),
						'drivers/acme/Makefile': 'obj-$(CONFIG_A) += a.o\nobj-$(CONFIG_B) += b.o\n',
						'drivers/acme/a.c': driver('a'),
						'drivers/acme/b.c': driver('b'),
					},
					{ 'include/linux/init.h': init(6, '#include <linux/types.h>\n\n') },
					{ 'include/linux/init.h': init(4) },
					{ 'drivers/acme/a.c': driver('a', '/* again */\n') },
					{ 'include/linux/init.h': null, 'include/linux/module.h': init(7) },
				],
			);
			const { drivers } = await logOf(dir, { profile: genericProfile(['drivers/acme']) });
			const steps = (from: string, to: string) =>
				['a', 'b'].map((name) => `${name} ${from} -> ${to}`);
			assert.deepEqual(transitionsOf(drivers), [
				...steps('not there', 'initcall@device').map((one) => `c0: ${one}`),
				...steps('initcall@device', 'initcall@subsys').map((one) => `c2: ${one}`),
				...steps('initcall@subsys', 'initcall@late').map((one) => `c4: ${one}`),
			]);
		});

	it('knows drivers of any kind that no Makefile lists, before one does as well', async () => {
		const own =
			'static struct platform_driver a_driver;\nstatic int a_init(void)\n{\n\treturn platform_driver_register(&a_driver);\n}\ndevice_initcall(a_init);\n';
		const path = 'drivers/acme/a.c';
		const dir = history(
			[[], [0], [1], [2]],
			[
				{
					'include/linux/init.h':
						'#define device_initcall(fn) static initcall_t i_##fn __section(".initcall6.init") = fn;\n',
					'drivers/acme/Makefile': 'LIST-$(CONFIG_A) += a.o\n',
					[path]: own,
				},
				{ 'drivers/acme/Makefile': 'obj-$(CONFIG_A) += a.o\n' },
				{ [path]: `/* again */\n${own}` },
				{ 'drivers/acme/Makefile': null, [path]: null },
			],
		);
		const { drivers } = await logOf(dir, { profile: genericProfile(['drivers/acme']) });
		assert.deepEqual(
			drivers.map((one) => [one.subject, one.symbol, one.before, one.after, one.transition]),
			[
				['c0', '', null, 'initcall@device', true],
				['c2', 'A', 'initcall@device', 'initcall@device', false],
				['c3', 'A', 'initcall@device', null, true],
			],
		);
	});

	it('shows a revert as a transition back', async () => {
		const dir = history(
			[[], [0], [1]],
			[
				{ [MAKEFILE]: makefile('foo'), 'drivers/iommu/foo.c': source('foo') },
				{ 'drivers/iommu/foo.c': source('foo', { level: 'core' }) },
				{ 'drivers/iommu/foo.c': source('foo') },
			],
		);
		assert.deepEqual(transitionsOf((await logOf(dir)).drivers), [
			'c0: foo not there -> initcall@subsys',
			'c1: foo initcall@subsys -> initcall@core',
			'c2: foo initcall@core -> initcall@subsys',
		]);
	});

	it('names the line of the Makefile that a driver had when it went', async () => {
		const foo = 'drivers/iommu/foo.c';
		const dir = history(
			[[], [0], [1]],
			[
				{ [MAKEFILE]: makefile('foo'), [foo]: source('foo') },
				{ [MAKEFILE]: `# One\n# Two\n${makefile('foo')}` },
				{ [MAKEFILE]: '# None\n', [foo]: null },
			],
		);
		const { drivers } = await logOf(dir);
		const [gone] = drivers.filter(({ subject }) => subject === 'c2');
		assert.deepEqual(
			gone?.changes.map(({ text, evidence }) => [
				text,
				evidence.map(({ path, line }) => `${path}:${line}`),
			]),
			[['the driver went', [`${MAKEFILE}:3`]]],
		);
	});

	it('tells of what a merge brings once, at the commit of the side branch', async () => {
		const foo = 'drivers/iommu/foo.c';
		const bar = 'drivers/iommu/bar.c';
		const dir = history(
			[[], [0], [0], [1, 2], [3]],
			[
				{ [MAKEFILE]: makefile('foo', 'bar'), [foo]: source('foo'), [bar]: source('bar') },
				{ [bar]: source('bar', { note: '/* main */\n' }) },
				{ [foo]: source('foo', { look: true }) },
				{ [foo]: source('foo', { look: true }) },
				{ [bar]: source('bar', { level: 'core' }) },
			],
		);
		const { drivers } = await logOf(dir);
		assert.deepEqual(transitionsOf(drivers), [
			'c0: bar not there -> initcall@subsys',
			'c0: foo not there -> initcall@subsys',
			'c2: foo initcall@subsys -> initcall@subsys+dt',
			'c4: bar initcall@subsys -> initcall@core',
		]);
		assert.deepEqual(
			drivers.filter(({ subject }) => subject === 'c3'),
			[],
		);
	});

	it('tells of what a merge has from none of its parents', async () => {
		const foo = 'drivers/iommu/foo.c';
		const dir = history(
			[[], [0], [0], [1, 2]],
			[
				{ [MAKEFILE]: makefile('foo'), [foo]: source('foo') },
				{ [foo]: source('foo', { note: '/* main */\n' }) },
				{ [foo]: source('foo', { look: true }) },
				{ [foo]: source('foo', { level: 'core' }) },
			],
		);
		const { drivers } = await logOf(dir);
		assert.deepEqual(transitionsOf(drivers).slice(2), ['c3: foo initcall@subsys -> initcall@core']);
		assert.equal(drivers.at(-1)?.merge, true);
	});

	it('follows a driver that moves, with its CONFIG symbol and without', async () => {
		const old = 'drivers/iommu/foo.c';
		const moved = 'drivers/iommu/sub/foo.c';
		const other = 'drivers/iommu/sub/quux.c';
		const sub = 'drivers/iommu/sub/Makefile';
		const dir = history(
			[[], [0], [1], [2]],
			[
				{ [MAKEFILE]: makefile('foo'), [old]: source('foo') },
				{
					[MAKEFILE]: 'obj-y += sub/\n',
					[sub]: makefile('foo'),
					[old]: null,
					[moved]: source('foo'),
				},
				// Another name, another symbol, the same content.
				{ [sub]: makefile('quux'), [moved]: null, [other]: source('foo') },
				{ [sub]: makefile('quux'), [other]: source('foo', { level: 'core' }) },
			],
		);
		const { drivers } = await logOf(dir);
		assert.deepEqual(transitionsOf(drivers), [
			'c0: foo not there -> initcall@subsys',
			'c3: quux initcall@subsys -> initcall@core',
		]);
		const renames = drivers.map(({ subject, path, renamedFrom }) => [
			subject,
			path,
			renamedFrom?.path,
			renamedFrom?.driver,
		]);
		assert.deepEqual(renames.slice(1, 3), [
			['c1', moved, old, 'foo'],
			['c2', other, moved, 'foo'],
		]);
	});

	it('follows a driver that moves and changes, as git takes it for a rename', async () => {
		const dir = history(
			[[], [0]],
			[
				{ [MAKEFILE]: makefile('foo'), 'drivers/iommu/foo.c': source('foo') },
				{
					[MAKEFILE]: makefile('quux'),
					'drivers/iommu/foo.c': null,
					'drivers/iommu/quux.c': source('foo', { level: 'core' }),
				},
			],
		);
		const { drivers } = await logOf(dir);
		assert.deepEqual(transitionsOf(drivers).slice(1), [
			'c1: quux initcall@subsys -> initcall@core',
		]);
	});

	it('says unknown where a source is missing in the clone, and goes on', async () => {
		const foo = 'drivers/iommu/foo.c';
		const dir = history(
			[[], [0], [1]],
			[
				{ [MAKEFILE]: makefile('foo'), [foo]: source('foo') },
				{ [foo]: source('foo', { note: '/* lost */\n' }) },
				{ [foo]: source('foo', { look: true }) },
			],
		);
		const lost = execFileSync('git', ['-C', dir, 'rev-parse', `c1:${foo}`], { encoding: 'utf8' });
		const { drivers, unread } = await logOf(dir, { hidden: new Set([lost.trim()]) });
		assert.deepEqual(
			drivers.map(({ subject, before: was, after: is }) => [subject, was, is]),
			[
				['c0', null, 'initcall@subsys'],
				['c1', 'initcall@subsys', 'unknown'],
				['c2', 'unknown', 'initcall@subsys+dt'],
			],
		);
		assert.equal(unread, 1);
	});
});

/** What the description of the miniature kernel says, in the words of the log. */
const TOLD = [
	'Linux 4.1: acme-mmu not there -> initcall@subsys',
	'Linux 4.1: beta-iommu not there -> initcall@subsys+dt',
	'iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA: acme-mmu initcall@subsys -> probe@subsys+awaited, initcall@subsys',
	'iommu/acme-mmu: Look for hardware before taking the bus: acme-mmu probe@subsys+awaited, initcall@subsys -> probe@subsys+dt, initcall@subsys+dt',
	'iommu/acme-mmu: Set the bus ops when the hardware probes: acme-mmu initcall@subsys -> probe@device',
	'iommu/beta: Make it a plain platform driver: beta-iommu probe@postcore+awaited -> probe@device+awaited',
	'iommu/beta: Probe early with a declared callback: beta-iommu initcall@subsys+dt -> probe@postcore',
	'iommu/of: Let every lookup defer and drop IOMMU_OF_DECLARE: acme-mmu probe@subsys+dt, initcall@subsys+dt -> probe@subsys+dt+awaited, initcall@subsys+dt',
	'iommu/of: Let the lookup of an IOMMU defer: beta-iommu probe@postcore -> probe@postcore+awaited',
	'iommu/zeta-mmu: Add driver for Zeta video blocks: zeta-mmu not there -> initcall@subsys',
	'iommu/zeta-mmu: Look for hardware first: zeta-mmu initcall@core -> initcall@subsys+dt',
	'iommu/zeta-mmu: Take the bus at core level: zeta-mmu initcall@subsys -> initcall@core',
	'iommu: Install the ops in the core: acme-mmu probe@subsys+dt+awaited, initcall@subsys+dt -> core',
	'iommu: Install the ops in the core: beta-iommu probe@device+awaited -> core',
	'iommu: Install the ops in the core: zeta-mmu initcall@subsys+dt -> core',
];
