/** The text of a tree as `git grep` finds it, against a search of the same files in memory. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import {
	ChangedTreeText,
	type FoundLine,
	GitTreeText,
	type TreeText,
} from '../../src/git/tree-text.ts';
import { CORE, MemoryTree, MODULE } from '../driver/ways/trees.ts';
import { repositoryOf } from './tree-repository.ts';

const FILES = {
	...CORE,
	...MODULE,
	'drivers/odd name/a b.c': 'int driver_register_x;\n',
	'drivers/latin.c': 'int driver_register; /* \xe9 */\r\n\0driver_register\n',
	README: 'driver_register\n',
};

const sorted = (lines: readonly FoundLine[]): string[] =>
	lines.map(({ path, text }) => `${path}: ${text}`).sort();

describe('the text of a tree', () => {
	let store: ObjectStore;
	let tree: TreeText;
	let remove: () => Promise<void>;
	const memory = new MemoryTree(FILES);

	before(async () => {
		const made = await repositoryOf(FILES);
		remove = made.remove;
		store = await openNativeStore(made.dir, { env: process.env });
		tree = new GitTreeText(demandGit(store, 'searching'), store, made.commit);
	});

	after(async () => {
		await store.close();
		await remove();
	});

	it('has the lines with any of the words, in C files only', async () => {
		const words = ['driver_register', 'vendor_impl_init'];
		assert.deepEqual(sorted(await tree.find(words)), sorted(await memory.find(words)));
	});

	it('has them for many words that are looked for together', async () => {
		const words = [
			...Array.from({ length: 40 }, (_, i) => `nothing_${i}`),
			'acme_impl_init',
			'vendor_impl_init',
			'vendor_impl',
		];
		const found = await tree.find(words, { whole: true });
		assert.deepEqual(sorted(found), sorted(await memory.find(words)));
		assert.equal(found.length, 5);
	});

	it('looks below folders only, where they are named', async () => {
		const found = await tree.find(['driver_register'], {
			folders: ['drivers/mmu', 'drivers/odd name'],
		});
		assert.deepEqual([...new Set(found.map(({ path }) => path))].sort(), [
			'drivers/mmu/acme-mmu-vendor.c',
			'drivers/odd name/a b.c',
		]);
		assert.deepEqual(await tree.find(['nothing at all']), []);
	});

	it('reads files, and says of what is not there nothing', async () => {
		const paths = ['drivers/latin.c', 'not/there.c'];
		const plain = async (from: TreeText) =>
			[...(await from.read(paths))].map(([path, { blob, bytes }]) => [
				path,
				blob,
				Buffer.from(bytes).toString('hex'),
			]);
		assert.deepEqual(await plain(tree), await plain(memory));
		assert.deepEqual(tree.unread(), []);
	});

	it('can be changed on top', async () => {
		const changed = new Map([
			...new MemoryTree({ 'drivers/new.c': 'int driver_register_y;\n' }).files,
			['drivers/odd name/a b.c', undefined] as const,
		]);
		const found = sorted(await new ChangedTreeText(tree, changed).find(['driver_register_']));
		assert.deepEqual(found, ['drivers/new.c: int driver_register_y;']);
	});
});
