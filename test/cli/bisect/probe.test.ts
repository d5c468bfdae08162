import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { probeReport } from '../../../src/history/bisect-report.ts';
import { makeHistory } from '../../history/random-history.ts';
import { DECLARED, onMiniature, PROGRAM, STYLE } from './runs.ts';

describe('probe', () => {
	const runs = onMiniature();

	it('says whether a predicate holds, with the exit codes of the contract', async () => {
		const cases: [string[], number, boolean | null][] = [
			[['v4.8', '--where', STYLE], 0, true],
			[['v4.1', '--where', STYLE], 1, false],
			[['v4.8', '--where', STYLE, '--not'], 1, true],
			[['v4.1', '--where', STYLE, '--not'], 0, false],
			[['v4.1', '--where', "style(zeta-mmu) == 'absent'"], 0, true],
			[['v4.1', '--where', 'capability(nope)'], 125, null],
			[['v4.1', '--where', 'capability(nope)', '--not'], 125, null],
			[['--where', 'contains(v4.10)'], 0, true],
		];
		for (const [argv, expected, holds] of cases) {
			const { code, out } = await runs.words('probe', ...argv, '--json');
			assert.equal(code, expected, argv.join(' '));
			assert.equal(probeReport.parse(JSON.parse(out)).holds, holds);
		}
		const { out } = await runs.words('probe', 'v4.8', '--where', STYLE);
		assert.match(out, /^yes, at [0-9a-f]{12}: style\(acme-mmu\) ~ 'probe\*'\n {2}probe@subsys/);
		assert.equal((await runs.words('probe', 'nope', '--where', STYLE)).code, 2);
	});

	it('knows drivers of any kind by their path, and which commit moved one, by whatever header', async () => {
		const dir = join(runs.folder, 'any.git');
		const enter = (level: number) =>
			`#define acme_enter(fn) static initcall_t i_##fn __section(".initcall${level}.init") = fn;\n`;
		const driver =
			'#include "acme.h"\nstatic struct platform_driver a_driver;\nstatic int a_init(void)\n{\n\treturn platform_driver_register(&a_driver);\n}\nacme_enter(a_init);\n';
		const files = [
			{ 'drivers/acme/acme.h': enter(6), 'drivers/acme/a.c': driver },
			{ 'drivers/acme/a.c': `/* again */\n${driver}` },
			{ 'drivers/acme/acme.h': enter(4) },
			{ 'drivers/acme/Makefile': 'obj-$(CONFIG_A) += a.o\n' },
		];
		const commits = makeHistory(dir, [[], [0], [1], [2]], (i) => files[i] ?? {});
		const style = "style(drivers/acme/a.c) == 'initcall@subsys'";
		const answers = commits.map(async (commit) => {
			const { code } = await runs.in(dir, 'probe', commit, '--where', style);
			return code;
		});
		assert.deepEqual(await Promise.all(answers), [1, 1, 0, 0]);
		const [good = '', , moved, bad = ''] = commits;
		const range = ['--good', good, '--bad', bad];
		const { report } = await runs.bisectedIn(dir, ...range, '--where', style);
		assert.equal(report.first?.commit, moved);
	});

	it('cannot tell where a blob is missing, and bisects around it', async () => {
		const dir = join(runs.folder, 'lacking.git');
		execFileSync('git', ['clone', '-q', '--bare', '--no-hardlinks', runs.kernel.dir, dir]);
		const git = (...args: string[]) =>
			execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
		const commit = runs.commit(DECLARED);
		const blob = git('rev-parse', `${commit}:${runs.kernel.fix.path}`).trim();
		// Loose objects, so that one of them can be taken away.
		for (const name of readdirSync(join(dir, 'objects/pack'))) {
			if (!name.endsWith('.pack')) continue;
			const pack = readFileSync(join(dir, 'objects/pack', name));
			rmSync(join(dir, 'objects/pack'), { recursive: true, force: true });
			execFileSync('git', ['-C', dir, 'unpack-objects', '-q'], { input: pack });
		}
		rmSync(join(dir, 'objects', blob.slice(0, 2), blob.slice(2)));
		const probed = await runs.in(dir, 'probe', commit, '--where', STYLE, '--json');
		assert.equal(probed.code, 125);
		assert.match(probed.out, new RegExp(`the blob ${blob} cannot be read`));
		const { code, err, report } = await runs.bisectedIn(
			dir,
			...['--good', 'v4.1', '--bad', 'v4.9', '--where', "style(acme-mmu) != 'initcall@subsys'"],
		);
		assert.equal(code, 125, err);
		assert.equal(report.suspects.at(-1)?.answer, 'bad');
		assert.ok(report.suspects.slice(0, -1).every(({ answer }) => answer === 'unknown'));
		assert.ok(report.suspects.some((one) => one.commit === commit));
	});

	it('is fit for git bisect run', () => {
		const dir = join(runs.folder, 'work-tree');
		execFileSync('git', ['clone', '-q', runs.kernel.dir, dir]);
		const git = (...args: string[]) =>
			execFileSync('git', ['-C', dir, ...args], {
				encoding: 'utf8',
				env: { ...runs.env, ...process.env },
			});
		git('bisect', 'start', 'v4.8', 'v4.1');
		const out = git(
			'bisect',
			'run',
			process.execPath,
			...PROGRAM,
			'probe',
			'--not',
			'--where',
			STYLE,
		);
		assert.match(out, /is the first bad commit/);
		const subject = git('log', '-1', '--format=%s', 'refs/bisect/bad').trim();
		assert.equal(subject, DECLARED);
	}).timeout(120_000);
});
