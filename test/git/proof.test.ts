import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import { type Proof, type ProofStep, prove } from '../../src/git/proof.ts';
import type { ProofWorld } from '../../src/git/proof-folder.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { Picker } from '../../src/history/pick/pick.ts';
import { type Files, lines } from '../history/pick/threesomes.ts';
import { makeHistory } from '../history/random-history.ts';
import { runGit } from '../kernel/miniature.ts';
import { failsWith } from './conformance.ts';
import { fingerprint } from './fingerprint.ts';

const TEN = lines(10);
const with8 = TEN.replace('line 8\n', 'eight\n');
const with5 = with8.replace('line 5\n', 'five\n');

/**
 * 0 root; 1 and 2 fixes one after the other; 3 a target beside them; 4 a merge of 2 into 3; 5 a change of
 * another sort on the root; 6 the fix of 1 done otherwise.
 */
const SHAPE = [[], [0], [1], [0], [3, 2], [0], [0]];
const FILES: Files[] = [
	{ 'drivers/a.c': TEN, 'x.dat': 'one\n' },
	{ 'drivers/a.c': with8 },
	{ 'drivers/a.c': with5, 'drivers/new.c': 'new\n' },
	{ 'drivers/a.c': TEN.replace('line 0\n', 'zero\n') },
	{ 'drivers/a.c': with5.replace('line 0\n', 'zero\n'), 'drivers/new.c': 'new\n' },
	{ 'x.dat': 'two\n' },
	{ 'drivers/a.c': TEN.replace('line 8\n', 'otherwise\n') },
];

describe('proof', () => {
	let folder = '';
	let dir = '';
	let area = '';
	let ids: string[] = [];
	let store: ObjectStore;
	let world: ProofWorld;

	const id = (commit: number): string => ids[commit] ?? '';
	const proof = (target: number, steps: readonly ProofStep[], more = {}): Promise<Proof> =>
		prove(demandGit(store, 'a proof'), id(target), steps, { ...world, ...more });
	const steps = (...commits: number[]): ProofStep[] =>
		commits.map((commit) => ({ commit: id(commit) }));
	const left = (): string[] => readdirSync(area);

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-proofs-'));
		dir = join(folder, 'odd "name".git');
		area = join(folder, 'area');
		mkdirSync(area);
		ids = makeHistory(dir, SHAPE, (i) => FILES[i] as Record<string, string>);
		store = await openNativeStore(dir, { env: process.env });
		world = { env: process.env, pid: process.pid, isRunning, temporary: area };
	});
	after(async () => {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it('gives the tree of commits picked in order, as the picks in memory do', async () => {
		const picker = new Picker(store);
		let tree = await picker.treeOf(id(3));
		for (const commit of [1, 2, 5]) {
			const picked = await picker.pick(tree, id(commit));
			assert.equal(picked.result, 'clean');
			if (picked.result === 'clean') tree = picked.tree;
		}
		assert.deepEqual(await proof(3, steps(1, 2, 5)), { result: 'applied', tree });
		assert.deepEqual(left(), []);
	});

	it('gives the tree of the target for no commits', async () => {
		const { tree } = await store.commitInfo(id(3));
		assert.deepEqual(await proof(3, []), { result: 'applied', tree });
	});

	it('says at which commit and paths git stops', async () => {
		assert.deepEqual(await proof(3, steps(5, 6, 1)), {
			result: 'conflict',
			at: id(1),
			paths: ['drivers/a.c'],
		});
		assert.deepEqual(await proof(2, steps(5, 1)), { result: 'empty', at: id(1) });
		assert.deepEqual(left(), []);
	});

	it('picks a merge with its mainline, and says that git refuses it without', async () => {
		const refused = await proof(3, steps(4));
		assert.equal(refused.result, 'refused');
		const { tree } = await store.commitInfo(id(4));
		const mainline = { commit: id(4), mainline: 1 };
		assert.deepEqual(await proof(3, [mainline]), { result: 'applied', tree });
		const picked = await new Picker(store).pick((await store.commitInfo(id(3))).tree, id(4), {
			mainline: 1,
		});
		assert.equal(picked.result === 'clean' && picked.tree, tree);
	});

	it('runs nothing that the clone or the user names, and writes nothing into the clone', async () => {
		const mark = join(folder, 'ran');
		const program = join(folder, 'program');
		writeFileSync(program, `#!/bin/sh\ntouch "${mark}"\ncat\n`);
		chmodSync(program, 0o755);
		mkdirSync(join(dir, 'hooks'), { recursive: true });
		for (const hook of ['pre-commit', 'post-commit', 'post-checkout', 'prepare-commit-msg']) {
			writeFileSync(join(dir, 'hooks', hook), `#!/bin/sh\ntouch "${mark}"\n`, { mode: 0o755 });
		}
		const settings = [
			['core.hooksPath', join(dir, 'hooks')],
			['core.fsmonitor', program],
			['core.editor', program],
			['merge.evil.driver', `${program} %A`],
			['filter.evil.smudge', program],
			['filter.evil.clean', program],
			['commit.gpgSign', 'true'],
			['gpg.program', program],
			['merge.directoryRenames', 'true'],
		];
		for (const [name = '', value = ''] of settings) {
			await runGit(['-C', dir, 'config', name, value]);
			await runGit(['config', '--file', join(folder, '.gitconfig'), name, value]);
		}
		writeFileSync(join(dir, 'info', 'attributes'), '* merge=evil filter=evil\n');
		const untouched = fingerprint(dir);
		const env = { ...process.env, HOME: folder, GIT_DIR: dir, GIT_EDITOR: program };
		assert.equal((await proof(3, steps(1, 2), { env })).result, 'applied');
		assert.equal((await proof(3, steps(6, 1), { env })).result, 'conflict');
		assert.equal(existsSync(mark), false);
		assert.equal(fingerprint(dir), untouched);
	});

	it('removes its folder where it fails', async () => {
		const gone = 'ab'.repeat(20);
		await assert.rejects(proof(3, [{ commit: gone }]), failsWith('object-missing'));
		await assert.rejects(proof(3, [{ commit: 'HEAD' }]), failsWith('unknown-revision'));
		await assert.rejects(proof(3, [{ commit: '--abort' }]), failsWith('unknown-revision'));
		const patience = { patience: 1 };
		await assert.rejects(proof(3, steps(1), patience), failsWith('git-failed'));
		assert.deepEqual(left(), []);
	});

	it('removes what killed processes left, and nothing else', async () => {
		const script = fileURLToPath(new URL('./proof-child.ts', import.meta.url));
		const child = spawn(process.execPath, ['--import', 'tsx', script, dir, area, id(3), id(1)], {
			stdio: 'ignore',
		});
		const ended = new Promise((resolve) => child.on('close', resolve));
		while (left().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		child.kill('SIGKILL');
		await ended;
		assert.equal(left().length, 1);
		mkdirSync(join(area, `rangefinder-proof-${process.ppid}-abcdef`));
		mkdirSync(join(area, 'rangefinder-proof-notes'));
		assert.equal((await proof(3, steps(1))).result, 'applied');
		const kept = [`rangefinder-proof-${process.ppid}-abcdef`, 'rangefinder-proof-notes'];
		assert.deepEqual(left().sort(), kept.sort());
	});

	it('proves in SHA-256 repositories', async () => {
		const other = join(folder, 'sha256');
		await runGit(['init', '-q', '--object-format=sha256', other]);
		writeFileSync(join(other, 'a.c'), TEN);
		await runGit(['-C', other, 'add', '.']);
		await runGit(['-C', other, 'commit', '-qm', 'one']);
		writeFileSync(join(other, 'a.c'), with8);
		await runGit(['-C', other, 'commit', '-qam', 'two']);
		const commit = (await runGit(['-C', other, 'rev-parse', 'HEAD'])).trim();
		const onto = (await runGit(['-C', other, 'rev-parse', 'HEAD~'])).trim();
		const tree = (await runGit(['-C', other, 'rev-parse', 'HEAD^{tree}'])).trim();
		const sha256 = await openNativeStore(other, { env: process.env });
		const said = await prove(demandGit(sha256, 'a proof'), onto, [{ commit }], world);
		await sha256.close();
		assert.deepEqual(said, { result: 'applied', tree });
	});
});

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
