/** Views of object folders: git finds all objects of a clone through them, and leaves no trace there. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { isOutdated, viewObjects } from '../../src/git/object-views.ts';
import { makeGitFolder, quotedPath } from '../../src/git/own-folder.ts';
import { GitRunner, spawnGit } from '../../src/git/process.ts';
import { writeObject } from '../../src/git/proof.ts';
import { runGit } from '../kernel/miniature.ts';
import { fingerprint } from './fingerprint.ts';
import { COMMON_KINDS, makeSource } from './repositories.ts';

describe('views of object folders', () => {
	let folder = '';
	/** Where repositories of our own are made, beside those that must not change. */
	let ours = '';
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-views-'));
		ours = mkdtempSync(join(tmpdir(), 'rangefinder-viewing-'));
	});
	afterEach(() => {
		for (const dir of [folder, ours]) rmSync(dir, { recursive: true });
	});

	/** A repository of ours with views of another's objects, and git in it. */
	async function viewing(dir: string): Promise<{ git: GitRunner; views: string[] }> {
		const objects = (
			await runGit(['-C', dir, 'rev-parse', '--path-format=absolute', '--git-path', 'objects'])
		).trim();
		const own = join(mkdtempSync(join(ours, 'own-')), 'own.git');
		const views = await viewObjects(objects, join(own, 'views'), dir);
		await makeGitFolder(own, { objectFormat: 'sha1', alternates: views });
		return { git: new GitRunner(own, { PATH: process.env.PATH }, spawnGit), views };
	}

	/** Sets the times of all files in a folder back, so that a new one is seen. */
	function makeOld(dir: string): void {
		for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
			// That of a linked worktree git renews itself, once a day (update_linked_gitdir in setup.c).
			if (entry.isFile() && entry.name !== 'gitdir')
				utimesSync(join(entry.parentPath, entry.name), 1, 1);
		}
	}

	for (const [kind, make] of Object.entries(COMMON_KINDS)) {
		it(`have every object of a repository that is ${kind}, and git that makes it again renews no time`, async () => {
			const { dir, watched } = await make(folder);
			makeOld(watched);
			const was = fingerprint(watched);
			const { git } = await viewing(dir);
			const list = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'];
			const all = (await runGit(['-C', dir, ...list])).trim().split('\n');
			const rows = all.map((line) => line.split(' '));
			assert.ok(rows.length > 10);
			for (const [oid = '', type] of rows.filter((_, i) => i % 3 === 0)) {
				const content = await git.output(['cat-file', type ?? '', oid]);
				if (type === 'tag' || content.length > 10_000) continue;
				assert.equal(await writeObject(git, type as 'blob', content), oid);
			}
			assert.equal(fingerprint(watched), was);
		});
	}

	it('follow alternates with quoted names', async () => {
		const lender = await makeSource(join(folder, 'a "lender"\n\\'));
		const dir = join(folder, 'borrower.git');
		await runGit(['init', '-q', '--bare', dir]);
		const line = `# a comment\n${quotedPath(join(lender, '.git/objects'))}\n/nowhere\n`;
		writeFileSync(join(dir, 'objects/info/alternates'), line);
		const { git, views } = await viewing(dir);
		assert.equal(views.length, 2);
		const blob = (await runGit(['-C', lender, 'rev-parse', 'v4.1:Makefile'])).trim();
		assert.equal((await git.output(['cat-file', 'blob', blob])).toString(), 'VERSION = 4\n');
	});

	it('say when the packs they show are gone', async () => {
		const dir = await makeSource(join(folder, 'repacked'));
		await runGit(['-C', dir, 'repack', '-adq']);
		const { views } = await viewing(dir);
		assert.equal(await isOutdated(views), false);
		await runGit(['-C', dir, 'commit', '-q', '--allow-empty', '-m', 'more']);
		await runGit(['-C', dir, 'repack', '-adq']);
		assert.equal(await isOutdated(views), true);
	});

	it('are not made of more loose objects than anybody leaves loose', async () => {
		const objects = join(folder, 'objects');
		for (const two of ['00', '01', 'ff']) {
			mkdirSync(join(objects, two), { recursive: true });
			writeFileSync(join(objects, two, '0'.repeat(38)), '');
		}
		await assert.rejects(
			viewObjects(objects, join(folder, 'few'), 'clone', 2),
			/more than 2 loose/,
		);
		assert.equal((await viewObjects(objects, join(folder, 'all'), 'clone', 3)).length, 1);
	});
});
