import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { pathsRead } from '../../src/driver/profile-reads.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { styles } from '../../src/driver/style.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { DriverTree } from '../../src/history/driver-tree.ts';
import { KnownBlobs } from '../../src/history/known-blobs.ts';
import { NOWHERE, StateWalk } from '../../src/history/state.ts';
import { walkCommits } from '../../src/history/walk.ts';
import { driverSource, initcall, LOOK, linked, MAKEFILE, TAKE } from '../driver/fixtures.ts';
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

/** Styles of a whole tree, linked at once, by symbol and path. */
async function stylesAtOnce(store: ObjectStore, commit: string): Promise<Map<string, string>> {
	const entries = await store.list(commit, 'drivers/iommu', true);
	const texts = await store.blobs(entries.map(({ oid }) => oid));
	const sources = Object.fromEntries(
		entries.map(({ path, oid }) => [path, Buffer.from(texts.get(oid) ?? []).toString()]),
	);
	const { facts } = await linked({ [MAKEFILE]: '', ...sources });
	return new Map(
		facts.drivers.map((one) => [
			`${one.symbol} ${one.path}`,
			styles(one, facts, () => undefined).join(', '),
		]),
	);
}

const sorted = (map: ReadonlyMap<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('drivers from commit to commit', () => {
	for (const seed of [5, 23, 71, 131]) {
		it(`are those of each tree linked by itself, over a random history (${seed})`, async () => {
			const dir = mkdtempSync(join(tmpdir(), 'rangefinder-tree-'));
			const below = numbers(seed);
			makeHistory(dir, randomShape(60, seed), () => {
				const files: Record<string, string | null> = {};
				for (let k = 1 + below(2); k > 0; k--) {
					const path = Object.keys(VERSIONS)[below(Object.keys(VERSIONS).length)] ?? '';
					files[path] = VERSIONS[path]?.[below(VERSIONS[path]?.length ?? 1)] ?? null;
				}
				return files;
			});
			const store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
			try {
				const revisions = (await store.tags()).map(({ commit }) => commit);
				const paths = pathsRead(iommu);
				const commits = await walkCommits(demandGit(store, 'a test'), { revisions, paths });
				const tree = new DriverTree(iommu, commits, new KnownBlobs(blobsOf(store), iommu));
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
					assert.deepEqual(sorted(own), sorted(await stylesAtOnce(store, oid)), oid);
				};
				for (const [commit, { parents, changes }] of commits.entries()) {
					await moveTo(parents[0] ?? NOWHERE);
					const list = tree.files.modules();
					const stale = tree.touched(changes.map(({ path }) => path));
					await moveTo(commit);
					tree.step(commit, list, stale);
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
