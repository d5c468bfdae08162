/** Asks a command of the user whether a commit is good, with the exit codes of `git bisect run`. */
import { spawn } from 'node:child_process';
import { RangefinderError } from '../errors.ts';
import type { Environment } from '../git/process.ts';
import type { Told } from './journal.ts';

export interface RunOptions {
	/** The folder with the files of the commit. */
	readonly folder: string;
	readonly commit: string;
	readonly env: Environment;
	readonly signal: AbortSignal;
	/** Given what the command prints. */
	output?(chunk: Uint8Array): void;
}

/** The commit that is tried, for the command: the folder is no repository that could say. */
export const COMMIT_VARIABLE = 'RANGEFINDER_COMMIT';

const SKIP = 125;
/** From here on a shell reports a death by a signal. */
const ABORT = 128;

/**
 * Runs the command in the folder: 0 is good, 125 cannot be tested, others below 128 are bad.
 * @throws RangefinderError run-failed when it cannot be started, or ends by a signal or with 128 or above
 */
export async function runCommand(command: readonly string[], options: RunOptions): Promise<Told> {
	const [program = '', ...args] = command;
	const code = await new Promise<number | string>((resolve, reject) => {
		const child = spawn(program, args, {
			cwd: options.folder,
			env: { ...options.env, [COMMIT_VARIABLE]: options.commit },
			stdio: ['ignore', 'pipe', 'pipe'],
			signal: options.signal,
		});
		child.stdout.on('data', (chunk: Buffer) => options.output?.(chunk));
		child.stderr.on('data', (chunk: Buffer) => options.output?.(chunk));
		child.on('error', reject);
		child.on('close', (exit, signal) => resolve(exit ?? signal ?? ABORT));
	}).catch((error: unknown) => {
		throw failure(program, error instanceof Error ? error.message : String(error));
	});
	if (typeof code === 'string') throw failure(program, `it was ended by ${code}`);
	if (code >= ABORT) throw failure(program, `it ended with ${code}, which says to give up`);
	const answer = code === 0 ? 'good' : code === SKIP ? 'skip' : 'bad';
	return { answer, sights: [{ text: `${program} ended with ${code}` }] };
}

function failure(program: string, what: string): RangefinderError {
	return new RangefinderError({ code: 'run-failed', what: `--run ${program}: ${what}` });
}
