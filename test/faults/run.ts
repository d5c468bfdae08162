/**
 * `npm run test:faults -- [--times N] [--seed N]`: kills runs N times at random moments, 300 when left out, spread
 * over cache writes, index builds, exports, logs, ranges and bisections, and says what came of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { numbers } from '../history/random-history.ts';
import { killRuns } from './kill.ts';
import { FaultWorld } from './world.ts';

const { values } = parseArgs({
	options: { times: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
});
const below = numbers(Number(values.seed));
const random = (): number => below(1_000_000) / 1_000_000;
const folder = mkdtempSync(join(tmpdir(), 'rangefinder-faults-'));
const start = performance.now();
let kills = 0;
const wrong: string[] = [];
try {
	const world = await FaultWorld.make(folder);
	for (const [i, job] of world.jobs.entries()) {
		const times = Math.floor(((i + 1) * Number(values.times)) / world.jobs.length) - kills;
		const result = await killRuns(world, job, times, random);
		kills += result.kills;
		wrong.push(...result.wrong);
		console.log(
			`${job.name}: ${result.kills} killed, ${result.late} over before, ${result.wrong.length} wrong`,
		);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
for (const one of wrong) console.log(one);
console.log(
	`${kills} runs killed in ${Math.round((performance.now() - start) / 1000)} s, ${wrong.length} wrong`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
