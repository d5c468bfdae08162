/**
 * What the log of drivers costs, against what git takes to hand out the same: `git log --raw` of the paths and
 * `git cat-file --batch` of the blobs that it names, one after the other.
 *
 *   npm run bench:history -- --repo DIR [--path drivers/mmc] [--rounds N] [--check]
 *
 * Uses the built program in dist/. Cold is an empty cache, warm one of the same question before, which has the
 * records; the release index is not asked. A path that no profile covers is read with one made for it (log-child.mjs).
 */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { profilesFor } from '../../src/driver/profiles/index.ts';
import { bestOf, peakMemory, runProgram, withFolder } from './measure.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.cjs');
const CHILD = join(import.meta.dirname, 'log-child.mjs');

const LIMITS = { cold: 6, warm: 1.5, memory: 700 };

/** The revisions that the log walks when it is given none. */
function revisionsOf(repo: string): string[] {
	const tags = execFileSync('git', ['-C', repo, 'tag'], { encoding: 'utf8' });
	const releases = tags.split('\n').filter((tag) => /^v?\d+\.\d+/.test(tag));
	return ['HEAD', ...releases.map((tag) => `refs/tags/${tag}`)];
}

/** Ids of the blobs that `git log --raw` names. */
function blobsIn(raw: string): Uint8Array {
	const found = new Set<string>();
	for (const line of raw.split('\n')) {
		if (!line.startsWith(':')) continue;
		for (const id of line.split(' ').slice(2, 4)) if (!/^0+$/.test(id)) found.add(id);
	}
	return Buffer.from([...found].map((id) => `${id}\n`).join(''));
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			repo: { type: 'string' },
			path: { type: 'string', default: 'drivers/mmc' },
			rounds: { type: 'string', default: '3' },
			check: { type: 'boolean', default: false },
		},
	});
	if (values.repo === undefined) throw new Error('--repo DIR: a clone with history');
	const repo = resolve(values.repo);
	const { path } = values;
	const rounds = Math.max(1, Number(values.rounds) || 1);
	const words = ['-C', repo, 'log', '--raw', '--no-abbrev', '--stdin', '--', path];
	const input = Buffer.from(`${revisionsOf(repo).join('\n')}\n`);
	const raw = execFileSync('git', words, { input, encoding: 'utf8', maxBuffer: 1 << 30 });
	const blobs = blobsIn(raw);
	const program =
		profilesFor([path]).length > 0
			? [MAIN, 'log', path, '--repo', repo, '--no-index', '--json']
			: [CHILD, repo, path];
	let missed = false;
	withFolder((folder) => {
		let fresh = 0;
		const warm = { RANGEFINDER_CACHE: join(folder, 'warm') };
		const log = (env: Record<string, string>) => runProgram(process.execPath, program, { env });
		log(warm);
		const best = bestOf(rounds, [
			{
				name: 'git',
				run: () => {
					runProgram('git', words, { input });
					runProgram('git', ['-C', repo, 'cat-file', '--batch', '--buffer'], { input: blobs });
				},
			},
			{ name: 'cold', run: () => log({ RANGEFINDER_CACHE: join(folder, `cold-${fresh++}`) }) },
			{ name: 'warm', run: () => log(warm) },
		]);
		const git = best.get('git') ?? Number.NaN;
		console.log(`${path}: ${raw.match(/^commit /gm)?.length} commits, best of ${rounds} rounds`);
		for (const name of ['cold', 'warm'] as const) {
			const took = best.get(name) ?? Number.NaN;
			const ok = took / git <= LIMITS[name];
			missed ||= !ok;
			console.log(
				`log, ${name}, against git log --raw and git cat-file --batch: ${(took / git).toFixed(2)} x <= ${LIMITS[name]} x ${ok ? 'ok' : 'MISSED'} (${took.toFixed(0)} ms : ${git.toFixed(0)} ms)`,
			);
		}
		const memory = peakMemory(program, warm);
		missed ||= memory > LIMITS.memory;
		console.log(
			`log, warm, peak memory: ${memory.toFixed(0)} MiB <= ${LIMITS.memory} MiB ${memory <= LIMITS.memory ? 'ok' : 'MISSED'}`,
		);
	});
	if (values.check && missed) process.exitCode = 1;
}

await main();
