/**
 * What every ObjectStore answers, on any repository: the same as git, which is asked beside it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'mocha';
import { type FailureCode, RangefinderError } from '../../src/errors.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { runGit } from '../kernel/miniature.ts';
import { fingerprint } from './fingerprint.ts';
import type { MakeRepository, TestRepository } from './repositories.ts';

export function failsWith(code: FailureCode): (error: unknown) => boolean {
	return (error) => error instanceof RangefinderError && error.failure.code === code;
}

const REVISIONS = [
	...['HEAD', '@', 'master', 'side', 'v4.0', 'v4.1', 'v4.2', 'nested', 'twice', 'tags/v4.3'],
	...['heads/v4.2', 'refs/tags/v4.2', 'refs/heads/side', 'of-a-file', 'of-a-tree', 'noted-file'],
	...[
		'HEAD^',
		'HEAD^2',
		'HEAD^3',
		'HEAD^0',
		'HEAD~',
		'HEAD~1',
		'HEAD~2',
		'HEAD~9',
		'HEAD^^',
		'@~1^0',
	],
	...['nested^{}', 'nested^{commit}', 'nested^{tag}', 'v4.1^{tree}', 'v4.0^{tag}', 'v4.1^{odd}'],
	...['v4.1^{object}', 'v4.1^{}^', 'v4.3~1^{commit}~1', 'HEAD^{blob}', 'v4.1-0-g', 'no-such', ''],
	...['-', '--all', 'a\nb', 'v4.1:Makefile', 'v4.1:drivers', ':Makefile', 'v4.1..v4.2', '^v4.1'],
	...[
		'/etc/passwd',
		'../HEAD',
		'refs',
		'HEAD.lock',
		'~',
		'^',
		'^{commit}',
		'zzzz',
		'dead',
		'x'.repeat(5000),
	],
];

const PATHS = [
	...['Makefile', 'drivers/iommu/acme.c', 'drivers/iommu/empty.h', 'drivers/iommu/arm/zäta.c'],
	...['drivers', 'drivers/iommu', 'drivers/iommu/arm', 'drivers/link', 'drivers/module', 'latin1'],
	...[
		'drivers/script',
		'gone.c',
		'drivers/gone/x.c',
		'Makefile/x.c',
		'drivers/module/x',
		'./Makefile',
	],
	...['drivers/iommu/', ''],
];

/**
 * Declares the tests of one store on one kind of repository. `patches` says whether it makes a
 * patch of a commit, or refuses to because that takes git.
 */
export function conforms(
	make: MakeRepository,
	open: (dir: string) => Promise<ObjectStore>,
	{ patches }: { patches: boolean },
): void {
	let folder = '';
	let repository: TestRepository;
	let store: ObjectStore;
	let untouched = '';
	/** Every object that is not left to a remote. */
	let local: ReadonlySet<string>;
	const git = (...args: string[]) => runGit(['-C', repository.dir, ...args]);
	/** The ids of names, by one git; undefined where there is no such object. */
	const ids = async (names: readonly string[]) => {
		const asked = names.map((name) => (/^-|\n|^$/.test(name) ? 'no-such' : name));
		const check = ['-C', repository.dir, 'cat-file', '--batch-check=%(objectname)'];
		const lines = (await runGit(check, `${asked.join('\n')}\n`)).split('\n');
		return asked.map((_, i) => (/^[0-9a-f]{40,}$/.test(lines[i] ?? '') ? lines[i] : undefined));
	};
	const id = async (name: string) => (await ids([name]))[0];

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-store-'));
		repository = await make(folder);
		const all = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)'];
		local = new Set((await git(...all)).split('\n'));
		untouched = fingerprint(repository.watched);
		store = await open(repository.dir);
	});
	after(async () => {
		await store?.close();
		rmSync(folder, { recursive: true });
	});

	it('lists every tag that peels to a commit, with its date', async () => {
		const names = (await git('tag', '--list')).trimEnd().split('\n');
		const expected: [string, string, number][] = [];
		const commits = await ids(names.map((name) => `refs/tags/${name}^{commit}`));
		for (const [i, name] of names.entries()) {
			const commit = commits[i];
			if (commit === undefined) continue;
			expected.push([name, commit, Number(await git('log', '-1', '--format=%ct', commit))]);
		}
		const found = (await store.tags()).map(({ name, commit, date }) => [name, commit, date]);
		assert.deepEqual(found.sort(), expected.sort());
		assert.ok(found.length >= 4);
	});

	it('resolves revisions as git does', async () => {
		const head = String(await id('HEAD'));
		const described = `v4.0-7-g${head.slice(0, 12)}`;
		const tag = String(await id('v4.1'));
		const exact = [head, head.toUpperCase(), head.slice(0, 9), described, tag, tag.slice(0, 10)];
		const trees = [await id('v4.1^{tree}'), await id('v4.1:Makefile'), '0'.repeat(head.length)];
		const revisions = [...REVISIONS, ...exact, ...trees.map(String)];
		const asked = revisions.map((name) => (name === '' ? '' : `${name}^{commit}`));
		for (const [i, expected] of (await ids(asked)).entries()) {
			const revision = revisions[i] ?? '';
			assert.equal(await store.resolveCommit(revision), expected, revision.slice(0, 80));
		}
	});

	it('finds ids by path at many commits, tags and trees', async () => {
		const tree = String(await id('v4.3^{tree}'));
		const commits = ['v4.0', 'HEAD', 'nested', 'HEAD~1', tree];
		const objects = await store.objectIdsAt(commits, PATHS);
		const blobs = await store.blobIdsAt(commits, PATHS);
		for (const [i, commit] of commits.entries()) {
			const there = new Map([['', ['tree', await id(`${commit}^{tree}`)]]]);
			const listed = await git('ls-tree', '-rtz', '--full-tree', commit);
			for (const [, type = '', oid, path = ''] of listed.matchAll(/\d+ (\w+) (\w+)\t([^\0]*)\0/g)) {
				there.set(path, [type, oid]);
				if (type === 'tree') there.set(`${path}/`, [type, oid]);
			}
			for (const [j, path] of PATHS.entries()) {
				const [type, oid] = there.get(path.replace('./', '')) ?? [];
				assert.equal(objects[i]?.[j], oid, `${commit}:${path}`);
				assert.equal(blobs[i]?.[j], type === 'blob' ? oid : undefined, `${commit}:${path}`);
			}
		}
		assert.deepEqual(await store.blobIds('v4.0', PATHS), blobs[0]);
		assert.deepEqual(await store.blobIds('v4.0', []), []);
		assert.deepEqual(await store.blobIdsAt([], PATHS), []);
	});

	it('lists folders as git ls-tree does', async () => {
		for (const commit of ['HEAD', 'v4.0', 'nested']) {
			for (const [spot, recursive] of [
				['', true],
				['', false],
				['drivers', true],
				['drivers', false],
				['drivers/iommu', true],
			] as const) {
				const entries = await store.list(commit, spot, recursive);
				const lines = entries.map(
					({ mode, type, oid, path }) => `${mode} ${type} ${oid}\t${path}\n`,
				);
				const args = ['ls-tree', '--full-tree', '-z', ...(recursive ? ['-r'] : []), commit];
				const expected = await git(...args, ...(spot === '' ? [] : [`${spot}/`]));
				assert.equal(lines.join(''), expected.replaceAll('\0', '\n'), `${commit} ${spot}`);
			}
		}
		assert.deepEqual(await store.list('HEAD', 'no/such', true), []);
		assert.deepEqual(await store.list('HEAD', 'Makefile', true), []);
		assert.deepEqual(await store.list('HEAD', 'drivers/module', true), []);
	});

	it('reads contents byte by byte, and leaves out what is no blob here', async () => {
		const entries = await store.list('HEAD', '', true);
		const blobs = entries.filter(({ type }) => type === 'blob').map(({ oid }) => oid);
		const old = await store.blobIds('v4.0', ['drivers/iommu/acme.c']);
		const wanted = [...blobs, ...old.map(String)];
		const zeros = '0'.repeat(blobs[0]?.length ?? 0);
		const tree = String(await id('HEAD^{tree}'));
		const found = await store.blobs([zeros, ...wanted, tree, 'HEAD', 'a\nb', ...wanted, '']);
		const here = new Set(wanted.filter((oid) => local.has(oid)));
		assert.ok(repository.hasBlobs ? here.size > 5 : here.size < 2);
		assert.deepEqual([...found.keys()].sort(), [...here].sort());
		for (const oid of here) {
			const text = Buffer.from(found.get(oid) ?? []).toString('latin1');
			assert.equal(text, catFile(repository.dir, oid), oid);
		}
	});

	it('gives trees as git wrote them, and sizes of contents', async () => {
		for (const tree of ['v4.1^{tree}', 'v4.1:drivers/iommu']) {
			const oid = (await git('rev-parse', tree)).trim();
			const args = ['-C', repository.dir, 'cat-file', 'tree', oid];
			assert.deepEqual(
				Buffer.from((await store.trees([oid])).get(oid) ?? []),
				execFileSync('git', args),
			);
		}
		await assert.rejects(store.trees(['ab'.repeat(20)]), failsWith('object-missing'));
		const blob = (await git('rev-parse', 'v4.1:Makefile')).trim();
		const sizes = await store.blobSizes?.([blob, 'ab'.repeat(20)]);
		if (sizes === undefined) return;
		assert.deepEqual([...sizes], local.has(blob) ? [[blob, 'VERSION = 4\n'.length]] : []);
	});

	it('expands the abbreviation of a blob, whatever else has that prefix', async () => {
		const blobs = await store.blobIds('v4.1', ['Makefile', 'drivers/iommu/acme.c']);
		for (const blob of blobs.map(String)) {
			const expected = local.has(blob) ? blob : undefined;
			for (const length of [8, 12, 40]) {
				assert.equal(await store.expandBlob(blob.slice(0, length)), expected, `${length}`);
			}
			assert.equal(await store.expandBlob(blob.toUpperCase()), expected);
		}
		const others = [
			await id('HEAD'),
			await id('HEAD^{tree}'),
			'0000000',
			'HEAD',
			'abc',
			'xyzu',
			'',
		];
		for (const other of others) assert.equal(await store.expandBlob(String(other)), undefined);
	});

	it('tells what commits say', async () => {
		for (const revision of ['HEAD', 'HEAD~1', 'side', 'v4.0']) {
			const oid = String(await id(`${revision}^{commit}`));
			const info = await store.commitInfo(oid);
			const log = (format: string) =>
				git('log', '-1', '--encoding=UTF-8', `--format=${format}`, oid);
			assert.equal(info.oid, oid);
			assert.equal(`${info.tree}\n`, await log('%T'));
			assert.equal(`${info.author}\n`, await log('%an <%ae>'));
			assert.equal(`${info.authorDate}\n`, await log('%at'));
			assert.equal(`${info.subject}\n`, await log('%s'));
			assert.equal(info.message.trimEnd(), (await log('%B')).trimEnd());
			const raw = await git('cat-file', 'commit', oid);
			const parents = [...raw.matchAll(/^parent (.*)$/gm)].map(([, parent]) => parent);
			assert.deepEqual(info.parents, parents);
		}
	});

	it('says what is not there in one way', async () => {
		const nothing = '1'.repeat(String(await id('HEAD')).length);
		for (const name of [nothing, 'no-such']) {
			await assert.rejects(store.blobIds(name, ['Makefile']), failsWith('object-missing'));
			await assert.rejects(store.objectIdsAt([name], ['']), failsWith('object-missing'));
			await assert.rejects(store.list(name, '', true), failsWith('object-missing'));
			await assert.rejects(store.list(name, 'drivers', false), failsWith('object-missing'));
			await assert.rejects(store.commitInfo(name), failsWith('object-missing'));
			await assert.rejects(store.patchOf(name), failsWith('unknown-revision'));
		}
		const tree = String(await id('HEAD^{tree}'));
		await assert.rejects(store.commitInfo(tree), failsWith('unknown-revision'));
		await assert.rejects(store.list('of-a-file', '', true), failsWith('object-missing'));
		assert.deepEqual(await store.blobIds('HEAD', ['a\nb/c', 'a\0']), [undefined, undefined]);
		await assert.rejects(store.blobIds('--all', ['Makefile']), failsWith('unknown-revision'));
		await assert.rejects(store.list('', '', true), failsWith('unknown-revision'));
		await assert.rejects(store.commitInfo('a\nb'), failsWith('unknown-revision'));
	});

	if (patches) {
		it('gives a commit as the mail that git makes of it', async () => {
			if (!repository.hasBlobs) {
				await assert.rejects(store.patchOf('v4.3'), failsWith('object-missing'));
				return;
			}
			const mail = Buffer.from(await store.patchOf('v4.3')).toString();
			const options = ['-1', '--stdout', '--no-signature', '--full-index'];
			assert.equal(mail, await git('format-patch', ...options, 'v4.3'));
			await assert.rejects(store.patchOf('merged'), failsWith('no-patch'));
		});
	} else {
		it('refuses to make a patch of a commit, and names git', async () => {
			await assert.rejects(store.patchOf('v4.3'), /v4\.3 is a commit.*needs git/);
			await assert.rejects(store.patchOf('v4.3'), failsWith('needs-git'));
		});
	}

	it('answers many questions at once', async () => {
		const questions = Array.from({ length: 50 }, (_, i) =>
			store.blobIds(`v4.${i % 4}`, ['drivers/iommu/acme.c']),
		);
		const answers = (await Promise.all(questions)).map(([oid]) => String(oid));
		assert.equal(new Set(answers).size, 4);
		const contents = await Promise.all(answers.map((oid) => store.blobs([oid])));
		assert.ok(contents.every(({ size }) => size === (repository.hasBlobs ? 1 : 0)));
	});

	it('has written nothing', async () => {
		assert.equal(fingerprint(repository.watched), untouched);
	});
}

function catFile(dir: string, oid: string): string {
	return execFileSync('git', ['-C', dir, 'cat-file', 'blob', oid], { encoding: 'latin1' });
}
