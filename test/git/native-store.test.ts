import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { type FailureCode, RangefinderError } from '../../src/errors.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { type MiniatureKernel, makeMiniatureKernel, runGit } from '../kernel/miniature.ts';
import { fingerprint } from './fingerprint.ts';

const ENV = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' };
const ACME = 'drivers/iommu/acme-mmu.c';
const ZETA = 'drivers/iommu/zeta-mmu.c';

function failsWith(code: FailureCode): (error: unknown) => boolean {
	return (error) => error instanceof RangefinderError && error.failure.code === code;
}

describe('native object store', () => {
	let folder: string;
	let kernel: MiniatureKernel;
	let store: ObjectStore;
	const git = (...args: string[]) => runGit(['-C', kernel.dir, ...args]);

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-git-'));
		kernel = await makeMiniatureKernel(folder);
		store = await openNativeStore(kernel.dir, { env: ENV });
	});
	after(async () => {
		await store.close();
		rmSync(folder, { recursive: true });
	});

	it('lists tags with the commits they peel to', async () => {
		const tags = await store.tags();
		assert.deepEqual(tags.map((tag) => tag.name).sort(), [...kernel.tags].sort());
		for (const tag of tags) {
			assert.equal(tag.commit, kernel.commits.get(`Linux ${tag.name.slice(1)}`), tag.name);
			assert.ok(tag.date > 1_400_000_000);
		}
	});

	it('follows a tag of a tag, and leaves out a tag of a file', async () => {
		const dir = join(folder, 'odd-tags.git');
		await runGit(['clone', '-q', '--bare', kernel.dir, dir]);
		await runGit(['-C', dir, 'tag', '-a', '-m', 'outer', 'outer', 'v4.1']);
		await runGit(['-C', dir, 'tag', 'file', `v4.1:${ACME}`]);
		await runGit(['-C', dir, 'branch', 'v4.2', 'v4.1']);
		const odd = await openNativeStore(dir, { env: ENV });
		const tags = new Map((await odd.tags()).map((tag) => [tag.name, tag]));
		await odd.close();
		assert.deepEqual(tags.get('outer'), { ...tags.get('v4.1'), name: 'outer' });
		assert.equal(tags.has('file'), false);
		assert.equal(tags.get('v4.2')?.commit, kernel.commits.get('Linux 4.2'));
	});

	it('finds blob ids of many paths at many releases', async () => {
		const commits = ['v4.1', 'v4.2', 'v4.10'].map((tag) =>
			String(kernel.commits.get(`Linux ${tag.slice(1)}`)),
		);
		const found = await store.blobIdsAt(commits, [ACME, ZETA, 'drivers/iommu', 'gone.c']);
		assert.equal(found.length, 3);
		assert.equal(found[0]?.[0], (await git('rev-parse', `v4.1:${ACME}`)).trim());
		assert.equal(found[0]?.[1], undefined, 'zeta is not there before v4.2');
		assert.equal(found[1]?.[1], (await git('rev-parse', `v4.2:${ZETA}`)).trim());
		assert.equal(found[1]?.[2], undefined, 'a folder is no blob');
		assert.equal(found[2]?.[3], undefined);
		assert.deepEqual(await store.blobIds(commits[0] ?? '', []), []);
	});

	it('finds ids of folders too when they are asked for', async () => {
		const [found] = await store.objectIdsAt(['v4.6'], ['drivers/iommu', ACME, '', 'gone']);
		const expected = [`v4.6:drivers/iommu`, `v4.6:${ACME}`, 'v4.6^{tree}'].map((name) =>
			git('rev-parse', name),
		);
		assert.deepEqual(found, [
			...(await Promise.all(expected)).map((line) => line.trim()),
			undefined,
		]);
	});

	it('asks git for no name that would be two requests', async () => {
		await assert.rejects(store.blobIds('v4.1\nv4.2', [ACME]), failsWith('unknown-revision'));
		assert.deepEqual(await store.blobIds('v4.1', ['a\nb/c', 'drivers\0/iommu']), [
			undefined,
			undefined,
		]);
		const [id] = await store.blobIds('v4.1', [ACME]);
		assert.match(String(id), /^[0-9a-f]{40}$/, 'the store still answers');
	});

	it('reads contents in one batch and says nothing of what is missing', async () => {
		const [acme, makefile] = await store.blobIds('v4.6', [ACME, 'Makefile']);
		const tree = (await git('rev-parse', 'v4.6^{tree}')).trim();
		const found = await store.blobs([acme ?? '', '0'.repeat(40), makefile ?? '', tree, acme ?? '']);
		assert.equal(found.size, 2);
		const text = Buffer.from(found.get(acme ?? '') ?? []).toString();
		assert.equal(text, await git('show', `v4.6:${ACME}`));
	});

	it('reads blobs of megabytes and empty ones, byte by byte', async () => {
		const dir = join(folder, 'large');
		await runGit(['init', '-q', dir]);
		const bytes = Buffer.alloc(4 * 1024 * 1024, '\0\r\n\xff', 'latin1');
		writeFileSync(join(dir, 'large'), bytes);
		writeFileSync(join(dir, 'empty'), '');
		await runGit(['-C', dir, 'add', '.']);
		await runGit(['-C', dir, 'commit', '-qm', 'Large']);
		const large = await openNativeStore(dir, { env: ENV });
		const ids = (await large.blobIds('HEAD', ['empty', 'large'])).map(String);
		const found = await large.blobs([...ids].reverse());
		await large.close();
		assert.equal(found.get(ids[0] ?? '')?.length, 0);
		assert.ok(bytes.equals(found.get(ids[1] ?? '') ?? new Uint8Array()));
	});

	it('lists folders as git ls-tree does', async () => {
		for (const [spot, recursive] of [
			['drivers', false],
			['drivers', true],
			['', true],
			['', false],
		] as const) {
			const entries = await store.list('v4.6', spot, recursive);
			const lines = entries.map(({ mode, type, oid, path }) => `${mode} ${type} ${oid}\t${path}\n`);
			const args = ['ls-tree', ...(recursive ? ['-r'] : []), 'v4.6'];
			const expected = await git(...args, ...(spot === '' ? [] : [`${spot}/`]));
			assert.equal(lines.join(''), expected, `${spot} ${recursive}`);
		}
		assert.deepEqual(await store.list('v4.6', 'no/such', true), []);
		assert.deepEqual(await store.list('v4.6', 'Makefile', true), []);
	});

	it('expands the abbreviation of a blob, whatever else has that prefix', async () => {
		const [acme] = await store.blobIds('v4.6', [ACME]);
		assert.equal(await store.expandBlob(String(acme).slice(0, 12)), acme);
		assert.equal(await store.expandBlob('0000000000'), undefined);
		assert.equal(await store.expandBlob(kernel.fix.commit.slice(0, 12)), undefined);
		assert.equal(await store.expandBlob('v4.6'), undefined);
		const shadow = join(folder, 'shadow.git');
		await runGit(['clone', '-q', '--bare', kernel.dir, shadow]);
		await runGit(['-C', shadow, 'branch', String(acme).slice(0, 12), 'v4.6']);
		const other = await openNativeStore(shadow, { env: ENV });
		assert.equal(await other.expandBlob(String(acme).slice(0, 12)), acme);
		await other.close();
	});

	it('resolves revisions, and none that looks like an option', async () => {
		assert.equal(await store.resolveCommit('v4.6'), kernel.commits.get('Linux 4.6'));
		assert.equal(await store.resolveCommit('fix'), kernel.fix.commit);
		for (const text of ['--all', '-', '', 'no-such', 'a\nb', `v4.6:${ACME}`]) {
			assert.equal(await store.resolveCommit(text), undefined, text);
		}
	});

	it('tells what a commit says', async () => {
		const info = await store.commitInfo(kernel.fix.commit);
		assert.equal(info.subject, 'iommu/acme-mmu: Set the bus ops when the hardware probes');
		assert.equal(info.author, 'Mini Ature <mini@example.org>');
		assert.deepEqual(info.parents, [kernel.commits.get('Linux 4.6')]);
		assert.match(info.message, /^Signed-off-by:/m);
		assert.equal(info.authorDate, Number(await git('log', '-1', '--format=%at', 'fix')));
		await assert.rejects(store.commitInfo('0'.repeat(40)), failsWith('object-missing'));
	});

	it('gives a commit as a mail with full blob ids', async () => {
		const mail = Buffer.from(await store.patchOf('fix')).toString();
		const [before, after] = [`v4.6:${ACME}`, `fix:${ACME}`].map((name) => git('rev-parse', name));
		assert.ok(mail.includes(`index ${(await before)?.trim()}..${(await after)?.trim()} 100644`));
		assert.equal(
			mail.replace(/^index .*$/m, ''),
			kernel.fix.mail.replace(/^index .*$/m, ''),
			'the rest is what git format-patch says',
		);
		await assert.rejects(store.patchOf('no-such'), failsWith('unknown-revision'));
		await assert.rejects(store.patchOf('--output=x'), failsWith('unknown-revision'));
	});

	it('says why a folder is no repository', async () => {
		await assert.rejects(openNativeStore(folder, { env: ENV }), failsWith('not-a-repository'));
		await assert.rejects(
			openNativeStore(join(folder, 'nowhere'), { env: ENV }),
			/nowhere: there is no such folder/,
		);
	});

	it('says that git is not there', async () => {
		const env = { PATH: join(folder, 'empty-path') };
		await assert.rejects(openNativeStore(kernel.dir, { env }), failsWith('git-missing'));
	});

	it('reads the named repository whatever GIT_DIR of the caller says', async () => {
		const env = { ...ENV, GIT_DIR: '/nonexistent', GIT_INDEX_FILE: '/nonexistent', EDITOR: 'vi' };
		const other = await openNativeStore(kernel.dir, { env });
		assert.equal((await other.tags()).length, kernel.tags.length);
		assert.ok((await other.patchOf('fix')).length > 0);
		await other.close();
	});

	it('does not fetch what a partial clone leaves out', async () => {
		const dir = join(folder, 'partial.git');
		await git('config', 'uploadpack.allowFilter', 'true');
		await runGit(['clone', '-q', '--bare', '--filter=blob:none', `file://${kernel.dir}`, dir]);
		const before = fingerprint(dir);
		const partial = await openNativeStore(dir, { env: ENV });
		const [id] = await partial.blobIds('v4.6', [ACME]);
		assert.ok(
			(await partial.list('v4.6', 'drivers/iommu', false)).some(({ path }) => path === ACME),
		);
		assert.match(String(id), /^[0-9a-f]{40}$/, 'the id of a blob that is not here is known');
		const found = await partial.blobs([id ?? '']);
		await partial.close();
		assert.equal(found.size, 0);
		assert.equal(fingerprint(dir), before);
	});

	it('runs no program and writes nothing, whatever the repository configures', async () => {
		const dir = join(folder, 'hostile');
		const marker = join(folder, 'ran');
		const script = join(folder, 'evil.sh');
		writeFileSync(script, `#!/bin/sh\ntouch '${marker}'\n`);
		chmodSync(script, 0o755);
		await runGit(['clone', '-q', '-b', 'fix', kernel.dir, dir]);
		writeFileSync(join(dir, '.gitattributes'), '*.c diff=evil filter=evil merge=evil\n');
		await runGit(['-C', dir, 'add', '.gitattributes']);
		await runGit(['-C', dir, 'commit', '-qm', 'Attributes']);
		mkdirSync(join(dir, '.git', 'info'), { recursive: true });
		writeFileSync(join(dir, '.git', 'info', 'attributes'), '*.c diff=evil filter=evil\n');
		for (const key of [
			'core.fsmonitor',
			'core.sshCommand',
			'core.pager',
			'core.editor',
			'core.askPass',
			'core.alternateRefsCommand',
			'diff.external',
			'diff.evil.command',
			'diff.evil.textconv',
			'filter.evil.clean',
			'filter.evil.smudge',
			'gpg.program',
			'credential.helper',
			'remote.origin.uploadpack',
		]) {
			await runGit(['-C', dir, 'config', key, script]);
		}
		for (const name of ['for-each-ref', 'cat-file', 'rev-parse', 'format-patch', 'version']) {
			await runGit(['-C', dir, 'config', `alias.${name}`, `!${script}`]);
		}
		await runGit(['-C', dir, 'config', 'remote.origin.promisor', 'true']);
		await runGit(['-C', dir, 'config', 'protocol.file.allow', 'always']);
		await runGit(['-C', dir, 'config', 'log.showSignature', 'true']);
		await runGit(['-C', dir, 'config', 'diff.noprefix', 'true']);
		await runGit(['-C', dir, 'config', 'format.headers', 'X-Evil: 1']);
		for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction']) {
			writeFileSync(join(dir, '.git', 'hooks', hook), `#!/bin/sh\ntouch '${marker}'\n`);
			chmodSync(join(dir, '.git', 'hooks', hook), 0o755);
		}
		const before = fingerprint(dir);
		const hostile = await openNativeStore(dir, { env: ENV });
		await hostile.tags();
		const [id] = await hostile.blobIds('v4.6', [ACME]);
		await hostile.blobs([id ?? '', '1'.repeat(40)]);
		await hostile.list('HEAD', '', true);
		await hostile.expandBlob('abcd');
		await hostile.resolveCommit('HEAD');
		const mail = Buffer.from(await hostile.patchOf(kernel.fix.commit)).toString();
		await hostile.close();
		assert.equal(existsSync(marker), false, 'no program ran');
		assert.equal(fingerprint(dir), before, 'nothing was written');
		assert.match(mail, /^diff --git a\/drivers/m);
		assert.doesNotMatch(mail, /X-Evil/);
	});
});
