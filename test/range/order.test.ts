/** The answer for a patch hangs on the patch and the releases, not on what is asked first or meanwhile. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { Engine, RangeOptions } from '../../cli/engine.ts';
import type { RangeReport } from '../../src/range/report.ts';
import { makeMiniatureKernel } from '../kernel/miniature.ts';
import { asked } from './asked.ts';

describe('the answer for a patch', () => {
	let folder = '';
	let repo = '';
	let engine: Engine;
	const answers = new Map<string, RangeReport>();
	const names = ['fix.patch', 'comment.patch', 'new.patch'];
	const releases = ['v4.1', 'v4.2', 'v4.4.2', 'v4.6-rc1', 'v4.6.1', 'v4.7', 'v4.8', 'v4.10'];

	const newEngine = (): Engine => {
		const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
		const stdin = Object.assign(Readable.from([]), { isTTY: false });
		return createEngine({ cwd: folder, env, stdin });
	};
	const range = (change: Partial<RangeOptions>): Promise<RangeReport> =>
		engine.range(asked({ repo, all: false, release: releases, ...change }));

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-order-'));
		const kernel = await makeMiniatureKernel(folder);
		repo = kernel.dir;
		const { mail } = kernel.fix;
		const path = /^\+\+\+ b\/(\S+)/m.exec(mail)?.[1] ?? '';
		const head = mail.slice(0, mail.indexOf('diff --git'));
		const added = (file: string): string =>
			`${head}diff --git a/${file} b/${file}\nnew file mode 100644\n--- /dev/null\n+++ b/${file}\n@@ -0,0 +1 @@\n+int added;\n-- \n2.1\n`;
		writeFileSync(join(folder, 'fix.patch'), mail);
		writeFileSync(join(folder, 'comment.patch'), added(path));
		writeFileSync(join(folder, 'new.patch'), added(path.replace(/[^/]+$/, 'added.c')));
		engine = newEngine();
		for (const input of names) answers.set(input, await range({ input }));
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	it('is the same for releases in any order, named once or more', async () => {
		const order = fc.shuffledSubarray(releases, { minLength: releases.length });
		await fc.assert(
			fc.asyncProperty(order, fc.subarray(releases), async (shuffled, again) => {
				const report = await range({ release: [...shuffled, ...again] });
				assert.deepEqual(report, answers.get('fix.patch'));
			}),
			{ numRuns: 5 },
		);
	});

	it('lands on a release as it does without the others', async () => {
		await fc.assert(
			fc.asyncProperty(fc.subarray(releases, { minLength: 1 }), async (some) => {
				const report = await range({ release: some });
				const whole = answers.get('fix.patch')?.releases ?? [];
				assert.deepEqual(
					report.releases.map(({ release, placement }) => [release, placement]),
					whole
						.filter(({ release }) => some.includes(release))
						.map(({ release, placement }) => [release, placement]),
				);
			}),
			{ numRuns: 5 },
		);
	});

	it('is the same in any order of patches, one after the other or 2 and 4 at once, with a cache and without', async () => {
		const asking = fc.record({ input: fc.constantFrom(...names), noCache: fc.boolean() });
		await fc.assert(
			fc.asyncProperty(
				fc.array(asking, { minLength: 3, maxLength: 6 }),
				fc.constantFrom(1, 2, 4),
				fc.boolean(),
				async (queue, atOnce, fresh) => {
					if (fresh) engine = newEngine();
					const left = [...queue];
					const work = async (): Promise<void> => {
						for (let one = left.shift(); one !== undefined; one = left.shift()) {
							assert.deepEqual(await range(one), answers.get(one.input));
						}
					};
					await Promise.all(Array.from({ length: atOnce }, work));
				},
			),
			{ numRuns: 8 },
		);
	});
});
