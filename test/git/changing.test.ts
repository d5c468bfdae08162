/** A repository that changes while it is read: packs that are replaced, refs that move. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openStore, STORE_KINDS } from '../../src/git/open-store.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { runGit } from '../kernel/miniature.ts';
import { makeSource } from './repositories.ts';

const ENV = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' };
const PATHS = ['Makefile', 'drivers/iommu/acme.c', 'drivers/iommu/arm-smmu.c'];
const TAGS = ['v4.0', 'v4.1', 'v4.2', 'v4.3'];

describe('a repository that changes while it is read', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-changing-'));
	});
	after(() => rmSync(folder, { recursive: true }));

	/** In several packs, the tags in a file of their own. */
	async function source(name: string): Promise<string> {
		const dir = await makeSource(join(folder, name));
		await runGit(['-C', dir, 'repack', '-dq']);
		writeFileSync(join(dir, 'Makefile'), 'VERSION = 5\n');
		await runGit(['-C', dir, 'commit', '-qam', 'Linux 5.0']);
		await runGit(['-C', dir, 'tag', 'v5.0']);
		await runGit(['-C', dir, 'repack', '-dq']);
		return dir;
	}

	async function contents(store: ObjectStore, commits: readonly string[]): Promise<string[]> {
		const rows = await store.blobIdsAt(commits, PATHS);
		const ids = rows.flat().filter((id) => id !== undefined);
		const blobs = await store.blobs(ids);
		return ids.map((id) => Buffer.from(blobs.get(id) ?? assert.fail(id)).toString());
	}

	for (const kind of STORE_KINDS) {
		it(`is read through by the ${kind} store when its packs are replaced`, async () => {
			const dir = await source(`repack-${kind}`);
			const untouched = await openStore(dir, { env: ENV, kind });
			const expected = await contents(untouched, [...TAGS, 'v5.0']);
			await untouched.close();
			const store = await openStore(dir, { env: ENV, kind });
			const unread = await openStore(dir, { env: ENV, kind });
			await store.tags();
			assert.deepEqual(await contents(store, ['v4.0']), expected.slice(0, 3));
			// Into one pack in place of two, then into others again.
			await runGit(['-C', dir, 'repack', '-adfq', '--depth=3']);
			assert.deepEqual(await contents(store, ['v4.0', 'v4.1']), expected.slice(0, 6));
			await runGit(['-C', dir, 'config', 'pack.packSizeLimit', '1m']);
			await runGit(['-C', dir, '-c', 'repack.writeBitmaps=false', 'repack', '-AdfFq', '--depth=9']);
			assert.deepEqual(await contents(store, [...TAGS, 'v5.0']), expected);
			assert.equal((await store.commitInfo('v4.3^0')).subject, 'Linux 4.3');
			assert.deepEqual(await contents(unread, [...TAGS, 'v5.0']), expected, 'packs never read');
			await unread.close();
			await store.close();
		});

		it(`answers of the ${kind} store are those of the refs that were read first`, async () => {
			const dir = await source(`refs-${kind}`);
			const store = await openStore(dir, { env: ENV, kind });
			const tags = await store.tags();
			const commit = tags.find(({ name }) => name === 'v4.3')?.commit ?? '';
			const expected = await contents(store, [commit]);
			await runGit(['-C', dir, 'tag', '-f', 'v4.3', 'v4.0']);
			await runGit(['-C', dir, 'tag', '-d', 'v4.1', 'v4.2']);
			await runGit(['-C', dir, 'gc', '-q', '--prune=now']);
			assert.deepEqual(await contents(store, [commit]), expected);
			const all = await contents(
				store,
				tags.filter(({ name }) => TAGS.includes(name)).map((tag) => tag.commit),
			);
			assert.equal(all.length, TAGS.length * PATHS.length);
			await store.close();
		});
	}
});
