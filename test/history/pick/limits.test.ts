/** What picks say where they cannot know, and what becomes of them without git. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openEmbeddedStore } from '../../../src/git/embedded-store.ts';
import { openNativeStore } from '../../../src/git/native-store.ts';
import type { ObjectStore } from '../../../src/git/store.ts';
import { Picker } from '../../../src/history/pick/pick.ts';
import { makeHistory } from '../random-history.ts';
import { type Commits, gitMerge, lines, makeThreesomes, type Threesome } from './threesomes.ts';

const FORTY = lines(40);
const LARGE = lines(700_000, 'a longer line');
const changed = (text: string, line: number): string =>
	text.replace(` ${line}\n`, ` ${line} changed\n`);
const old = { 'old/a.c': FORTY, 'old/b.c': lines(30, 'b'), 'old/c.c': lines(30, 'c') };
const moved = { 'new/a.c': FORTY, 'new/b.c': lines(30, 'b'), 'new/c.c': lines(30, 'c') };

const ALL: Threesome[] = [
	{
		base: { 'a.txt': LARGE },
		ours: { 'a.txt': changed(LARGE, 3) },
		theirs: { 'a.txt': changed(LARGE, 600_000) },
	},
	{
		base: { 'a.txt': LARGE, b: 'b\n' },
		ours: { 'a.txt': LARGE, b: 'b2\n' },
		theirs: { 'a.txt': changed(LARGE, 600_000), b: 'b\n' },
	},
	{
		base: { 'a.c': FORTY, b: 'b\n' },
		ours: { 'x/a.c': changed(FORTY, 3), b: 'b\n' },
		theirs: { 'a.c': changed(FORTY, 30), b: 'b\n' },
	},
	{ base: old, ours: moved, theirs: { ...old, 'old/added.c': 'added\n' } },
	{
		base: { 'a.txt': FORTY, '.gitattributes': '*.txt merge=union\n' },
		ours: { 'a.txt': `${FORTY}mine\n`, '.gitattributes': '*.txt merge=union\n' },
		theirs: { 'a.txt': `${FORTY}yours\n`, '.gitattributes': '*.txt merge=union\n' },
	},
];

describe('limits of picks', () => {
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-limits-'));
	const dir = join(folder, 'repo.git');
	let commits: Commits[] = [];
	let store: ObjectStore;
	const opened: ObjectStore[] = [];

	before(async () => {
		commits = makeThreesomes(dir, ALL);
		store = await openNativeStore(dir, { env: process.env });
	});
	after(async () => {
		for (const one of [store, ...opened]) await one.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const pick = async (number: number, from = store, options = {}) => {
		const { ours = '', theirs = '' } = commits[number] ?? {};
		const picker = new Picker(from);
		return picker.pick(await picker.treeOf(ours), theirs, options);
	};

	it('does not merge files over 10 MiB, and takes one that only the commit changed', async () => {
		const both = await pick(0);
		assert.equal(both.result, 'unknown');
		assert.equal(both.result === 'unknown' && both.blobs.length, 1);
		const { ours = '', theirs = '' } = commits[1] ?? {};
		const one = await pick(1);
		const git = gitMerge(dir, ours, theirs);
		if (git !== undefined) assert.equal(one.result === 'clean' && one.tree, git);
		assert.equal(one.result, 'clean');
	});

	it('does not know where contents are not here', async () => {
		const partial: ObjectStore = Object.create(store, {
			blobs: { value: async () => new Map() },
			blobSizes: { value: undefined },
			commitInfo: { value: (oid: string) => store.commitInfo(oid) },
			trees: { value: (oids: string[]) => store.trees(oids) },
		});
		const picked = await pick(2, partial);
		assert.equal(picked.result, 'unknown');
		assert.ok(picked.result === 'unknown' && picked.blobs.length > 0);
	});

	it('comes to the same where the repository is read without git', async () => {
		const embedded = await openEmbeddedStore(dir);
		opened.push(embedded);
		for (const number of [1, 2, 3]) {
			assert.deepEqual(await pick(number, embedded), await pick(number));
		}
	});

	it('says what it followed: the path in the target and the one the commit knows', async () => {
		const picked = await pick(2);
		assert.ok(picked.result === 'clean');
		assert.deepEqual(
			picked.changed.map(({ path, theirPath }) => [path, theirPath]),
			[['x/a.c', 'a.c']],
		);
	});

	it('follows or ignores a moved folder where that is asked for', async () => {
		const paths = async (directoryRenames: string): Promise<string[]> => {
			const picked = await pick(3, store, { directoryRenames });
			return picked.result === 'clean' ? picked.changed.map(({ path }) => path) : [picked.result];
		};
		assert.deepEqual(await paths('follow'), ['new/added.c']);
		assert.deepEqual(await paths('ignore'), ['old/added.c']);
		assert.deepEqual(await paths('conflict'), ['conflict']);
	});

	it('knows nothing of attributes: what git merges by union is a conflict here', async () => {
		assert.equal((await pick(4)).result, 'conflict');
	});

	it('picks a root commit, and a merge only with its mainline', async () => {
		const other = join(folder, 'merges.git');
		const ids = makeHistory(other, [[], [0], [0], [1, 2], []]);
		const merges = await openNativeStore(other, { env: process.env });
		opened.push(merges);
		const picker = new Picker(merges);
		const onto = await picker.treeOf(ids[1] ?? '');
		const paths = async (commit: number, mainline?: number) => {
			const picked = await picker.pick(
				onto,
				ids[commit] ?? '',
				mainline === undefined ? {} : { mainline },
			);
			return picked.result === 'clean' ? picked.changed.map(({ path }) => path) : picked.result;
		};
		assert.deepEqual(await paths(4), ['f4']);
		assert.equal(await paths(3), 'refused');
		assert.equal(await paths(3, 3), 'refused');
		assert.equal(await paths(2, 1), 'refused');
		// What the merge brought to its second parent: f1, which is there, and its own file.
		assert.deepEqual(await paths(3, 2), ['f3']);
	});
});
