/** The thread that runs a parser on one input after the other. What it cannot see itself, run.ts does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from '../../src/errors.ts';
import { minimised } from './minimise.ts';
import { mutated } from './mutate.ts';
import { type Finding, type Message, Shared, SLOT, type Task } from './protocol.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';

/** Bytes outside the heap that one input may leave behind, besides 100 times its own. */
const OUTSIDE = 64 * 1024 * 1024;
/** Inputs after which memory outside the heap is looked at. */
const LOOK = 256;
/** Runs of a parser that make a finding smaller. */
const TRIES = 3000;

const task = workerData as Task;
const shared = new Shared(task.shared);

function say(message: Message): void {
	parentPort?.postMessage(message);
}

/** What a run of an input throws that it must not; undefined when all is well. */
async function problemOf(target: Target, input: Uint8Array): Promise<Error | undefined> {
	try {
		await target.run(input);
		return undefined;
	} catch (error) {
		if (failureOf(error) !== undefined) return undefined;
		return error instanceof Error ? error : new Error(`threw ${String(error)}`);
	}
}

/** Error and the first place in our sources. */
function signOf(error: Error): string {
	const stack = error.stack ?? '';
	const place = /\b((?:src|cache|test\/fuzz)\/[\w/.-]+:\d+)/.exec(stack)?.[1] ?? '';
	return `${error.name} ${place}`;
}

async function runOne(target: Target, input: Uint8Array): Promise<Error | undefined> {
	shared.begin(input);
	const problem = await problemOf(target, input);
	shared.end();
	return problem;
}

async function found(target: Target, input: Uint8Array, error: Error): Promise<Finding> {
	const sign = signOf(error);
	const small = await minimised(Buffer.from(input), TRIES, async (smaller) => {
		const problem = await runOne(target, smaller);
		return problem !== undefined && signOf(problem) === sign;
	});
	return { kind: 'threw', what: error.stack ?? error.message, sign, input: small };
}

/** Inputs to begin with: those of the target, and what was found before. */
function begin(target: Target): Buffer[] {
	const inputs = target.seeds.map((seed) => Buffer.from(seed as string));
	const folder = join(import.meta.dirname, 'corpus', task.parser);
	const names = existsSync(folder) ? readdirSync(folder).sort() : [];
	return [...inputs, ...names.map((name) => readFileSync(join(folder, name)))];
}

function nextInput(target: Target, inputs: readonly Buffer[], random: Random): Buffer {
	if (target.generate !== undefined && random.chance(0.1)) {
		const made = Buffer.from(target.generate(random));
		return random.chance(0.3) ? made : mutated([made, ...inputs], random, target.vocabulary);
	}
	const own = target.mutate?.(random.pick(inputs), random);
	return own ?? mutated(inputs, random, target.vocabulary);
}

async function fuzz(target: Target): Promise<void> {
	const random = new Random(task.seed);
	const inputs = begin(target);
	const known = new Set<string>();
	let outside = outsideHeap();
	for (let i = 0; Atomics.load(shared.slots, SLOT.stop) === 0; i++) {
		const input = i < inputs.length ? inputs[i] : nextInput(target, inputs, random);
		if (input === undefined) continue;
		const problem = await runOne(target, input);
		if (problem !== undefined && !known.has(signOf(problem))) {
			known.add(signOf(problem));
			say({ finding: await found(target, input, problem) });
		}
		if (i % LOOK !== 0) continue;
		const now = outsideHeap();
		if (now - outside > LOOK * OUTSIDE) {
			const what = `${now - outside} bytes outside the heap were kept`;
			say({ finding: { kind: 'memory', what, sign: 'outside', input } });
		}
		outside = now;
	}
}

function outsideHeap(): number {
	const { external, arrayBuffers } = process.memoryUsage();
	return external + arrayBuffers;
}

const load = TARGETS[task.parser];
if (load === undefined) throw new RangeError(`no parser ${task.parser}`);
const target = await load();
// What is compiled with the first inputs is no fault of the one that is measured.
if (task.only !== undefined) for (const input of begin(target)) await problemOf(target, input);
say({ ready: true });
if (task.only === undefined) await fuzz(target);
else {
	const problem = await runOne(target, task.only);
	if (problem !== undefined) {
		const { message, stack = message } = problem;
		say({ finding: { kind: 'threw', what: stack, sign: signOf(problem), input: task.only } });
	}
}
say({ done: true });
