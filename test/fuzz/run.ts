/**
 * Fuzzes a parser with inputs that are made from a seed:
 *
 *   npm run fuzz -- PARSER [--seconds CPU] [--seed N] [--out DIR] [--input FILE]
 *
 * PARSER is mail, diff, c, kconfig, makefile, index or predicate. A finding is anything thrown but a
 * RangefinderError, more than a second of CPU per 100 kB (and more than a second), a live heap over
 * {@link HEAP_MB}, {@link RESIDENT_MB} resident in all, or the end of the process. Findings are made small
 * and written to --out. --input runs one file instead. Exit code 1 when there is a finding; where the whole
 * process dies, the same seed finds the input again.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { minimised } from './minimise.ts';
import { allowedSeconds, type Finding, type Message, Shared, SLOT, type Task } from './protocol.ts';
import { TARGETS } from './targets.ts';

/** What the heap of the parser's thread may hold: the program, and 64 MB and 100 times an input. */
const HEAP_MB = 160;
/** Memory of the whole process, that of WebAssembly and of buffers included. */
const RESIDENT_MB = 1024;
/** How often the thread is looked at, in ms. */
const LOOK = 50;
/** Threads that are started to make an input smaller that takes a thread with it. */
const TRIES = 24;

/** A thread does not inherit what makes this one read TypeScript. */
const START = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => {
	register();
	return import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)});
})`;

const usage = (): number => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
};

/** How a thread ended: by itself, or because of the input it was running. */
interface Outcome {
	findings: Finding[];
	/** The thread was ended, or ended itself. */
	died: boolean;
	begun: number;
	/** CPU seconds of the whole process from when the parser was loaded. */
	seconds: number;
}

/** Runs a thread until it is done, it took its `most` seconds of CPU, or an input ends it. */
function watch(task: Omit<Task, 'shared'>, most: number, quiet: boolean): Promise<Outcome> {
	const shared = new Shared();
	const worker = new Worker(START, {
		eval: true,
		workerData: { ...task, shared: shared.buffer },
		resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
	});
	const findings: Finding[] = [];
	let seen = -1;
	let since = usage();
	let ready = since;
	let said = Date.now();
	return new Promise((resolve) => {
		let over = false;
		const end = (died: boolean): void => {
			if (over) return;
			over = true;
			clearInterval(timer);
			const begun = Atomics.load(shared.slots, SLOT.begun);
			void worker.terminate().then(() => {
				resolve({ findings, died, begun, seconds: usage() - ready });
			});
		};
		const fail = (kind: Finding['kind'], what: string): void => {
			if (over) return;
			findings.push({ kind, what, sign: kind, input: shared.input() });
			end(true);
		};
		const timer = setInterval(() => {
			const now = usage();
			const begun = Atomics.load(shared.slots, SLOT.begun);
			if (begun !== seen || Atomics.load(shared.slots, SLOT.running) === 0) {
				seen = begun;
				since = now;
			} else if (now - since > allowedSeconds(shared.slots[SLOT.length] ?? 0)) {
				fail('slow', `${(now - since).toFixed(2)} s of CPU and not done`);
			}
			const resident = process.memoryUsage.rss() / 1024 / 1024;
			if (resident > RESIDENT_MB) fail('memory', `${resident.toFixed(0)} MB resident`);
			if (now - ready > most) Atomics.store(shared.slots, SLOT.stop, 1);
			if (!quiet && Date.now() - said > 5000) {
				said = Date.now();
				process.stderr.write(
					`${task.parser}: ${begun} executions, ${(now - ready).toFixed(0)} s of CPU\n`,
				);
			}
		}, LOOK);
		worker.on('message', (message: Message) => {
			if ('ready' in message) ready = usage();
			else if ('finding' in message) findings.push(message.finding);
			else end(false);
		});
		worker.on('error', (error: Error & { code?: string }) => {
			const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
			fail(memory ? 'memory' : 'crashed', error.stack ?? String(error));
		});
		worker.on('exit', () => fail('crashed', 'the thread ended'));
	});
}

/** One input in a thread of its own. */
async function check(parser: string, only: Uint8Array): Promise<Finding | undefined> {
	const { findings } = await watch({ parser, seed: 0, only }, Number.POSITIVE_INFINITY, true);
	return findings[0];
}

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			seconds: { type: 'string', default: '60' },
			seed: { type: 'string', default: '1' },
			out: { type: 'string', default: join(tmpdir(), 'rangefinder-fuzz') },
			input: { type: 'string' },
		},
	});
	const parser = positionals[0] ?? '';
	if (!Object.hasOwn(TARGETS, parser)) {
		process.stderr.write(`the parsers are ${Object.keys(TARGETS).join(', ')}\n`);
		return 2;
	}
	if (values.input !== undefined) {
		const finding = await check(parser, readFileSync(values.input));
		process.stdout.write(
			`${finding === undefined ? 'nothing found' : `${finding.kind}: ${finding.what}`}\n`,
		);
		return finding === undefined ? 0 : 1;
	}
	const most = Number(values.seconds);
	const signs = new Set<string>();
	let executions = 0;
	let spent = 0;
	for (let again = 0; spent < most; again++) {
		const seed = Number(values.seed) + again * 1_000_003;
		const { findings, died, begun, seconds } = await watch({ parser, seed }, most - spent, false);
		executions += begun;
		spent += seconds;
		for (const finding of findings) {
			if (signs.has(finding.sign)) continue;
			const kept = finding.kind === 'threw' ? finding : await confirmed(parser, finding);
			if (kept === undefined) continue;
			signs.add(kept.sign);
			report(join(values.out, parser), kept);
		}
		if (!died) break;
		if (begun === 0) throw new Error(`${parser} cannot be loaded: ${findings[0]?.what}`);
	}
	process.stdout.write(
		`${parser}: seed ${values.seed}, ${executions} executions, ${spent.toFixed(1)} s of CPU, ${signs.size} findings\n`,
	);
	return signs.size === 0 ? 0 : 1;
}

/** A finding that ended its thread, smaller; undefined when it does not show again. */
async function confirmed(parser: string, finding: Finding): Promise<Finding | undefined> {
	const same = async (input: Uint8Array): Promise<boolean> =>
		(await check(parser, input))?.kind === finding.kind;
	if (!(await same(finding.input))) return undefined;
	return { ...finding, input: await minimised(Buffer.from(finding.input), TRIES, same) };
}

function report(folder: string, { kind, what, input }: Finding): void {
	const name = createHash('sha1').update(input).digest('hex').slice(0, 12);
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, name), input);
	process.stdout.write(
		`finding ${kind}: ${what.slice(0, 600)}\n  ${input.length} bytes in ${join(folder, name)}\n`,
	);
}

process.exitCode = await main();
