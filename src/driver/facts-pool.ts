/** Extraction in worker threads, for many sources at once. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface FactsPool {
	/**
	 * The facts of texts, in order, as bytes of JSON. Versions of one file belong into one call.
	 * @param interest the id of what is recorded
	 */
	extract(texts: readonly Uint8Array[], interest: string): Promise<Uint8Array[]>;
	close(): Promise<void>;
}

/** More threads than this wait for git. */
const MOST_THREADS = 4;

/** MiB of young objects a thread may have: a file's facts live as long as the file is read. */
const YOUNG = 64;

/**
 * Starts the threads; undefined where there is nothing to gain (one core), or no built worker beside this
 * module (when it runs from TypeScript).
 */
export async function openFactsPool(): Promise<FactsPool | undefined> {
	const threads = Math.min(availableParallelism(), MOST_THREADS);
	const worker = fileURLToPath(new URL('./facts-worker.js', import.meta.url));
	if (threads < 2 || !existsSync(worker)) return undefined;
	const { Tinypool } = await import('tinypool');
	const pool = new Tinypool({
		filename: worker,
		minThreads: threads,
		maxThreads: threads,
		resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
	});
	return {
		extract: (texts, interest) => pool.run({ texts, interest }),
		close: () => pool.destroy(),
	};
}
