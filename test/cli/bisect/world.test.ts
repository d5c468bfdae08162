/** What bisect and probe say where the world is against them: no git, an old one, refs that go, a full disk. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { createEngine } from '../../../cli/adapter.ts';
import { bisectReport } from '../../../src/history/bisect-report.ts';
import { rangefinder } from '../rangefinder.ts';
import { DECLARED, onMiniature, RANGE, STYLE } from './runs.ts';

describe('bisect and probe in a bad world', () => {
	const runs = onMiniature();

	/** Runs words with other variables. */
	function inWorld(env: Record<string, string>, dir: string, ...argv: string[]) {
		const world = { cwd: runs.folder, env: { ...runs.env, ...env } };
		const engine = createEngine({ ...world, stdin: (async function* () {})() });
		const [command = '', ...others] = argv;
		return rangefinder([command, '--repo', dir, ...others], engine, world);
	}

	/** A folder whose `git` is this script; without one there is no git. */
	function pathWith(script?: string): string {
		const dir = mkdtempSync(join(runs.folder, 'bin-'));
		if (script !== undefined) {
			writeFileSync(join(dir, 'git'), `#!/bin/sh\n${script}\n`);
			chmodSync(join(dir, 'git'), 0o755);
		}
		return dir;
	}

	it('says that git is missing, too old or broken, in one line', async () => {
		const real = execFileSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
		const old = `for a; do test "$a" = version && echo git version 2.29.3 && exit; done; exec '${real}' "$@"`;
		const cases: [string | undefined, RegExp][] = [
			[
				undefined,
				/^rangefinder: git is not installed, or not in PATH; install git 2\.30 or later\n$/,
			],
			[old, /^rangefinder: git version 2\.29\.3 is too old; install git 2\.30 or later\n$/],
			['exit 1', /^rangefinder: .*: git cannot read it, and says nothing; .*\n$/],
		];
		for (const [script, message] of cases) {
			const PATH = pathWith(script);
			for (const argv of [
				['bisect', ...RANGE, '--where', STYLE],
				['bisect', ...RANGE, '--run', '--', 'true'],
				['probe', 'v4.8', '--where', STYLE],
				['contains', 'v4.6'],
			]) {
				const { code, err, out } = await inWorld({ PATH }, runs.kernel.dir, ...argv);
				assert.equal(code, 3, argv.join(' '));
				assert.match(err, message);
				assert.equal(out, '');
			}
		}
	});

	it('finds the same where the refs go while it looks', async () => {
		const dir = runs.clone('--bare');
		const drop = `git -C ${dir} tag -d v4.8 >/dev/null; git -C ${dir} update-ref refs/tags/v4.1 v4.10; `;
		const { code, report } = await runs.bisectedIn(
			dir,
			...[
				...RANGE,
				'--run',
				'--',
				'sh',
				'-c',
				`${drop}! grep -q IOMMU_OF_DECLARE drivers/iommu/acme-mmu.c`,
			],
		);
		assert.equal(code, 0);
		assert.equal(report.first?.commit, runs.commit(DECLARED));
	});

	it('says what was not run, and takes it for what the user says', async () => {
		const { report } = await runs.bisected(
			'--good',
			'v4.1',
			'--bad',
			'v4.2',
			'--run',
			'--',
			'true',
		);
		assert.deepEqual(report.notes, ['v4.2 itself was not run: it is bad because you say so']);
	});

	describe('with a full disk', () => {
		/** Runs with a small file system, filled up; the test is left out where none can be mounted. */
		async function full(
			context: Mocha.Context,
			test: (folder: string) => Promise<void>,
		): Promise<void> {
			const folder = mkdtempSync(join(runs.folder, 'full-'));
			try {
				execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder], {
					stdio: 'ignore',
				});
			} catch {
				context.skip();
			}
			try {
				mkdirSync(join(folder, 'cache'));
				mkdirSync(join(folder, 'tmp'));
				for (const size of [65_536, 4096, 1]) {
					try {
						for (let i = 0; i < 64; i++)
							writeFileSync(join(folder, `${size}-${i}`), Buffer.alloc(size));
					} catch {
						// Full.
					}
				}
				await test(folder);
			} finally {
				execFileSync('umount', ['-l', folder]);
				rmSync(folder, { recursive: true, force: true });
			}
		}

		it('answers, and says that answers could not be kept', function () {
			return full(this, async (folder) => {
				const env = { RANGEFINDER_CACHE: join(folder, 'cache') };
				const argv = ['bisect', ...RANGE, '--where', STYLE, '--json'];
				const { code, out, err } = await inWorld(env, runs.kernel.dir, ...argv);
				assert.equal(code, 0, err);
				const report = bisectReport.parse(JSON.parse(out));
				assert.equal(report.first?.commit, runs.commit(DECLARED));
				assert.match(report.notes.join(), /answers could not be kept: ENOSPC/);
			});
		});

		it('says where there is no room for the files of a commit, and leaves nothing', function () {
			return full(this, async (folder) => {
				const run = ['--run', '--', 'true'];
				const cache = { RANGEFINDER_CACHE: join(folder, 'cache') };
				const { code, err } = await inWorld(cache, runs.kernel.dir, 'bisect', ...RANGE, ...run);
				assert.equal(code, 3, err);
				assert.match(
					err,
					/^rangefinder: .*full-.*: there is no room left on this disk; free some/m,
				);
				const work = join(folder, 'cache', 'work');
				assert.deepEqual(
					readdirSync(join(folder, 'cache')).includes('work') ? readdirSync(work) : [],
					[],
				);
			});
		});
	});
});
