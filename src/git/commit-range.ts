/** The commits of a range `A..B`, read through `git rev-list`. */
import { RangefinderError } from '../errors.ts';
import { type Environment, GitRunner, type SpawnGit, spawnGit } from './process.ts';

/** Whether a text has the form of a range, and not of an option. */
export function isRange(text: string): boolean {
	return /^[^-\s.][^\s\0]*\.\.[^\s\0.]/.test(text) || /^\.\.[^\s\0.-]/.test(text);
}

/**
 * Ids of the commits of a range that are no merges, oldest first. `most` is how many a caller takes;
 * one more is given when there are more; Infinity for all. Throws unknown-revision, git-missing.
 */
export async function commitsOfRange(
	dir: string,
	range: string,
	most: number,
	env: Environment,
	spawn: SpawnGit = spawnGit,
): Promise<string[]> {
	const git = new GitRunner(dir, env, spawn);
	const count = Number.isFinite(most) ? [`--max-count=${most + 1}`] : [];
	const args = ['rev-list', '--topo-order', '--reverse', '--no-merges', ...count];
	const { code, stdout } = await git.run([...args, '--end-of-options', range, '--']);
	if (code !== 0)
		throw new RangefinderError({ code: 'unknown-revision', revision: range, where: dir });
	return stdout.toString().split('\n').filter(Boolean);
}
