/** Extraction in worker threads, for many sources at once. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type Tinypool from 'tinypool';
import type { Task } from './facts-worker.ts';
import { type Joined, joined, partsOf } from './joined.ts';

export interface FactsPool {
	/**
	 * The facts of texts, in order, as bytes of JSON. Versions of one file belong into one call; those of later
	 * calls come to the thread that remembers the earlier ones.
	 * @param interest the id of what is recorded
	 * @param file names the file that they are versions of
	 */
	extract(texts: readonly Uint8Array[], interest: string, file: string): Promise<Uint8Array[]>;
	close(): Promise<void>;
}

/** More threads than this wait for git. */
const MOST_THREADS = 4;

/** MiB of young objects a thread may have: a file's facts live as long as the file is read. */
const YOUNG = 64;

/**
 * How many threads read sources: as many as there are cores, and no more than MOST_THREADS. Where the caller works
 * on what they read at the same time, one core is its own: every further thread makes the code anew for itself.
 */
export function threadsFor(cores: number, callerWorks: boolean): number {
	return Math.min(callerWorks ? cores - 1 : cores === 1 ? 0 : cores, MOST_THREADS);
}

/**
 * Starts the threads; undefined where there are none, or no built worker beside this module (when it runs from
 * TypeScript).
 */
export async function openFactsPool(threads: number): Promise<FactsPool | undefined> {
	const worker = fileURLToPath(new URL('./facts-worker.js', import.meta.url));
	if (threads < 1 || !existsSync(worker)) return undefined;
	const { Tinypool } = await import('tinypool');
	const resourceLimits = { maxYoungGenerationSizeMb: YOUNG };
	const options = { filename: worker, minThreads: 1, maxThreads: 1, resourceLimits };
	const all = Array.from({ length: threads }, () => new Thread(new Tinypool(options)));
	const shares = new Shares(threads);
	return {
		async extract(texts, interest, file) {
			const bytes = texts.reduce((sum, text) => sum + text.length, 0);
			const thread = shares.take(file, bytes);
			try {
				return (await all[thread]?.extract(texts, interest)) ?? [];
			} finally {
				shares.give(thread, bytes);
			}
		},
		close: async () => {
			await Promise.all(all.map((thread) => thread.close()));
		},
	};
}

/** Bytes that are handed over together: a message costs as much as reading a small file. */
const TOGETHER = 500_000;

/** Tasks a thread has at once: one that it works on, one that waits. */
const AT_ONCE = 2;

/** Texts that wait for a thread, and who waits for their facts. */
interface Call {
	readonly texts: readonly Uint8Array[];
	readonly interest: string;
	resolve(facts: Uint8Array[]): void;
	reject(error: unknown): void;
}

/** One thread. What is asked of it while it works is gathered. */
class Thread {
	readonly #pool: Tinypool;
	readonly #waiting: Call[] = [];
	#running = 0;

	constructor(pool: Tinypool) {
		this.#pool = pool;
	}

	extract(texts: readonly Uint8Array[], interest: string): Promise<Uint8Array[]> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ texts, interest, resolve, reject });
			this.#start();
		});
	}

	close(): Promise<void> {
		return this.#pool.destroy();
	}

	#start(): void {
		if (this.#running >= AT_ONCE || this.#waiting.length === 0) return;
		const calls: Call[] = [];
		for (let bytes = 0; bytes < TOGETHER; ) {
			const call = this.#waiting.shift();
			if (call === undefined) break;
			calls.push(call);
			for (const text of call.texts) bytes += text.length;
		}
		this.#running++;
		void this.#run(calls).finally(() => {
			this.#running--;
			this.#start();
		});
	}

	async #run(calls: readonly Call[]): Promise<void> {
		const texts = joined(calls.flatMap((call) => call.texts));
		const interests = calls.flatMap((call) => call.texts.map(() => call.interest));
		const task: Task = { texts, interests };
		try {
			const found: Joined = await this.#pool.run(task, { transferList: [texts.bytes.buffer] });
			const facts = partsOf(found);
			let at = 0;
			for (const call of calls) {
				call.resolve(facts.slice(at, at + call.texts.length));
				at += call.texts.length;
			}
		} catch (error) {
			for (const call of calls) call.reject(error);
		}
	}
}

/** Bytes by which a thread may be behind another one before work goes there that it has read parts of. */
const PATIENT = 4_000_000;

/** Which thread reads what. */
export class Shares {
	/** Bytes that wait, by thread. */
	readonly #waiting: number[];
	readonly #homes = new Map<string, number>();

	constructor(threads: number) {
		this.#waiting = new Array<number>(threads).fill(0);
	}

	/** The thread for versions of a file: the one that has read others, unless it has much more to do. */
	take(file: string, bytes: number): number {
		const idle = this.#waiting.indexOf(Math.min(...this.#waiting));
		const home = this.#homes.get(file) ?? idle;
		const late = (this.#waiting[home] ?? 0) - (this.#waiting[idle] ?? 0);
		const thread = late > PATIENT ? idle : home;
		this.#homes.set(file, thread);
		this.#waiting[thread] = (this.#waiting[thread] ?? 0) + bytes;
		return thread;
	}

	/** What {@link take} gave to a thread is done. */
	give(thread: number, bytes: number): void {
		this.#waiting[thread] = (this.#waiting[thread] ?? 0) - bytes;
	}
}
