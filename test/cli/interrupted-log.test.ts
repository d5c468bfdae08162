import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { openFactsCache } from '../../cache/facts-cache.ts';
import { cacheVersion } from '../../cli/sources.ts';
import { driverSource, initcall, TAKE } from '../driver/fixtures.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { makeHistory } from '../history/random-history.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.cts', import.meta.url));

/** More versions than are read before the first record is printed. */
const COMMITS = 700;

/** Fewer than are read by then. */
const READ = 300;

describe('a log that is interrupted', () => {
	let folder = '';
	let repo = '';
	let blobs: string[] = [];
	let whole = '';
	before(async function () {
		this.timeout(180_000);
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-interrupted-'));
		repo = join(folder, 'repo.git');
		const shape = Array.from({ length: COMMITS }, (_, i) => (i === 0 ? [] : [i - 1]));
		const tail = initcall('subsys_initcall', TAKE);
		makeHistory(repo, shape, (i) => ({
			'drivers/iommu/acme.c': `/* ${i} */\n${driverSource('acme', { tail })}`,
			'drivers/iommu/Makefile': 'obj-$(CONFIG_ACME) += acme.o\n',
		}));
		execFileSync('git', ['-C', repo, 'update-ref', 'refs/heads/master', `c${COMMITS - 1}`]);
		execFileSync('git', ['-C', repo, 'symbolic-ref', 'HEAD', 'refs/heads/master']);
		const raw = ['-C', repo, 'log', '--format=', '--raw', '--no-abbrev', '--', '*.c'];
		const lines = execFileSync('git', raw, { encoding: 'utf8' }).trim().split('\n');
		blobs = lines.map((line) => line.split(' ')[3] ?? '');
		const { out, code } = await log('whole');
		assert.equal(code, 0);
		whole = out;
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	/** Runs the log with a cache of that name; a signal is sent when the first records are there. */
	async function log(cache: string, signal?: NodeJS.Signals) {
		const env = {
			PATH: process.env.PATH,
			HOME: folder,
			TMPDIR: join(folder, 'tmp'),
			RANGEFINDER_CACHE: join(folder, cache),
		};
		mkdirSync(env.TMPDIR, { recursive: true });
		const words = ['log', '--json', '--no-index', '--repo', repo];
		const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...words], { env });
		let out = '';
		let err = '';
		child.stdout.on('data', (chunk) => {
			out += chunk;
			if (signal !== undefined) child.kill(signal);
		});
		child.stderr.on('data', (chunk) => {
			err += chunk;
		});
		const [code, killedBy] = await once(child, 'close');
		return { out, err, code, killedBy };
	}

	/** How many versions of the driver a cache knows. */
	async function known(cache: string): Promise<number> {
		const opened = await openFactsCache({ folder: join(folder, cache), version: cacheVersion() });
		try {
			return opened.getMany(blobs).size;
		} finally {
			await opened.close();
		}
	}

	/** Command lines of processes that still work on the repository. */
	function running(): string[] {
		if (!existsSync('/proc/self/cmdline')) return [];
		return readdirSync('/proc')
			.filter((name) => /^\d+$/.test(name))
			.flatMap((pid) => {
				try {
					const line = readFileSync(join('/proc', pid, 'cmdline'), 'utf8');
					return line.includes(repo) ? [line.replaceAll('\0', ' ')] : [];
				} catch {
					return [];
				}
			});
	}

	/** git notices at its next word that nobody listens. */
	async function nobodyRuns(): Promise<void> {
		for (let left = 100; left > 0 && running().length > 0; left--) {
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		assert.deepEqual(running(), []);
	}

	const deaths: [NodeJS.Signals, number | null, NodeJS.Signals | null][] = [
		['SIGINT', 130, null],
		['SIGKILL', null, 'SIGKILL'],
	];
	for (const [signal, exit, by] of deaths) {
		it(`by ${signal} keeps what it read, leaves nothing stray, and is done anew the same`, async function () {
			this.timeout(180_000);
			const before = fingerprint(repo);
			const cut = await log(signal, signal);
			assert.deepEqual([cut.code, cut.killedBy, cut.err], [exit, by, '']);
			assert.ok(cut.out.length > 0 && cut.out.length < whole.length);
			assert.ok(whole.startsWith(cut.out.slice(0, cut.out.lastIndexOf('\n') + 1)));
			await nobodyRuns();
			assert.equal(fingerprint(repo), before);
			// tsx keeps what it compiled there.
			assert.deepEqual(
				readdirSync(join(folder, 'tmp')).filter((name) => !name.startsWith('tsx-')),
				[],
			);
			assert.deepEqual(
				readdirSync(join(folder, signal)).filter((name) => !/^facts\.mdb(-lock)?$/.test(name)),
				[],
			);
			assert.ok((await known(signal)) >= READ);
			const again = await log(signal);
			assert.deepEqual([again.code, again.err], [0, '']);
			assert.equal(again.out, whole);
			// And once more from the records that are kept now.
			assert.equal((await log(signal)).out, whole);
		});
	}
});
