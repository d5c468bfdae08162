/**
 * Runs commands against each other: every round runs each of them once, and the best of all rounds
 * counts, so that a busy machine slows both sides of a ratio alike.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Something to measure; `before` is not counted. */
export interface Runner {
	name: string;
	before?(): void;
	run(): void;
}

/** Milliseconds of each runner's best round, by name. */
export function bestOf(rounds: number, runners: readonly Runner[]): Map<string, number> {
	const best = new Map<string, number>();
	for (let round = 0; round < rounds; round++) {
		for (const { name, before, run } of runners) {
			before?.();
			const start = process.hrtime.bigint();
			run();
			const took = Number(process.hrtime.bigint() - start) / 1e6;
			best.set(name, Math.min(took, best.get(name) ?? Number.POSITIVE_INFINITY));
		}
	}
	return best;
}

/** Runs a program with its output thrown away; an exit code that is not among `fine` is an error. */
export function runProgram(
	command: string,
	args: readonly string[],
	{
		env = {},
		input,
		fine = [0, 1],
	}: { env?: Record<string, string>; input?: Uint8Array; fine?: readonly number[] } = {},
): void {
	const done = spawnSync(command, args, {
		env: { ...process.env, ...env },
		stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
		...(input === undefined ? {} : { input }),
	});
	if (done.error !== undefined) throw done.error;
	if (done.status === null || !fine.includes(done.status)) {
		throw new Error(`${command} ${args.join(' ')}: exit ${done.status}\n${done.stderr}`);
	}
}

/** Peak resident memory of a node program in MiB, as the program itself reports it when it ends. */
export function peakMemory(args: readonly string[], env: Record<string, string>): number {
	return withFolder((folder) => {
		const file = join(folder, 'rss');
		const code =
			"import{writeFileSync}from'node:fs';process.on('exit',()=>" +
			`writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`;
		runProgram(
			process.execPath,
			['--import', `data:text/javascript,${encodeURIComponent(code)}`, ...args],
			{ env },
		);
		return Number(readFileSync(file, 'utf8')) / 1024;
	});
}

/** A temporary folder for as long as `use` runs. */
export function withFolder<T>(use: (folder: string) => T): T {
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-bench-'));
	try {
		return use(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The URL of a file of this package, for modules that are only there after a build. */
export function packageUrl(path: string): string {
	return pathToFileURL(join(import.meta.dirname, '../..', path)).href;
}
