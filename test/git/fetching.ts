/** Partial clones for tests: the repository they come from, and how often it was asked. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type SpawnGit, spawnGit } from '../../src/git/process.ts';
import { runGit } from '../kernel/miniature.ts';

/** Lets a repository be cloned partially, and asked for objects by id. */
export async function allowPartial(origin: string): Promise<void> {
	await runGit(['-C', origin, 'config', 'uploadpack.allowFilter', 'true']);
	await runGit(['-C', origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true']);
}

/** A bare partial clone of a repository on this machine, through upload-pack as from any other. */
export async function partialClone(
	origin: string,
	folder: string,
	filter = 'blob:none',
): Promise<string> {
	const dir = join(mkdtempSync(join(folder, 'partial-')), 'clone.git');
	const from = `file://${origin}`;
	await runGit(['clone', '-q', '--bare', '--no-local', `--filter=${filter}`, from, dir]);
	return dir;
}

/** Starts git and keeps the ids of each fetch. */
export function countingSpawn(requests: string[][]): SpawnGit {
	return (args, env) => {
		const child = spawnGit(args, env);
		if (args.includes('fetch')) {
			const asked: string[] = [];
			requests.push(asked);
			const { stdin } = child;
			const end = stdin.end.bind(stdin);
			stdin.end = ((text: string, ...rest: never[]) => {
				asked.push(...text.split('\n').filter(Boolean));
				return end(text, ...rest);
			}) as typeof stdin.end;
		}
		return child;
	};
}
