/** Git folders of our own: git reads a clone's objects through them, whatever the clone's path and settings. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { makeGitFolder, removeFolder, removeLeftovers } from '../../src/git/own-folder.ts';
import { GitRunner, spawnGit } from '../../src/git/process.ts';
import { runGit } from '../kernel/miniature.ts';
import { fingerprint } from './fingerprint.ts';

describe('a git folder of our own', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-own-'));
	});
	after(() => rmSync(folder, { recursive: true }));

	/** A repository with one commit; its id. */
	async function repository(dir: string, format = 'sha1'): Promise<string> {
		await runGit(['init', '-q', `--object-format=${format}`, dir]);
		writeFileSync(join(dir, 'file'), 'contents\n');
		await runGit(['-C', dir, 'add', 'file']);
		await runGit(['-C', dir, 'commit', '-qm', 'one']);
		return (await runGit(['-C', dir, 'rev-parse', 'HEAD'])).trim();
	}

	function gitIn(dir: string): GitRunner {
		return new GitRunner(dir, { PATH: process.env.PATH }, spawnGit);
	}

	it('has the objects of a clone, wherever that is', async () => {
		const names = ['plain', '"quoted"', '#hash', 'back\\slash', 'two\nlines', 'co:lon', 'käse'];
		for (const [i, name] of names.entries()) {
			const clone = join(folder, name);
			const commit = await repository(clone);
			const was = fingerprint(clone);
			const own = join(folder, `own-${i}.git`);
			await makeGitFolder(own, {
				objectFormat: 'sha1',
				alternates: [join(clone, '.git', 'objects')],
			});
			const out = await gitIn(own).output(['show', `${commit}:file`]);
			assert.equal(out.toString(), 'contents\n', name);
			assert.equal(fingerprint(clone), was);
		}
	});

	it('has the hash of the clone, and none of its refs, hooks and settings', async () => {
		const clone = join(folder, 'sha256');
		const commit = await repository(clone, 'sha256');
		await runGit(['-C', clone, 'config', 'alias.mine', 'version']);
		const own = join(folder, 'own-sha256.git');
		const objects = join(clone, '.git', 'objects');
		const config = '[core]\n\teol = lf\n';
		await makeGitFolder(own, { objectFormat: 'sha256', alternates: [objects], config });
		const git = gitIn(own);
		assert.equal((await git.output(['cat-file', '-t', commit])).toString(), 'commit\n');
		assert.equal((await git.output(['for-each-ref'])).toString(), '');
		assert.equal((await git.run(['mine'])).code, 1);
		assert.equal((await git.output(['config', 'core.eol'])).toString(), 'lf\n');
		assert.equal(existsSync(join(own, 'hooks')), false);
	});

	it('is brought into its form again, and left alone where it has it', async () => {
		const own = join(folder, 'again.git');
		const form = { objectFormat: 'sha1', alternates: ['/nowhere'] };
		await makeGitFolder(own, form);
		const was = fingerprint(own);
		await makeGitFolder(own, form);
		assert.equal(fingerprint(own), was);
		writeFileSync(join(own, 'config'), '[core]\n\tfsmonitor = /bin/evil\n');
		await makeGitFolder(own, form);
		assert.equal(
			(await gitIn(own).output(['config', '--list', '--local'])).includes('evil'),
			false,
		);
		await removeFolder(own);
		await removeFolder(own);
		assert.equal(existsSync(own), false);
	});

	it('is removed where a killed run left it, and files and others are not', async () => {
		const area = join(folder, 'area');
		for (const name of ['left-1', 'left-2', 'mine'])
			mkdirSync(join(area, name, 'x'), { recursive: true });
		writeFileSync(join(area, 'left-file'), '');
		const seen: string[] = [];
		await removeLeftovers(area, (name, changed) => {
			assert.ok(Math.abs(Date.now() - changed) < 60_000);
			seen.push(name);
			return name.startsWith('left-');
		});
		assert.deepEqual(readdirSync(area).sort(), ['left-file', 'mine']);
		assert.deepEqual(seen.sort(), ['left-1', 'left-2', 'mine']);
		await removeLeftovers(join(folder, 'not there'), () => true);
	});
});
