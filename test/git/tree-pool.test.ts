import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { bytePath, MODE, TreePool, textPath, type Version } from '../../src/git/tree-pool.ts';
import { makeThreesomes } from '../history/pick/threesomes.ts';
import { numbers } from '../history/random-history.ts';
import { failsWith } from './conformance.ts';
import { fingerprint } from './fingerprint.ts';

const BASE = {
	'a.c': 'a\n',
	'a/x': 'x\n',
	'a/b/y': 'y\n',
	'a-b': 'd\n',
	a0: 'e\n',
	'z/only': 'z\n',
	'caf\xe9': 'latin\n',
};

for (const objectFormat of ['sha1', 'sha256'] as const) {
	describe(`tree pool, ${objectFormat}`, () => {
		let dir = '';
		let store: ObjectStore;
		let pool: TreePool;
		let root = '';
		let untouched = '';

		const git = (args: readonly string[], input = ''): string =>
			execFileSync('git', ['-C', dir, ...args], {
				encoding: 'utf8',
				input: Buffer.from(input, 'latin1'),
				env: { ...process.env, GIT_INDEX_FILE: join(dir, 'test-index') },
			}).trim();
		const file = (text: string, mode: number = MODE.file): Version => ({
			mode,
			oid: pool.addBlob(Buffer.from(text), root),
		});
		/** The tree that git makes of the base with changes. */
		const gitTree = (changes: ReadonlyMap<string, Version | undefined>): string => {
			git(['read-tree', root]);
			// What replaces something is put in after everything that goes.
			const none = '0'.repeat(root.length);
			const lines = [...changes]
				.sort(([, a], [, b]) => Number(a !== undefined) - Number(b !== undefined))
				.map(([path, version]) => {
					const { mode, oid } = version ?? { mode: 0, oid: none };
					return `${mode.toString(8)} ${oid}\t${path}\0`;
				});
			git(['update-index', '-z', '--replace', '--index-info'], lines.join(''));
			return git(['write-tree', '--missing-ok']);
		};

		before(async () => {
			dir = join(mkdtempSync(join(tmpdir(), 'rangefinder-pool-')), 'repo.git');
			const [commits] = makeThreesomes(
				dir,
				[{ base: BASE, ours: BASE, theirs: BASE }],
				objectFormat,
			);
			store = await openNativeStore(dir, { env: process.env });
			pool = new TreePool(store);
			root = (await store.commitInfo(commits?.base ?? '')).tree;
			untouched = fingerprint(dir);
		});
		after(async () => {
			await store.close();
			rmSync(join(dir, '..'), { recursive: true, force: true });
		});

		it('reads what is at a path', async () => {
			assert.equal((await pool.at(root, 'a/b/y'))?.mode, MODE.file);
			assert.equal((await pool.at(root, 'a'))?.mode, MODE.folder);
			assert.ok(await pool.at(root, 'caf\xe9'));
			for (const path of ['b', 'a/b/y/z', 'a.c/x', 'A', bytePath('café')]) {
				assert.equal(await pool.at(root, path), undefined, path);
			}
		});

		it('writes nothing to the repository, and reads back what it made', async () => {
			const version = file('new\n', MODE.executable);
			const tree = await pool.withChanges(root, new Map([['a/b/new', version]]));
			assert.deepEqual(await pool.at(tree, 'a/b/new'), version);
			assert.deepEqual(await pool.at(tree, 'a/x'), await pool.at(root, 'a/x'));
			const { oid } = version;
			assert.equal(Buffer.from((await pool.blobs([oid])).get(oid) ?? []).toString(), 'new\n');
			assert.equal((await pool.sizes([oid])).get(oid), 4);
			assert.equal(fingerprint(dir), untouched);
		});

		it('is the same tree where nothing changes, and the empty tree where all goes', async () => {
			assert.equal(await pool.withChanges(root, new Map()), root);
			assert.equal(await pool.withChanges(root, new Map([['no/such/file', undefined]])), root);
			const all = new Map(Object.keys(BASE).map((path) => [path, undefined]));
			const empty = await pool.withChanges(root, all);
			assert.equal(empty, git(['hash-object', '-t', 'tree', '--stdin']));
		});

		it('knows files and folders that take the place of each other', async () => {
			for (const changes of [
				new Map([['a', file('now a file\n')]]),
				new Map([['a.c/in/it', file('now a folder\n')]]),
				new Map([
					['a/x', undefined],
					['a/b/y', undefined],
					['a', file('f\n', MODE.symlink)],
				]),
				new Map([
					['z/only', undefined],
					['z/other', { mode: MODE.submodule, oid: 'ab'.repeat(root.length / 2) }],
				]),
			]) {
				assert.equal(await pool.withChanges(root, changes), gitTree(changes));
			}
		});

		it('gives the trees that git gives, for random changes', async () => {
			const below = numbers(5);
			const names = ['a', 'a.c', 'a-b', 'a0', 'A', 'b', 'x', 'y', 'z', 'caf\xe9', '\xff', ' '];
			const modes = [MODE.file, MODE.executable, MODE.symlink];
			for (let round = 0; round < 25; round++) {
				const changes = new Map<string, Version | undefined>();
				for (let left = 1 + below(6); left > 0; left--) {
					const depth = 1 + below(3);
					const parts = Array.from({ length: depth }, () => names[below(names.length)] ?? 'q');
					const path = parts.join('/');
					const inTheWay = [...changes.keys()].some(
						(other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
					);
					if (inTheWay) continue;
					const goes = below(3) === 0;
					// Of a folder git takes files away one by one.
					if (goes && (await pool.at(root, path))?.mode === MODE.folder) continue;
					changes.set(path, goes ? undefined : file(`${round} ${left}\n`, modes[below(3)]));
				}
				const text = [...changes.keys()].map(textPath).join(' ');
				assert.equal(await pool.withChanges(root, changes), gitTree(changes), text);
			}
		});

		it('refuses paths that no tree can have', async () => {
			for (const path of ['', '/a', 'a//b', 'a/', '.', 'a/../b', '.git/config', 'x/.GIT', 'a\0b']) {
				await assert.rejects(
					pool.withChanges(root, new Map([[path, file('x')]])),
					failsWith('unsafe-path'),
					path,
				);
			}
		});

		it('says which tree is missing', async () => {
			const gone = 'ab'.repeat(root.length / 2);
			await assert.rejects(pool.entries([gone]), failsWith('object-missing'));
		});
	});
}
