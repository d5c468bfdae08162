/**
 * The mails of a public-inbox: bare git repositories that hold one mail a commit. Read through
 * `git rev-list` and `git cat-file`, oldest first; nothing is checked out.
 * Layouts as in public-inbox-v1-format(5) and public-inbox-v2-format(5).
 */
import { RangefinderError } from '../errors.ts';
import { CatFile } from './cat-file.ts';
import { type Environment, GitRunner, gitFailure, type SpawnGit, spawnGit } from './process.ts';

/** Version 2 has the mail at the path `m`; version 1 at the SHA-1 of its Message-ID, `ab/cdef…`. */
export type InboxFormat = 'v1' | 'v2';

/** Mails asked for at once, and their bytes together. */
const BATCH = 64;
const BATCH_BYTES = 16 * 1024 * 1024;

const V1_PATH = /^[0-9a-f]{2}\/[0-9a-f]{38}$/;

/** The format of the inbox in a repository; undefined when it is something else. */
export async function inboxFormat(git: GitRunner): Promise<InboxFormat | undefined> {
	const { code, stdout } = await git.run(['ls-tree', '--full-tree', 'HEAD']);
	if (code !== 0) return undefined;
	const entries = stdout.toString().split('\n').filter(Boolean);
	const names = entries.map((entry) => entry.slice(entry.indexOf('\t') + 1));
	if (names.length === 0) return undefined;
	if (names.every((name) => name === 'm' || name === 'd')) return 'v2';
	const folders = entries.every((entry) => / tree /.test(entry));
	return folders && names.every((name) => /^[0-9a-f]{2}$/.test(name)) ? 'v1' : undefined;
}

/**
 * Every mail of the inbox in one repository (of version 2: in one epoch), oldest first. Mails that
 * were removed from the inbox are left out, and those larger than `largest` bytes.
 * Throws input-unreadable when the repository is no inbox, git-failed, git-missing.
 */
export async function* inboxMails(
	dir: string,
	env: Environment,
	largest: number,
	spawn: SpawnGit = spawnGit,
): AsyncGenerator<Uint8Array> {
	const git = new GitRunner(dir, env, spawn);
	const format = await inboxFormat(git);
	if (format === undefined) {
		throw new RangefinderError({
			code: 'input-unreadable',
			where: dir,
			what: 'is a folder of a repository that is no public-inbox',
		});
	}
	// The older protocol is known to every git; contents and headers are asked of two processes.
	const objects = new CatFile(git, false);
	try {
		const gone = format === 'v2' ? await removed(git, objects) : undefined;
		const kept = format === 'v1' ? await present(git) : undefined;
		let batch: string[] = [];
		for await (const oid of mailIds(git, format)) {
			if (gone?.has(oid) === true || kept?.has(oid) === false) continue;
			batch.push(oid);
			if (batch.length < BATCH) continue;
			yield* contents(objects, batch, largest);
			batch = [];
		}
		yield* contents(objects, batch, largest);
	} finally {
		await objects.close();
	}
}

async function* contents(
	objects: CatFile,
	oids: readonly string[],
	largest: number,
): AsyncGenerator<Uint8Array> {
	const headers = await objects.info(oids);
	let group: string[] = [];
	let bytes = 0;
	const groups = [group];
	for (const header of headers) {
		if (typeof header === 'string' || header.size > largest) continue;
		if (group.length > 0 && bytes + header.size > BATCH_BYTES) {
			group = [];
			groups.push(group);
			bytes = 0;
		}
		group.push(header.oid);
		bytes += header.size;
	}
	for (const one of groups) {
		for (const object of await objects.contents(one)) {
			if (typeof object !== 'string') yield object.content;
		}
	}
}

/** Ids of the mails in the order in which they came; each once. */
async function* mailIds(git: GitRunner, format: InboxFormat): AsyncGenerator<string> {
	const args = ['rev-list', '--objects', '--in-commit-order', '--reverse', 'HEAD'];
	for await (const line of outputLines(git, args)) {
		const space = line.indexOf(' ');
		if (space < 0) continue;
		const path = line.slice(space + 1);
		if (format === 'v2' ? path === 'm' : V1_PATH.test(path)) yield line.slice(0, space);
	}
}

/** Version 2 writes a mail that is removed to the path `d`. */
async function removed(git: GitRunner, objects: CatFile): Promise<Set<string>> {
	const commits = (await git.output(['rev-list', 'HEAD', '--', 'd'])).toString();
	const names = commits
		.split('\n')
		.filter(Boolean)
		.map((commit) => `${commit}:d`);
	const gone = new Set<string>();
	for (const header of await objects.info(names)) {
		if (typeof header !== 'string') gone.add(header.oid);
	}
	return gone;
}

/** Version 1 takes a mail that is removed out of the tree. */
async function present(git: GitRunner): Promise<Set<string>> {
	const kept = new Set<string>();
	for await (const line of outputLines(git, ['ls-tree', '-r', '--full-tree', 'HEAD'])) {
		const oid = /^\d+ blob ([0-9a-f]+)\t/.exec(line)?.[1];
		if (oid !== undefined) kept.add(oid);
	}
	return kept;
}

/** Lines of what git writes, as it writes them. @throws RangefinderError git-failed, git-missing */
async function* outputLines(git: GitRunner, args: readonly string[]): AsyncGenerator<string> {
	const child = git.start(args);
	child.stdin.on('error', () => {});
	child.stdin.end();
	let stderr = '';
	child.stderr.on('data', (chunk: Buffer) => {
		stderr = (stderr + chunk.toString()).slice(-4096);
	});
	const ended = new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	// It is awaited below, or the reader has stopped and does not care.
	ended.catch(() => {});
	let done = false;
	try {
		let tail = '';
		for await (const chunk of child.stdout) {
			const lines = (tail + (chunk as Buffer).toString('latin1')).split('\n');
			tail = lines.pop() ?? '';
			yield* lines;
		}
		done = true;
	} finally {
		if (!done) child.kill();
	}
	const code = await ended;
	if (code !== 0) throw gitFailure(git.where, stderr, code);
}
