/** Objects that are not what their ids say: no answer rests on them, and the cache learns nothing from them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { after, before, describe, it } from 'mocha';
import { type MiniatureKernel, runGit } from '../kernel/miniature.ts';
import { Sandbox } from './program.ts';

const ACME = 'drivers/iommu/acme-mmu.c';

/** In an index of a pack, version 2 (git's gitformat-pack): header and fan-out, 20 bytes an id, 4 a CRC, 4 an offset. */
const IDS = 8 + 256 * 4;
const TRAILER = 40;

/** The index of a pack in which two ids have each other's places, with its checksum right. */
function withSwappedPlaces(index: Buffer, one: string, other: string): Buffer {
	const count = index.readUInt32BE(IDS - 4);
	const ids = index.subarray(IDS, IDS + 20 * count);
	const swapped = Buffer.from(index);
	const [a, b] = [one, other].map((oid) => {
		const place = Array.from({ length: count }, (_, at) => at).find(
			(at) => ids.toString('hex', 20 * at, 20 * at + 20) === oid,
		);
		assert.ok(place !== undefined, oid);
		return place;
	}) as [number, number];
	for (const column of [IDS + 20 * count, IDS + 24 * count]) {
		index.copy(swapped, column + 4 * a, column + 4 * b, column + 4 * b + 4);
		index.copy(swapped, column + 4 * b, column + 4 * a, column + 4 * a + 4);
	}
	const end = swapped.length - TRAILER + 20;
	createHash('sha1').update(swapped.subarray(0, end)).digest().copy(swapped, end);
	return swapped;
}

describe('an object that is not what its id says', () => {
	const sandbox = new Sandbox();
	let kernel: MiniatureKernel;
	let mail = '';
	before(async () => {
		({ kernel, mail } = await sandbox.miniature());
	});
	after(() => sandbox.remove());

	/** A clone with one pack, in which `name` and `other` have each other's contents. */
	async function packed(name: string, other: string): Promise<string> {
		const dir = mkdtempSync(join(sandbox.folder, 'packed-'));
		await runGit(['clone', '-q', '--bare', '--no-local', kernel.dir, dir]);
		await runGit(['-C', dir, 'repack', '-q', '-a', '-d']);
		const [a, b] = (await runGit(['-C', dir, 'rev-parse', name, other])).trim().split('\n');
		const folder = join(dir, 'objects', 'pack');
		const indexes = readdirSync(folder).filter((file) => file.endsWith('.idx'));
		assert.equal(indexes.length, 1);
		const path = join(folder, indexes[0] ?? '');
		const changed = withSwappedPlaces(readFileSync(path), a ?? '', b ?? '');
		chmodSync(path, 0o644);
		writeFileSync(path, changed);
		// Git itself believes the index: its answer for the id is the other object.
		const object = async (repo: string, oid = '') =>
			(await runGit(['-C', repo, 'cat-file', '--batch'], `${oid}\n`)).replace(oid, '');
		assert.equal(await object(dir, a), await object(kernel.dir, b));
		assert.notEqual(await object(dir, a), await object(kernel.dir, a));
		return dir;
	}

	/** A clone with loose objects, of which `name` has the contents of `other`. */
	async function swapped(name: string, other: string): Promise<string> {
		const dir = mkdtempSync(join(sandbox.folder, 'loose-'));
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

	for (const [kind, damage] of [
		['loose', swapped],
		['packed', packed],
	] as const) {
		for (const store of ['native', 'embedded']) {
			it(`is refused as a ${kind} file, and leaves no facts in the cache (${store} store)`, async () => {
				const words = ['range', mail, '--no-index', '--json'];
				const clean = await sandbox.run([...words, '--no-cache', '--repo', kernel.dir]);
				const dir = await damage(`v4.7:${ACME}`, `v4.9:${ACME}`);
				const { code, err } = await sandbox.run([...words, '--repo', dir, '--store', store]);
				assert.equal(code, 3, err);
				const after = await sandbox.run([...words, '--repo', kernel.dir]);
				assert.equal(after.out, clean.out);
			});

			it(`is refused as a ${kind} tree (${store} store)`, async () => {
				const dir = await damage('v4.7:drivers/iommu', 'v4.9:drivers/iommu');
				const words = ['range', mail, '--no-index', '--repo', dir, '--store', store];
				const { code, err } = await sandbox.run(words);
				assert.equal(code, 3, err);
			});

			it(`is refused as a ${kind} commit (${store} store)`, async () => {
				const dir = await damage('v4.7^{commit}', 'v4.9^{tree}');
				const words = ['range', mail, '--no-index', '--repo', dir, '--store', store];
				const { code, err } = await sandbox.run(words);
				assert.equal(code, 3, err);
			});
		}
	}

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
