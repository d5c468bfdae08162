/**
 * What breaks around the program: disks that are full, homes that cannot be written, a git that dies, others at the
 * same cache, kills. Each ends in one clear line or without a cache, and the next run answers as ever.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
	chmodSync,
	chownSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { fingerprint } from '../git/fingerprint.ts';
import { numbers } from '../history/random-history.ts';
import { forEach, type Ran, Sandbox } from '../hostile/program.ts';
import { type Death, dyingGit } from './dying-git.ts';
import { fillAndEmpty, folderOn, withDisk } from './full-disk.ts';
import { killRuns } from './kill.ts';
import { FaultWorld, type Job } from './world.ts';

/** Asserts that a run said no more than one line of ours, and did not crash. */
function assertClear({ code, killedBy, err }: Ran, what: string): void {
	assert.equal(killedBy, null, `${what}: it did not hang, and no signal ended it`);
	assert.ok([0, 1, 2, 3, 125].includes(code ?? -1), `${what}: ${code} ${err}`);
	for (const line of err.split('\n').filter(Boolean)) {
		assert.match(line, /^rangefinder: .+; .+$|^\{"schema":"rangefinder.error|^[^{}]*$/, what);
		assert.doesNotMatch(line, /^\s+at |Error:|Write error/, what);
	}
}

describe('faults', function () {
	this.timeout(180_000);
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-faults-'));
	let world: FaultWorld;
	const job = (name: string): Job => {
		const found = world.jobs.find((one) => one.name === name);
		return found ?? assert.fail(name);
	};
	before(async () => {
		world = await FaultWorld.make(folder);
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	/** Uses a sandbox, which is removed. */
	async function inSandbox(use: (sandbox: Sandbox) => Promise<void>): Promise<void> {
		const sandbox = new Sandbox();
		try {
			await use(sandbox);
		} finally {
			sandbox.remove();
		}
	}

	describe('a run that is killed', () => {
		for (const name of ['cache writes', 'index build', 'export', 'bisect --run']) {
			it(`leaves ${name} as a clean run finds and leaves them`, async () => {
				const below = numbers(7);
				const result = await killRuns(world, job(name), 2, () => below(1000) / 1000);
				assert.deepEqual(result.wrong, []);
				assert.equal(result.kills, 2);
			});
		}
	});

	describe('a disk that is full', () => {
		for (const kib of [4, 12, 20, 300, 16_400, 17_000]) {
			it(`of ${kib} KiB for the cache costs nothing but time`, async function () {
				const mounted = await withDisk(kib, (disk) =>
					inSandbox(async (sandbox) => {
						const env = { RANGEFINDER_CACHE: join(disk, 'cache') };
						for (const round of ['cold', 'again']) {
							const { ran, said } = await world.answer(job('cache writes'), sandbox, { env });
							assertClear(ran, round);
							assert.equal(said, (await world.clean(job('cache writes'))).said);
							assert.equal(ran.err, '');
						}
					}),
				);
				if (!mounted) this.skip();
			});
		}

		it('again and again while it runs costs nothing but time', async function () {
			const mounted = await withDisk(24_000, (disk) =>
				inSandbox(async (sandbox) => {
					const stop = fillAndEmpty(disk);
					try {
						const env = { RANGEFINDER_CACHE: join(disk, 'cache') };
						for (let round = 0; round < 4; round++) {
							const { ran, said } = await world.answer(job('cache writes'), sandbox, { env });
							assertClear(ran, `${round}`);
							assert.equal(said, (await world.clean(job('cache writes'))).said);
						}
					} finally {
						await stop();
					}
				}),
			);
			if (!mounted) this.skip();
		});

		it('for temporary files or outputs is said in one line, and nothing is left on it', async function () {
			const mounted = await withDisk(40, (disk) =>
				inSandbox(async (sandbox) => {
					const env = { TMPDIR: folderOn(disk, 'tmp') };
					for (const name of ['export', 'bisect --run']) {
						const { ran } = await world.answer(job(name), sandbox, { env });
						assertClear(ran, name);
						assert.deepEqual(readdirSync(env.TMPDIR, { recursive: true }), [], name);
						rmSync(join(sandbox.cwd, 'series'), { recursive: true, force: true });
					}
					const out = folderOn(disk, 'out');
					try {
						writeFileSync(join(disk, 'rest'), Buffer.alloc(1 << 20));
					} catch {
						// It is full now.
					}
					const words = job('index build').words.map((word) =>
						word === 'new.rfx' ? join(out, word) : word,
					);
					const ran = await sandbox.run(words);
					assertClear(ran, 'index build');
					assert.equal(ran.code, 2, ran.err);
					assert.match(ran.err, /no space left/);
					assert.deepEqual(readdirSync(out), []);
				}),
			);
			if (!mounted) this.skip();
		});
	});

	it('a home that cannot be written costs nothing but time', async function () {
		if (process.getuid?.() !== 0) return this.skip();
		try {
			execFileSync('setpriv', ['--version'], { stdio: 'ignore' });
		} catch {
			return this.skip();
		}
		await inSandbox(async (sandbox) => {
			const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
			const repo = join(sandbox.folder, 'theirs.git');
			execFileSync('git', ['clone', '-q', '--bare', world.kernel.dir, repo]);
			for (const name of readdirSync(repo, { recursive: true, encoding: 'utf8' }))
				chownSync(join(repo, name), 65534, 65534);
			chownSync(repo, 65534, 65534);
			chmodSync(sandbox.folder, 0o755);
			chmodSync(sandbox.home, 0o555);
			chmodSync(sandbox.tmp, 0o1777);
			const words = ['styles', 'drivers/iommu', '--repo', repo];
			const was = fingerprint(sandbox.home);
			const env = { RANGEFINDER_CACHE: undefined };
			const ran = await sandbox.run(words, { env, before: nobody });
			assertClear(ran, 'a read-only home');
			assert.equal(ran.err, '');
			assert.equal(ran.out, (await world.clean(job('cache writes'))).ran.out);
			assert.equal(fingerprint(sandbox.home), was);
		});
	});

	it('four runs on one cache answer as one does', () =>
		inSandbox(async (sandbox) => {
			const clean = (await world.clean(job('cache writes'))).said;
			for (const round of ['cold', 'warm']) {
				const answers = await Promise.all(
					[0, 1, 2, 3].map(() => world.answer(job('cache writes'), sandbox)),
				);
				for (const { said, ran } of answers) {
					assertClear(ran, round);
					assert.equal(said, clean);
				}
			}
			assert.deepEqual(sandbox.leftovers(), []);
		}));

	describe('a git that dies', () => {
		for (const death of ['code', 'kill'] satisfies Death[]) {
			it(`in the middle of an answer (${death}) is said in one line`, () =>
				inSandbox(async (sandbox) => {
					const jobs = ['cache writes', 'log', 'export', 'bisect --run'].map(job);
					const cases = [1, 45, 400, 5_000, 60_000].flatMap((bytes, i) => {
						const one = jobs[i % jobs.length];
						return one === undefined ? [] : [{ bytes, job: one }];
					});
					await forEach(cases, async ({ bytes, job }) => {
						const bin = dyingGit(join(sandbox.folder, `bin-${bytes}`), bytes, death);
						const env = {
							PATH: `${bin}:${process.env.PATH}`,
							RANGEFINDER_CACHE: join(sandbox.folder, `cache-${bytes}`),
						};
						const { ran, said } = await world.answer(job, sandbox, { env });
						assertClear(ran, `${job.name}, ${bytes} bytes`);
						if (ran.code === 0 && job.output === undefined) {
							assert.equal(said, (await world.clean(job)).said, `${job.name}, ${bytes} bytes`);
						}
						if (ran.code === 3) assert.match(ran.err, /^(?:rangefinder: |\{)[^\n]+\n$/);
					});
				}));
		}
	});

	it('a repository that is packed anew while it is read is read all the same', () =>
		inSandbox(async (sandbox) => {
			const repo = join(sandbox.folder, 'busy.git');
			execFileSync('git', ['clone', '-q', '--bare', world.kernel.dir, repo]);
			const script = `while [ -e '${sandbox.folder}/on' ]; do git -C '${repo}' repack -adfq --window=2; git -C '${repo}' gc -q --prune=now; git -C '${repo}' count-objects -q 2>/dev/null; sleep 1; done`;
			mkdirSync(join(sandbox.folder, 'on'));
			const packer = spawn('sh', ['-c', script], { stdio: 'ignore' });
			const ended = new Promise((resolve) => packer.on('close', resolve));
			try {
				for (const name of ['cache writes', 'log', 'export', 'range']) {
					const one = job(name);
					const words = one.words.map((word) => (word === world.kernel.dir ? repo : word));
					const { ran, said } = await world.answer({ ...one, words }, sandbox);
					assertClear(ran, name);
					assert.equal(
						said.replaceAll(repo, world.kernel.dir),
						(await world.clean(one)).said,
						`${name}: ${ran.err}`,
					);
				}
			} finally {
				rmSync(join(sandbox.folder, 'on'), { recursive: true });
				await ended;
			}
			assert.deepEqual(sandbox.leftovers(), []);
		}));
});
