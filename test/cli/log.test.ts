import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import { logRecord } from '../../src/history/log-report.ts';
import { errorReport } from '../../src/range/report.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { rangefinder } from './rangefinder.ts';

describe('log', () => {
	let folder = '';
	let kernel: MiniatureKernel;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-log-'));
		kernel = await makeMiniatureKernel(folder);
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	/** Runs the command with the engine of the program; facts are kept in the folder of the test. */
	const log = (...words: string[]) => {
		const env = { PATH: process.env.PATH, RANGEFINDER_CACHE: join(folder, 'cache') };
		const engine = createEngine({ cwd: folder, env, stdin: (async function* () {})() });
		return rangefinder(['log', ...words], { log: engine.log }, { env, cwd: folder });
	};

	it('prints transitions with their commit, release, styles and facts', async () => {
		const { code, out, err } = await log('--transitions', '--repo', kernel.dir);
		assert.equal(err, '');
		assert.equal(code, 0);
		const core = kernel.commits.get('iommu/zeta-mmu: Take the bus at core level')?.slice(0, 12);
		assert.ok(
			out.includes(
				`* ${core} 2016-09-14 v4.7         zeta-mmu: initcall@subsys -> initcall@core\n` +
					'    iommu/zeta-mmu: Take the bus at core level (Mini Ature)\n' +
					'      core_initcall(zeta_init) came (drivers/iommu/zeta-mmu.c:57)\n',
			),
			out,
		);
		assert.ok(!out.includes('\n  '.concat(core ?? '')));
		assert.match(out, /^\* .* framework: lookup-defers: none -> declared$/m);
		assert.match(out, /\n\n\d+ commits, 3 drivers, \d+ changes of style\n$/);
		// A short line for each driver; what is wider than a terminal are long styles alone.
		assert.ok(!/\n {4}.{77}/.test(out));
	});

	it('prints JSON, one record a line, the last one the summary', async () => {
		const { out } = await log('--json', '--repo', kernel.dir, 'drivers/iommu/beta-iommu.c');
		const records = out
			.trimEnd()
			.split('\n')
			.map((line) => logRecord.parse(JSON.parse(line)));
		assert.equal(records.at(-1)?.kind, 'summary');
		const drivers = records.filter((record) => record.kind === 'driver');
		assert.deepEqual([...new Set(drivers.map(({ driver }) => driver))], ['beta-iommu']);
	});

	it('walks a range, and says the same from the cache', async () => {
		const words = ['--repo', kernel.dir, '--rev', 'v4.6-rc1..v4.7', '--json'];
		const first = await log(...words);
		assert.equal((await log(...words)).out, first.out);
		assert.equal((await log(...words, '--no-cache', '--no-index')).out, first.out);
		const subjects = first.out
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line).subject);
		assert.deepEqual(subjects.slice(0, -1), [
			'iommu/beta: Make it a plain platform driver',
			'iommu/acme-mmu: Register with the IOMMU core',
			'iommu/zeta-mmu: Take the bus at core level',
		]);
	});

	const wrong: [string, (() => string)[], RegExp, number][] = [
		['a path that was never there', [() => 'drivers/iommu/nobody.c'], /was never there/, 2],
		['a path outside of every profile', [() => 'drivers/zorro'], /no profile says|never there/, 2],
		['a path outside of the tree', [() => '../drivers'], /no path of the tree/, 2],
		['an absolute path', [() => '/drivers/iommu'], /no path of the tree/, 2],
		['an unknown revision', [() => '--rev', () => 'v9.9'], /v9\.9/, 2],
		['half a range', [() => '--rev', () => 'v9.9..v4.7'], /v9\.9/, 2],
	];
	for (const [what, words, message, exit] of wrong) {
		it(`refuses ${what}`, async () => {
			const given = words.map((word) => word());
			const { code, out, err } = await log('--repo', kernel.dir, '--json', ...given);
			const lines = out.split('\n').filter((line) => line.includes('"kind":"driver"'));
			assert.deepEqual(lines, []);
			assert.equal(code, exit);
			assert.match(errorReport.parse(JSON.parse(err)).message, message);
		});
	}

	it('refuses a folder that is no repository', async () => {
		const { code, err } = await log('--repo', folder);
		assert.equal(code, 3);
		assert.match(err, /^rangefinder: .*rangefinder-log/);
	});

	it('says that a shallow clone does not show everything', async () => {
		const shallow = join(folder, 'shallow.git');
		const url = `file://${kernel.dir}`;
		execFileSync('git', ['clone', '-q', '--bare', '--depth', '3', '-b', 'v4.7', url, shallow]);
		const { code, out } = await log('--repo', shallow);
		assert.equal(code, 0);
		assert.match(out, /the clone is\s+shallow/);
	});
});
