/**
 * What the demands of a whole tree cost, against `git grep -l` of the calls that register drivers over the same
 * tree, in one run with the built program:
 *   npm run build && npm run bench:demands -- --repo LADDER_DIR [--release v6.12] [--rounds N]
 * Without a cache it may take 20 times as long, with one 1.5 times, and 1 GB.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HINTS } from '../../src/driver/ways/sweep.ts';
import { bestOf, peakMemory, runProgram, withFolder } from './measure.ts';

const { values } = parseArgs({
	options: {
		repo: { type: 'string' },
		release: { type: 'string', default: 'v6.12' },
		rounds: { type: 'string', default: '2' },
	},
});
const { repo, release } = values;
if (repo === undefined) throw new Error('name the folder of a clone with --repo');

const GREP = ['-C', repo, 'grep', '-l', '-F', ...HINTS.flatMap((call) => ['-e', call]), release];
const MAIN = join(import.meta.dirname, '../../dist/cli/main.cjs');
const WORDS = [MAIN, 'demands', '--repo', repo, '--release', release, '--all', '--json'];

withFolder((cache) => {
	const env = { RANGEFINDER_CACHE: cache };
	// Violations, and ways that cannot be told, have exit codes of their own.
	const fine = [0, 1, 125];
	const run = (...more: string[]) =>
		runProgram(process.execPath, [...WORDS, ...more], { env, fine });
	run();
	const best = bestOf(Number(values.rounds), [
		{ name: 'git grep -l', run: () => runProgram('git', GREP) },
		{ name: 'no cache', run: () => run('--no-cache') },
		{ name: 'warm', run: () => run() },
	]);
	const base = best.get('git grep -l') ?? Number.NaN;
	for (const [name, ms] of best) {
		console.log(
			`${name}: ${(ms / 1000).toFixed(2)} s, ${(ms / base).toFixed(2)} times git grep -l`,
		);
	}
	const peak = peakMemory([...WORDS, '--no-cache'], env);
	console.log(`peak memory without cache: ${peak.toFixed(0)} MiB`);
});
