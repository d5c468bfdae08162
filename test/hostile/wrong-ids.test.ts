/** Objects that are not what their ids say: no answer rests on them, and the cache learns nothing from them. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { after, before, describe, it } from 'mocha';
import { type MiniatureKernel, runGit } from '../kernel/miniature.ts';
import { Sandbox } from './program.ts';

const ACME = 'drivers/iommu/acme-mmu.c';

describe('an object that is not what its id says', () => {
	const sandbox = new Sandbox();
	let kernel: MiniatureKernel;
	let mail = '';
	before(async () => {
		({ kernel, mail } = await sandbox.miniature());
	});
	after(() => sandbox.remove());

	/** A clone with loose objects, of which `name` has the contents of `other`. */
	async function swapped(name: string, other: string): Promise<string> {
		const dir = join(sandbox.folder, `${name.replaceAll(/\W/g, '-')}.git`);
		await runGit(['init', '-q', '--bare', dir]);
		await runGit([
			'-C',
			dir,
			'-c',
			'fetch.unpackLimit=100000',
			'fetch',
			'-q',
			kernel.dir,
			'refs/*:refs/*',
		]);
		const oid = (await runGit(['-C', dir, 'rev-parse', name])).trim();
		const type = (await runGit(['-C', dir, 'cat-file', '-t', other])).trim();
		const oids = (await runGit(['-C', dir, 'rev-parse', other])).trim();
		const content = Buffer.from(await runGit(['-C', dir, 'cat-file', type, oids]), 'latin1');
		const path = join(dir, 'objects', oid.slice(0, 2), oid.slice(2));
		mkdirSync(dirname(path), { recursive: true });
		chmodSync(path, 0o644);
		writeFileSync(
			path,
			deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])),
		);
		return dir;
	}

	for (const store of ['native', 'embedded']) {
		it(`is refused as a file, and leaves no facts in the cache (${store} store)`, async () => {
			const words = ['range', mail, '--no-index', '--json'];
			const clean = await sandbox.run([...words, '--no-cache', '--repo', kernel.dir]);
			const dir = await swapped(`v4.7:${ACME}`, `v4.9:${ACME}`);
			const { code, err } = await sandbox.run([...words, '--repo', dir, '--store', store]);
			assert.equal(code, 3, err);
			const after = await sandbox.run([...words, '--repo', kernel.dir]);
			assert.equal(after.out, clean.out);
		});
	}

	it('is refused as a commit', async () => {
		const dir = await swapped('v4.7^{commit}', 'v4.9^{tree}');
		const { code, err } = await sandbox.run(['range', mail, '--no-index', '--repo', dir]);
		assert.equal(code, 3, err);
	});

	it('is no release where a tag object is a tree', async () => {
		const words = ['range', mail, '--no-index', '--json', '--no-cache'];
		const dir = await swapped('refs/tags/v4.7', 'v4.9^{tree}');
		const releases = async (repo: string): Promise<string[]> => {
			const { out } = await sandbox.run([...words, '--repo', repo]);
			return JSON.parse(out).releases.map((one: { release: string }) => one.release);
		};
		const all = await releases(kernel.dir);
		assert.ok(all.includes('v4.7'));
		assert.ok(!(await releases(dir)).includes('v4.7'));
	});
});
