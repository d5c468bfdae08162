/** Patch ids against git patch-id --stable, run for real. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { GitRunner, spawnGit } from '../../src/git/process.ts';
import { diffSignatures, signatureOf } from '../../src/history/diffs.ts';
import { alikeness } from '../../src/history/patch-id.ts';
import { makeHistory, numbers, randomShape } from './random-history.ts';
import { WrittenHistory } from './written-history.ts';

const ENV = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', HOME: '/nonexistent' };

function git(dir: string, args: readonly string[], input = ''): string {
	const options = { env: ENV, input, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
	return execFileSync('git', ['-C', dir, ...args], options);
}

/** Ids by commit, as git says them. */
function byGit(dir: string, ids: readonly string[]): Map<string, string> {
	const words = ['diff-tree', '--stdin', '-p', '-r', '--root', '--no-renames', '--full-index'];
	const diffs = git(dir, words, ids.map((id) => `${id}\n`).join(''));
	const said = git(dir, ['patch-id', '--stable'], diffs).trim().split('\n');
	return new Map(said.map((line) => line.split(' ').reverse() as [string, string]));
}

describe('patch ids', () => {
	let dir = '';
	let ids: string[] = [];

	before(() => {
		dir = mkdtempSync(join(tmpdir(), 'rangefinder-patch-id-'));
		const below = numbers(7);
		const files = (i: number): Record<string, string> => {
			const length = 1 + below(60);
			const text = Array.from({ length }, () => `${'\t '.repeat(below(3))}line ${below(40)}`);
			const end = below(5) === 0 ? '' : '\n';
			const changed: Record<string, string> = { [`d/f${below(6)}`]: text.join('\n') + end };
			if (below(4) === 0) changed[`with space ${below(3)}`] = `${i}\r\n--- a\n+++ b\n@@ -1 +1 @@\n`;
			if (below(6) === 0) changed[`empty${below(3)}`] = '';
			if (below(6) === 0) changed[`bin${below(2)}`] = `a\0${i}`;
			if (below(6) === 0) changed.bytes = `\u00e4\u20ac ${i}\n`;
			return changed;
		};
		ids = makeHistory(dir, randomShape(300, 3), files);
	});

	after(() => rmSync(dir, { recursive: true, force: true }));

	it('are those of git patch-id --stable', async () => {
		const runner = new GitRunner(dir, ENV, spawnGit);
		const ours = await diffSignatures({ git: runner }, ids);
		const theirs = byGit(dir, ids);
		assert.ok(theirs.size > 150);
		assert.deepEqual(new Map([...ours].map(([id, one]) => [id, one.patchId])), theirs);
	});

	it('are left out for a commit whose objects are missing, and for no other', async () => {
		const alone = WrittenHistory.make(join(dir, 'missing.git'));
		const made: string[] = [];
		for (let i = 0; i < 12; i++) {
			const [on] = made.slice(-1);
			made.push(
				alone.commit({
					...(on === undefined ? {} : { on }),
					subject: `c${i}`,
					files: { [`f${i}`]: `${i}\n` },
				}),
			);
		}
		const packs = join(alone.dir, 'objects', 'pack');
		for (const pack of readdirSync(packs).filter((name) => name.endsWith('.pack'))) {
			const bytes = readFileSync(join(packs, pack));
			rmSync(join(packs, pack));
			execFileSync('git', ['-C', alone.dir, 'unpack-objects', '-q'], { input: bytes, env: ENV });
		}
		for (const i of [3, 8]) {
			const blob = alone.git(['rev-parse', `${made[i]}:f${i}`]);
			rmSync(join(alone.dir, 'objects', blob.slice(0, 2), blob.slice(2)));
		}
		const found = await diffSignatures({ git: new GitRunner(alone.dir, ENV, spawnGit) }, made);
		assert.deepEqual(
			made.filter((id) => !found.has(id)),
			[made[3], made[8]],
		);
	});

	it('leave out white space and line numbers, and nothing else', () => {
		const diff = (at: number, line: string): string =>
			`diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -${at},2 +${at},2 @@\n a\n-b\n+${line}\n`;
		const one = signatureOf(diff(1, 'c d'));
		assert.equal(one.patchId, signatureOf(diff(70, 'c\td')).patchId);
		assert.notEqual(one.patchId, signatureOf(diff(1, 'c e')).patchId);
		assert.deepEqual(one.paths, ['f']);
		assert.equal(one.size, 2);
	});

	it('tell how alike diffs are', () => {
		const diff = (...lines: string[]): string =>
			`diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}\n`;
		const one = signatureOf(diff('a', 'b', 'c', 'd'));
		assert.equal(alikeness(one, one), 1);
		assert.equal(alikeness(one, signatureOf(diff('a', 'b', 'c', 'x'))), 0.75);
		assert.equal(alikeness(one, signatureOf(diff('x', 'y'))), 0);
		assert.equal(signatureOf('').patchId, '');
	});
});
