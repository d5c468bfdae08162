/** Partial clones whose remotes run something, repositories of other users, and objects from elsewhere. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { allowPartial, partialClone } from '../git/fetching.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel, runGit } from '../kernel/miniature.ts';
import { type Ran, Sandbox } from './program.ts';

describe('a repository that is not to be trusted', () => {
	const sandbox = new Sandbox();
	const ran = join(sandbox.folder, 'ran');
	const canary = join(sandbox.folder, 'canary');
	let kernel: MiniatureKernel;
	let mail = '';
	before(async () => {
		kernel = await makeMiniatureKernel(sandbox.folder);
		await allowPartial(kernel.dir);
		mkdirSync(ran);
		writeFileSync(canary, `#!/bin/sh\n: > '${ran}/'$$\nexit 1\n`);
		chmodSync(canary, 0o755);
		mail = join(sandbox.folder, 'fix.eml');
		writeFileSync(mail, kernel.fix.mail);
	});
	after(() => sandbox.remove());

	const range = (dir: string, ...more: string[]): Promise<Ran> =>
		sandbox.run(['range', mail, '--no-index', '--no-cache', '--json', '--repo', dir, ...more]);

	describe('a partial clone', () => {
		const hostile: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
			['has a remote of ext::', { 'remote.origin.url': 'ext::CANARY %S foo' }],
			['names its own upload-pack', { 'remote.origin.uploadpack': 'CANARY' }],
			['names a helper', { 'remote.origin.vcs': 'CANARY', 'remote.origin.url': 'x::y' }],
			['rewrites its remote', { 'url.ext::CANARY %S.insteadOf': 'file://' }],
			['has a remote that is an option', { 'remote.origin.url': '--upload-pack=CANARY' }],
			['asks ssh for a program', { 'remote.origin.url': 'ssh://-oProxyCommand=CANARY/x' }],
			[
				'has an ssh of its own',
				{ 'core.sshCommand': 'CANARY', 'remote.origin.url': 'ssh://nowhere.invalid/x' },
			],
			[
				'has a proxy command',
				{ 'core.gitProxy': 'CANARY', 'remote.origin.url': 'git://127.0.0.1:1/x' },
			],
			[
				'has a credential helper',
				{ 'credential.helper': '!CANARY', 'remote.origin.url': 'https://127.0.0.1:1/x' },
			],
			[
				'allows everything',
				{
					'protocol.allow': 'always',
					'protocol.ext.allow': 'always',
					'remote.origin.url': 'ext::CANARY',
				},
			],
		];
		for (const [what, settings] of hostile) {
			it(`runs nothing where it ${what}`, async () => {
				const dir = await partialClone(kernel.dir, sandbox.folder);
				for (const [key, value] of Object.entries(settings)) {
					const set = (text: string) => text.replaceAll('CANARY', canary);
					await runGit(['-C', dir, 'config', set(key), set(value)]);
				}
				const was = fingerprint(dir);
				const { code, err } = await range(dir);
				assert.ok(code === 0 || code === 1 || code === 3 || code === 125, `${code} ${err}`);
				assert.deepEqual(readdirSync(ran), []);
				assert.equal(fingerprint(dir), was);
				assert.deepEqual(sandbox.leftovers(), []);
			});
		}

		it('runs no hook of a local remote, whatever that configures', async () => {
			const dir = await partialClone(kernel.dir, sandbox.folder);
			const origin = join(sandbox.folder, 'origin.git');
			await runGit(['clone', '-q', '--bare', kernel.dir, origin]);
			await allowPartial(origin);
			await runGit(['-C', origin, 'config', 'uploadpack.packObjectsHook', canary]);
			await runGit(['-C', origin, 'config', 'core.fsmonitor', canary]);
			await runGit(['-C', origin, 'config', 'core.alternateRefsCommand', canary]);
			await runGit(['-C', dir, 'config', 'remote.origin.url', `file://${origin}`]);
			const was = fingerprint(origin);
			const { code, out } = await range(dir);
			assert.ok(code === 0 || code === 1);
			assert.ok(!out.includes('"unknown"'), 'it was fetched');
			assert.deepEqual(readdirSync(ran), []);
			assert.equal(fingerprint(origin), was);
		});

		it('is not fetched for with --offline', async () => {
			const dir = await partialClone(kernel.dir, sandbox.folder);
			await runGit(['-C', dir, 'config', 'remote.origin.uploadpack', canary]);
			const { code } = await range(dir, '--offline');
			assert.notEqual(code, 0);
			assert.deepEqual(readdirSync(ran), []);
		});
	});

	it('of another user is refused, with the words that say it is trusted', async function () {
		if (process.getuid?.() !== 0) return this.skip();
		const dir = join(sandbox.folder, 'theirs.git');
		await runGit(['clone', '-q', '--bare', kernel.dir, dir]);
		await runGit(['-C', dir, 'config', 'core.fsmonitor', canary]);
		for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }))
			chownSync(join(dir, name), 65534, 65534);
		chownSync(dir, 65534, 65534);
		const refused = await range(dir);
		assert.equal(refused.code, 3);
		assert.match(refused.err, /belongs to another user.*git config --global --add safe\.directory/);
		// The repository cannot say so itself.
		await runGit(['config', '-f', join(dir, 'config'), 'safe.directory', '*']);
		assert.equal((await range(dir)).code, 3);
		await runGit(['config', '-f', join(sandbox.home, '.gitconfig'), 'safe.directory', dir]);
		const trusted = await range(dir);
		assert.ok(trusted.code === 0 || trusted.code === 1, trusted.err);
		rmSync(join(sandbox.home, '.gitconfig'));
		assert.deepEqual(readdirSync(ran), []);
	});

	it('whose alternates point elsewhere gets their objects read, and nothing else', async () => {
		const dir = join(sandbox.folder, 'borrower.git');
		await runGit(['clone', '-q', '--bare', '-s', kernel.dir, dir]);
		const lines = [
			'/proc/self',
			'/dev',
			'/nonexistent',
			join(sandbox.folder, 'home'),
			dir,
			'./../objects',
			'"bad\\q"',
		];
		writeFileSync(
			join(dir, 'objects/info/alternates'),
			`${join(kernel.dir, 'objects')}\n${lines.join('\n')}\n`,
		);
		const was = [fingerprint(dir), fingerprint(kernel.dir)];
		const { code, err } = await range(dir);
		assert.ok(code === 0 || code === 1, err);
		const proved = await sandbox.run([
			'prereqs',
			'fix',
			'--onto',
			'v4.7',
			'--no-index',
			'--repo',
			dir,
		]);
		assert.ok(proved.code === 0 || proved.code === 1, proved.err);
		assert.deepEqual([fingerprint(dir), fingerprint(kernel.dir)], was);
	});

	it('cannot have another history told by grafts and replacements', async () => {
		const dir = join(sandbox.folder, 'replaced.git');
		await runGit(['clone', '-q', '--bare', kernel.dir, dir]);
		const plain = await range(dir);
		const id = async (name: string) => (await runGit(['-C', dir, 'rev-parse', name])).trim();
		const acme = 'drivers/iommu/acme-mmu.c';
		const replace = async (one: string, other: string) =>
			writeFileSync(join(dir, 'refs/replace', await id(one)), `${await id(other)}\n`);
		mkdirSync(join(dir, 'refs/replace'), { recursive: true });
		await replace(`v4.7:${acme}`, `v4.9:${acme}`);
		await replace('v4.6^{commit}', 'v4.1^{commit}');
		await replace('v4.8^{tree}', 'v4.1^{tree}');
		assert.equal((await range(dir)).out.replaceAll(dir, ''), plain.out.replaceAll(dir, ''));
	});
});
