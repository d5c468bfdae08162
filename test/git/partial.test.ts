/** Partial clones: what they lack is fetched together, into a folder of ours, and the clone stays as it is. */
import assert from 'node:assert/strict';
import { spawn as spawnProcess } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import { exitCode, failureMessage, failureOf } from '../../src/errors.ts';
import { type NativeStoreOptions, openNativeStore } from '../../src/git/native-store.ts';
import type { FetchOptions } from '../../src/git/partial/partial-objects.ts';
import { type SpawnGit, spawnGit } from '../../src/git/process.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { type MiniatureKernel, makeMiniatureKernel, runGit } from '../kernel/miniature.ts';
import { allowPartial, countingSpawn, partialClone } from './fetching.ts';
import { fingerprint } from './fingerprint.ts';

const ENV = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' };
const ACME = 'drivers/iommu/acme-mmu.c';
const ZETA = 'drivers/iommu/zeta-mmu.c';

describe('a partial clone', () => {
	let folder: string;
	let kernel: MiniatureKernel;
	let dir: string;
	let cache: string;
	let requests: string[][];

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-partial-'));
		kernel = await makeMiniatureKernel(folder);
		await allowPartial(kernel.dir);
	});
	after(() => rmSync(folder, { recursive: true }));
	beforeEach(async () => {
		dir = await partialClone(kernel.dir, folder);
		cache = mkdtempSync(join(folder, 'cache-'));
		requests = [];
	});

	function open(fetch: FetchOptions = {}, options: Partial<NativeStoreOptions> = {}) {
		const spawn = countingSpawn(requests);
		return openNativeStore(dir, {
			env: ENV,
			spawn,
			fetch: { folder: cache, ...fetch },
			...options,
		});
	}

	async function reading<T>(read: (store: ObjectStore) => Promise<T>, fetch?: FetchOptions) {
		const store = await open(fetch);
		try {
			return await read(store);
		} finally {
			await store.close();
		}
	}

	async function idsOf(paths: readonly string[]): Promise<string[]> {
		const full = await openNativeStore(kernel.dir, { env: ENV });
		const rows = await full.blobIdsAt(kernel.tags, paths);
		await full.close();
		return [...new Set(rows.flat().filter((id) => id !== undefined))];
	}

	it('gets the blobs of many releases with one request, and stays as it is', async () => {
		const ids = await idsOf([ACME, ZETA, 'Makefile']);
		assert.ok(ids.length > 10);
		const was = fingerprint(dir);
		const blobs = await reading((store) => store.blobs(ids));
		assert.deepEqual([...blobs.keys()].sort(), [...ids].sort());
		assert.equal(requests.length, 1);
		assert.deepEqual(requests[0]?.toSorted(), ids.toSorted());
		assert.equal(fingerprint(dir), was);
		const again = await reading((store) => store.blobs(ids));
		assert.equal(again.size, ids.length);
		assert.equal(requests.length, 1, 'what was fetched is kept for the next run');
	});

	it('gathers what is asked for at the same time', async () => {
		const ids = await idsOf([ACME, ZETA]);
		const found = await reading((store) => Promise.all(ids.map((id) => store.blobs([id]))));
		assert.deepEqual(
			found.map((one) => one.size),
			ids.map(() => 1),
		);
		assert.ok(requests.length <= 2, `${requests.length} requests for ${ids.length} blobs`);
	});

	it('fetches ahead what it is told of', async () => {
		const ids = await idsOf([ACME, ZETA]);
		await reading(async (store) => {
			await store.partial?.fetch(ids);
			for (const id of ids) assert.equal((await store.blobs([id])).size, 1);
		});
		assert.equal(requests.length, 1);
	});

	it('shows how many objects have come', async () => {
		const ids = await idsOf([ACME, ZETA]);
		const shown: string[] = [];
		const progress = {
			start: (label: string, total: number) => shown.push(`${label} ${total}`),
			step: () => shown.push('.'),
			end: () => shown.push('end'),
		};
		await reading((store) => store.blobs(ids), { progress });
		assert.equal(shown[0], `fetching from file://${kernel.dir} ${ids.length}`);
		assert.equal(shown.filter((one) => one === '.').length, ids.length);
		assert.equal(shown.at(-1), 'end');
	});

	it('fetches nothing with --offline, and reads what an earlier run fetched', async () => {
		const ids = await idsOf([ACME, ZETA]);
		const [first = '', second = ''] = ids;
		await reading((store) => store.blobs([first]));
		await reading(
			async (store) => {
				assert.deepEqual([...(await store.blobs([first, second])).keys()], [first]);
				assert.match(String(store.partial?.why(second)), /--offline forbids to fetch it/);
			},
			{ offline: true },
		);
		assert.equal(requests.length, 1);
	});

	it('gets the others where the remote lacks some, and says which', async () => {
		const ids = await idsOf([ACME, ZETA]);
		const none = ['1', '2', '3'].map((digit) => digit.repeat(40));
		const store = await open();
		const found = await store.blobs([...ids.slice(0, 4), ...none, ...ids.slice(4)]);
		assert.equal(found.size, ids.length);
		assert.equal(requests.length, none.length + 1);
		for (const oid of none) assert.match(String(store.partial?.why(oid)), /has it not/);
		assert.equal((await store.blobs(none)).size, 0);
		assert.equal(requests.length, none.length + 1, 'what is refused is not asked for again');
		await store.close();
	});

	it('reads what the full clone reads, also where trees are missing', async () => {
		const full = await openNativeStore(kernel.dir, { env: ENV });
		for (const filter of ['tree:0', 'blob:none', 'blob:limit=1k']) {
			dir = await partialClone(kernel.dir, folder, filter);
			const was = fingerprint(dir);
			const store = await open();
			const ask = async (one: ObjectStore) => ({
				tags: await one.tags(),
				ids: await one.blobIdsAt(kernel.tags, [ACME, ZETA, 'gone']),
				list: await one.listAt(['v4.6', 'fix'], 'drivers', true),
				commit: await one.resolveCommit(kernel.fix.commit),
				info: await one.commitInfo(kernel.fix.commit),
				none: await one.resolveCommit('1'.repeat(40)),
				patch: Buffer.from(await one.patchOf('fix')).toString(),
				// Without trees there is no history to walk.
				blame: filter !== 'tree:0' && (await one.lastChanged?.('v4.6.1', ACME, [[1, 40]])),
				expanded: await one.expandBlob((await one.blobIds('v4.6', [ACME])).join('').slice(0, 12)),
			});
			assert.deepEqual(await ask(store), await ask(full), filter);
			await store.close();
			assert.equal(fingerprint(dir), was, filter);
		}
		await full.close();
	});

	it('finds what a path ever was', async () => {
		const store = await open();
		const ever = await store.partial?.everAt([ACME]);
		await store.close();
		for (const id of await idsOf([ACME])) assert.ok(ever?.has(id));
		const fixed = await runGit(['-C', kernel.dir, 'rev-parse', `fix:${ACME}`]);
		assert.ok(ever?.has(fixed.trim()), 'in no release, only on a branch');
		assert.equal(requests.length, 0);
	});

	it('is read by several processes at once', async () => {
		const ids = await idsOf([ACME, ZETA, 'Makefile']);
		const all = await Promise.all(
			Array.from({ length: 4 }, () => reading((store) => store.blobs(ids))),
		);
		assert.deepEqual(
			all.map(({ size }) => size),
			all.map(() => ids.length),
		);
		await runGit(['-C', receivedIn(cache), 'fsck', '--no-dangling']);
	});

	it('is not troubled by what a killed run left behind', async () => {
		const ids = await idsOf([ACME, ZETA]);
		await reading((store) => store.blobs(ids.slice(0, 1)));
		const received = receivedIn(cache);
		for (const name of ['incoming-old', 'incoming-new']) {
			mkdirSync(join(received, name, 'pack'), { recursive: true });
			writeFileSync(join(received, name, 'pack', 'tmp_pack_x'), 'half');
		}
		writeFileSync(join(receivedIn(cache), 'shallow.lock'), '');
		utimesSync(join(received, 'incoming-old'), 0, 0);
		rmSync(join(receivedIn(cache), 'HEAD'));
		assert.equal((await reading((store) => store.blobs(ids))).size, ids.length);
		assert.equal(existsSync(join(received, 'incoming-old')), false);
		assert.equal(existsSync(join(received, 'incoming-new')), true, 'it may be another process');
	});

	it('survives a kill while it fetches', async () => {
		const ids = await idsOf([ACME, ZETA, 'Makefile']);
		const killing: SpawnGit = (args, env) => {
			const child = spawnGit(args, env);
			if (args.includes('fetch')) child.stderr.once('data', () => child.kill());
			return child;
		};
		const store = await open({}, { spawn: killing });
		await store.blobs(ids);
		await store.close();
		assert.equal((await reading((one) => one.blobs(ids))).size, ids.length);
	});

	it('does with a temporary folder where the cache cannot be written', async () => {
		const ids = await idsOf([ACME]);
		const file = join(cache, 'file');
		writeFileSync(file, '');
		const count = () => readdirSync(tmpdir()).filter((name) => name.startsWith('rangefinder-obj'));
		const were = count();
		for (const nowhere of [join(file, 'below'), '/proc/rangefinder']) {
			assert.equal(
				(await reading((store) => store.blobs(ids), { folder: nowhere })).size,
				ids.length,
			);
		}
		assert.deepEqual(count(), were);
	});

	it('says that the disk is full', async () => {
		const ids = await idsOf([ACME]);
		const full: SpawnGit = (args, env) =>
			args.includes('fetch')
				? shell('echo "fatal: write error: No space left on device"')
				: spawnGit(args, env);
		const store = await open({}, { spawn: full });
		const error = await store.blobs(ids).catch((thrown: unknown) => thrown);
		const left = readdirSync(receivedIn(cache)).filter((name) => name.startsWith('incoming'));
		assert.deepEqual(left, []);
		await store.close();
		const failure = failureOf(error) ?? assert.fail(String(error));
		assert.equal(failure.code, 'disk-full');
		assert.equal(exitCode(failure), 3);
		assert.match(failureMessage(failure).message, /there is no room left/);
	});

	it('asks a remote that does not answer once', async () => {
		const ids = await idsOf([ACME, ZETA]);
		await runGit(['-C', dir, 'config', 'remote.origin.url', join(folder, 'gone.git')]);
		const store = await open();
		assert.equal((await store.blobs(ids.slice(0, 2))).size, 0);
		assert.equal((await store.blobs(ids.slice(2))).size, 0);
		assert.match(
			String(store.partial?.why(ids[0] ?? '')),
			/gone\.git.*does not appear to be a git/,
		);
		assert.equal(requests.length, 1);
		await store.close();
	});

	it('asks the next promisor for what one has not', async () => {
		const ids = await idsOf([ACME, ZETA]);
		const empty = join(folder, 'empty.git');
		await runGit(['init', '-q', '--bare', empty]);
		await allowPartial(empty);
		await runGit(['-C', dir, 'config', 'remote.origin.url', `file://${empty}`]);
		await runGit(['-C', dir, 'config', 'remote.second.url', `file://${kernel.dir}`]);
		await runGit(['-C', dir, 'config', 'remote.second.promisor', 'true']);
		assert.equal((await reading((store) => store.blobs(ids))).size, ids.length);
	});

	it('fetches from a folder that is named from the clone', async () => {
		const ids = await idsOf([ACME]);
		await runGit(['-C', dir, 'config', 'remote.origin.url', '../../kernel.git']);
		const where = join(dir, '../../kernel.git');
		if (!existsSync(where)) await runGit(['clone', '-q', '--bare', kernel.dir, where]);
		assert.equal((await reading((store) => store.blobs(ids))).size, ids.length);
	});

	it('starts no program that its configuration names', async () => {
		const ids = await idsOf([ACME, ZETA]);
		const marker = join(folder, 'ran');
		const script = join(folder, 'evil.sh');
		writeFileSync(script, `#!/bin/sh\ntouch '${marker}'\nexit 1\n`);
		chmodSync(script, 0o755);
		const settings: [string, string][] = [
			['core.sshCommand', script],
			['core.fsmonitor', script],
			['core.alternateRefsCommand', script],
			['core.gitProxy', script],
			['credential.helper', `!${script}`],
			['remote.origin.uploadpack', script],
			['remote.origin.vcs', 'ext'],
			['protocol.ext.allow', 'always'],
			['protocol.allow', 'always'],
			['uploadpack.packObjectsHook', script],
		];
		for (const [key, value] of settings) await runGit(['-C', dir, 'config', key, value]);
		mkdirSync(join(dir, 'hooks'), { recursive: true });
		for (const hook of ['reference-transaction', 'post-checkout']) {
			writeFileSync(join(dir, 'hooks', hook), `#!/bin/sh\ntouch '${marker}'\n`);
			chmodSync(join(dir, 'hooks', hook), 0o755);
		}
		assert.equal((await reading((store) => store.blobs(ids.slice(0, 1)))).size, 1);
		assert.equal(existsSync(marker), false);
		for (const url of [
			`ext::${script}`,
			`ext::sh -c ${script}% x`,
			`fd::17`,
			`http://127.0.0.1:9/x`,
			`--upload-pack=${script}`,
			`-x:y`,
			`ssh://-oProxyCommand=${script}/x`,
			`foo://x/y`,
		]) {
			await runGit(['-C', dir, 'config', 'remote.origin.url', url]);
			const store = await open();
			assert.equal((await store.blobs(ids.slice(1))).size, 0, url);
			assert.notEqual(store.partial?.why(ids[1] ?? ''), undefined, url);
			await store.close();
			assert.equal(existsSync(marker), false, url);
		}
	});

	it('does not let a local promisor fetch for it', async () => {
		const marker = join(folder, 'ran-there');
		const script = join(folder, 'evil-there.sh');
		writeFileSync(script, `#!/bin/sh\ntouch '${marker}'\nexit 1\n`);
		chmodSync(script, 0o755);
		const between = await partialClone(kernel.dir, folder);
		await allowPartial(between);
		await runGit(['-C', between, 'config', 'remote.origin.uploadpack', script]);
		const [id = '', other = ''] = await idsOf([ACME]);
		for (const url of [
			`file://${between}`,
			between,
			between.replace(/\.git$/, ''),
			`file://${between.replace('clone', '%63lone')}`,
		]) {
			await runGit(['-C', dir, 'config', 'remote.origin.url', url]);
			const store = await open();
			assert.equal((await store.blobs([id])).size, 0, url);
			assert.match(String(store.partial?.why(id)), /has it not/);
			await store.close();
			assert.equal(existsSync(marker), false, url);
		}
		await runGit(['-C', between, 'config', '--unset', 'remote.origin.uploadpack']);
		await runGit(['-C', between, 'cat-file', '-e', other]);
		const found = await reading((store) => store.blobs([id, other]));
		assert.deepEqual([...found.keys()], [other], 'it gives what it has');
	});
});

/** The folder that takes what is fetched, of the only clone in a cache. */
function receivedIn(cache: string): string {
	const [key = ''] = readdirSync(cache);
	return join(cache, key, 'received.git');
}

/** A program that complains and fails. */
function shell(words: string) {
	return spawnProcess('sh', ['-c', `${words} >&2; exit 128`]);
}
