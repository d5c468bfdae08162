/**
 * What there is to know of a clone before judging it: settings, refs, files beside the objects. Reads only;
 * it judges nothing.
 */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type PartialSettings, PROMISOR_CONFIG, partialSettings } from '../partial/promisor.ts';
import { type Environment, GitRunner, type SpawnGit } from '../process.ts';
import { readShallow } from '../shallow.ts';
import type { TagRef } from '../store.ts';

export interface CloneLook {
	readonly where: string;
	/** Version of git, as numbers and as it says it. */
	readonly git: { readonly version: readonly [number, number]; readonly text: string };
	readonly bare: boolean;
	/** A linked worktree of another clone. */
	readonly worktree: boolean;
	readonly format: string;
	readonly tags: readonly TagRef[];
	/** Short names of branches, of remotes too. */
	readonly branches: readonly string[];
	readonly replaced: number;
	readonly grafts: boolean;
	/** Commits at which a shallow clone ends. */
	readonly shallow: readonly string[];
	readonly partial: PartialSettings | undefined;
	/** Keys of settings that name programs, and hooks that are not samples. */
	readonly programs: readonly string[];
	readonly loose: number;
	readonly packs: number;
	readonly packed: number;
	readonly multiPackIndex: boolean;
	/** Object folders of other clones; those that are not there are in the second list. */
	readonly alternates: readonly string[];
	readonly lostAlternates: readonly string[];
	readonly graph: GraphLook | undefined;
}

export interface GraphLook {
	readonly commits: number;
	/** Whether every file of it has changed-path Bloom filters. */
	readonly changedPaths: boolean;
}

/** Settings that make git run something. */
const PROGRAMS =
	'^(core\\.(fsmonitor|hookspath|sshcommand|pager|editor|askpass|alternaterefscommand|gitproxy)|diff\\..*|filter\\..*\\.(clean|smudge|process)|merge\\..*\\.driver|credential\\..*|gpg\\..*|alias\\..*|remote\\..*\\.(uploadpack|receivepack|vcs))$';
const NAMES_PROGRAM =
	/^(core|credential|gpg|alias|remote|filter|merge)\.|^diff\.(external$|.*\.(command|textconv)$)/;

/**
 * Looks at the clone of an opened store.
 * @param tags its tags, as the store read them
 * @throws RangefinderError git-failed, git-missing
 */
export async function lookAt(
	where: string,
	env: Environment,
	spawn: SpawnGit,
	tags: readonly TagRef[],
): Promise<CloneLook> {
	const git = new GitRunner(where, env, spawn);
	const paths = ['objects', 'shallow', 'info/grafts'];
	const [version, parsed, promisors, programs, refs, counts] = await Promise.all([
		git.output(['version']),
		git.output([
			...['rev-parse', '--is-bare-repository', '--show-object-format', '--git-dir'],
			'--git-common-dir',
			...paths.flatMap((path) => ['--git-path', path]),
		]),
		git.run(['config', '-z', '--get-regexp', PROMISOR_CONFIG]),
		git.run(['config', '--local', '--includes', '-z', '--name-only', '--get-regexp', PROGRAMS]),
		git.output([
			'for-each-ref',
			'--format=%(refname)',
			'refs/heads',
			'refs/remotes',
			'refs/replace',
		]),
		git.output(['count-objects', '-v']),
	]);
	const text = version.toString().trim();
	const numbers = /(\d+)\.(\d+)/.exec(text);
	const [bare = '', format = '', gitDir = '', commonDir = '', ...files] = parsed
		.toString()
		.split('\n');
	const [objects = '', shallow = '', grafts = ''] = files.map((file) => resolve(where, file));
	const folder = resolve(where, gitDir);
	// Not where core.hooksPath points: that is named among the settings.
	const hooks = resolve(where, commonDir, 'hooks');
	const base = basename(folder) === '.git' ? dirname(folder) : folder;
	const names = refs.toString().split('\n').filter(Boolean);
	const count = (name: string): number =>
		Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(counts.toString())?.[1] ?? 0);
	const alternates = await alternatesOf(objects);
	const keys = programs.stdout
		.toString()
		.split('\0')
		.filter((key) => NAMES_PROGRAM.test(key));
	return {
		where,
		git: { version: [Number(numbers?.[1] ?? 0), Number(numbers?.[2] ?? 0)], text },
		bare: bare === 'true',
		worktree: folder !== resolve(where, commonDir),
		format,
		tags,
		branches: names.flatMap((name) => /^refs\/(?:heads|remotes)\/(.*)$/.exec(name)?.[1] ?? []),
		replaced: names.filter((name) => name.startsWith('refs/replace/')).length,
		grafts: (await sizeOf(grafts)) > 0,
		shallow: await readShallow(shallow),
		partial: partialSettings(promisors.stdout.toString(), base),
		programs: [...new Set([...keys, ...(await hooksIn(hooks))])].sort(),
		loose: count('count'),
		packs: count('packs'),
		packed: count('in-pack'),
		multiPackIndex: (await sizeOf(join(objects, 'pack', 'multi-pack-index'))) > 0,
		alternates: alternates.there,
		lostAlternates: alternates.lost,
		graph: await graphIn(join(objects, 'info')),
	};
}

async function sizeOf(path: string): Promise<number> {
	const found = await stat(path).catch(() => undefined);
	return found?.isFile() === true ? found.size : 0;
}

/** `hook:post-checkout` for every hook that would run. */
async function hooksIn(folder: string): Promise<string[]> {
	const found: string[] = [];
	for (const name of await readdir(folder).catch(() => [])) {
		if (name.endsWith('.sample')) continue;
		const hook = await stat(join(folder, name)).catch(() => undefined);
		if (hook?.isFile() === true && (hook.mode & 0o111) !== 0) found.push(`hook:${name}`);
	}
	return found;
}

async function alternatesOf(objects: string): Promise<{ there: string[]; lost: string[] }> {
	const text = await readFile(join(objects, 'info', 'alternates'), 'utf8').catch(() => '');
	const there: string[] = [];
	const lost: string[] = [];
	for (const line of text.split('\n')) {
		if (line === '' || line.startsWith('#')) continue;
		const folder = resolve(objects, line);
		const found = await stat(folder).catch(() => undefined);
		(found?.isDirectory() === true ? there : lost).push(folder);
	}
	return { there, lost };
}

/** The commit-graph below `info`: one file, or a chain of them. */
async function graphIn(info: string): Promise<GraphLook | undefined> {
	const chain = join(info, 'commit-graphs', 'commit-graph-chain');
	const hashes = (await readFile(chain, 'utf8').catch(() => '')).split('\n').filter(Boolean);
	const single = join(info, 'commit-graph');
	const files =
		(await sizeOf(single)) > 0
			? [single]
			: hashes.map((hash) => join(info, 'commit-graphs', `graph-${hash}.graph`));
	const parts = await Promise.all(files.map(graphFile));
	if (parts.length === 0 || parts.includes(undefined)) return undefined;
	return {
		commits: parts.reduce((sum, part) => sum + (part?.commits ?? 0), 0),
		changedPaths: parts.every((part) => part?.changedPaths === true),
	};
}

/**
 * Reads the table of contents of a commit-graph file, as gitformat-commit-graph(5) has it: how many commits
 * its fan-out counts, and whether it has the chunks of the Bloom filters.
 */
async function graphFile(path: string): Promise<GraphLook | undefined> {
	const file = await open(path, 'r').catch(() => undefined);
	if (file === undefined) return undefined;
	try {
		const read = async (at: number, length: number): Promise<Buffer> => {
			const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
			return buffer.subarray(0, bytesRead);
		};
		const header = await read(0, 8);
		if (header.length < 8 || header.toString('latin1', 0, 4) !== 'CGPH') return undefined;
		const chunks = header[6] ?? 0;
		const table = await read(8, chunks * 12);
		if (table.length < chunks * 12) return undefined;
		const offsets = new Map<string, number>();
		for (let at = 0; at < table.length; at += 12) {
			const name = table.toString('latin1', at, at + 4);
			offsets.set(name, Number(table.readBigUInt64BE(at + 4)));
		}
		const fanOut = await read((offsets.get('OIDF') ?? 0) + 255 * 4, 4);
		if (fanOut.length < 4) return undefined;
		return {
			commits: fanOut.readUInt32BE(0),
			changedPaths: offsets.has('BIDX') && offsets.has('BDAT'),
		};
	} finally {
		await file.close();
	}
}
