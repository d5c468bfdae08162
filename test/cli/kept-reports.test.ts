/** Reports that the built program keeps of patches it judged on the index. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, beforeEach, describe, it } from 'mocha';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));

/** A patch of a file that the index has, in hunks that land nowhere. */
const patch = (word: string): string =>
	[
		'From: A U Thor <author@example.com>',
		'Subject: [PATCH] iommu/acme: Say it',
		'',
		'Signed-off-by: A U Thor <author@example.com>',
		'---',
		'diff --git a/drivers/iommu/iommu.c b/drivers/iommu/iommu.c',
		'--- a/drivers/iommu/iommu.c',
		'+++ b/drivers/iommu/iommu.c',
		'@@ -10,3 +10,4 @@',
		' one',
		`+${word}`,
		' two',
		' three',
		'',
	].join('\n');

describe('reports of patches', () => {
	let folder = '';
	let cache = '';
	before(function () {
		if (!existsSync(MAIN)) this.skip();
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-kept-reports-'));
	});
	after(() => {
		if (folder !== '') rmSync(folder, { recursive: true, force: true });
	});
	beforeEach(() => {
		cache = mkdtempSync(join(folder, 'cache-'));
		writeFileSync(join(folder, 'a.patch'), patch('new'));
	});

	const run = (...words: string[]): string => {
		const env = { PATH: process.env.PATH, HOME: folder, RANGEFINDER_CACHE: cache };
		const all = [MAIN, ...words, '--as-of', '2024-01-01'];
		const { stdout, stderr, status } = spawnSync(process.execPath, all, { cwd: folder, env });
		assert.ok(status === 0 || status === 1 || status === 125, stderr.toString());
		return stdout.toString();
	};
	const kept = (): string[] => {
		const dir = join(cache, 'reports');
		return existsSync(dir) ? readdirSync(dir) : [];
	};
	const question = ['range', 'a.patch', '--json'];

	it('are kept once, and are what was said before, in any form', () => {
		const without = run(...question, '--no-cache');
		assert.deepEqual(kept(), []);
		assert.equal(run(...question), without);
		const [first, ...others] = kept();
		assert.ok(first !== undefined && others.length === 0);
		assert.equal(run(...question), without);
		assert.equal(run('range', 'a.patch'), run('range', 'a.patch', '--no-cache'));
		assert.equal(run('tags', 'a.patch'), run('tags', 'a.patch', '--no-cache'));
		assert.deepEqual(kept(), [first]);
	});

	it('are others for another patch, other words and another day', () => {
		run(...question);
		writeFileSync(join(folder, 'a.patch'), patch('newer'));
		assert.match(run(...question, '--no-cache'), /iommu\/acme/);
		run(...question);
		run(...question, '--release', 'v4.11.0');
		assert.equal(kept().length, 3);
	});

	it('are made anew where a file of them is damaged', () => {
		const whole = run(...question);
		const path = join(cache, 'reports', kept()[0] ?? '');
		writeFileSync(path, whole.slice(0, 100));
		assert.equal(run(...question), whole);
		writeFileSync(path, '{}');
		assert.equal(run(...question), whole);
	});

	it('are not more than 256, the ones used last', () => {
		const dir = join(cache, 'reports');
		mkdirSync(dir);
		for (let i = 0; i < 300; i++) {
			const path = join(dir, `${String(i).padStart(40, '0')}.json`);
			writeFileSync(path, '[]');
			utimesSync(path, 1000 + i, 1000 + i);
		}
		run(...question);
		const names = kept();
		assert.equal(names.length, 256);
		assert.ok(!names.includes(`${'0'.repeat(39)}0.json`));
		assert.ok(names.includes(`${'0'.repeat(37)}299.json`));
	});

	it('are not kept where the folder cannot be written', () => {
		writeFileSync(join(cache, 'reports'), 'a file');
		assert.equal(run(...question), run(...question, '--no-cache'));
	});
});
