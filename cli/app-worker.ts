/** The process that works for the terminal app: takes tasks, tells of them, answers, and ends with the app. */
import { Readable } from 'node:stream';
import { createEngine } from './adapter.ts';
import { perform } from './app/work/perform.ts';
import type { FromWorker, ToWorker } from './app/work/tasks.ts';
import type { EngineWorld } from './engine.ts';
import { describeFailure } from './failures.ts';

const world: EngineWorld = { cwd: process.cwd(), env: process.env, stdin: Readable.from([]) };
const engine = createEngine(world);

function say(message: FromWorker): void {
	if (process.connected) process.send?.(message);
}

process.on('message', ({ id, task }: ToWorker) => {
	perform(task, world, engine, (told) => say({ id, kind: 'told', told })).then(
		(answer) => say({ id, kind: 'answer', answer }),
		(error) => {
			const { code, message, hint } = describeFailure(error).report;
			say({ id, kind: 'failure', failure: { code, message, hint } });
		},
	);
});
// Ctrl-C and a closed terminal are the app's to answer.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
