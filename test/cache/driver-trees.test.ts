import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { CloneSource } from '../../cache/clone-source.ts';
import { DriverTrees } from '../../cache/driver-trees.ts';
import { NULL_CACHE } from '../../cache/facts-cache.ts';
import type { FileId } from '../../cache/source.ts';
import { createExtractor } from '../../src/driver/extract.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { releasesFromTags } from '../../src/kernel/releases.ts';
import { TextInterner } from '../../src/patch/lines.ts';
import { makeMiniatureKernel } from '../kernel/miniature.ts';

describe('one driver of a tree', () => {
	let folder = '';
	let store: ObjectStore;
	let source: CloneSource;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-driver-trees-'));
		const { dir } = await makeMiniatureKernel(folder);
		store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
		source = new CloneSource({
			store,
			releases: releasesFromTags(await store.tags()),
			interner: new TextInterner(),
			cache: async () => NULL_CACHE,
			known: async () => undefined,
			extractor: createExtractor,
		});
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
});
