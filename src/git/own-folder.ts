/**
 * Git folders of our own, which read the objects of a clone through an alternates file: no configuration, hook,
 * filter or ref of the clone takes part in what git does there. Laying them out and removing them; what each is
 * for, and where, is left to who makes it.
 */
import { randomBytes } from 'node:crypto';
import { lstat, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RangefinderError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';

export interface GitFolder {
	/** The hash of its objects: `sha1`, `sha256`. */
	readonly objectFormat: string;
	/** Absolute paths of object folders that are read besides its own. */
	readonly alternates?: readonly string[];
	/** False where it is the `.git` of a work tree; true when left out. */
	readonly bare?: boolean;
	/** Sections of its configuration besides those that say how it is laid out. */
	readonly config?: string;
}

/**
 * Makes a folder one that git takes for a repository: without refs, hooks and attributes, and with no settings
 * but those given. One that is there already is brought into this form; others may read it meanwhile.
 */
export async function makeGitFolder(dir: string, folder: GitFolder): Promise<void> {
	const { objectFormat, alternates = [], bare = true, config = '' } = folder;
	await makeFolder(join(dir, 'objects', 'info'));
	await makeFolder(join(dir, 'objects', 'pack'));
	await makeFolder(join(dir, 'refs'));
	const extension =
		objectFormat === 'sha1' ? '' : `[extensions]\n\tobjectFormat = ${objectFormat}\n`;
	const core = `[core]\n\trepositoryFormatVersion = 1\n\tbare = ${bare}\n`;
	await file(join(dir, 'config'), `${core}${extension}${config}`);
	await file(join(dir, 'HEAD'), 'ref: refs/heads/none\n');
	if (alternates.length === 0) return;
	const lines = alternates.map((path) => `${quotedPath(path)}\n`);
	await file(join(dir, 'objects', 'info', 'alternates'), lines.join(''));
}

/** A path as an alternates file and GIT_ALTERNATE_OBJECT_DIRECTORIES take it, whatever it holds. */
export function quotedPath(path: string): string {
	return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** Removes a folder of ours with all that is in it; one that is gone is no error. */
export function removeFolder(dir: string): Promise<void> {
	return rm(dir, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Removes folders that killed runs left. What cannot be removed is another user's.
 * @param isLeft says so by the name of a folder and when it was changed last, in milliseconds since the epoch
 */
export async function removeLeftovers(
	area: string,
	isLeft: (name: string, changed: number) => boolean,
): Promise<void> {
	for (const name of await readdir(area).catch(() => [])) {
		const path = join(area, name);
		const found = await lstat(path).catch(() => undefined);
		if (found?.isDirectory() !== true || !isLeft(name, found.mtimeMs)) continue;
		await removeFolder(path).catch(() => undefined);
	}
}

/** Throws disk-full where that is what an error of the file system says. */
export function demandRoom(where: string, error: unknown): void {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code !== 'ENOSPC' && code !== 'EDQUOT') return;
	throw new RangefinderError({ code: 'disk-full', where }, { cause: error });
}

/** The same for an error of git, which does not say why it could not write a file. */
export async function demandRoomFor(where: string, error: unknown): Promise<void> {
	demandRoom(where, error);
	const { bavail, bsize } = await statfs(where).catch(() => ({ bavail: 1, bsize: FULL }));
	if (bavail * bsize >= FULL) return;
	throw new RangefinderError({ code: 'disk-full', where }, { cause: error });
}

/** A disk with fewer bytes than this is full: no file of a kernel is larger by much. */
const FULL = 1 << 20;

/** Makes a file have these contents; whoever reads it meanwhile sees the old ones or the new. */
async function file(path: string, contents: string): Promise<void> {
	const known = await readFile(path, 'utf8').catch(() => undefined);
	if (known === contents) return;
	const fresh = `${path}.${randomBytes(6).toString('hex')}`;
	try {
		await writeFile(fresh, contents, { mode: 0o600 });
		await rename(fresh, path);
	} catch (error) {
		await rm(fresh, { force: true }).catch(() => undefined);
		throw error;
	}
}
