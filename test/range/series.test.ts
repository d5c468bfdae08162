/**
 * A series judged in order: the fix of the miniature kernel behind a patch that moves its lines, by clone and
 * by index, against the fix by itself.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { Engine, RangeOptions } from '../../cli/engine.ts';
import { type RangeReport, seriesReport } from '../../src/range/report.ts';
import { makeMiniatureKernel } from '../kernel/miniature.ts';
import { asked, progress } from './asked.ts';

describe('a series', () => {
	let folder = '';
	let engine: Engine;
	let clone: Partial<RangeOptions>;
	let index: Partial<RangeOptions>;
	let path = '';

	const run = (input: string, change: Partial<RangeOptions>): Promise<RangeReport[]> =>
		engine.ranges({ ...asked(change), input });

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-series-'));
		const kernel = await makeMiniatureKernel(folder);
		const env = { ...process.env, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
		path = /^\+\+\+ b\/(\S+)/m.exec(kernel.fix.mail)?.[1] ?? '';
		const work = join(folder, 'work');
		const git = (...args: string[]): string =>
			execFileSync('git', ['-C', work, '-c', 'user.name=A', '-c', 'user.email=a@b.c', ...args], {
				env,
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
			});
		execFileSync('git', ['clone', '-q', kernel.dir, work], { env, stdio: 'ignore' });
		git('checkout', '-q', 'v4.6');
		const file = join(work, path);
		const lines = readFileSync(file, 'utf8').split('\n');
		const at = lines.findIndex((line) => line.startsWith('#include'));
		writeFileSync(file, [...lines.slice(0, at), '/* One. */', '', ...lines.slice(at)].join('\n'));
		git('commit', '-qam', 'acme: say one');
		git('am', '-q', join(folder, 'fix.patch'));
		writeFileSync(join(folder, 'series.mbox'), git('format-patch', '--stdout', 'v4.6..'));
		git('reset', '-q', '--hard', 'v4.6');
		// A line that no release has, above what the second patch changes.
		appendFileSync(file, 'static int nowhere;\n');
		git('commit', '-qam', 'acme: have what nobody has');
		writeFileSync(file, readFileSync(file, 'utf8').replace('int nowhere', 'long nowhere'));
		git('commit', '-qam', 'acme: change what nobody has');
		git('reset', '-q', '--hard', 'HEAD');
		const broken = git('format-patch', '--stdout', '-1').replace('[PATCH]', '[PATCH 1/2]');
		const fix = kernel.fix.mail.replace(/\[PATCH[^\]]*\]/, '[PATCH 2/2]');
		const author = /^From: .*$/m.exec(fix)?.[0] ?? '';
		writeFileSync(join(folder, 'broken.mbox'), broken.replace(/^From: .*$/m, author) + fix);
		const stdin = Object.assign(Readable.from([]), { isTTY: false });
		engine = createEngine({ cwd: folder, env, stdin });
		const out = join(folder, 'miniature.rfx');
		await engine.indexBuild({ sources: [{ repo: kernel.dir }], out, progress });
		clone = { repo: kernel.dir };
		index = { index: out, noIndex: false };
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	const answers = (report: RangeReport | undefined) =>
		report?.releases.map(({ release, verdict, bug, byConfig }) => ({
			release,
			verdict,
			bug,
			styles: byConfig.map(({ config, style }) => ({ config, style })),
		}));

	it('gives the second patch the answer that it has by itself, where the first lands', async () => {
		const [alone] = await run('fix.patch', clone);
		const [first, second, ...others] = await run('series.mbox', clone);
		assert.equal(others.length, 0);
		const lands = first?.releases.filter(({ placement }) => placement.result !== 'conflict') ?? [];
		assert.ok(lands.length > 5, 'the first patch lands on most releases');
		const names = new Set(lands.map(({ release }) => release));
		const where = (report: RangeReport | undefined) =>
			answers(report)?.filter(({ release }) => names.has(release));
		assert.deepEqual(where(second), where(alone));
		assert.match(second?.patch.proof ?? '', /image$/, 'its pre-image is what the first leaves');
	});

	it('gives the same by index', async () => {
		const byClone = await run('series.mbox', clone);
		const byIndex = await run('series.mbox', index);
		assert.deepEqual(byIndex.map(answers), byClone.map(answers));
		const series = { schema: 'rangefinder.series/1', patches: byIndex };
		assert.ok(seriesReport.safeParse(series).success);
	});

	it('does not know what comes of a patch behind one that does not land', async () => {
		const [first, second] = await run('broken.mbox', clone);
		assert.ok(first?.releases.every(({ placement }) => placement.result === 'conflict'));
		for (const { release, verdict, byConfig } of second?.releases ?? []) {
			const built = byConfig.filter((one) => one.built);
			if (built.length === 0) continue;
			assert.equal(verdict, 'unknown', release);
			assert.match(built[0]?.reasons[0]?.text ?? '', /patch 1 of the series does not land/);
		}
		assert.equal(second?.releases.length, first?.releases.length);
	});
});
