/**
 * Runs the app on a terminal: takes the alternate screen, draws, and gives the terminal back as it was,
 * however it ends.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Instance, render } from 'ink';
import { cacheFolder } from '../../cache/facts-cache.ts';
import { EXIT } from '../../src/errors.ts';
import { printable } from '../../src/text.ts';
import { wantsColor } from '../output/paint.ts';
import { App } from './app.ts';
import { createDisk } from './disk.ts';
import { Frames } from './frames.ts';
import { AppScreen } from './screens/app.tsx';
import { ErrorBoundary } from './screens/boundary.tsx';
import { ProcessWork } from './work/pool.ts';

/** The terminal and the process, as far as the app touches them. */
export interface Terminal {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	/** The script of the processes that work. */
	readonly worker: string;
	/** Stops this process until the shell lets it go on. */
	stop(): void;
	/** Calls back when the process is asked to stop. */
	onStop(listener: () => void): void;
	/** Calls back when the process goes on after it was stopped. */
	onContinue(listener: () => void): void;
	/** Calls back when the process is told to end, or ends by an error that nobody caught. */
	onEnd(listener: (error: unknown) => void): void;
	/** Writes at once, when nothing is written later. */
	writeNow(text: string): void;
}

/** Alternate screen, cleared, bracketed paste, no cursor (xterm's private modes 1049, 2004 and 25). */
const ENTER = '\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[2J';
/** All of it back. */
const LEAVE = '\x1b[0m\x1b[?2004l\x1b[?1049l\x1b[?25h';

/** A window that is dragged gives many sizes; the last is drawn, milliseconds. */
const RESIZE_MS = 30;
/** As a shell reports a death by SIGTERM. */
const TERMINATED = 143;

/** Runs the app to its end. Resolves with the exit code. */
export function runApp(terminal: Terminal): Promise<number> {
	const { stdin, stdout, env, cwd } = terminal;
	const color = wantsColor('auto', true, env);
	const work = new ProcessWork({ script: terminal.worker, cwd, env });
	const frames = new Frames(stdout, () => performance.now());
	let screen: Instance | undefined;
	let end: (code: number) => void = () => {};
	const ended = new Promise<number>((resolve) => {
		end = resolve;
	});
	let over = false;

	const leave = (code: number, said: string) => {
		if (over) return;
		over = true;
		frames.close();
		try {
			screen?.unmount();
		} finally {
			app.close();
			if (stdin.isRaw) stdin.setRawMode(false);
			terminal.writeNow(LEAVE + said);
			end(code);
		}
	};
	const crash = (error: unknown) => {
		const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
		// It may quote what a repository or a mail has.
		leave(EXIT.internal, `rangefinder: this should not have happened: ${printable(what)}\n`);
	};
	const suspend = () => {
		frames.close();
		stdin.setRawMode(false);
		terminal.writeNow(LEAVE);
		terminal.stop();
	};
	const app = new App(
		{
			work,
			disk: createDisk(join(cacheFolder(env, homedir()), 'app'), cwd),
			cwd,
			write: (text) => stdout.write(text),
			today: () => new Date().toISOString().slice(0, 10),
			quit: () => leave(0, ''),
			suspend,
			redraw: () => frames.redraw(),
		},
		stdout.columns,
		stdout.rows,
	);

	let resizing: NodeJS.Timeout | undefined;
	stdout.on('resize', () => {
		clearTimeout(resizing);
		resizing = setTimeout(() => {
			if (over) return;
			app.resize(stdout.columns, stdout.rows);
			frames.redraw();
		}, RESIZE_MS);
	});
	terminal.onStop(suspend);
	terminal.onContinue(() => {
		if (over) return;
		stdin.setRawMode(true);
		terminal.writeNow(ENTER);
		app.resize(stdout.columns, stdout.rows);
		frames.open();
	});
	terminal.onEnd((error) => (error === undefined ? leave(TERMINATED, '') : crash(error)));
	// Before ink does: a key that is pressed at once is the app's, too.
	stdin.setRawMode(true);
	stdout.write(ENTER);
	const whole = (
		<ErrorBoundary onError={crash}>
			<AppScreen app={app} color={color} />
		</ErrorBoundary>
	);
	screen = render(whole, {
		stdin,
		// Frames are all that ink asks of a terminal.
		stdout: frames as unknown as NodeJS.WriteStream,
		stderr: terminal.stderr,
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
	});
	screen.waitUntilExit().catch(crash);
	work.prepare();
	app.start();
	return ended;
}
