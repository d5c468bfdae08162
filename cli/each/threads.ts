/** Worker threads that answer for messages, each with an engine of its own; the caches on disk they share. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeFailure } from '../failures.ts';
import type { EachAnswer, EachMessage, EachSetup } from './model.ts';

/** What a thread is asked; the setup it has from its start. */
export interface ThreadTask {
	readonly message: EachMessage;
	readonly key: string;
}

export interface Answering {
	/** Never rejects. */
	perform(message: EachMessage, key: string): Promise<EachAnswer>;
	close(): Promise<void>;
}

/** The message with bytes of its own: of a view, a thread is sent everything that it is a view of. */
function alone(message: EachMessage): EachMessage {
	const { content } = message;
	return content instanceof Uint8Array
		? { ...message, content: Uint8Array.from(content) }
		: message;
}

/** Starts the threads; undefined where no built worker is beside this module (when it runs from TypeScript). */
export async function startThreads(setup: EachSetup, jobs: number): Promise<Answering | undefined> {
	const worker = fileURLToPath(new URL('./each-worker.js', import.meta.url));
	if (!existsSync(worker)) return undefined;
	const { Tinypool } = await import('tinypool');
	const pool = new Tinypool({
		filename: worker,
		minThreads: jobs,
		maxThreads: jobs,
		workerData: setup,
	});
	return {
		async perform(message, key) {
			const task: ThreadTask = { message: alone(message), key };
			try {
				return await pool.run(task);
			} catch (error) {
				// A thread that ended takes its message with it, and no other.
				const { report, exitCode } = describeFailure(error);
				const content = { report, exit: exitCode };
				const { Performer } = await import('./perform.ts');
				const unread = new Performer(setup, () => Promise.reject(error));
				return unread.perform({ ...message, content }, key);
			}
		},
		close: () => pool.destroy(),
	};
}
