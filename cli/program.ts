/**
 * The program: the only module that reads the process. It makes the world from it, runs, and ends
 * the process with the exit code.
 */
import { fstatSync, statSync } from 'node:fs';
import { EXIT } from '../src/errors.ts';
import { ERASE_LINE } from './progress.ts';
import { run } from './run.ts';
import type { World } from './world.ts';

/** As a shell reports a death by SIGINT. */
const INTERRUPTED = 130;

/** As a shell reports a death by SIGPIPE: not all of the answer was taken, so no code of an answer holds. */
const UNREAD = 141;

/** Set when a command ends by itself once it is asked to. */
let ending: AbortController | undefined;

const world: World = {
	argv: process.argv.slice(2),
	stdout: process.stdout,
	stderr: process.stderr,
	stdin: process.stdin,
	env: process.env,
	isTTY: { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true },
	columns: process.stdout.columns,
	cwd: process.cwd(),
	now: () => performance.now(),
	today: () => new Date().toISOString().slice(0, 10),
	isOutput,
	readingBegins: optimiseLess,
	processes: { pid: process.pid, isRunning },
	interruptible: () => {
		ending ??= new AbortController();
		return ending.signal;
	},
};

function isOutput(path: string): boolean {
	try {
		const [out, file] = [fstatSync(1), statSync(path)];
		return out.isFile() && out.dev === file.dev && out.ino === file.ino;
	} catch {
		return false;
	}
}

/** The V8 with which the flags below were measured: Node 20's. Another one may do otherwise, and keeps its own. */
const MEASURED_V8 = /^11\.3\./;

/**
 * Has V8 optimise single functions, and later, where sources are read: each thread makes all its code anew, and a
 * third of its processor time went into optimising functions together with what they call. The parser, in
 * WebAssembly, stays as it is compiled at first: optimising its lexer takes a fifth of the time in which a patch is
 * judged, and makes reading no faster. The flags hold for the process, and V8 takes them into account for code
 * caches: none may be written afterwards.
 */
function optimiseLess(): void {
	if (process.env.RANGEFINDER_WRITE_CODE_CACHE !== undefined) return;
	if (!MEASURED_V8.test(process.versions.v8)) return;
	// Most runs read no source and need nothing of it.
	const { setFlagsFromString } = process.getBuiltinModule('node:v8');
	setFlagsFromString('--max-inlined-bytecode-size-cumulative=100');
	setFlagsFromString('--interrupt-budget=400000');
	setFlagsFromString(`--wasm-tiering-budget=${2 ** 31 - 1}`);
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

// Who reads our output may stop when they have enough (head, a pager): that is no error to speak of.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code === 'EPIPE') process.exit(UNREAD);
	process.stderr.write(`rangefinder: standard output: ${error.message}; choose another output\n`);
	process.exit(EXIT.usage);
});
process.stderr.on('error', () => undefined);
process.on('SIGINT', () => {
	if (world.isTTY.stderr) process.stderr.write(ERASE_LINE);
	if (ending === undefined || ending.signal.aborted) process.exit(INTERRUPTED);
	ending.abort();
});

void run(world).then((code) => {
	// Leaving waits for output that a pipe has not taken yet, and for nothing else.
	const status = ending?.signal.aborted === true ? INTERRUPTED : code;
	process.stdout.write('', (error) => {
		if (error === undefined || error === null) process.exit(status);
		// The listener above comes first and says more, where there is more to say.
		setImmediate(() => process.exit(UNREAD));
	});
});
