/** Repositories of three commits each: a base, what a target made of it, and what a commit did to it. */
import { execFileSync, spawnSync } from 'node:child_process';
import type { ProofWorld } from '../../../src/git/proof-folder.ts';

/** A file by its contents (a byte a character), or with its mode; a submodule by the id of its commit. */
export type File =
	| string
	| { readonly mode: '100755' | '120000' | '160000'; readonly text: string };

/** Paths are a byte a character. */
export type Files = Readonly<Record<string, File>>;

export interface Threesome {
	readonly base: Files;
	readonly ours: Files;
	readonly theirs: Files;
}

export interface Commits {
	readonly base: string;
	readonly ours: string;
	readonly theirs: string;
}

export const WORLD: ProofWorld = { env: process.env, pid: process.pid, isRunning: () => true };

/** So many lines, each with its number. */
export function lines(count: number, word = 'line'): string {
	return Array.from({ length: count }, (_, i) => `${word} ${i}\n`).join('');
}

/** Makes a bare repository with all of them; ids in order. */
export function makeThreesomes(
	dir: string,
	all: readonly Threesome[],
	objectFormat: 'sha1' | 'sha256' = 'sha1',
): Commits[] {
	const env = {
		PATH: process.env.PATH,
		HOME: dir,
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
	};
	execFileSync('git', ['init', '-q', '--bare', `--object-format=${objectFormat}`, dir], { env });
	const git = (args: readonly string[], input = ''): string =>
		execFileSync('git', ['-C', dir, ...args], {
			env,
			input: Buffer.from(input, 'latin1'),
			encoding: 'utf8',
		});
	let stream = '';
	for (const [i, { base, ours, theirs }] of all.entries()) {
		stream += commit(`base${i}`, i * 3 + 1, base);
		stream += commit(`ours${i}`, i * 3 + 2, ours, i * 3 + 1);
		stream += commit(`theirs${i}`, i * 3 + 3, theirs, i * 3 + 1);
	}
	git(['fast-import', '--quiet'], stream);
	const ids = new Map(
		git(['for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/tags'])
			.split('\n')
			.map((line): [string, string] => {
				const [name = '', oid = ''] = line.split(' ');
				return [name, oid];
			}),
	);
	return all.map((_, i) => ({
		base: ids.get(`base${i}`) ?? '',
		ours: ids.get(`ours${i}`) ?? '',
		theirs: ids.get(`theirs${i}`) ?? '',
	}));
}

/**
 * What git makes of a commit picked onto its base's other child: the tree, `conflict` or `empty`. By
 * `git merge-tree`, which is one process and the same merge; undefined where git is older than 2.38.
 */
export function gitMerge(dir: string, ours: string, theirs: string): string | undefined {
	const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_GLOBAL: '/dev/null' };
	const git = (args: readonly string[]) =>
		spawnSync('git', ['-C', dir, ...args], { env, encoding: 'latin1' });
	const { status, stdout } = git(['merge-tree', '--write-tree', '--no-messages', ours, theirs]);
	if (status === 1) return 'conflict';
	if (status !== 0) return undefined;
	const tree = stdout.trim();
	return git(['rev-parse', `${ours}^{tree}`]).stdout.trim() === tree ? 'empty' : tree;
}

function commit(tag: string, mark: number, files: Files, parent?: number): string {
	let text = `commit refs/tags/${tag}\nmark :${mark}\n`;
	text += `committer A U Thor <author@example.com> ${1_000_000_000 + mark * 60} +0000\n`;
	text += `data ${tag.length}\n${tag}\n`;
	if (parent !== undefined) text += `from :${parent}\ndeleteall\n`;
	for (const [path, file] of Object.entries(files)) {
		const { mode, text: content } =
			typeof file === 'string' ? { mode: '100644', text: file } : file;
		const name = `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
		if (mode === '160000') text += `M 160000 ${content} ${name}\n`;
		else text += `M ${mode} inline ${name}\ndata ${content.length}\n${content}\n`;
	}
	return `${text}\n`;
}
