import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { cacheFolder, NULL_CACHE, openFactsCache } from '../../cache/facts-cache.ts';

const OID = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

function bytes(text: string): Uint8Array {
	return Buffer.from(text);
}

describe('facts cache', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-cache-'));
	});
	afterEach(() => {
		rmSync(folder, { recursive: true });
	});

	/** What a fresh opening of the cache knows about OID, as text. */
	async function known(version = '1'): Promise<string | undefined> {
		const cache = await openFactsCache({ folder, version });
		const value = cache.getMany([OID]).get(OID);
		await cache.close();
		return value === undefined ? undefined : Buffer.from(value).toString();
	}

	async function remember(text: string, version = '1'): Promise<void> {
		const cache = await openFactsCache({ folder, version });
		await cache.putMany([[OID, bytes(text)]]);
		await cache.close();
	}

	it('remembers values from one run to the next', async () => {
		await remember('{"lines":1}');
		const cache = await openFactsCache({ folder, version: '1' });
		const found = cache.getMany([OID, OTHER]);
		await cache.close();
		assert.deepEqual([...found.keys()], [OID]);
		assert.equal(await known(), '{"lines":1}');
	});

	it('keeps values of different extractor versions apart', async () => {
		await remember('old', '1');
		assert.equal(await known('2'), undefined);
		await remember('new', '2');
		assert.equal(await known('1'), 'old');
		assert.equal(await known('2'), 'new');
	});

	it('keeps empty and large values', async () => {
		const large = Buffer.alloc(3_000_000, 'x');
		const cache = await openFactsCache({ folder, version: '1' });
		await cache.putMany([
			[OID, new Uint8Array(0)],
			[OTHER, large],
		]);
		const found = cache.getMany([OID, OTHER]);
		assert.equal(found.get(OID)?.length, 0);
		assert.ok(large.equals(found.get(OTHER) ?? new Uint8Array()));
		await cache.close();
	});

	it('does not take a value whose bytes changed', async () => {
		await remember('the value that is damaged');
		const file = join(folder, 'facts.mdb');
		const content = readFileSync(file);
		const at = content.indexOf('the value that is damaged');
		assert.ok(at > 0);
		content.write('THE', at);
		writeFileSync(file, content);
		assert.equal(await known(), undefined);
	});

	it('is rebuilt from a truncated file of any length', async () => {
		const cache = await openFactsCache({ folder, version: '1' });
		await cache.putMany(
			Array.from({ length: 200 }, (_, i) => [`${i}`, Buffer.alloc(2000, i)] as const),
		);
		await cache.close();
		const file = join(folder, 'facts.mdb');
		const good = readFileSync(file);
		for (const size of [1, 100, 4096, 8191, 8192, 20_000, good.length >> 1, good.length - 4096]) {
			writeFileSync(file, good);
			truncateSync(file, size);
			await remember(`after ${size}`);
			assert.equal(await known(), `after ${size}`);
		}
	});

	it('is rebuilt from files that are none of ours', async () => {
		const file = join(folder, 'facts.mdb');
		for (const content of [
			bytes(''),
			bytes('not a database'),
			Buffer.alloc(4096, 0xab),
			Buffer.alloc(100_000, 0xab),
			Buffer.alloc(65_536),
		]) {
			writeFileSync(file, content);
			await remember(`after ${content.length}`);
			assert.equal(await known(), `after ${content.length}`);
		}
	});

	it('is rebuilt when its inside is garbage under a sound header', async () => {
		await remember('x');
		const file = join(folder, 'facts.mdb');
		const content = readFileSync(file);
		content.fill(0xab, 8192);
		writeFileSync(file, content);
		assert.equal(await known(), undefined);
		await remember('again');
		assert.equal(await known(), 'again');
	});

	it("is rebuilt from another program's lmdb file", async () => {
		const { open } = await import('lmdb');
		const db = open({ path: join(folder, 'facts.mdb') });
		await db.put('theirs', 1);
		await db.close();
		await remember('ours');
		assert.equal(await known(), 'ours');
	});

	it('survives a damaged lock file', async () => {
		await remember('x');
		writeFileSync(join(folder, 'facts.mdb-lock'), 'garbage');
		assert.equal(await known(), 'x');
	});

	it('does without where there can be no folder', async () => {
		writeFileSync(join(folder, 'file'), '');
		for (const spot of [join(folder, 'file', 'below'), '/proc/rangefinder', '/dev/null']) {
			const cache = await openFactsCache({ folder: spot, version: '1' });
			await cache.putMany([[OID, bytes('x')]]);
			assert.equal(cache.getMany([OID]).size, 0, spot);
			await cache.close();
		}
	});

	it('does without when its file is a folder', async () => {
		mkdirSync(join(folder, 'facts.mdb'));
		await remember('x');
		assert.equal(await known(), undefined);
	});

	it('keeps nothing with --no-cache', async () => {
		await NULL_CACHE.putMany([[OID, bytes('x')]]);
		assert.equal(NULL_CACHE.getMany([OID]).size, 0);
	});

	it('answers nothing after it was closed', async () => {
		const cache = await openFactsCache({ folder, version: '1' });
		await cache.putMany([[OID, bytes('x')]]);
		await cache.close();
		assert.equal(cache.getMany([OID]).size, 0);
		await cache.putMany([[OTHER, bytes('y')]]);
		await cache.close();
	});

	it('is shared by several processes, one of which is killed while it writes', async () => {
		const module = new URL('../../cache/facts-cache.ts', import.meta.url).href;
		const script = (name: string, rounds: number) => `
			const { openFactsCache } = await import(${JSON.stringify(module)});
			const cache = await openFactsCache({ folder: ${JSON.stringify(folder)}, version: '1' });
			for (let i = 0; i < ${rounds}; i++) {
				await cache.putMany([['${name}' + i, Buffer.from('${name}' + i)], ['big', Buffer.alloc(50_000, i)]]);
				if (i === 5) console.log('writing');
			}
			await cache.close();`;
		const start = (name: string, rounds: number) =>
			spawn(
				process.execPath,
				['--import', 'tsx', '--input-type=module', '-e', script(name, rounds)],
				{ stdio: ['ignore', 'pipe', 'inherit'] },
			);
		const killed = start('k', 1_000_000);
		const finished = start('f', 30);
		const ends = [killed, finished].map(
			(child) =>
				new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code))),
		);
		killed.stdout.once('data', () => killed.kill('SIGKILL'));
		assert.deepEqual(await Promise.all(ends), ['SIGKILL', 0]);
		const cache = await openFactsCache({ folder, version: '1' });
		const names = ['k', 'f'].flatMap((name) => Array.from({ length: 5 }, (_, i) => `${name}${i}`));
		const found = cache.getMany([...names, 'f29', 'big']);
		for (const name of [...names, 'f29']) {
			assert.equal(Buffer.from(found.get(name) ?? []).toString(), name);
		}
		assert.equal(found.get('big')?.length, 50_000);
		await cache.putMany([[OID, bytes('after')]]);
		await cache.close();
		assert.equal(await known(), 'after');
	});

	/**
	 * Several processes that open a cache, put a value each and close it, at the same times.
	 * @param folders code of the folder of round `i`
	 * @returns for each round the processes whose value was kept
	 */
	const race = async (folders: string, times: number): Promise<Map<number, string[]>> => {
		const module = new URL('../../cache/facts-cache.ts', import.meta.url).href;
		const from = Date.now() + 2500;
		const script = (name: string) => `
			const { openFactsCache } = await import(${JSON.stringify(module)});
			for (let i = 0; i < ${times}; i++) {
				while (Date.now() < ${from} + 20 * i);
				const cache = await openFactsCache({ folder: ${folders}, version: '1' });
				await cache.putMany([['${name}' + i, Buffer.from('${name}')]]);
				if (cache.getMany(['${name}' + i]).size === 1) console.log(i);
				await cache.close();
			}`;
		const kept = new Map<number, string[]>();
		const ends = ['a', 'b', 'c'].map(async (name) => {
			const words = ['--import', 'tsx', '--input-type=module', '-e', script(name)];
			const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
			const said: Buffer[] = [];
			child.stdout?.on('data', (chunk) => said.push(chunk));
			assert.deepEqual(await once(child, 'close'), [0, null]);
			const rounds = Buffer.concat(said).toString().trim().split('\n').map(Number);
			// Elsewhere nobody waits for a turn, and one may have to do without, now and then.
			if (platform() === 'linux') assert.equal(rounds.length, times);
			for (const i of rounds) kept.set(i, [...(kept.get(i) ?? []), name]);
		});
		await Promise.all(ends);
		return kept;
	};

	it('is made by several processes at once, none of which takes it from another', async () => {
		for (const [i, names] of await race(`${JSON.stringify(folder)} + '/' + i`, 80)) {
			const cache = await openFactsCache({ folder: join(folder, `${i}`), version: '1' });
			const oids = names.map((name) => name + i);
			assert.deepEqual([...cache.getMany(oids).keys()], oids);
			await cache.close();
		}
	});

	it('is there for each of several processes that come and go', async () => {
		const kept = await race(JSON.stringify(folder), 80);
		const cache = await openFactsCache({ folder, version: '1' });
		const oids = [...kept].flatMap(([i, names]) => names.map((name) => name + i));
		assert.deepEqual([...cache.getMany(oids).keys()], oids);
		await cache.close();
	});
});

describe('cache folder', () => {
	it('is where the user or the XDG standard puts it', () => {
		assert.equal(cacheFolder({}, '/home/u'), '/home/u/.cache/rangefinder');
		assert.equal(cacheFolder({ XDG_CACHE_HOME: '/x' }, '/home/u'), '/x/rangefinder');
		assert.equal(cacheFolder({ XDG_CACHE_HOME: 'x' }, '/home/u'), '/home/u/.cache/rangefinder');
		assert.equal(cacheFolder({ RANGEFINDER_CACHE: '/r', XDG_CACHE_HOME: '/x' }, '/h'), '/r');
		assert.equal(existsSync('/home/u/.cache/rangefinder'), false, 'nothing is made by asking');
	});
});
