/**
 * The program of the terminal app: the only module of it that reads the process. main.cts loads it where there
 * are no words and a terminal.
 */
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runApp, type Terminal } from './app/run.tsx';

const terminal: Terminal = {
	stdin: process.stdin,
	stdout: process.stdout,
	stderr: process.stderr,
	env: process.env,
	cwd: process.cwd(),
	worker: fileURLToPath(new URL('./app-worker.js', import.meta.url)),
	stop: () => process.kill(process.pid, 'SIGSTOP'),
	onStop: (listener) => process.on('SIGTSTP', listener),
	onContinue: (listener) => process.on('SIGCONT', listener),
	onEnd: (listener) => {
		for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
			process.on(signal, () => listener(undefined));
		}
		process.on('uncaughtException', listener);
		process.on('unhandledRejection', listener);
		process.stdout.on('error', () => listener(undefined));
	},
	writeNow: (text) => {
		try {
			writeSync(process.stdout.fd, text);
		} catch {
			// The terminal is gone.
		}
	},
};

void runApp(terminal).then((code) => process.exit(code));
