/**
 * What bisection costs on a generated repository of a million commits:
 *   npm run build && npm run bench:bisect -- [--repo DIR] [--commits N] [--files N] [--check]
 * Without --repo the repository is made in a temporary folder (million.ts) and removed afterwards. Figures are
 * printed beside their limits; with --check a missed limit is exit code 1.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Command } from 'commander';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit } from '../../src/git/store.ts';
import type { BisectReport } from '../../src/history/bisect-report.ts';
import { type CommitGraph, readGraph } from '../../src/history/graph.ts';
import { Suspects } from '../../src/history/suspects.ts';
import { halfway } from '../../src/history/weights.ts';
import { bestOf, peakMemory } from './measure.ts';
import { MILLION, makeMillion } from './million.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.cjs');
/** The style of acme-mmu changes once in between: a tenth of the history. */
const RANGE = { good: 'v4.58', bad: 'v4.68' };
const WHERE = "style(acme-mmu) ~ '*+dt'";
const ROUNDS = 3;
const MOST_FOR_GIT = 150_000;

const { repo, commits, files, check } = new Command()
	.option('--repo <dir>')
	.option('--commits <n>', '', String(MILLION.commits))
	.option('--files <n>', '', String(MILLION.files))
	.option('--check')
	.parse()
	.opts<{ repo?: string; commits: string; files: string; check?: boolean }>();

let missed = 0;
function figure(name: string, value: number, unit: string, limit?: number): void {
	const fine = limit === undefined || value <= limit;
	if (!fine) missed++;
	const beside =
		limit === undefined ? '' : `  (limit ${limit.toFixed(0)}${fine ? '' : ', MISSED'})`;
	console.log(
		`${name.padEnd(58)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}${beside}`,
	);
}

/** Bytes that are in use after a collection. */
async function inUse(): Promise<number> {
	setFlagsFromString('--expose-gc');
	// What buffers hold is given back a while after the collection that found them.
	for (let round = 0; round < 3; round++) {
		runInNewContext('gc')();
		await setTimeout(50);
	}
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	return heapUsed + arrayBuffers;
}

/** The time of each step of a bisection in which the answers alternate, without asking anybody, in ms. */
function stepTimes(graph: CommitGraph): number[] {
	const times: number[] = [];
	let suspects = Suspects.of(graph);
	for (let good = false; suspects.size > 1; good = !good) {
		const start = performance.now();
		const { place } = halfway(suspects);
		suspects = good ? suspects.beyond(place) : suspects.reaching(place);
		times.push(performance.now() - start);
	}
	return times;
}

async function measureMemory(dir: string, label: string, revisions: readonly string[]) {
	const store = await openNativeStore(dir, { env: process.env });
	const before = await inUse();
	const graph = await readGraph(demandGit(store, 'measuring'), revisions);
	const suspects = Suspects.of(graph);
	const bytes = (await inUse()) - before;
	await store.close();
	figure(`${label}: commits`, suspects.size, '');
	figure(`${label}: the graph and all suspects`, bytes / graph.size, 'bytes a commit', 64);
	return graph;
}

/** The steps beside one of git, which counts what each merge reaches; above 100,000 commits that takes it minutes. */
function measureSteps(
	dir: string,
	label: string,
	revisions: readonly string[],
	graph: CommitGraph,
): void {
	let slowest = Number.POSITIVE_INFINITY;
	let sum = 0;
	let steps = 0;
	const ours = {
		name: 'ours',
		run: () => {
			const times = stepTimes(graph);
			slowest = Math.min(slowest, Math.max(...times));
			sum = times.reduce((a, b) => a + b, 0);
			steps = times.length;
		},
	};
	const git = {
		name: 'git',
		run: () => {
			execFileSync('git', ['-C', dir, 'rev-list', '--bisect', ...revisions]);
		},
	};
	const small = graph.size <= MOST_FOR_GIT;
	const limit = bestOf(ROUNDS, small ? [ours, git] : [ours]).get('git');
	if (limit !== undefined) figure(`${label}: git rev-list --bisect, once`, limit, 'ms');
	figure(`${label}: our slowest step`, slowest, 'ms', limit);
	figure(`${label}: our mean step of ${steps}`, sum / steps, 'ms', limit);
}

function measureProgram(dir: string): void {
	const words = ['bisect', '--repo', dir, '--no-cache', '--json'];
	const range = ['--good', RANGE.good, '--bad', RANGE.bad];
	const start = performance.now();
	const args = [MAIN, ...words, ...range, '--where', WHERE];
	const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
	const took = performance.now() - start;
	if (done.status !== 0) throw new Error(done.stderr);
	const report: BisectReport = JSON.parse(done.stdout);
	const count = ['rev-list', '--count', RANGE.bad, `^${RANGE.good}`];
	const all = Number(execFileSync('git', ['-C', dir, ...count], { encoding: 'utf8' }));
	console.log(`first: ${report.first?.subject}`);
	figure(`${RANGE.good}..${RANGE.bad}: commits`, all, '');
	figure('of these, commits that touch what the predicate reads', report.candidates, '');
	figure('steps', report.steps, '', 20);
	figure('evaluations', report.evaluations, '', 20);
	figure('the whole run', took / 1000, 's');
	figure('its peak memory', peakMemory(args, {}), 'MiB', 700);
	const whole = ['--good', 'v4.0', '--bad', 'v4.99', '--where', 'contains(v4.40)'];
	const peak = peakMemory([MAIN, ...words, ...whole], {});
	figure('peak memory of a bisection of the whole history', peak, 'MiB', 700);
}

async function measure(dir: string): Promise<void> {
	measureProgram(dir);
	for (const [label, ...revisions] of [
		['a tenth', RANGE.bad, `^${RANGE.good}`],
		['all', 'v4.99', '^v4.0'],
	] as const) {
		const graph = await measureMemory(dir, label, revisions);
		measureSteps(dir, label, revisions, graph);
	}
}

if (!existsSync(MAIN)) throw new Error(`${MAIN} is not there; npm run build makes it`);
if (repo !== undefined) await measure(repo);
else {
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-million-'));
	try {
		const dir = join(folder, 'million.git');
		await makeMillion(dir, { ...MILLION, commits: Number(commits), files: Number(files) });
		await measure(dir);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
if (missed > 0 && check === true) process.exitCode = 1;
