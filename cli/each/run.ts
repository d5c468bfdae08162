/** Answers for every patch of what was named: in order, as they come, whatever becomes of one of them. */
import { availableParallelism } from 'node:os';
import type { ObjectStore } from '../../src/git/store.ts';
import { storeFor } from '../engines/lint.ts';
import type { Session } from '../session.ts';
import type { World } from '../world.ts';
import { inOrder } from './in-order.ts';
import { messagesOfNames, type Named } from './messages.ts';
import type { EachAnswer, EachMessage, EachRecord, EachSetup } from './model.ts';
import { Performer, QUIET } from './perform.ts';
import type { EarlierRecords } from './resume.ts';
import { type Answering, startThreads } from './threads.ts';
import { Totals } from './totals.ts';

/** So many messages are answered here before threads are started, which takes as long as that. */
const FEW = { range: 4, tags: 4, lint: 32 } as const;
/** Answers that wait for an earlier one, by thread. */
const WAITING_A_THREAD = 16;
/** Bytes of messages that are worked on or wait. */
const WAITING_BYTES = 64 * 1024 * 1024;

export interface EachRun {
	readonly setup: EachSetup;
	readonly names: Named;
	readonly jobs?: number;
	readonly earlier?: EarlierRecords;
}

/** A message with the key of its records, and what an earlier run said of it. */
interface Task {
	readonly message: EachMessage;
	readonly key: string;
	readonly known: EachAnswer | undefined;
}

interface Answered {
	readonly message: EachMessage;
	readonly answer: EachAnswer;
}

/**
 * Answers for all of them and prints the answers.
 * @throws RangefinderError what keeps every patch from being answered: a clone or a release that is not there
 */
export async function runEach(session: Session, run: EachRun): Promise<Totals> {
	const { setup, jobs = availableParallelism() } = run;
	const here = new Performer(setup, () => session.engine());
	const totals = new Totals(setup.command);
	const print = printer(session.world, totals);
	try {
		const depends = setup.show.records ? await here.dependsOn() : '';
		const tasks = tasksOf(session.world, run, depends);
		const few = jobs > 1 ? FEW[setup.command] : Number.POSITIVE_INFINITY;
		for await (const one of answersOf(firstOf(tasks, few), 1, here)) print(one);
		const next = await tasks.next();
		if (next.done !== true) {
			const threads = await startThreads(setup, jobs);
			const most = threads === undefined ? 1 : jobs * WAITING_A_THREAD;
			if (threads !== undefined) await here.close();
			try {
				const rest = behind(next.value, tasks);
				for await (const one of answersOf(rest, most, threads ?? here)) print(one);
			} finally {
				await threads?.close();
			}
		}
		print(undefined);
	} finally {
		await here.close();
	}
	return totals;
}

/** Messages with their keys, and with what is known of them. */
async function* tasksOf(
	world: World,
	{ setup, names, earlier }: EachRun,
	depends: string,
): AsyncGenerator<Task> {
	let store: Promise<ObjectStore | undefined> | undefined;
	const { command, ask, asOf, show } = setup;
	const open = () => {
		store ??= storeFor(world, { ...ask, progress: QUIET });
		return store;
	};
	// Where the clone lies bears on no answer; what it has is in `depends`.
	const words = JSON.stringify([command, { ...ask, repo: null }, asOf, depends]);
	const keyOf = show.records ? await keys(words) : () => '';
	try {
		for await (const message of messagesOfNames(names, world, open)) {
			const key = keyOf(message);
			yield { message, key, known: await earlier?.take(message, key) };
		}
	} finally {
		await store?.then((one) => one?.close());
	}
}

/** The key of a message: a digest of it and of all else that the answer hangs on. */
async function keys(words: string): Promise<(message: EachMessage) => string> {
	const { createHash } = await import('node:crypto');
	return ({ content }) => {
		const bytes = content instanceof Uint8Array ? content : JSON.stringify(content);
		return createHash('sha256').update(words).update(bytes).digest('hex').slice(0, 32);
	};
}

function answersOf(
	tasks: AsyncIterator<Task>,
	most: number,
	by: Answering,
): AsyncGenerator<Answered> {
	const weightOf = ({ message: { content } }: Task): number =>
		content instanceof Uint8Array ? content.length : 0;
	const window = { most, weight: WAITING_BYTES };
	return inOrder(tasks, window, weightOf, async ({ message, key, known }) => {
		return { message, answer: known ?? (await by.perform(message, key)) };
	});
}

/** The first ones; the others can still be read. */
async function* firstOf<T>(all: AsyncIterator<T>, count: number): AsyncGenerator<T> {
	for (let i = 0; i < count; i++) {
		const next = await all.next();
		if (next.done === true) return;
		yield next.value;
	}
}

/** All of them, with one before. */
async function* behind<T>(first: T, others: AsyncGenerator<T>): AsyncGenerator<T> {
	yield first;
	yield* others;
}

/** Prints answers, and of an input with nothing but messages that are no patches why it has none. */
function printer(world: Pick<World, 'stdout' | 'stderr'>, totals: Totals) {
	let input: number | undefined;
	let silent: EachRecord | undefined;
	let any = false;
	const print = (record: EachRecord): void => {
		totals.add(record);
		if (record.out.length > 0) world.stdout.write(record.out);
		if (record.err !== '') world.stderr.write(record.err);
	};
	const turn = (to: number | undefined): void => {
		if (input === to) return;
		if (!any && silent !== undefined) print(silent);
		input = to;
		silent = undefined;
		any = false;
	};
	return (one: Answered | undefined): void => {
		turn(one?.message.input);
		if (one === undefined) return;
		const { records, silent: none } = one.answer;
		if (none !== undefined) totals.passed++;
		silent ??= none;
		any ||= records.length > 0;
		for (const record of records) print(record);
	};
}
