/**
 * Folders of our own in which commits are checked out for a command, one for each that runs at a time.
 * The user's repository and work tree are not touched: objects are read through a git folder of ours with
 * the clone as alternate, so that no hook, filter or setting of the clone takes part. A watcher that lives
 * as long as its input is open removes everything, even when this program is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { demandRoomFor, makeGitFolder, removeFolder } from '../git/own-folder.ts';
import { type Environment, GitRunner, spawnGit } from '../git/process.ts';

/** A kernel takes longer to write than git is silent elsewhere; milliseconds. */
const PATIENCE = 30 * 60_000;

export class WorkFolders {
	readonly #git: GitRunner;
	readonly #env: Environment;
	readonly #parent: string;
	readonly #free: WorkFolder[] = [];
	readonly #all: WorkFolder[] = [];

	/**
	 * @param git of the repository whose commits are checked out
	 * @param parent the folder below which they are made
	 */
	constructor(git: GitRunner, env: Environment, parent: string) {
		this.#git = git;
		this.#env = env;
		this.#parent = parent;
	}

	/**
	 * Uses a folder with the files of a commit. Those that a command left there stay for the next commit, as with
	 * git bisect: what it built is not built again.
	 * @throws RangefinderError git-failed, object-missing, disk-full
	 */
	async with<T>(commit: string, use: (folder: string) => Promise<T>): Promise<T> {
		const folder = this.#free.pop() ?? (await this.#make());
		try {
			await folder.checkOut(commit);
			return await use(folder.dir);
		} finally {
			this.#free.push(folder);
		}
	}

	/** Removes all of them. */
	async remove(): Promise<void> {
		await Promise.all(this.#all.map((folder) => folder.remove()));
	}

	async #make(): Promise<WorkFolder> {
		const folder = await makeWorkFolder(this.#git, this.#env, this.#parent);
		this.#all.push(folder);
		return folder;
	}
}

interface WorkFolder {
	readonly dir: string;
	checkOut(commit: string): Promise<void>;
	remove(): Promise<void>;
}

async function makeWorkFolder(
	git: GitRunner,
	env: Environment,
	parent: string,
): Promise<WorkFolder> {
	const out = await git.output(['rev-parse', '--show-object-format', '--git-path', 'objects']);
	const [format = 'sha1', objects = ''] = out.toString().split('\n');
	const name = randomBytes(6).toString('hex');
	const temporary = tmpdir();
	const dir = join(parent, `run-${name}`);
	const own = join(temporary, `rangefinder-objects-${name}`);
	await withRoom(parent, () => mkdir(parent, { recursive: true }));
	// Before there is anything to remove: this program may be killed at any moment.
	const watcher = watch([dir, own], env);
	await withRoom(parent, () => mkdir(dir, { mode: 0o700 }));
	await withRoom(temporary, () => mkdir(own, { mode: 0o700 }));
	const form = { objectFormat: format, alternates: [resolve(git.where, objects)] };
	await withRoom(own, () => makeGitFolder(own, form));
	const variables = { ...env, GIT_CONFIG_GLOBAL: '/dev/null' };
	const ours = new GitRunner(own, variables, spawnGit, PATIENCE);
	const files = [`--git-dir=${own}`, `--work-tree=${dir}`, '-c', 'core.bare=false'];
	return {
		dir,
		async checkOut(commit) {
			await withRoom(dir, async () => {
				await ours.output([...files, 'read-tree', '--reset', '-u', commit]);
				// What a command changed of files that both commits have alike.
				await ours.output([...files, 'checkout-index', '--quiet', '--all', '--force']);
			});
		},
		async remove() {
			await Promise.all([removeFolder(dir), removeFolder(own)]);
			watcher?.stdin?.end();
		},
	};
}

/** Does what writes into a folder; throws disk-full where it fails for that. */
async function withRoom<T>(where: string, write: () => Promise<T>): Promise<T> {
	try {
		return await write();
	} catch (error) {
		await demandRoomFor(where, error);
		throw error;
	}
}

/** Removes folders when its input ends, which it does when this program ends in whatever way. */
function watch(folders: readonly string[], env: Environment): ChildProcess | undefined {
	// A git that outlives this program for a moment may still write into them.
	const script =
		'cat >/dev/null; for i in 1 2 3 4 5; do rm -rf -- "$@" 2>/dev/null; sleep 0.4; done';
	const watcher = spawn('/bin/sh', ['-c', script, 'sh', ...folders], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
		env: { PATH: env.PATH },
	});
	// Where there is no shell, the folders are removed at the end only.
	watcher.on('error', () => undefined);
	watcher.stdin?.on('error', () => undefined);
	watcher.unref();
	return watcher;
}
