/** What a thread of board-thread.ts runs: reads device trees of a repository, one question after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from '../src/errors.ts';
import { openKnownRepository } from '../src/git/native-store.ts';
import type { BoardAnswer, BoardQuestion } from './board-thread.ts';
import { DeviceTrees } from './device-trees.ts';

const trees = new DeviceTrees(openKnownRepository(workerData));

async function answer([commit, arch, asked]: BoardQuestion): Promise<BoardAnswer> {
	try {
		return { boards: await trees.boards(commit, arch, asked) };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return { failure: failureOf(error), message };
	}
}

let last = Promise.resolve();
parentPort?.on('message', (question: BoardQuestion) => {
	last = last.then(async () => parentPort?.postMessage(await answer(question)));
});
