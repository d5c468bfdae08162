/**
 * Damaged and hostile repositories: both stores say what is wrong in one line, with exit code 3, and
 * neither hangs, nor takes another object for the one that was asked for.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { after, before, describe, it } from 'mocha';
import { exitCode, failureMessage, failureOf, RangefinderError } from '../../src/errors.ts';
import { openEmbeddedStore } from '../../src/git/embedded-store.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { STORE_KINDS, type StoreKind } from '../../src/git/open-store.ts';
import { cpuTime } from '../cpu.ts';
import { runGit } from '../kernel/miniature.ts';
import { makePack } from './pack-maker.ts';
import { makeSource } from './repositories.ts';

const ENV = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' };

/** Asks everything of a store; throws what it throws. */
async function readAll(dir: string, kind: StoreKind, patience = 50_000): Promise<number> {
	const store =
		kind === 'native'
			? await openNativeStore(dir, { env: ENV, patience })
			: await openEmbeddedStore(dir);
	try {
		const tags = await store.tags();
		let bytes = 0;
		for (const { commit } of tags) {
			await store.commitInfo(commit);
			const entries = await store.list(commit, '', true);
			await store.objectIdsAt([commit], ['drivers/iommu', 'drivers/iommu/acme.c']);
			const wanted = entries.filter(({ type }) => type === 'blob').map(({ oid }) => oid);
			const found = await store.blobs(wanted);
			const missing = wanted.find((oid) => !found.has(oid));
			if (missing !== undefined) {
				const what = `there is no blob ${missing}`;
				throw new RangefinderError({ code: 'object-missing', where: dir, what });
			}
			for (const content of found.values()) bytes += content.length;
		}
		if (tags.length === 0) throw new RangefinderError({ code: 'no-releases', where: dir });
		return bytes;
	} finally {
		await store.close();
	}
}

async function saysInOneLine(dir: string, kind: StoreKind, patience?: number): Promise<string> {
	const error = await readAll(dir, kind, patience).then(
		() => assert.fail('it was read'),
		(thrown: unknown) => thrown,
	);
	const failure = failureOf(error);
	assert.ok(failure !== undefined, String(error));
	assert.equal(exitCode(failure), 3);
	const { message } = failureMessage(failure);
	assert.doesNotMatch(message, /\n/);
	return message;
}

function pathOf(dir: string, oid: string): string {
	return join(dir, '.git', 'objects', oid.slice(0, 2), oid.slice(2));
}

/** Changes a file that git made read-only. */
function change(path: string, to: (bytes: Buffer) => Uint8Array): void {
	chmodSync(path, 0o644);
	writeFileSync(path, to(readFileSync(path)));
}

function packPart(dir: string, ending: string): string {
	const folder = join(dir, '.git', 'objects', 'pack');
	const name = readdirSync(folder).find((one) => one.endsWith(ending));
	return join(folder, name ?? assert.fail(`no ${ending}`));
}

describe('a damaged repository', () => {
	let folder = '';
	let loose = '';
	let packed = '';
	let copies = 0;
	const copyOf = (dir: string): string => {
		const to = join(folder, `copy-${copies++}`);
		execFileSync('cp', ['-a', dir, to]);
		return to;
	};
	const oidOf = async (name: string) => (await runGit(['-C', loose, 'rev-parse', name])).trim();

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-damage-'));
		loose = await makeSource(join(folder, 'loose'));
		packed = copyOf(loose);
		await runGit(['-C', packed, 'repack', '-adq']);
		await runGit(['-C', packed, 'prune-packed']);
	});
	after(() => rmSync(folder, { recursive: true }));

	for (const kind of STORE_KINDS) {
		describe(`read by the ${kind} store`, () => {
			it('is read when it is sound', async () => {
				assert.equal(await readAll(loose, kind), await readAll(packed, kind));
			});

			for (const name of [
				'v4.1^{commit}',
				'v4.1^{tree}',
				'v4.1:drivers/iommu',
				'v4.1:drivers/iommu/acme.c',
			]) {
				it(`lacks, truncates or swaps ${name}`, async () => {
					const oid = await oidOf(name);
					const missing = copyOf(loose);
					rmSync(pathOf(missing, oid));
					if (!name.endsWith('{commit}')) await saysInOneLine(missing, kind);
					const short = copyOf(loose);
					change(pathOf(short, oid), (bytes) => bytes.subarray(0, bytes.length / 2));
					await saysInOneLine(short, kind);
					const empty = copyOf(loose);
					change(pathOf(empty, oid), () => new Uint8Array(0));
					await saysInOneLine(empty, kind);
					const swapped = copyOf(loose);
					const other = await oidOf(name.replace('v4.1', 'v4.3'));
					change(pathOf(swapped, oid), () => readFileSync(pathOf(loose, other)));
					await saysInOneLine(swapped, kind);
				});
			}

			it('has a truncated or changed index of its pack', async () => {
				for (const keep of [0, 7, 1000, 1100, 1500]) {
					const dir = copyOf(packed);
					const index = packPart(dir, '.idx');
					chmodSync(index, 0o644);
					truncateSync(index, keep);
					await saysInOneLine(dir, kind);
				}
			});

			it('has a truncated, changed or missing pack', async () => {
				const half = copyOf(packed);
				change(packPart(half, '.pack'), (bytes) => bytes.subarray(0, bytes.length / 2));
				await saysInOneLine(half, kind);
				const wrong = copyOf(packed);
				change(packPart(wrong, '.pack'), (bytes) => bytes.fill(0x55, 40, bytes.length - 40));
				await saysInOneLine(wrong, kind);
				const gone = copyOf(packed);
				rmSync(packPart(gone, '.pack'));
				await saysInOneLine(gone, kind);
			});

			it('cannot be read by this user', async function () {
				if (process.getuid?.() === 0) this.skip();
				const dir = copyOf(packed);
				chmodSync(packPart(dir, '.pack'), 0);
				await saysInOneLine(dir, kind);
			});

			it('has refs that are none', async () => {
				const dir = copyOf(packed);
				writeFileSync(join(dir, '.git', 'refs', 'tags', 'zero'), '');
				writeFileSync(join(dir, '.git', 'refs', 'tags', 'loop'), 'ref: refs/tags/loop\n');
				assert.ok((await readAll(dir, kind)) > 0);
				writeFileSync(join(dir, '.git', 'packed-refs'), 'garbage\n');
				assert.match(await saysInOneLine(dir, kind), /unexpected line in .*packed-refs/);
			});
		});
	}
});

describe('a hostile repository', () => {
	let folder = '';
	const repositories = new Map<string, string>();

	/** A repository with a tag of the first object of a pack that we write. */
	async function withPack(name: string, pack: ReturnType<typeof makePack>): Promise<void> {
		const dir = join(folder, name);
		await runGit(['init', '-q', '--bare', dir]);
		const sum = createHash('sha1').update(name).digest('hex');
		mkdirSync(join(dir, 'objects', 'pack'), { recursive: true });
		writeFileSync(join(dir, 'objects', 'pack', `pack-${sum}.pack`), pack.pack);
		writeFileSync(join(dir, 'objects', 'pack', `pack-${sum}.idx`), pack.index);
		writeFileSync(join(dir, 'refs', 'tags', 'v4.1'), `${pack.oids[0]}\n`);
		repositories.set(name, dir);
	}

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-hostile-'));
		const oid = '12'.repeat(20);
		const delta = Buffer.from([4, 4, 0x90, 4]);
		await withPack(
			'a delta of itself by offset',
			makePack([{ oid, type: 6, back: 0, data: delta }]),
		);
		await withPack(
			'a delta of itself by name',
			makePack([{ oid, type: 7, base: oid, data: delta }]),
		);
		await withPack(
			'two deltas of each other',
			makePack([
				{ oid, type: 7, base: '34'.repeat(20), data: delta },
				{ oid: '34'.repeat(20), type: 7, base: oid, data: delta },
			]),
		);
		await withPack(
			'a delta without its base',
			makePack([{ oid, type: 7, base: '56'.repeat(20), data: delta }]),
		);
		await withPack(
			'an object that inflates to more than it says',
			makePack([{ oid, type: 3, size: 10, data: Buffer.alloc(50_000_000) }]),
		);
		await withPack(
			'an object that says it is enormous',
			makePack([{ oid, type: 3, size: 2 ** 45, data: Buffer.alloc(10) }]),
		);
		await withPack('an object of no type', makePack([{ oid, type: 5, data: Buffer.alloc(10) }]));
		await withPack('an object with the id of another', makePack([{ oid, type: 1, data: delta }]));
		const bomb = join(folder, 'a loose object that inflates to more than it says');
		await runGit(['init', '-q', '--bare', bomb]);
		mkdirSync(join(bomb, 'objects', '12'));
		const zeros = Buffer.concat([Buffer.from('commit 10\0'), Buffer.alloc(300_000_000)]);
		writeFileSync(join(bomb, 'objects', '12', oid.slice(2)), deflateSync(zeros));
		writeFileSync(join(bomb, 'refs', 'tags', 'v4.1'), `${oid}\n`);
		repositories.set('a loose object that inflates to more than it says', bomb);
	});
	after(() => rmSync(folder, { recursive: true }));

	for (const kind of STORE_KINDS) {
		it(`gets one line from the ${kind} store, and soon`, async () => {
			for (const [name, dir] of repositories) {
				const start = cpuTime();
				await saysInOneLine(dir, kind, 2000);
				assert.ok(cpuTime() - start < 10_000, name);
			}
		});
	}

	it('may have pipes where files should be', async () => {
		const dir = join(folder, 'pipes');
		await runGit(['init', '-q', '--bare', dir]);
		execFileSync('mkfifo', [join(dir, 'refs', 'tags', 'v4.1'), join(dir, 'packed-refs')]);
		assert.match(await saysInOneLine(dir, 'embedded'), /packed-refs cannot be read/);
	});
});
