/**
 * A repository of our own in a temporary folder, with views of a clone's objects as alternates: git works in it as in
 * any other and finds none of the clone's configuration, hooks, attributes or refs. All its files are left
 * out of the work tree (sparse checkout), so that a kernel costs an index and no files.
 */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOutdated, viewObjects } from './object-views.ts';
import { demandRoom, makeGitFolder, removeFolder, removeLeftovers } from './own-folder.ts';
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

/** What a proof reads. */
export interface ProofObjects {
	/** The clone, in messages. */
	readonly where: string;
	/** The absolute path of its object folder. */
	readonly objects: string;
	/** Further object folders, absolute, of ours. */
	readonly fetched?: readonly string[];
	/** `sha1` or `sha256`. */
	readonly objectFormat: string;
}

export interface ProofFolder {
	readonly git: GitRunner;
	/** Whether packs were removed since it was made: what is missing may be in others by now. */
	isOutdated(): Promise<boolean>;
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
 * @throws RangefinderError disk-full, git-failed
 */
export async function makeProofFolder(
	{ where, objects, fetched = [], objectFormat }: ProofObjects,
	world: ProofWorld,
): Promise<ProofFolder> {
	const area = world.temporary ?? tmpdir();
	await removeDead(area, world);
	const dir = await mkdtemp(join(area, `${PREFIX}${world.pid}-`)).catch((error: unknown) => {
		demandRoom(area, error);
		throw error;
	});
	const remove = () => removeFolder(dir);
	let views: string[];
	try {
		const git = join(dir, '.git');
		const config = SETTINGS.map(section).join('');
		views = await viewObjects(objects, join(git, 'views'), where);
		const alternates = [...views, ...fetched];
		await makeGitFolder(git, { objectFormat, alternates, bare: false, config });
		await mkdir(join(git, 'info'));
		await writeFile(join(git, 'info', 'sparse-checkout'), '');
	} catch (error) {
		await remove();
		demandRoom(area, error);
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
	return { git: runner, isOutdated: () => isOutdated(views), remove };
}

/** `core.eol=lf` as a configuration file has it. */
function section(setting: string): string {
	const [, name = '', key = '', value = ''] = /^(\w+)\.(\w+)=(.*)$/.exec(setting) ?? [];
	return `[${name}]\n\t${key} = ${value}\n`;
}

/** Removes folders whose processes are no more. */
function removeDead(area: string, { pid, isRunning }: ProofWorld): Promise<void> {
	return removeLeftovers(area, (name) => {
		const owner = Number(/^rangefinder-proof-(\d+)-\w+$/.exec(name)?.[1] ?? pid);
		return owner !== pid && !isRunning(owner);
	});
}
