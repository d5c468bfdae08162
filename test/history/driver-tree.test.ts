import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { Profile } from '../../src/driver/profile.ts';
import { pathsRead } from '../../src/driver/profile-reads.ts';
import { genericProfile } from '../../src/driver/profiles/generic.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { styles } from '../../src/driver/style.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { DriverTree } from '../../src/history/driver-tree.ts';
import { KnownBlobs } from '../../src/history/known-blobs.ts';
import { NOWHERE, StateWalk } from '../../src/history/state.ts';
import { walkCommits } from '../../src/history/walk.ts';
import { driverSource, initcall, LOOK, linked, MAKEFILE, TAKE } from '../driver/fixtures.ts';
import { INCLUDED } from './included-sources.ts';
import { blobsOf } from './logs.ts';
import { makeHistory, numbers, randomShape } from './random-history.ts';

/** Drivers that install by themselves, for each other, and through each other, and frameworks that differ. */
const VERSIONS: Readonly<Record<string, readonly (string | null)[]>> = {
	'drivers/iommu/a.c': [
		driverSource('a', { tail: initcall('subsys_initcall', TAKE) }),
		driverSource('a', { tail: initcall('core_initcall', TAKE, { first: LOOK }) }),
		driverSource('a', {
			tail: 'int a_setup(void)\n{\n\treturn bus_set_iommu(&platform_bus_type, &a_ops);\n}\n',
		}),
		null,
	],
	'drivers/iommu/b.c': [
		'static int b_init(void)\n{\n\treturn a_setup();\n}\ndevice_initcall(b_init);\n',
		'int b_through(void)\n{\n\treturn a_setup();\n}\n',
		'static int a_setup(void)\n{\n\treturn 0;\n}\nstatic int b_init(void)\n{\n\treturn a_setup();\n}\ncore_initcall(b_init);\n',
		driverSource('b', { probe: TAKE, tail: 'module_platform_driver(b_driver);\n' }),
	],
	'drivers/iommu/c.c': [
		'static int c_init(void)\n{\n\treturn b_through();\n}\narch_initcall(c_init);\n',
		'static int c_init(void)\n{\n\treturn b_through();\n}\n',
		'int a_setup(void)\n{\n\treturn 0;\n}\n',
		null,
	],
	'drivers/iommu/of_iommu.c': [
		'const struct iommu_ops *of_iommu_configure(struct device *dev)\n{\n\treturn NULL;\n}\n',
		'const struct iommu_ops *of_iommu_configure(struct device *dev)\n{\n\tif (driver_deferred_probe_check_state(dev))\n\t\treturn ERR_PTR(-EPROBE_DEFER);\n\treturn NULL;\n}\n',
	],
	[MAKEFILE]: [
		'obj-$(CONFIG_A) += a.o\nobj-$(CONFIG_B) += b.o\nobj-$(CONFIG_C) += c.o\n',
		'obj-$(CONFIG_C) += c.o\nobj-$(CONFIG_A) += a.o b.o\n',
		'obj-y += b.o\nobj-$(CONFIG_A) += ab.o\nab-y := a.o c.o\n',
	],
};

/** What a macro that enters drivers may be in a header, and what drivers include. */
const ENTER = [2, 4, 6].map(
	(level) =>
		`#define enter(fn) static initcall_t i_##fn __section(".initcall${level}.init") = fn;\n`,
);
const [CORE = '', SUBSYS = '', DEVICE = ''] = ENTER;
const entered = (name: string, includes: string) =>
	`${includes}static struct platform_driver ${name}_driver;\nstatic int ${name}_init(void)\n{\n\treturn platform_driver_register(&${name}_driver);\n}\nenter(${name}_init);\n`;
const [INIT, DEVICES] = ['#include <linux/init.h>\n', '#include <linux/device.h>\n'];

/** Drivers of any kind, and headers of which one or several enter them. */
const ENTERED: Readonly<Record<string, readonly (string | null)[]>> = {
	'include/linux/init.h': [
		CORE,
		`${DEVICES}${SUBSYS}`,
		DEVICES,
		`${DEVICE}#define other 1\n`,
		null,
	],
	'include/linux/device.h': [DEVICE, '#define other 2\n', INIT, `${INIT}${CORE}`, null],
	'include/linux/of.h': [SUBSYS, `${DEVICES}${INIT}`, null],
	'drivers/acme/a.c': [entered('a', INIT), entered('a', DEVICES), entered('a', CORE)],
	'drivers/acme/b.c': [entered('b', ''), entered('b', '#include <linux/of.h>\n'), null],
	'drivers/acme/Makefile': [
		'obj-$(CONFIG_A) += a.o\nobj-$(CONFIG_B) += b.o\n',
		'obj-y += b.o\n',
		'LIST-$(CONFIG_A) += a.o\n',
		null,
	],
};

/** The sources of a commit that a profile reads, by path, in its order. */
async function sourcesAt(store: ObjectStore, commit: string, profile: Profile) {
	const ids = new Map<string, string>();
	for (const [i, blob] of (await store.blobIds(commit, profile.files)).entries()) {
		if (blob !== undefined) ids.set(profile.files[i] ?? '', blob);
	}
	for (const folder of profile.folders) {
		for (const { path, oid } of await store.list(commit, folder, true)) ids.set(path, oid);
	}
	const texts = await store.blobs([...new Set(ids.values())]);
	return Object.fromEntries(
		[...ids].map(([path, blob]) => [path, Buffer.from(texts.get(blob) ?? []).toString()]),
	);
}

/** Styles of a whole tree, linked at once, by symbol and path. */
async function stylesAtOnce(
	store: ObjectStore,
	commit: string,
	profile: Profile,
): Promise<Map<string, string>> {
	const sources = await sourcesAt(store, commit, profile);
	const { facts } = await linked({ [MAKEFILE]: '', ...sources }, profile);
	return new Map(
		facts.drivers.map((one) => [
			`${one.symbol} ${one.path}`,
			styles(one, facts, () => undefined).join(', '),
		]),
	);
}

const sorted = (map: ReadonlyMap<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('drivers from commit to commit', () => {
	const generic = genericProfile(['drivers/acme']);
	for (const [seed, profile, versions] of [
		...[5, 23, 71, 131].map((one) => [one, iommu, VERSIONS] as const),
		...[7, 29, 73, 137].map((one) => [one, generic, ENTERED] as const),
		...[11, 31, 79, 139].map((one) => [one, generic, INCLUDED] as const),
	]) {
		const { id } = profile;
		it(`are those of each tree linked by itself, over a random history (${id}, ${seed})`, async () => {
			const dir = mkdtempSync(join(tmpdir(), 'rangefinder-tree-'));
			const below = numbers(seed);
			makeHistory(dir, randomShape(60, seed), () => {
				const files: Record<string, string | null> = {};
				for (let k = 1 + below(2); k > 0; k--) {
					const path = Object.keys(versions)[below(Object.keys(versions).length)] ?? '';
					files[path] = versions[path]?.[below(versions[path]?.length ?? 1)] ?? null;
				}
				return files;
			});
			const store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
			try {
				const revisions = (await store.tags()).map(({ commit }) => commit);
				const paths = pathsRead(profile);
				const commits = await walkCommits(demandGit(store, 'a test'), { revisions, paths });
				const blobs = blobsOf(store, new Set(), profile.interest);
				const known = new KnownBlobs(blobs, profile);
				const tree = new DriverTree(profile, commits, known);
				const walk = new StateWalk(commits, tree);
				const moveTo = async (commit: number) => {
					walk.moveTo(commit);
					await tree.files.settle();
				};
				const check = async (commit: number) => {
					const own = new Map(
						[...tree.drivers().values()].map(({ symbol, path, style }) => [
							`${symbol} ${path}`,
							style,
						]),
					);
					const oid = commits[commit]?.oid ?? '';
					assert.deepEqual(sorted(own), sorted(await stylesAtOnce(store, oid, profile)), oid);
				};
				for (const [commit, { parents, changes }] of commits.entries()) {
					await moveTo(parents[0] ?? NOWHERE);
					const before = tree.before(changes.map(({ path }) => path));
					await moveTo(commit);
					tree.step(commit, before);
					await check(commit);
				}
				for (let k = 0; k < 20; k++) {
					const commit = below(commits.length);
					await moveTo(commit);
					await check(commit);
				}
			} finally {
				await store.close();
				rmSync(dir, { recursive: true, force: true });
			}
		});
	}
});
