/** A repository of one commit with given files. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runGit } from '../kernel/miniature.ts';

/** Makes it in a temporary folder; characters of the texts are bytes. Its commit has the tag. */
export async function repositoryOf(files: Readonly<Record<string, string>>, tag = 'v6.1') {
	const dir = await mkdtemp(join(tmpdir(), 'rangefinder-tree-'));
	await runGit(['init', '-q', dir]);
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(dir, path)), { recursive: true });
		await writeFile(join(dir, path), Buffer.from(text, 'latin1'));
	}
	const who = ['-c', 'user.name=A U Thor', '-c', 'user.email=author@example.org'];
	await runGit(['-C', dir, 'add', '-A']);
	await runGit(['-C', dir, ...who, 'commit', '-qm', `Linux ${tag.slice(1)}`]);
	await runGit(['-C', dir, 'tag', tag]);
	const commit = (await runGit(['-C', dir, 'rev-parse', 'HEAD'])).toString().trim();
	return { dir, commit, remove: () => rm(dir, { recursive: true, force: true }) };
}
