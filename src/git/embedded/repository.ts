/**
 * Finds a repository and its parts without git, and refuses what only git reads: the choice is made
 * when it is opened, not in the middle of an answer. Nothing is written, and no program is run.
 */
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RangefinderError } from '../../errors.ts';
import { objectFolders as foldersOf } from '../alternates.ts';
import { parseRepositoryConfig } from './config.ts';
import { damaged, needsGit, readFileUpTo, readFolder } from './files.ts';
import { LARGEST_PACK, Pack } from './pack.ts';

/** Of HEAD, gitdir files and others with one line; bytes. */
const ONE_LINE = 8 * 1024;
const CONFIG_LIMIT = 4 * 1024 * 1024;
/** Extensions that change nothing for who reads objects and refs. */
const HARMLESS = new Set(['noop', 'preciousobjects', 'worktreeconfig', 'relativeworktrees']);

export interface Repository {
	/** Has HEAD; of a linked worktree its own. */
	readonly gitDir: string;
	/** Has refs and objects. */
	readonly commonDir: string;
	/** Object folders, the repository's own first, then its alternates. */
	readonly objectFolders: readonly string[];
	readonly packs: readonly Pack[];
}

/** The packs of object folders. Throws as {@link findRepository}. */
export async function packsIn(folders: readonly string[], where: string): Promise<Pack[]> {
	const packs: Pack[] = [];
	for (const folder of folders) packs.push(...(await packsOf(folder, where)));
	return packs;
}

/**
 * The repository that a folder is, or is in. `where` is absolute.
 * Throws not-a-repository; needs-git for SHA-256, reftable, partial clones, packs over 200 MiB and
 * formats that are not known; git-failed.
 */
export async function findRepository(where: string): Promise<Repository> {
	const gitDir = await findGitDir(where);
	const pointer = await readFileUpTo(join(gitDir, 'commondir'), ONE_LINE, where);
	const commonDir = pointer === undefined ? gitDir : resolve(gitDir, pointer.toString().trim());
	await demandKnownFormat(commonDir, where);
	const objectFolders = await foldersOf(join(commonDir, 'objects'), where);
	const packs = await packsIn(objectFolders, where);
	return { gitDir, commonDir, objectFolders, packs };
}

async function findGitDir(where: string): Promise<string> {
	const device = await deviceOf(where);
	if (device === undefined) throw notARepository(where, 'there is no such folder');
	for (let folder = where; ; folder = dirname(folder)) {
		const dotGit = join(folder, '.git');
		if (await isGitDir(dotGit, where)) return dotGit;
		const pointer = (await isFile(dotGit))
			? await readFileUpTo(dotGit, ONE_LINE, where)
			: undefined;
		if (pointer !== undefined) {
			const text = pointer.toString();
			const gitDir = resolve(folder, text.replace(/^gitdir: /, '').trim());
			if (text.startsWith('gitdir: ') && (await isGitDir(gitDir, where))) return gitDir;
			throw notARepository(where, `${dotGit} names no git folder`);
		}
		if (await isGitDir(folder, where)) return folder;
		// As git, stops where another file system begins.
		if (dirname(folder) === folder || (await deviceOf(dirname(folder))) !== device) {
			throw notARepository(where, 'not a git repository');
		}
	}
}

/** What git demands of a git folder: HEAD, refs, and objects here or in the common folder. */
async function isGitDir(folder: string, where: string): Promise<boolean> {
	if (!(await isFile(join(folder, 'HEAD')))) return false;
	const head = await readFileUpTo(join(folder, 'HEAD'), ONE_LINE, where);
	if (!/^(?:ref: *refs\/|[0-9a-f]{40})/.test(head?.toString() ?? '')) return false;
	if (await isFile(join(folder, 'commondir'))) return true;
	const parts = await Promise.all(['objects', 'refs'].map((name) => deviceOf(join(folder, name))));
	return !parts.includes(undefined);
}

async function demandKnownFormat(commonDir: string, where: string): Promise<void> {
	const bytes = await readFileUpTo(join(commonDir, 'config'), CONFIG_LIMIT, where);
	const { version, extensions, partial } = parseRepositoryConfig(bytes?.toString() ?? '');
	if (partial) throw needsGit(where, PARTIAL);
	if (version !== 0 && version !== 1) {
		throw needsGit(where, 'its format is of a version that is not known here');
	}
	for (const [name, value] of extensions) {
		if (name === 'objectformat') {
			if (value !== 'sha1') throw needsGit(where, `its object ids are ${value}`);
		} else if (name === 'refstorage') {
			if (value !== 'files') throw needsGit(where, `its refs are kept as ${value}`);
		} else if (version === 1 && !HARMLESS.has(name)) {
			throw needsGit(where, `it uses the extension ${name}`);
		}
	}
}

const PARTIAL = 'it is a partial clone, whose objects are not all here';

async function packsOf(objects: string, where: string): Promise<Pack[]> {
	const folder = join(objects, 'pack');
	const names = new Set((await readFolder(folder, where)).map(({ name }) => name));
	const packs: Pack[] = [];
	for (const name of names) {
		if (name.endsWith('.promisor')) throw needsGit(where, PARTIAL);
		if (!/^pack-.*\.pack$/.test(name)) continue;
		const path = join(folder, name.slice(0, -'.pack'.length));
		if (!names.has(name.replace(/pack$/, 'idx'))) {
			// As git, which takes a multi-pack-index beside the others and never in their place.
			throw damaged(where, `${name} has no index`);
		}
		const size = (await stat(`${path}.pack`).catch(() => undefined))?.size ?? 0;
		if (size > LARGEST_PACK) {
			const has = `${name} has ${Math.ceil(size / 1024 / 1024)} MiB`;
			throw needsGit(where, `${has}, and packs of up to ${LARGEST_PACK / 1024 / 1024} are read`);
		}
		packs.push(new Pack(path, size, where));
	}
	return packs;
}

async function isFile(path: string): Promise<boolean> {
	return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** The file system that a folder is on; undefined when there is no such folder. */
async function deviceOf(folder: string): Promise<number | undefined> {
	const found = await stat(folder).catch(() => undefined);
	return found?.isDirectory() === true ? found.dev : undefined;
}

function notARepository(where: string, what: string): RangefinderError {
	return new RangefinderError({ code: 'not-a-repository', where, what });
}
