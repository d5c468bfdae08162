/** Histories of any shape, made with git fast-import: for tests against what git says of them. */
import { execFileSync } from 'node:child_process';

/** The parents of each commit, by number; parents come before their children. */
export type Shape = readonly (readonly number[])[];

/** A repeatable source of numbers from 0 to `below`, not included. */
export function numbers(seed: number): (below: number) => number {
	let state = seed >>> 0 || 1;
	return (below) => {
		// xorshift32
		state ^= state << 13;
		state >>>= 0;
		state ^= state >>> 17;
		state ^= state << 5;
		state >>>= 0;
		return state % below;
	};
}

/** A shape with branches, merges of two and of many, and now and then a second root. */
export function randomShape(commits: number, seed: number): Shape {
	const below = numbers(seed);
	return Array.from({ length: commits }, (_, i) => {
		if (i === 0 || below(40) === 0) return [];
		const parents = new Set([Math.max(0, i - 1 - below(4))]);
		const merges = below(4) === 0 ? 1 + below(3) : 0;
		for (let k = 0; k < merges; k++) parents.add(below(i));
		return [...parents];
	});
}

/**
 * Makes a bare repository with this history; commit `i` has the tag `ci` and its files.
 * @param files the files that a commit sets, by path, null for one that it removes; one file that no other
 *   commit has when left out
 * @returns the ids in order
 */
export function makeHistory(
	dir: string,
	shape: Shape,
	files: (commit: number) => Readonly<Record<string, string | null>> = (i) => ({
		[`f${i}`]: `${i}\n`,
	}),
): string[] {
	const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1' };
	const git = (args: readonly string[], input = ''): string =>
		execFileSync('git', ['-C', dir, ...args], { env, input, encoding: 'utf8', maxBuffer: 1 << 28 });
	execFileSync('git', ['init', '-q', '--bare', dir], { env });
	let stream = '';
	for (const [i, parents] of shape.entries()) {
		const message = `c${i}\n`;
		stream += `commit refs/tags/c${i}\nmark :${i + 1}\n`;
		stream += `committer A U Thor <author@example.com> ${1_000_000_000 + i * 60} +0000\n`;
		stream += `data ${message.length}\n${message}`;
		const [first, ...others] = parents;
		if (first !== undefined) stream += `from :${first + 1}\n`;
		for (const parent of others) stream += `merge :${parent + 1}\n`;
		for (const [path, text] of Object.entries(files(i))) {
			if (text === null) stream += `D ${path}\n`;
			else stream += `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
		}
		stream += '\n';
	}
	git(['fast-import', '--quiet'], stream);
	const refs = git(['for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/tags']);
	const ids: string[] = [];
	for (const line of refs.split('\n').filter(Boolean)) {
		const [name = '', oid = ''] = line.split(' ');
		ids[Number(name.slice(1))] = oid;
	}
	return ids;
}
