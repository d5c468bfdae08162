/**
 * Repositories of every kind, made by git in a folder of the caller. All have the same small history,
 * which has one of everything that trees, commits and tags can be.
 */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from '../kernel/miniature.ts';

export interface TestRepository {
	/** What a user would name. */
	readonly dir: string;
	/** What must not change: the git folder, and the work tree around it. */
	readonly watched: string;
	/** False where a partial clone has no contents of files. */
	readonly hasBlobs: boolean;
}

export type MakeRepository = (folder: string) => Promise<TestRepository>;

/** Kinds that every store reads. */
export const COMMON_KINDS: Readonly<Record<string, MakeRepository>> = {
	'plain, loose objects': async (folder) => work(await makeSource(join(folder, 'plain'))),
	'plain, named by a folder in it': async (folder) => {
		const dir = await makeSource(join(folder, 'inside'));
		return { ...work(dir), dir: join(dir, 'drivers', 'iommu') };
	},
	'plain, packed with deltas': async (folder) => {
		const dir = await makeSource(join(folder, 'packed'));
		await runGit(['-C', dir, 'repack', '-adq', '--depth=50', '--window=50']);
		await runGit(['-C', dir, 'pack-refs', '--all']);
		await runGit(['-C', dir, 'prune-packed']);
		return work(dir);
	},
	'plain, several packs with bases by name': async (folder) => {
		const dir = await makeSource(join(folder, 'ref-deltas'));
		await runGit(['-C', dir, '-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adq']);
		await runGit(['-C', dir, 'tag', 'v9', 'HEAD~1']);
		writeFileSync(join(dir, 'Makefile'), 'VERSION = 9\n');
		await runGit(['-C', dir, 'commit', '-qam', 'Linux 9']);
		await runGit(['-C', dir, 'repack', '-dq']);
		return work(dir);
	},
	'plain, with a multi-pack-index and a commit-graph': async (folder) => {
		const dir = await makeSource(join(folder, 'indexed'));
		await runGit(['-C', dir, 'repack', '-dq', '--write-midx']);
		await runGit(['-C', dir, 'commit-graph', 'write', '--reachable']);
		return work(dir);
	},
	bare: async (folder) => bare(join(folder, 'bare.git'), await makeSource(join(folder, 'origin'))),
	shallow: async (folder) => {
		const origin = `file://${await makeSource(join(folder, 'deep'))}`;
		return bare(join(folder, 'shallow.git'), origin, '--depth=2', '--no-single-branch');
	},
	'linked worktree': async (folder) => {
		const main = await makeSource(join(folder, 'main'));
		const dir = join(folder, 'linked');
		await runGit(['-C', main, 'worktree', 'add', '-q', '--detach', dir, 'v4.1']);
		return { dir, watched: folder, hasBlobs: true };
	},
	'alternates of alternates': async (folder) => {
		const origin = await makeSource(join(folder, 'lender'));
		await runGit(['clone', '-qs', '--bare', origin, join(folder, 'middle.git')]);
		return bare(join(folder, 'borrower.git'), join(folder, 'middle.git'), '-s');
	},
};

/** Kinds that take git. */
export const NATIVE_KINDS: Readonly<Record<string, MakeRepository>> = {
	'SHA-256': async (folder) => work(await makeSource(join(folder, 'sha256'), 'sha256')),
	'partial clone': async (folder) => {
		const origin = await makeSource(join(folder, 'promisor'));
		await runGit(['-C', origin, 'config', 'uploadpack.allowFilter', 'true']);
		const dir = join(folder, 'partial.git');
		const made = await bare(dir, `file://${origin}`, '--filter=blob:none');
		return { ...made, hasBlobs: false };
	},
};

function work(dir: string): TestRepository {
	return { dir, watched: dir, hasBlobs: true };
}

async function bare(dir: string, origin: string, ...options: string[]): Promise<TestRepository> {
	await runGit(['clone', '-q', '--bare', '--no-local', ...options, origin, dir]);
	return { dir, watched: dir, hasBlobs: true };
}

/** A repository with a work tree. Its history: a root, two more commits, a side branch and a merge. */
export async function makeSource(dir: string, objectFormat = 'sha1'): Promise<string> {
	await runGit(['init', '-q', '-b', 'master', `--object-format=${objectFormat}`, dir]);
	const git = (...args: string[]) => runGit(['-C', dir, ...args]);
	mkdirSync(join(dir, 'drivers', 'iommu', 'arm'), { recursive: true });
	const acme = Array.from({ length: 2000 }, (_, i) => `static int acme_${i}(void);\n`);
	const write = (path: string, text: string | Uint8Array) => writeFileSync(join(dir, path), text);
	const commit = (message: string) => git('commit', '-qam', message);
	write('Makefile', 'VERSION = 4\n');
	write('drivers/iommu/acme.c', acme.join(''));
	write('drivers/iommu/empty.h', '');
	write('drivers/iommu/arm/zäta.c', Uint8Array.from([0, 10, 13, 255, 200]));
	// Git orders `arm` as `arm/`, after `arm-smmu.c`.
	write('drivers/iommu/arm-smmu.c', 'int smmu;\n');
	write('drivers/script', '#!/bin/sh\n');
	chmodSync(join(dir, 'drivers/script'), 0o755);
	symlinkSync('iommu', join(dir, 'drivers/link'));
	await git('add', '-A');
	const link = `160000,${'ab'.repeat(objectFormat === 'sha1' ? 20 : 32)},drivers/module`;
	await git('update-index', '--add', '--cacheinfo', link);
	await git('commit', '-qm', 'Linux 4.0');
	await git('tag', 'v4.0');
	for (let minor = 1; minor <= 3; minor++) {
		acme[minor * 500] = `static int changed_${minor}(void);\n`;
		write('drivers/iommu/acme.c', acme.join(''));
		await commit(`Linux 4.${minor}\n\nThe body\nof 4.${minor}\n\nSigned-off-by: Mini <m@e.org>`);
		await git('tag', '-a', '-m', `Linux 4.${minor}`, `v4.${minor}`);
	}
	await git('checkout', '-q', '-b', 'side', 'v4.2');
	write('drivers/iommu/acme.c', `${acme.slice(0, 700).join('')}/* side */\n`);
	write('latin1', 'x');
	await git('add', 'latin1');
	const latin1 = join(dir, '.git', 'latin1-message');
	writeFileSync(latin1, Buffer.from('f\xfcr\ntwo lines\n\nbody\n', 'latin1'));
	await git('-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-qaF', latin1);
	rmSync(latin1);
	await git('checkout', '-q', 'master');
	await git('merge', '-q', '-s', 'ours', '-m', 'Merge the side', 'side');
	await git('tag', 'merged');
	await git('tag', '-a', '-m', 'tag of a tag', 'nested', 'v4.1');
	await git('tag', '-a', '-m', 'twice', 'twice', 'nested');
	await git('tag', 'of-a-file', 'v4.1:Makefile');
	await git('tag', 'of-a-tree', 'v4.1^{tree}');
	await git('tag', '-a', '-m', 'x', 'noted-file', 'v4.1:Makefile');
	await git('branch', 'v4.2', 'v4.0');
	const blob = (await git('rev-parse', 'v4.1:Makefile')).slice(0, 8);
	await git('branch', blob, 'v4.0');
	return dir;
}
