import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { CloneSource } from '../../cache/clone-source.ts';
import { DriverTrees } from '../../cache/driver-trees.ts';
import { withEnteringHeaders } from '../../cache/entering-headers.ts';
import type { FileId, LinkedTree } from '../../cache/source.ts';
import type { ModuleSources } from '../../src/driver/link.ts';
import { genericProfile } from '../../src/driver/profiles/generic.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { styles } from '../../src/driver/style.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { releasesFromTags } from '../../src/kernel/releases.ts';
import { INCLUDED } from '../history/included-sources.ts';
import { makeHistory, numbers, randomShape } from '../history/random-history.ts';
import { makeMiniatureKernel } from '../kernel/miniature.ts';
import { cloneOf } from './clone.ts';

describe('one driver of a tree', () => {
	let folder = '';
	let store: ObjectStore;
	let source: CloneSource;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-driver-trees-'));
		const { dir } = await makeMiniatureKernel(folder);
		store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
		source = cloneOf(store, releasesFromTags(await store.tags()));
	});
	after(async () => {
		await source.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it('has the facts that the whole tree gives it, at every release', async () => {
		const trees = new DriverTrees(store, source, iommu);
		const whole = await source.profiled(source.releases, iommu);
		let compared = 0;
		for (const [i, release] of source.releases.entries()) {
			const facts = whole[i]?.facts;
			for (const driver of facts?.drivers ?? []) {
				const look = await trees.driver(release.commit, driver.driver);
				assert.ok(look.there);
				assert.deepEqual(look.link().driver, driver, `${driver.driver} at ${release.name}`);
				assert.deepEqual(look.link().capabilities, facts?.capabilities);
				const byPath = await trees.driver(release.commit, driver.path);
				assert.deepEqual(byPath.link().driver, driver);
				compared++;
			}
			assert.deepEqual((await trees.capabilities(release.commit)).all, facts?.capabilities);
		}
		assert.ok(compared > 30);
	});

	it('reads each file once, and not those of other drivers', async () => {
		const read: FileId[] = [];
		const facts = {
			fileFacts: (files: readonly FileId[]) => {
				read.push(...files);
				return source.fileFacts(files);
			},
		};
		const trees = new DriverTrees(store, facts, iommu);
		for (const { commit } of source.releases) await trees.driver(commit, 'acme-mmu');
		assert.equal(new Set(read.map(({ blob }) => blob)).size, read.length);
		const paths = new Set(read.map(({ path }) => path));
		assert.ok(paths.has('drivers/iommu/acme-mmu.c'));
		assert.ok(!paths.has('drivers/iommu/zeta-mmu.c'));
	});

	it('is the same look where nothing that is read differs, and another where something does', async () => {
		const trees = new DriverTrees(store, source, iommu);
		const inputs = async (tag: string): Promise<string> => {
			const commit = await store.resolveCommit(tag);
			return (await trees.driver(commit ?? '', 'acme-mmu')).inputs;
		};
		// v4.8.1 changes another driver only; v4.4.1 changes lines of this one.
		assert.equal(await inputs('v4.8'), await inputs('v4.8.1'));
		assert.notEqual(await inputs('v4.4'), await inputs('v4.4.1'));
		// Its Makefile entry is not the only thing that counts: the framework does, too.
		assert.notEqual(await inputs('v4.5'), await inputs('v4.6-rc1'));
	});

	it('is not there where the tree has no such driver', async () => {
		const trees = new DriverTrees(store, source, iommu);
		const commit = (await store.resolveCommit('v4.1')) ?? '';
		assert.equal(await trees.has(commit, 'zeta-mmu'), false);
		const look = await trees.driver(commit, 'zeta-mmu');
		assert.equal(look.there, false);
		assert.equal(look.link().driver, undefined);
		assert.equal(await trees.has((await store.resolveCommit('v4.2')) ?? '', 'zeta-mmu'), true);
	});

	it('is the same for drivers of any kind, whatever enters them, listed or not', async () => {
		const dir = join(folder, 'any.git');
		const own = (name: string, macro: string, include: string): string =>
			`#include <${include}>\nstatic struct platform_driver ${name}_driver;\nstatic int ${name}_init(void)\n{\n\treturn platform_driver_register(&${name}_driver);\n}\n${macro}(${name}_init);\n`;
		const enter = (macro: string, level: number): string =>
			`#define ${macro}(fn) static initcall_t i_##fn __section(".initcall${level}.init") = fn;\n`;
		const commits = makeHistory(dir, [[], [0]], (i) =>
			i === 0
				? {
						'include/linux/init.h': enter('device_initcall', 6),
						'include/linux/acme.h': enter('acme_enter', 4),
						'drivers/acme/Makefile': 'obj-$(CONFIG_A) += a.o\nLIST-$(CONFIG_B) += b.o\n',
						'drivers/acme/a.c': own('a', 'device_initcall', 'linux/init.h'),
						'drivers/acme/b.c': own('b', 'acme_enter', 'linux/acme.h'),
					}
				: { 'include/linux/acme.h': enter('acme_enter', 7) },
		);
		const other = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
		const tags = (await other.tags()).map((tag) => ({
			...tag,
			name: tag.name.replace('c', 'v1.'),
		}));
		const releases = releasesFromTags(tags);
		const clone = cloneOf(other, releases);
		const found: string[] = [];
		for (const path of ['drivers/acme/a.c', 'drivers/acme/b.c']) {
			const plain = genericProfile([path]);
			const profile = await withEnteringHeaders({ store: other, source: clone }, commits, plain);
			const trees = new DriverTrees(other, clone, profile);
			const whole = await clone.profiled(releases, plain);
			for (const [i, commit] of commits.entries()) {
				const { driver, capabilities } = (await trees.driver(commit, path)).link();
				assert.deepEqual(
					driver,
					whole[i]?.facts.drivers.find((one) => one.path === path),
					`${path} ${i}`,
				);
				assert.ok(driver);
				found.push(styles(driver, { capabilities: [...capabilities] }, () => undefined).join());
			}
		}
		assert.deepEqual(found, [
			'initcall@device',
			'initcall@device',
			'initcall@subsys',
			'initcall@late',
		]);
		await clone.close();
		await other.close();
	});

	it('is the same whichever of the sources that include each other is asked for', async () => {
		const dir = join(folder, 'included.git');
		const below = numbers(17);
		const paths = Object.keys(INCLUDED);
		const commits = makeHistory(dir, randomShape(50, 17), (i) => {
			const files: Record<string, string | null> = {};
			for (const path of i === 0 ? paths : [paths[below(paths.length)] ?? '']) {
				files[path] = INCLUDED[path]?.[below(INCLUDED[path].length)] ?? null;
			}
			return files;
		});
		const other = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
		const tags = (await other.tags()).map((tag) => ({
			...tag,
			name: tag.name.replace('c', 'v1.'),
		}));
		const releases = releasesFromTags(tags);
		assert.deepEqual(
			releases.map(({ commit }) => commit),
			commits,
		);
		const clone = cloneOf(other, releases);
		const whole = await clone.profiled(releases, genericProfile(['drivers/acme']));
		const seen = new Set<string>();
		for (const path of paths.filter((one) => one.endsWith('.c'))) {
			const profile = genericProfile([path]);
			const alone = await clone.profiled(releases, profile);
			const trees = new DriverTrees(other, clone, profile);
			const there = await other.blobIdsAt(commits, [path]);
			for (const [i, commit] of commits.entries()) {
				if (there[i]?.[0] === undefined) continue;
				// Its own driver, else the first of those that include it.
				const having = (tree: LinkedTree | undefined) => {
					const has = ({ sources }: ModuleSources, within: boolean): boolean =>
						sources.some((one) => one.path === path && (one.within !== undefined) === within);
					const modules = tree?.modules ?? [];
					const own = modules.filter((one) => has(one, false));
					const mine = own.length > 0 ? own : modules.filter((one) => has(one, true));
					return tree?.facts.drivers.find((one) =>
						mine.some(({ position }) => position === one.position),
					);
				};
				const expected = having(whole[i]);
				assert.deepEqual(having(alone[i]), expected, `${path} ${commit}`);
				assert.deepEqual((await trees.driver(commit, path)).link().driver, expected);
				if (expected !== undefined && expected.path !== path) seen.add(`${path} ${expected.path}`);
			}
		}
		assert.ok(seen.has('drivers/acme/part.c drivers/acme/a.c'));
		assert.ok(seen.has('drivers/acme/deep/more.c drivers/acme/b.c'));
		await clone.close();
		await other.close();
	});
});
