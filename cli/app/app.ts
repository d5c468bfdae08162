/**
 * The app without its terminal: it holds the state, takes keys, starts work and hears of it. What a command
 * does on a screen is in actions/; what is drawn is in views/ and screens/.
 */
import { actions } from './actions/index.ts';
import type { Disk } from './disk.ts';
import { commandOf, type ScreenName } from './keys.ts';
import {
	type AppState,
	appStart,
	backScreen,
	onScreen,
	type Prompt,
	shownScreen,
} from './state/app.ts';
import type { Answers, Job, Task, TaskKind, Told, Work } from './work/tasks.ts';

/** What the app needs of the world. */
export interface Ports {
	readonly work: Work;
	readonly disk: Disk;
	readonly cwd: string;
	/** Writes to the terminal past what is drawn: a copy to the clipboard. */
	write(text: string): void;
	/** YYYY-MM-DD. */
	today(): string;
	/** Ends the app. */
	quit(): void;
	suspend(): void;
	redraw(): void;
}

/** What is typed into a prompt is for. */
export interface Asking extends Prompt {
	/** Told of every change. */
	onChange?(text: string): void;
	onEnter(text: string): void;
	onCancel?(): void;
}

/** Where a list was scrolled to when it was drawn last. */
export interface Scroll {
	readonly top: number;
	readonly page: number;
	readonly left: number;
}

const NO_SCROLL: Scroll = { top: 0, page: 10, left: 0 };

export class App {
	readonly ports: Ports;
	#state: AppState;
	readonly #listeners = new Set<() => void>();
	readonly #scrolls = new Map<string, Scroll>();
	readonly #jobs = new Map<number, Job<TaskKind>>();
	#asking: Asking | undefined;
	#pasting = false;
	#next = 0;

	constructor(ports: Ports, columns: number, rows: number) {
		this.ports = ports;
		this.#state = appStart(columns, rows, ports.cwd);
	}

	get state(): AppState {
		return this.#state;
	}

	/** Reads what is remembered, and looks whether the current folder is a clone. */
	start(): void {
		actions.open.start(this);
	}

	/** Told of every change of the state. Returns what ends that. */
	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	update(change: Partial<AppState>): void {
		this.#state = { ...this.#state, ...change };
		for (const listener of this.#listeners) listener();
	}

	say(text: string, tone: 'plain' | 'good' | 'bad' = 'plain'): void {
		this.update({ message: { text, tone } });
	}

	go(screen: ScreenName): void {
		this.update(onScreen(this.#state, screen));
		actions[screen].enter?.(this);
	}

	back(): void {
		const { stack } = this.#state;
		this.update(backScreen(this.#state));
		if (stack.length < 2) this.say('q quits');
	}

	/** Where a list is scrolled to. */
	scroll(list: string): Scroll {
		return this.#scrolls.get(list) ?? NO_SCROLL;
	}

	/** Remembers where a list was scrolled to when it was drawn: no change of what is shown. */
	settle(list: string, scroll: Partial<Scroll>): void {
		this.#scrolls.set(list, { ...this.scroll(list), ...scroll });
	}

	/** Asks for a line of text. */
	ask(asking: Asking): void {
		this.#asking = asking;
		this.update({ prompt: { label: asking.label, text: asking.text } });
	}

	/**
	 * Has work done and calls `answered` with its answer; a failure is said, unless `failed` takes it. Returns
	 * the job, to be stopped.
	 */
	run<K extends TaskKind>(
		label: string,
		task: Task<K>,
		answered: (answer: Answers[K]) => void,
		more: {
			hear?: (told: Told) => void;
			/** Returns true where nothing is to be said. */
			failed?: (failure: { code: string; message: string; hint: string }) => boolean;
			stopped?: () => void;
		} = {},
	): Job<K> {
		const id = this.#next++;
		this.update({ running: [...this.#state.running, { id, label, done: 0, total: 0 }] });
		const job = this.ports.work.run(task, (told) => {
			if (told.kind === 'progress') this.#progress(id, told);
			else more.hear?.(told);
		});
		this.#jobs.set(id, job);
		void job.outcome.then((outcome) => {
			this.#jobs.delete(id);
			this.update({ running: this.#state.running.filter((one) => one.id !== id) });
			if (outcome.kind === 'answer') return answered(outcome.answer);
			if (outcome.kind === 'stopped') return more.stopped?.();
			const { failure } = outcome;
			if (more.failed?.(failure) === true) return;
			this.say(`${failure.message}; ${failure.hint}`, 'bad');
		});
		return job;
	}

	#progress(
		id: number,
		{ label, done, total }: { label: string; done: number; total: number },
	): void {
		this.update({
			running: this.#state.running.map((one) => (one.id === id ? { id, label, done, total } : one)),
		});
	}

	/** Stops the work that was begun last; false where there is none. */
	stop(): boolean {
		const id = [...this.#jobs.keys()].at(-1);
		if (id === undefined) return false;
		this.#jobs.get(id)?.stop();
		return true;
	}

	resize(columns: number, rows: number): void {
		this.update({ columns, rows });
	}

	/** A text that was pasted as one. */
	paste(text: string): void {
		if (this.#asking !== undefined) {
			const line = text.split(/[\r\n]/, 1)[0] ?? '';
			this.#typed(this.#asking.text + line);
		} else if (shownScreen(this.#state) === 'open') actions.open.pasted(this, text);
		else this.say('mails are pasted on the screen Open (6)');
	}

	/** One key. */
	press(key: string) {
		if (key === 'ctrl-c') return this.ports.quit();
		if (key === 'ctrl-z') return this.ports.suspend();
		if (key === 'ctrl-l') return this.ports.redraw();
		if (key === 'paste-start' || key === 'paste-end') {
			this.#pasting = key === 'paste-start';
			return;
		}
		if (this.#state.message !== undefined) this.update({ message: undefined });
		if (this.#asking !== undefined) return this.#promptKey(this.#asking, key);
		if (this.#state.open.pasted !== undefined) return actions.open.pasteKey(this, key);
		if (this.#state.help !== undefined) return this.#helpKey(key);
		const screen = shownScreen(this.#state);
		const command = commandOf(screen, key);
		if (command === undefined) return;
		switch (command) {
			case 'quit':
				return this.ports.quit();
			case 'suspend':
				return this.ports.suspend();
			case 'redraw':
				return this.ports.redraw();
			case 'help':
				return this.update({ help: 0 });
			case 'stop':
				this.say(this.stop() ? 'stopped' : 'nothing is going on');
				return;
			case 'back':
				if (actions[screen].back?.(this) !== true) this.back();
				return;
		}
		if (command.startsWith('go-')) return this.go(command.slice(3) as ScreenName);
		actions[screen].command(this, command);
	}

	/** True while a text is pasted, whose characters are no keys. */
	get isPasting(): boolean {
		return this.#pasting;
	}

	#helpKey(key: string) {
		const top = this.#state.help ?? 0;
		const command = commandOf('pager', key);
		if (command === 'down') return this.update({ help: top + 1 });
		if (command === 'page-down') return this.update({ help: top + 10 });
		if (command === 'up') return this.update({ help: Math.max(0, top - 1) });
		if (command === 'page-up') return this.update({ help: Math.max(0, top - 10) });
		this.update({ help: undefined });
	}

	#promptKey(asking: Asking, key: string) {
		if (key === 'enter' || key === 'esc') {
			this.#asking = undefined;
			this.update({ prompt: undefined });
			if (key === 'enter') asking.onEnter(asking.text);
			else asking.onCancel?.();
			return;
		}
		if (key === 'backspace') return this.#typed([...asking.text].slice(0, -1).join(''));
		if (key === 'ctrl-u') return this.#typed('');
		const character = key === 'space' ? ' ' : key;
		if ([...character].length === 1) this.#typed(asking.text + character);
	}

	#typed(text: string): void {
		if (this.#asking === undefined) return;
		this.#asking = { ...this.#asking, text };
		this.update({ prompt: { label: this.#asking.label, text } });
		this.#asking.onChange?.(text);
	}

	/** Ends all work. */
	close(): void {
		this.ports.work.close();
	}
}
