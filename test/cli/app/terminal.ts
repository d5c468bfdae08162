/**
 * The built program in a real terminal for tests: a pseudo-terminal (node-pty) whose output a terminal
 * emulator (xterm, headless) keeps as a screen.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { IPty } from '@lydell/node-pty';
import type { IBufferCell } from '@xterm/headless';

// Its ESM build has no names that Node finds.
const { Terminal }: typeof import('@xterm/headless') = createRequire(import.meta.url)(
	'@xterm/headless',
);

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.cjs', import.meta.url));
/** How long a screen is waited for: processes start in it, on machines that do other work, too. */
const PATIENCE_MS = 50_000;

/** A frame is whole after that. */
const STILL_MS = 200;

export type Spawn = typeof import('@lydell/node-pty').spawn;

/** Starts processes in a pseudo-terminal; or why none can be had here. */
export async function pseudoTerminal(): Promise<{ spawn: Spawn } | { why: string }> {
	if (!existsSync(MAIN)) return { why: 'the program is not built (npm run build)' };
	try {
		const { spawn } = await import('@lydell/node-pty');
		return { spawn };
	} catch (error) {
		return { why: `no pseudo-terminal here: ${error instanceof Error ? error.message : error}` };
	}
}

/** As {@link pseudoTerminal}; where none can be had, it says why and the tests of a suite are skipped. */
export async function spawnOrSkip(suite: Mocha.Context): Promise<Spawn> {
	const terminal = await pseudoTerminal();
	if ('spawn' in terminal) return terminal.spawn;
	console.log(`      skipped: ${terminal.why}`);
	return suite.skip();
}

export const KEYS = {
	enter: '\r',
	esc: '\x1b',
	tab: '\t',
	ctrlC: '\x03',
	ctrlD: '\x04',
	ctrlU: '\x15',
	ctrlZ: '\x1a',
	down: '\x1b[B',
	up: '\x1b[A',
} as const;

export interface Start {
	readonly columns: number;
	readonly rows: number;
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	/** The command line of a shell, instead of the program alone. `$MAIN` is the program. */
	readonly shell?: string;
}

/** One session. */
export class Session {
	readonly #pty: IPty;
	readonly #screen: InstanceType<typeof Terminal>;
	/** Everything that was written, for what a screen does not keep. */
	raw = '';
	#exit: number | undefined;
	readonly #changed = new Set<() => void>();

	constructor(spawn: Spawn, start: Start) {
		const { columns, rows, cwd, env, shell } = start;
		const [file, args] =
			shell === undefined ? [process.execPath, [MAIN]] : ['/bin/sh', ['-c', shell]];
		this.#screen = new Terminal({ cols: columns, rows, allowProposedApi: true });
		this.#pty = spawn(file, args, {
			cols: columns,
			rows,
			cwd,
			env: {
				PATH: process.env.PATH ?? '',
				HOME: cwd,
				TERM: 'xterm-16color',
				NODE: process.execPath,
				MAIN,
				...env,
			},
		});
		this.#pty.onData((data) => {
			this.raw += data;
			this.#screen.write(data, () => this.#tell());
		});
		this.#pty.onExit(({ exitCode }) => {
			this.#exit = exitCode;
			this.#tell();
		});
	}

	#tell(): void {
		for (const listener of this.#changed) listener();
	}

	get pid(): number {
		return this.#pty.pid;
	}

	press(...keys: readonly string[]): void {
		for (const key of keys) this.#pty.write(key);
	}

	/** Presses keys one by one, each as an event of its own. */
	async type(...keys: readonly string[]): Promise<void> {
		for (const key of keys) {
			this.#pty.write(key);
			await new Promise((resolve) => setTimeout(resolve, 30));
		}
	}

	resize(columns: number, rows: number): void {
		this.#screen.resize(columns, rows);
		this.#pty.resize(columns, rows);
	}

	/** The screen as text, without spaces at the ends of lines. */
	text(): string {
		return this.#rows((cell) => cell.getChars() || ' ').join('\n');
	}

	/** What each cell looks like: `.` plain, g r y green, red, yellow; d dim, b bold; capitals reversed. */
	looks(): string {
		return this.#rows(look).join('\n');
	}

	#rows(of: (cell: IBufferCell) => string): string[] {
		const { active } = this.#screen.buffer;
		return Array.from({ length: this.#screen.rows }, (_, y) => {
			const row = active.getLine(active.baseY + y);
			let text = '';
			for (let x = 0; x < this.#screen.cols; x++) {
				const cell = row?.getCell(x);
				if (cell !== undefined && cell.getWidth() > 0) text += of(cell);
			}
			return text.replace(/[ .]+$/, (end) => (end.includes(' ') ? end.trimEnd() : end));
		});
	}

	/** Waits until the screen has a text, or fits a pattern; rejects with the screen when it does not. */
	async see(wanted: string | RegExp): Promise<string> {
		const has = () =>
			typeof wanted === 'string' ? this.text().includes(wanted) : wanted.test(this.text());
		await this.#until(has, `to see ${wanted}`);
		return this.text();
	}

	/** Waits until the program ended; its exit code. */
	async ended(): Promise<number> {
		await this.#until(() => this.#exit !== undefined, 'to end');
		return this.#exit ?? -1;
	}

	/** Waits until nothing was written for a while. */
	async still(): Promise<void> {
		for (let length = -1; length !== this.raw.length; ) {
			length = this.raw.length;
			await new Promise((resolve) => setTimeout(resolve, STILL_MS));
		}
	}

	async until(what: string, holds: () => boolean): Promise<void> {
		await this.#until(holds, what);
	}

	#until(holds: () => boolean, what: string): Promise<void> {
		return new Promise((resolve, reject) => {
			const done = () => {
				clearTimeout(timer);
				this.#changed.delete(check);
			};
			const check = () => {
				if (!holds()) return;
				done();
				resolve();
			};
			const timer = setTimeout(() => {
				done();
				reject(new Error(`waited ${PATIENCE_MS} ms ${what}; the screen is\n${this.text()}`));
			}, PATIENCE_MS);
			this.#changed.add(check);
			check();
		});
	}

	close(): void {
		try {
			this.#pty.kill('SIGKILL');
		} catch {
			// It ended by itself.
		}
		this.#screen.dispose();
	}
}

/** The 16 colours in the order of terminals. */
const COLORS = ['k', 'r', 'g', 'y', 'u', 'm', 'c', 'w'];

function look(cell: IBufferCell): string {
	const color = cell.isFgPalette() ? (COLORS[cell.getFgColor() % 8] ?? '?') : undefined;
	const mark = color ?? (cell.isDim() ? 'd' : cell.isBold() ? 'b' : '.');
	return cell.isInverse() ? mark.toUpperCase() : mark;
}
