/** The app with work that a test does by hand, for tests without a terminal. */
import { App, type Ports } from '../../../cli/app/app.ts';
import type { Disk } from '../../../cli/app/disk.ts';
import type { Recent } from '../../../cli/app/state/open.ts';
import type { Answers, Outcome, Task, TaskKind, Told, Work } from '../../../cli/app/work/tasks.ts';

interface Asked {
	readonly task: Task;
	readonly hear: (told: Told) => void;
	readonly settle: (outcome: Outcome<TaskKind>) => void;
	stopped: boolean;
}

/** Work that waits for what the test answers. */
export class HandWork implements Work {
	readonly asked: Asked[] = [];

	run: Work['run'] = (task, hear) => {
		let settle: (outcome: Outcome<TaskKind>) => void = () => {};
		const outcome = new Promise<Outcome<TaskKind>>((resolve) => {
			settle = resolve;
		});
		const one: Asked = { task: task as Task, hear, settle, stopped: false };
		this.asked.push(one);
		return {
			outcome: outcome as Promise<Outcome<typeof task.kind>>,
			stop: () => {
				one.stopped = true;
				settle({ kind: 'stopped' });
			},
		};
	};

	prepare(): void {}
	close(): void {}

	/** The last task of a kind. */
	last(kind: TaskKind): Asked {
		const one = this.asked.findLast(({ task }) => task.kind === kind);
		if (one === undefined) throw new Error(`nobody asked for ${kind}`);
		return one;
	}

	async answer<K extends TaskKind>(kind: K, answer: Answers[K]): Promise<void> {
		this.last(kind).settle({ kind: 'answer', answer } as Outcome<TaskKind>);
		await settled();
	}

	async fail(kind: TaskKind, message: string, code = 'usage'): Promise<void> {
		this.last(kind).settle({ kind: 'failure', failure: { code, message, hint: 'do something' } });
		await settled();
	}
}

/** When promises that are resolved were heard of. */
export function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

const NO_DISK: Disk = {
	list: async () => [],
	recent: async () => [],
	keepRecent: async () => {},
	keepMail: async () => '/own/pasted.eml',
	write: async (path) => path,
	parent: () => '/',
};

export interface Fake {
	readonly app: App;
	readonly work: HandWork;
	/** What was written past the screen. */
	readonly written: string[];
	/** How often it was asked to quit. */
	readonly quits: string[];
	readonly kept: Recent[][];
}

export function fakeApp(columns = 80, rows = 24, disk: Partial<Disk> = {}): Fake {
	const work = new HandWork();
	const written: string[] = [];
	const quits: string[] = [];
	const kept: Recent[][] = [];
	const keepRecent = async (recent: readonly Recent[]) => {
		kept.push([...recent]);
	};
	const ports: Ports = {
		work,
		disk: { ...NO_DISK, keepRecent, ...disk },
		cwd: '/here',
		write: (text) => written.push(text),
		today: () => '2026-01-02',
		quit: () => quits.push('quit'),
		suspend: () => quits.push('suspend'),
		redraw: () => quits.push('redraw'),
	};
	return { app: new App(ports, columns, rows), work, written, quits, kept };
}

/** Presses keys, each an event: characters of words, and named keys in angle brackets: `jj<enter>`. */
export function press(app: App, keys: string): void {
	for (const [, named, character] of keys.matchAll(/<([a-z-]+)>|([\s\S])/g)) {
		app.press(named ?? (character === ' ' ? 'space' : (character ?? '')));
	}
}
