/** Device trees read in a thread of their own, which asks the repository by itself. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Failure, RangefinderError } from '../src/errors.ts';
import type { KnownRepository } from '../src/git/native-store.ts';
import type { ArchitectureBoards } from '../src/kernel/device-tree.ts';
import type { BoardReader } from './device-trees.ts';

/** What it is asked; see {@link BoardReader}. */
export type BoardQuestion = Parameters<BoardReader['boards']>;

/** What it says to each question, in their order. */
export type BoardAnswer =
	| { readonly boards: ArchitectureBoards }
	/** What the user is told; absent for what is our own fault. */
	| { readonly failure: Failure | undefined; readonly message: string };

interface Waiting {
	resolve(boards: ArchitectureBoards): void;
	reject(error: Error): void;
}

/**
 * Starts a thread that reads a repository; undefined where there is no built worker beside this module (when it runs from
 * TypeScript).
 */
export function openBoardThread(repository: KnownRepository): BoardThread | undefined {
	const worker = fileURLToPath(new URL('./board-worker.js', import.meta.url));
	if (!existsSync(worker)) return undefined;
	return new BoardThread(new Worker(worker, { workerData: repository }));
}

export class BoardThread implements BoardReader {
	readonly #worker: Worker;
	readonly #waiting: Waiting[] = [];
	#ended: Error | undefined;

	constructor(worker: Worker) {
		this.#worker = worker;
		worker.on('message', (answer: BoardAnswer) => {
			const one = this.#waiting.shift();
			if ('boards' in answer) one?.resolve(answer.boards);
			else one?.reject(errorOf(answer.failure, answer.message));
		});
		worker.on('error', (error: Error) => this.#end(error));
		worker.on('exit', () => this.#end(new Error('the thread that reads device trees ended')));
	}

	boards(commit: string, arch: string, asked: readonly string[]): Promise<ArchitectureBoards> {
		if (this.#ended !== undefined) return Promise.reject(this.#ended);
		return new Promise((resolve, reject) => {
			this.#waiting.push({ resolve, reject });
			const question: BoardQuestion = [commit, arch, asked];
			this.#worker.postMessage(question);
		});
	}

	async close(): Promise<void> {
		await this.#worker.terminate();
	}

	#end(error: Error): void {
		this.#ended ??= error;
		for (const one of this.#waiting.splice(0)) one.reject(this.#ended);
	}
}

function errorOf(failure: Failure | undefined, message: string): Error {
	return failure === undefined ? new Error(message) : new RangefinderError(failure);
}
