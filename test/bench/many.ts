/**
 * Many patches at once: how many a second a core, what memory they take, and how long `tags` and `lint` of one take
 * against `node -e 0`. Uses the built program in dist/ and its index; the patches are differences of real trees.
 *
 *   npm run bench:many -- --repo DIR [--patches N] [--few N] [--rounds N] [--check]
 *
 * DIR is a repository with the trees of releases as tags.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareVersions, parseVersion } from '../../src/kernel/version.ts';
import { generatePatches } from '../real/generate.ts';
import { git } from '../real/git.ts';
import { runProgram, withFolder } from './measure.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.cjs');

/** What a run took. */
interface Cost {
	/** Seconds. */
	wall: number;
	/** Seconds of processor time, of all threads. */
	cpu: number;
	/** Peak resident memory, MiB. */
	memory: number;
}

/** Runs node once; what it took it says itself when it ends. */
function cost(args: readonly string[], folder: string): Cost {
	const file = join(folder, 'cost');
	const code =
		"import{writeFileSync}from'node:fs';import{isMainThread}from'node:worker_threads';" +
		"if(isMainThread)process.on('exit',()=>{const{maxRSS,userCPUTime,systemCPUTime}=process.resourceUsage();" +
		`writeFileSync(${JSON.stringify(file)},JSON.stringify([maxRSS,userCPUTime+systemCPUTime]))})`;
	const url = `data:text/javascript,${encodeURIComponent(code)}`;
	const start = process.hrtime.bigint();
	const env = { RANGEFINDER_CACHE: join(folder, 'cache') };
	runProgram(process.execPath, ['--import', url, ...args], { env, fine: [0, 1, 125] });
	const wall = Number(process.hrtime.bigint() - start) / 1e9;
	const [memory = 0, cpu = 0]: number[] = JSON.parse(readFileSync(file, 'utf8'));
	return { wall, cpu: cpu / 1e6, memory: memory / 1024 };
}

/** Tags that are releases, in kernel order. */
function releasesOf(repo: string): string[] {
	return git(repo, 'tag')
		.split('\n')
		.flatMap((name) => {
			const version = parseVersion(name);
			return version === undefined ? [] : [{ name, version }];
		})
		.sort((a, b) => compareVersions(a.version, b.version))
		.map(({ name }) => name);
}

/** An mbox of the patches. */
function mboxOf(texts: readonly string[]): string {
	const from = `From ${'0123456789'.repeat(4)} Mon Sep 17 00:00:00 2001\n`;
	return texts.map((text) => `${from}${text}\n`).join('');
}

/** The same patches; those that are hard to place, which come first, spread evenly. */
function spread<T>(all: readonly T[]): T[] {
	const step = 37;
	return Array.from({ length: step }, (_, r) => all.filter((_, i) => i % step === r)).flat();
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** The program for one patch against node alone, round by round, so that a busy machine slows both alike. */
function ratios(rounds: number, folder: string, mail: string): string[] {
	const words = { node: ['-e', '0'], tags: [MAIN, 'tags', mail], lint: [MAIN, 'lint', mail] };
	const costs = new Map<string, Cost[]>();
	for (let round = 0; round < rounds; round++) {
		for (const [name, args] of Object.entries(words)) {
			costs.set(name, [...(costs.get(name) ?? []), cost(args, folder)]);
		}
	}
	const of = (name: string, what: 'wall' | 'cpu') =>
		median((costs.get(name) ?? []).map((one) => one[what]));
	return ['tags', 'lint'].map((name) => {
		const [wall, cpu] = (['wall', 'cpu'] as const).map((what) => of(name, what) / of('node', what));
		return `${name} of one patch: ${wall?.toFixed(2)} x node -e 0 by wall, ${cpu?.toFixed(2)} x by processor time (limit 4)`;
	});
}

const { values } = parseArgs({
	options: {
		repo: { type: 'string' },
		patches: { type: 'string', default: '1000' },
		few: { type: 'string', default: '200' },
		rounds: { type: 'string', default: '15' },
		check: { type: 'boolean', default: false },
	},
});
if (values.repo === undefined) throw new Error('name a repository with --repo');
const wanted = Number(values.patches);
const made = generatePatches(values.repo, releasesOf(values.repo), wanted);
const texts = spread(made.map(({ text }) => text));
const few = Math.min(Number(values.few), texts.length);

withFolder((folder) => {
	const all = join(folder, 'all.mbox');
	const some = join(folder, 'some.mbox');
	const one = join(folder, 'one.mail');
	writeFileSync(all, mboxOf(texts));
	writeFileSync(some, mboxOf(texts.slice(0, few)));
	writeFileSync(one, texts.at(-1) ?? '');
	const range = (box: string, jobs: number) =>
		cost([MAIN, 'range', '--each', box, '--json', '-j', String(jobs)], folder);
	const cores = availableParallelism();
	const first = range(some, 1);
	const single = range(all, 1);
	const threads = range(all, cores);
	const bytes = texts.reduce((sum, text) => sum + text.length, 0);
	const rate = texts.length / single.cpu;
	const grown = single.memory / first.memory - 1;
	const lines = [
		`${texts.length} patches, ${(bytes / texts.length / 1024).toFixed(1)} KiB each, by the shipped index`,
		`one thread: ${(texts.length / single.wall).toFixed(1)} a second, ${rate.toFixed(1)} a second of processor time (limit 10)`,
		`${cores} threads: ${(texts.length / threads.wall).toFixed(1)} a second, ${(texts.length / threads.wall / cores).toFixed(1)} a core`,
		`memory: ${first.memory.toFixed(0)} MiB with ${few}, ${single.memory.toFixed(0)} MiB with all (${(grown * 100).toFixed(1)} %); ${threads.memory.toFixed(0)} MiB with ${cores} threads`,
		...ratios(Number(values.rounds), folder, one),
	];
	process.stdout.write(`${lines.join('\n')}\n`);
	if (values.check && rate < 10) process.exitCode = 1;
});
