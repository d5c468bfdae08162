import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import {
	type HeaderSource,
	walkedHeaders,
	withEnteringHeaders,
} from '../../cache/entering-headers.ts';
import type { Profile } from '../../src/driver/profile.ts';
import { genericProfile } from '../../src/driver/profiles/generic.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { WalkedHeaders } from '../../src/history/walked-files.ts';
import { logOf } from '../history/logs.ts';
import { makeHistory } from '../history/random-history.ts';
import { cloneOf } from './clone.ts';

const INIT =
	'#define device_initcall(fn) static initcall_t i_##fn __aligned(4) __section(".initcall6.init") = fn;\n';

/** A driver that is entered by a macro, and includes a header. */
const driver = (name: string, macro: string, include: string): string =>
	`#include ${include}\nstatic struct platform_driver ${name}_driver;\nstatic int ${name}_init(void)\n{\n\treturn platform_driver_register(&${name}_driver);\n}\n${macro}(${name}_init);\n`;

const TREE: Readonly<Record<string, string>> = {
	'include/linux/init.h': INIT,
	'include/linux/align.h':
		'#define __aligned(n) __attribute__((aligned(n)))\n#define enter_no(x)\n',
	// Two includes away, and through a macro of a header of its own.
	'include/linux/isa.h': '#include <linux/level.h>\n',
	'include/linux/level.h': '#include <linux/way.h>\n#define isa_enter(fn) way(fn)\n',
	'include/linux/way.h': '#define way(fn) device_initcall(fn)\n',
	'drivers/acme/acme.h': '#include <linux/init.h>\n#define acme_enter(fn) device_initcall(fn)\n',
	'drivers/acme/plain.c': driver('plain', 'device_initcall', '<linux/init.h>'),
	'drivers/acme/isa.c': driver('isa', 'isa_enter', '<linux/isa.h>'),
	'drivers/acme/local.c': driver('local', 'acme_enter', '"acme.h"'),
	'drivers/acme/lost.c': driver('lost', 'nobody_knows', '<linux/align.h>'),
	'drivers/acme/own.c': `#define own_enter(fn) device_initcall(fn)\n${driver('own', 'own_enter', '<linux/align.h>')}`,
	'drivers/acme/none.c': driver('none', 'enter_no', '<linux/align.h>'),
};

const ACME = genericProfile(['drivers/acme']);

describe('the headers by which drivers are entered', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-entering-'));
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	let made = 0;
	/** Gives a clone of these trees, one after the other, to those who look for headers there. */
	const inTrees = async <T>(
		trees: readonly Readonly<Record<string, string | null>>[],
		use: (clone: HeaderSource, commits: readonly string[], dir: string) => Promise<T>,
	): Promise<T> => {
		const dir = join(folder, `${made++}.git`);
		const commits = makeHistory(
			dir,
			trees.map((_, i) => (i === 0 ? [] : [i - 1])),
			(i) => trees[i] ?? {},
		);
		const store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
		const source = cloneOf(store);
		try {
			return await use({ store, source }, commits, dir);
		} finally {
			await source.close();
			await store.close();
		}
	};

	/** What is found in these trees. */
	const found = (
		trees: readonly Readonly<Record<string, string | null>>[],
		profile: Profile = ACME,
	): Promise<string[]> =>
		inTrees(trees, async (clone, commits) => {
			const { files } = await withEnteringHeaders(clone, commits, profile);
			return files.slice(profile.files.length);
		});

	it('are those without which a driver would be registered another way', async () => {
		assert.deepEqual(await found([TREE]), [
			'drivers/acme/acme.h',
			'include/linux/level.h',
			'include/linux/way.h',
		]);
	});

	it('are found where a macro without semicolon stands before another', async () => {
		const isa = TREE['drivers/acme/isa.c']?.replace('isa_enter', 'MARK(isa)\nisa_enter') ?? '';
		assert.deepEqual(await found([{ ...TREE, 'drivers/acme/isa.c': isa }]), await found([TREE]));
	});

	it('are found behind one another without looking for what nobody knows', async () => {
		const { 'drivers/acme/lost.c': _, 'drivers/acme/local.c': __, ...others } = TREE;
		assert.deepEqual(await found([others]), ['include/linux/level.h', 'include/linux/way.h']);
	});

	it('are found in whichever of the trees uses them', async () => {
		const gone = { 'drivers/acme/isa.c': null, 'drivers/acme/local.c': null };
		const back = { 'drivers/acme/local.c': TREE['drivers/acme/local.c'] ?? '' };
		assert.deepEqual(await found([TREE, gone]), await found([TREE]));
		assert.deepEqual(await found([{ ...TREE, ...gone }, back, gone]), ['drivers/acme/acme.h']);
	});

	it('are none where all is known, where there is nothing, and for a profile that goes by names', async () => {
		const { 'drivers/acme/plain.c': plain = '', 'include/linux/init.h': init = '' } = TREE;
		assert.deepEqual(
			await found([{ 'drivers/acme/plain.c': plain, 'include/linux/init.h': init }]),
			[],
		);
		assert.deepEqual(await found([{ 'include/linux/init.h': init }]), []);
		assert.deepEqual(await found([]), []);
		assert.deepEqual(await found([TREE], iommu), []);
	});

	/** The headers without which a history is walked, and whether something needs one of them. */
	const leftOut = (files: Readonly<Record<string, string>>) =>
		inTrees([files], async (clone, commits) => {
			const { profile, left } = await walkedHeaders(clone, commits, ACME);
			await left?.look(commits);
			const out = left?.whole.files.filter((path) => !profile.files.includes(path)) ?? [];
			return { out, lacks: left?.lacks };
		});

	/** What a log says of trees, with all headers and without those that its last tree does not need. */
	const logs = (trees: readonly Readonly<Record<string, string>>[]) =>
		inTrees(trees, async (clone, commits, dir) => {
			let left: WalkedHeaders['left'];
			const profileFor = async (revisions: readonly string[]) => {
				const chosen = await walkedHeaders(clone, revisions, ACME);
				left = chosen.left;
				return chosen;
			};
			const revisions = commits.slice(-1);
			const whole = await logOf(dir, { profile: ACME, revisions });
			const without = await logOf(dir, { profile: ACME, revisions, profileFor });
			return { whole, without, lacks: left?.lacks };
		});

	it('are without those that nobody needs where a history is walked', async () => {
		const needless = {
			'include/linux/pci.h': '#define pci_enter(fn) device_initcall(fn)\n',
			'include/linux/of.h': '#define of_enter(fn) pci_enter(fn)\n',
		};
		assert.deepEqual(await leftOut({ ...TREE, ...needless }), {
			out: ['include/linux/of.h', 'include/linux/pci.h'],
			lacks: false,
		});
		const used = { 'drivers/acme/pci.c': driver('pci', 'pci_enter', '<linux/pci.h>') };
		assert.deepEqual(await leftOut({ ...TREE, ...needless, ...used }), {
			out: ['include/linux/of.h'],
			lacks: false,
		});
		assert.deepEqual(await leftOut(TREE), { out: [], lacks: undefined });
	});

	it('are all walked where two define a name: which one is meant hangs on what is included', async () => {
		const rivals = {
			'include/linux/pci.h': '#define pci_enter(fn) device_initcall(fn)\n',
			'include/linux/of.h': INIT,
		};
		assert.deepEqual(await leftOut({ ...TREE, ...rivals }), { out: [], lacks: undefined });
	});

	it('are all walked where they show a way in, or include a source, whoever uses them', async () => {
		const shown = {
			'include/linux/pci.h': '#define pci_enter(fn) f __part(".initcall6.init") = fn\n',
			'include/linux/of.h': '#include "of.c"\n',
		};
		assert.deepEqual(await leftOut({ ...TREE, ...shown }), { out: [], lacks: undefined });
	});

	for (const later of [0, 200])
		it(`are walked after all where a source of ${later} commits ago needs one, and nothing is told twice`, async () => {
			const enter = (level: number) =>
				`#define pci_enter(fn) static initcall_t i_##fn __part(".init" "call${level}.init") = fn;\n`;
			const trees: Readonly<Record<string, string>>[] = [
				{
					'include/linux/init.h': INIT,
					'include/linux/pci.h': '#define pci_no(fn) fn\n',
					'drivers/acme/Makefile': 'obj-$(CONFIG_A) += a.o\nobj-$(CONFIG_B) += b.o\n',
					'drivers/acme/a.c': driver('a', 'device_initcall', '<linux/init.h>'),
				},
				{
					'include/linux/pci.h': enter(4),
					'drivers/acme/b.c': driver('b', 'pci_enter', '<linux/pci.h>'),
				},
				{ 'include/linux/pci.h': enter(7) },
				{
					'include/linux/pci.h': '#define pci_no(fn) fn\n',
					'drivers/acme/b.c': driver('b', 'device_initcall', '<linux/pci.h>'),
				},
			];
			for (let i = 0; i < later; i++) {
				const text = driver('a', 'device_initcall', '<linux/init.h>');
				trees.push({ 'drivers/acme/a.c': `/* ${i} */\n${text}` });
			}
			const { whole, without, lacks } = await logs(trees);
			assert.equal(lacks, true);
			assert.deepEqual(without, whole);
			const b = whole.drivers.filter(({ driver: name }) => name === 'b');
			assert.deepEqual(
				b.map(({ after }) => after),
				['initcall@subsys', 'initcall@late', 'initcall@device'],
			);
		});

	it('are walked after all where an old source names what two of the others define', async () => {
		const plain = TREE['drivers/acme/plain.c'] ?? '';
		const { whole, without, lacks } = await logs([
			{
				'include/linux/init.h': `${INIT}#define both(fn) device_initcall(fn)\n`,
				'include/linux/compiler.h':
					'#define __section(name) __attribute__((section(name)))\n#define both(fn) fn\n',
				'include/linux/pci.h': '#define pci_no(fn) fn\n',
				'drivers/acme/Makefile': 'obj-$(CONFIG_A) += plain.o\n',
				'drivers/acme/plain.c': plain,
			},
			{ 'drivers/acme/plain.c': plain.replace('device_initcall', 'both') },
			{ 'drivers/acme/plain.c': plain },
		]);
		assert.equal(lacks, true);
		assert.deepEqual(without, whole);
		assert.equal(whole.drivers.length, 3);
	});

	it('stand still where headers include each other, or themselves', async () => {
		const round = {
			'include/linux/isa.h': '#include <linux/level.h>\n#include <linux/isa.h>\n',
			'include/linux/level.h': '#include <linux/isa.h>\n',
		};
		assert.deepEqual(await found([{ ...TREE, ...round }]), ['drivers/acme/acme.h']);
	});
});
