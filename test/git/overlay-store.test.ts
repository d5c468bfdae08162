import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { OverlayStore } from '../../src/git/overlay-store.ts';
import { bytePath, MODE, TreePool } from '../../src/git/tree-pool.ts';
import { Solving, TEN } from '../range/solving.ts';

describe('a repository with trees made on top of it', () => {
	let all: Solving;
	let root = '';
	let pool: TreePool;
	let overlay: OverlayStore;
	let made = '';
	let blob = '';
	before(async () => {
		all = await Solving.make();
		root = all.root({ 'a.c': TEN, 'dir/b.c': 'b\n', 'dir/deep/c.c': 'c\n' });
		pool = new TreePool(all.store);
		overlay = new OverlayStore(all.store, pool);
		const { tree } = await all.store.commitInfo(root);
		blob = pool.addBlob(Buffer.from('new\n'), tree);
		made = await pool.withChanges(
			tree,
			new Map([
				[bytePath('dir/new.c'), { mode: MODE.file, oid: blob }],
				[bytePath('a.c'), undefined],
			]),
		);
	});
	after(() => all.remove());

	const PATHS = ['a.c', 'dir/b.c', 'dir/new.c', 'dir/deep/c.c', 'none'];

	it('says what a made tree has, by its id', async () => {
		const at = await all.store.blobIds(root, PATHS);
		assert.deepEqual(await overlay.blobIds(made, PATHS), [
			undefined,
			at[1],
			blob,
			at[3],
			undefined,
		]);
	});

	it('says what a commit of the repository has, as the repository does', async () => {
		assert.deepEqual(await overlay.blobIds(root, PATHS), await all.store.blobIds(root, PATHS));
		assert.deepEqual(await overlay.commitInfo(root), await all.store.commitInfo(root));
		assert.equal(await overlay.resolveCommit(root), root);
	});

	it('reads files that were made, and those that were there', async () => {
		const [, there = ''] = await all.store.blobIds(root, PATHS);
		const blobs = await overlay.blobs([blob, there]);
		assert.deepEqual(
			[blob, there].map((oid) => Buffer.from(blobs.get(oid) ?? []).toString()),
			['new\n', 'b\n'],
		);
		assert.deepEqual(
			[...(await overlay.blobSizes([blob, there]))].sort(),
			[
				[blob, 4],
				[there, 2],
			].sort(),
		);
	});

	it('has nothing that was made for another overlay', async () => {
		const other = new OverlayStore(all.store, new TreePool(all.store));
		await assert.rejects(other.blobIds(made, PATHS));
	});
});
