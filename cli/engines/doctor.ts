/** Joins `doctor` to the clone, the cache folder and the shipped index. */
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cacheFolder } from '../../cache/facts-cache.ts';
import { failureMessage, failureOf } from '../../src/errors.ts';
import { type Finding, good, hurts, note } from '../../src/git/doctor/finding.ts';
import { findingsOf } from '../../src/git/doctor/judge.ts';
import { lookAt } from '../../src/git/doctor/look.ts';
import type { DoctorReport } from '../../src/git/doctor/report.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { spawnGit } from '../../src/git/process.ts';
import { quoted } from '../../src/git/shallow.ts';
import type { EngineWorld } from '../engine.ts';
import { FETCHED, openNamedIndex } from '../sources.ts';

/** From so many bytes on it is said how the folder is emptied. */
const LARGE = 2 * 1024 * 1024 * 1024;

/**
 * Looks at the clone named, or the repository of the current folder.
 * @throws RangefinderError not-a-repository, git-missing, git-failed
 */
export async function examine(
	world: EngineWorld,
	options: { readonly repo?: string },
): Promise<DoctorReport> {
	const where = resolve(world.cwd, options.repo ?? '.');
	// Opening says what keeps a clone from being read at all: an owner, an old git, no repository.
	const store = await openNativeStore(where, { env: world.env, looksOnly: true });
	try {
		const look = await lookAt(where, world.env, spawnGit, await store.tags());
		const findings = [...findingsOf(look), await cacheState(world), await indexState(world)];
		return {
			schema: 'rangefinder.doctor/1',
			where,
			git: look.git.text,
			findings,
			hurts: findings.filter(({ severity }) => severity === 'hurts').length,
		};
	} finally {
		await store.close();
	}
}

async function cacheState(world: EngineWorld): Promise<Finding> {
	const folder = resolve(world.cwd, cacheFolder(world.env, homedir()));
	if (!(await writable(folder))) {
		const text = `the cache folder ${folder} cannot be written: each run starts anew`;
		return hurts('cache', text, 'export RANGEFINDER_CACHE=DIR');
	}
	const [all, fetched] = await Promise.all([sizeOf(folder), sizeOf(join(folder, FETCHED))]);
	const text = `the cache folder ${folder} has ${megabytes(all)}, ${megabytes(fetched)} of it fetched for partial clones`;
	return all > LARGE ? note('cache', text, `rm -r ${quoted(folder)}`) : good('cache', text);
}

/** Whether a folder can be written, or made. */
async function writable(folder: string): Promise<boolean> {
	try {
		await access(folder, constants.W_OK | constants.X_OK);
		return (await stat(folder)).isDirectory();
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		return code === 'ENOENT' && dirname(folder) !== folder && writable(dirname(folder));
	}
}

/** Bytes of the files below a folder. */
async function sizeOf(folder: string): Promise<number> {
	const names = await readdir(folder, { recursive: true }).catch(() => []);
	let bytes = 0;
	for (const name of names) {
		const one = await stat(join(folder, name)).catch(() => undefined);
		if (one?.isFile() === true) bytes += one.size;
	}
	return bytes;
}

function megabytes(bytes: number): string {
	return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}

async function indexState(world: EngineWorld): Promise<Finding> {
	try {
		const index = await openNamedIndex(world, undefined);
		const { indexInfo } = await import('../../cache/index-verify.ts');
		const { version, releases } = indexInfo(index);
		const newest = releases.at(-1)?.release ?? 'none';
		const text = `the release index that ships has ${releases.length} releases up to ${newest} (format ${version.format}, extractor ${version.extractor})`;
		return good('index', text);
	} catch (error) {
		const failure = failureOf(error);
		if (failure === undefined) throw error;
		const { message } = failureMessage(failure);
		return hurts('index', `the release index that ships cannot be read: ${message}`);
	}
}
