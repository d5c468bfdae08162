/** Walking trees: what stands for more files than fit is refused, in time. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { failureOf } from '../../src/errors.ts';
import { openStore, STORE_KINDS } from '../../src/git/open-store.ts';
import { runGit } from '../kernel/miniature.ts';

describe('a tree that names one subtree ten times, and that one another', () => {
	let folder = '';
	let commit = '';

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-bomb-'));
		const git = (...args: string[]) => runGit(['-C', folder, ...args]);
		await runGit(['init', '-q', '--bare', folder]);
		const stream = ['commit refs/heads/a', 'committer A <a@b.c> 1500000000 +0000', 'data 1', 'x'];
		stream.push('M 644 inline d0/f', 'data 1', 'x', '');
		await runGit(['-C', folder, 'fast-import', '--quiet'], `${stream.join('\n')}\n`);
		let tree = (await git('rev-parse', 'a:d0')).trim();
		for (let depth = 0; depth < 12; depth++) {
			const entries = Array.from({ length: 10 }, (_, i) => `040000 tree ${tree}\t${i}\n`);
			tree = (await runGit(['-C', folder, 'mktree'], entries.join(''))).trim();
		}
		const name = ['-c', 'user.name=A', '-c', 'user.email=a@b.c'];
		commit = (await runGit(['-C', folder, ...name, 'commit-tree', '-m', 'x', tree])).trim();
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	for (const kind of STORE_KINDS) {
		it(`is refused by the ${kind} store`, async () => {
			const store = await openStore(folder, { env: process.env, kind });
			try {
				const [[inside] = []] = await store.objectIdsAt([commit], ['0/1/2']);
				assert.match(inside ?? '', /^[0-9a-f]{40}$/);
				await assert.rejects(store.list(commit, '', true), (error) => {
					const failure = failureOf(error);
					return failure?.code === 'git-failed' && /more than 1000000 files/.test(failure.what);
				});
			} finally {
				await store.close();
			}
		});
	}
});
