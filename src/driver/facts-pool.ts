/** Extraction in worker threads, for many sources at once. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

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
 * Starts the threads; undefined where there is nothing to gain (one thread), or no built worker beside
 * this module (when it runs from TypeScript).
 * @param threads how many; as many as there are cores, and no more than MOST_THREADS, without it
 */
export async function openFactsPool(
	threads = Math.min(availableParallelism(), MOST_THREADS),
): Promise<FactsPool | undefined> {
	const worker = fileURLToPath(new URL('./facts-worker.js', import.meta.url));
	if (threads < 2 || !existsSync(worker)) return undefined;
	const { Tinypool } = await import('tinypool');
	const pools = Array.from(
		{ length: threads },
		() =>
			new Tinypool({
				filename: worker,
				minThreads: 1,
				maxThreads: 1,
				resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
			}),
	);
	const shares = new Shares(threads);
	return {
		async extract(texts, interest, file) {
			const bytes = texts.reduce((sum, text) => sum + text.length, 0);
			const thread = shares.take(file, bytes);
			try {
				return await pools[thread]?.run({ texts, interest });
			} finally {
				shares.give(thread, bytes);
			}
		},
		close: async () => {
			await Promise.all(pools.map((pool) => pool.destroy()));
		},
	};
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
