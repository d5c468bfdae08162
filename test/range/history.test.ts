/** What the history of the miniature kernel adds to the answers: landmarks by name, and where the patch is already. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { Engine } from '../../cli/engine.ts';
import { type RangeReport, rangeReport } from '../../src/range/report.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { asked } from './asked.ts';

describe('range with the history of a clone', () => {
	let folder = '';
	let kernel: MiniatureKernel;
	let engine: Engine;
	let untouched = '';
	let report: RangeReport;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-range-history-'));
		kernel = await makeMiniatureKernel(folder);
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
		untouched = fingerprint(kernel.dir);
		const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
		engine = createEngine({ cwd: folder, env, stdin: Object.assign(Readable.from([]), { isTTY: false }) });
		report = await engine.range(asked({ repo: kernel.dir, noHistory: false }));
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	it('prints', () => {
		console.log(JSON.stringify(report.tags, null, 1), JSON.stringify(report.releases.map((r) => [r.release, r.byConfig.map((c) => [c.config, c.verdict, c.reasons.map((x) => x.text)])]), null, 1));
	});
});
