import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { bisectReport } from '../../../src/history/bisect-report.ts';
import { onMiniature, PROGRAM, RANGE, STYLE, sleep } from './runs.ts';

describe('a bisection that was begun before', () => {
	const runs = onMiniature();

	it('goes on with the answers of an earlier run', async () => {
		const first = await runs.bisected(...RANGE, '--where', STYLE);
		assert.equal(first.report.resumed.answers, 0);
		const second = await runs.bisected(...RANGE, '--where', ' style( acme-mmu )~"probe*" ');
		assert.ok(second.report.resumed.answers > 3);
		assert.match(second.err, /going on with \d+ answers/);
		assert.equal(second.report.asked, 0);
		assert.deepEqual(second.report.first, first.report.first);
		assert.deepEqual(second.report.after, first.report.after);
		const third = await runs.bisected(...RANGE, '--where', STYLE, '--reset');
		assert.equal(third.report.resumed.answers, 0);
	});

	it('keeps nothing with --no-cache', async () => {
		await runs.bisected(...RANGE, '--where', STYLE, '--no-cache');
		assert.deepEqual(readdirSync(runs.cache), []);
	});

	it('says that a branch has moved since', async () => {
		const dir = join(runs.folder, 'moving.git');
		execFileSync('git', ['clone', '-q', '--bare', runs.kernel.dir, dir]);
		const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args]);
		git('branch', 'mine', 'v4.8');
		const argv = ['--good', 'v4.1', '--bad', 'mine', '--where', STYLE];
		assert.equal((await runs.bisectedIn(dir, ...argv)).code, 0);
		git('branch', '-f', 'mine', 'v4.8.1');
		const { err, report } = await runs.bisectedIn(dir, ...argv);
		assert.match(err, /^mine was [0-9a-f]{12} when this began, and is [0-9a-f]{12} now$/m);
		assert.equal(report.resumed.moved[0]?.revision, 'mine');
		assert.equal(report.first?.firstRelease, 'v4.8');
	});

	it('loses nothing and leaves nothing when it is killed', async () => {
		const script =
			'echo $RANGEFINDER_COMMIT >>"$HOME/tried"; sleep 0.3; grep -q bus_set_iommu include/linux/iommu.h';
		const argv = [
			...[...PROGRAM, 'bisect', '--repo', runs.kernel.dir],
			...['--good', 'v4.1', '--bad', 'v4.10', '--json', '--run', '--', 'sh', '-c', script],
		];
		const tried = join(runs.folder, 'tried');
		writeFileSync(tried, '');
		const size = () => statSync(tried).size / 41;
		const start = () => {
			const child = spawn(process.execPath, argv, {
				env: runs.env,
				cwd: runs.folder,
				stdio: ['ignore', 'pipe', 'ignore'],
			});
			let out = '';
			child.stdout.on('data', (chunk) => {
				out += chunk;
			});
			const ended = new Promise<{ code: number | null; out: string }>((resolve) =>
				child.on('close', (code) => resolve({ code, out })),
			);
			return { child, ended };
		};
		const answers = () => {
			const kept = join(runs.cache, 'bisect');
			const names = existsSync(kept) ? readdirSync(kept) : [];
			const lines = names.map((name) => readFileSync(join(kept, name), 'utf8').split('\n').length);
			// But for the first line and the empty end of the last.
			return Math.max(0, ...lines.map((count) => count - 2));
		};
		for (const reached of [() => size() > 0, () => answers() > 0]) {
			const { child, ended } = start();
			while (!reached() && child.exitCode === null) await sleep(10);
			await sleep(Math.random() * 300);
			child.kill('SIGKILL');
			await ended;
		}
		const { code, out } = await start().ended;
		assert.equal(code, 0);
		const report = bisectReport.parse(JSON.parse(out));
		assert.equal(report.first?.subject, 'iommu: Install the ops in the core');
		assert.ok(report.resumed.answers >= 1, `${report.resumed.answers}`);
		// Each kill costs at most the run that it cut short.
		assert.ok(size() <= report.steps + 2, `${size()} runs for ${report.steps} steps`);
		for (let wait = 0; readdirSync(join(runs.cache, 'work')).length > 0; wait++) {
			assert.ok(wait < 100, 'folders are left');
			await sleep(50);
		}
	}).timeout(120_000);
});
