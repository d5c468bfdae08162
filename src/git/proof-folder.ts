/**
 * A repository of our own in a temporary folder, with a clone's objects as alternate: git works in it as in
 * any other and finds none of the clone's configuration, hooks, attributes or refs. All its files are left
 * out of the work tree (sparse checkout), so that a kernel costs an index and no files.
 */
import { lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, GitRunner, type SpawnGit, spawnGit } from './process.ts';

/** What a proof needs to know of the world around it. */
export interface ProofWorld {
	/** The environment of the caller; of it only where git is found is used. */
	readonly env: Environment;
	/** The process that works: its folders are its own while it runs. */
	readonly pid: number;
	/** Whether a process runs; folders of those that do not are removed. */
	isRunning(pid: number): boolean;
	/** Where folders are made; the system's temporary folder when left out. */
	readonly temporary?: string;
	/** How git is started; the real one when left out. */
	readonly spawn?: SpawnGit;
	/** How long git may be silent, milliseconds; ten minutes when left out: a long series says nothing. */
	readonly patience?: number;
}

export interface ProofFolder {
	readonly git: GitRunner;
	/** Removes it with all that was made in it. */
	remove(): Promise<void>;
}

const PREFIX = 'rangefinder-proof-';
const PATIENCE = 600_000;

/** Nothing of these is left to what a git, or a user, takes for its default. */
const SETTINGS: readonly string[] = [
	'core.attributesFile=/dev/null',
	'core.autocrlf=false',
	'core.eol=lf',
	'core.excludesFile=/dev/null',
	'core.ignoreCase=false',
	'core.precomposeUnicode=false',
	'core.protectHFS=false',
	'core.protectNTFS=false',
	'core.sparseCheckout=true',
	'core.sparseCheckoutCone=false',
	'core.untrackedCache=false',
	'core.editor=false',
	'advice.detachedHead=false',
	'commit.gpgSign=false',
	'commit.cleanup=verbatim',
	'diff.renames=true',
	'merge.directoryRenames=conflict',
	'merge.renames=true',
	'merge.renormalize=false',
	'merge.conflictStyle=merge',
	'rerere.enabled=false',
	'submodule.recurse=false',
	'user.name=Rangefinder',
	'user.email=rangefinder@localhost',
];

/**
 * Makes the folder, and removes those that dead processes left.
 * @param objects absolute paths of object folders to read from
 * @param objectFormat `sha1` or `sha256`
 */
export async function makeProofFolder(
	objects: readonly string[],
	objectFormat: string,
	world: ProofWorld,
): Promise<ProofFolder> {
	const area = world.temporary ?? tmpdir();
	await removeLeftOver(area, world);
	const dir = await mkdtemp(join(area, `${PREFIX}${world.pid}-`));
	const remove = () => rm(dir, { recursive: true, force: true, maxRetries: 3 });
	try {
		const git = join(dir, '.git');
		await mkdir(join(git, 'objects', 'info'), { recursive: true });
		await mkdir(join(git, 'info'));
		await mkdir(join(git, 'refs'));
		await writeFile(join(git, 'HEAD'), 'ref: refs/heads/none\n');
		await writeFile(join(git, 'objects', 'info', 'alternates'), objects.map(quoted).join(''));
		await writeFile(join(git, 'info', 'sparse-checkout'), '');
		await writeFile(join(git, 'config'), configuration(objectFormat));
	} catch (error) {
		await remove();
		throw error;
	}
	const env = {
		PATH: world.env.PATH,
		LD_LIBRARY_PATH: world.env.LD_LIBRARY_PATH,
		GIT_EXEC_PATH: world.env.GIT_EXEC_PATH,
		// A user's own settings may name programs, and change how git merges.
		HOME: dir,
		XDG_CONFIG_HOME: dir,
		GIT_CONFIG_GLOBAL: devNull,
		GIT_CEILING_DIRECTORIES: area,
	};
	const runner = new GitRunner(dir, env, world.spawn ?? spawnGit, world.patience ?? PATIENCE);
	return { git: runner, remove };
}

function configuration(objectFormat: string): string {
	const isSha1 = objectFormat === 'sha1';
	const sections = [
		`[core]\n\trepositoryFormatVersion = ${isSha1 ? 0 : 1}\n\tbare = false\n`,
		isSha1 ? '' : `[extensions]\n\tobjectFormat = ${objectFormat}\n`,
		...SETTINGS.map((setting) => {
			const [, section = '', key = '', value = ''] = /^(\w+)\.(\w+)=(.*)$/.exec(setting) ?? [];
			return `[${section}]\n\t${key} = ${value}\n`;
		}),
	];
	return sections.join('');
}

/** A line of an alternates file: quoted, as a path may hold anything. */
function quoted(path: string): string {
	const escaped = path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
	return `"${escaped}"\n`;
}

/** Removes folders whose processes are no more. What cannot be removed is another user's. */
async function removeLeftOver(area: string, world: ProofWorld): Promise<void> {
	const names = await readdir(area).catch(() => []);
	for (const name of names) {
		const pid = Number(/^rangefinder-proof-(\d+)-\w+$/.exec(name)?.[1] ?? world.pid);
		if (pid === world.pid || world.isRunning(pid)) continue;
		const dir = join(area, name);
		const isFolder = await lstat(dir).then(
			(found) => found.isDirectory(),
			() => false,
		);
		if (isFolder) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
	}
}
