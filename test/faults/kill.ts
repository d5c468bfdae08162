/**
 * Kills a run at a random moment, then lets it run again with what the dead one left: the answer has to be that of
 * a clean run, and nothing may be left that a clean run does not leave.
 */
import { readdirSync } from 'node:fs';
import { Sandbox } from '../hostile/program.ts';
import type { FaultWorld, Job } from './world.ts';

export interface KillResult {
	readonly kills: number;
	/** How many runs were over before the kill. */
	readonly late: number;
	/** What went wrong, in words. */
	readonly wrong: readonly string[];
}

/** How long the watcher of a dead `bisect --run` may take to remove its folders, milliseconds. */
const WATCHER = 10_000;

/**
 * Kills a job so many times, one dead run after the other on one cache, with a run to the end after each.
 * @param random numbers from 0 to 1
 */
export async function killRuns(
	world: FaultWorld,
	job: Job,
	times: number,
	random: () => number,
): Promise<KillResult> {
	const clean = await world.clean(job);
	const wrong: string[] = [];
	let kills = 0;
	let late = 0;
	let sandbox = new Sandbox();
	let usual: readonly string[] = [];
	let length = clean.took;
	try {
		while (kills < times) {
			// A cache that is warm soon leaves little to be killed in: every third begins with none.
			if (kills % 3 === 0) {
				sandbox.remove();
				sandbox = new Sandbox();
				length = clean.took;
			}
			const delay = random() * length;
			const { killedBy } = await sandbox.run(job.words, {
				started: (child) => setTimeout(() => child.kill('SIGKILL'), delay).unref(),
			});
			if (killedBy === null) {
				late++;
				// Runs are faster than they were: aim lower.
				length *= 0.8;
				continue;
			}
			kills++;
			const again = await world.answer(job, sandbox);
			length = Math.max(again.took, length / 2);
			if (again.said !== clean.said)
				wrong.push(
					`${job.name}, after ${Math.round(delay)} ms: ${again.ran.err || again.said.slice(0, 400)}`,
				);
			if (!/^(?:\s*)$/.test(complaints(again.ran.err)))
				wrong.push(`${job.name} complains: ${again.ran.err}`);
			const left = await leftovers(sandbox);
			if (left.length > 0) wrong.push(`${job.name} left ${left.join(', ')}`);
			const made = readdirSync(sandbox.cwd).sort();
			if (usual.length === 0) usual = job.output === undefined ? [] : [job.output];
			if (made.join() !== usual.join())
				wrong.push(`${job.name} left ${made.join(', ')} beside its output`);
		}
		return { kills, late, wrong };
	} finally {
		sandbox.remove();
	}
}

/** Lines of stderr that a good run does not have. */
function complaints(err: string): string {
	return err
		.split('\n')
		.filter((line) => /^rangefinder: |Error|^\s+at /.test(line))
		.join('\n');
}

/** Temporary files that stay, after what removes itself had its time. */
async function leftovers(sandbox: Sandbox): Promise<string[]> {
	for (const end = performance.now() + WATCHER; ; ) {
		const left = sandbox.leftovers();
		if (left.length === 0 || performance.now() > end) return left;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
