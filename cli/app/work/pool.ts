/**
 * Does the app's work in processes of its own, one task each: a task is stopped by ending its process, and
 * one that crashes takes nothing with it. One idle process is kept for the next task.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type {
	Answers,
	FromWorker,
	Job,
	Outcome,
	Task,
	TaskKind,
	Told,
	ToWorker,
	Work,
} from './tasks.ts';

export interface WorkerStart {
	/** The script of the worker. */
	readonly script: string;
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
}

export class ProcessWork implements Work {
	readonly #start: WorkerStart;
	readonly #all = new Set<ChildProcess>();
	#idle: ChildProcess | undefined;
	#next = 0;

	constructor(start: WorkerStart) {
		this.#start = start;
	}

	prepare(): void {
		this.#idle ??= this.#fork();
	}

	run<K extends TaskKind>(task: Task<K>, hear: (told: Told) => void): Job<K> {
		const child = this.#idle ?? this.#fork();
		this.#idle = undefined;
		const id = this.#next++;
		let settle: (outcome: Outcome<K>) => void = () => {};
		const outcome = new Promise<Outcome<K>>((resolve) => {
			settle = resolve;
		});
		const onMessage = (message: FromWorker) => {
			if (message.id !== id) return;
			if (message.kind === 'told') return hear(message.told);
			done();
			this.#keep(child);
			if (message.kind === 'failure') settle(message);
			else settle({ kind: 'answer', answer: message.answer as Answers[K] });
		};
		const onGone = (error?: unknown) => {
			done();
			const what = error instanceof Error ? `: ${error.message}` : '';
			settle({
				kind: 'failure',
				failure: {
					code: 'internal',
					message: `the process that did the work ended before its answer${what}`,
					hint: 'ask again; rangefinder on the command line says more',
				},
			});
		};
		const done = () => {
			child.off('message', onMessage);
			child.off('exit', onGone);
			child.off('error', onGone);
		};
		child.on('message', onMessage);
		child.on('exit', onGone);
		child.on('error', onGone);
		const message: ToWorker = { id, task: task as Task };
		child.send(message, (error) => {
			if (error !== null) onGone(error);
		});
		return {
			outcome,
			stop: () => {
				done();
				this.#end(child);
				settle({ kind: 'stopped' });
			},
		};
	}

	close(): void {
		for (const child of this.#all) this.#end(child);
	}

	#fork(): ChildProcess {
		const child = fork(this.#start.script, [], {
			cwd: this.#start.cwd,
			env: { ...this.#start.env },
			serialization: 'advanced',
			stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		});
		this.#all.add(child);
		const gone = () => {
			this.#all.delete(child);
			if (this.#idle === child) this.#idle = undefined;
		};
		child.on('exit', gone);
		child.on('error', gone);
		return child;
	}

	#keep(child: ChildProcess): void {
		if (this.#idle === undefined && child.connected) this.#idle = child;
		else this.#end(child);
	}

	#end(child: ChildProcess): void {
		this.#all.delete(child);
		if (this.#idle === child) this.#idle = undefined;
		child.on('error', () => undefined);
		child.kill('SIGKILL');
	}
}
