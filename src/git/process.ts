/**
 * How git is started: hardened so that a repository's own configuration never makes a program run
 * and nothing is written, whatever is in the folder that the user names.
 */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { RangefinderError } from '../errors.ts';

/** The part of a child process that the store needs; a test can make its own. */
export interface GitProcess {
	readonly stdin: Writable;
	readonly stdout: Readable;
	readonly stderr: Readable;
	on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
	on(event: 'close', listener: (code: number | null) => void): unknown;
	kill(): unknown;
}

/** Starts git with these arguments (hardening and folder included) and this environment. */
export type SpawnGit = (args: readonly string[], env: NodeJS.ProcessEnv) => GitProcess;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that override the repository's, as `-c` takes them. */
export const HARDENING: readonly string[] = [
	'core.fsmonitor=false',
	'core.hooksPath=/dev/null',
	'core.pager=cat',
	'core.sshCommand=false',
	'core.alternateRefsCommand=',
	'core.quotePath=false',
	'diff.external=',
	'diff.ignoreSubmodules=all',
	// One that is not there makes every diff fail.
	'diff.orderFile=/dev/null',
	'protocol.allow=never',
	'log.showSignature=false',
	'gc.auto=0',
	'maintenance.auto=false',
];

/** Settings of a user that would change the text of a patch. */
export const PLAIN_DIFF: readonly string[] = [
	'diff.noprefix=false',
	'diff.mnemonicPrefix=false',
	'diff.suppressBlankEmpty=false',
	'diff.renames=true',
	'format.noprefix=false',
	'i18n.logOutputEncoding=UTF-8',
];

/** Options of git itself. */
export const GLOBAL_OPTIONS: readonly string[] = [
	'--no-pager',
	'--no-optional-locks',
	'--no-replace-objects',
	'--literal-pathspecs',
];

/**
 * Variables of the caller that git gets: what says who the user is and where git is. Not those
 * that point at another repository (GIT_DIR, GIT_INDEX_FILE) or name a program (GIT_EXTERNAL_DIFF,
 * EDITOR, PAGER).
 */
const KEPT: readonly string[] = [
	'PATH',
	'HOME',
	'USER',
	'LOGNAME',
	'SUDO_UID',
	'XDG_CONFIG_HOME',
	'LD_LIBRARY_PATH',
	'GIT_CONFIG_GLOBAL',
	'GIT_EXEC_PATH',
	'GIT_CEILING_DIRECTORIES',
	'GIT_DISCOVERY_ACROSS_FILESYSTEM',
];

/** Variables we set. GIT_ALLOW_PROTOCOL outranks every protocol.* setting of a repository. */
export const FIXED_ENVIRONMENT: Readonly<Record<string, string>> = {
	GIT_ALLOW_PROTOCOL: 'none',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_NO_LAZY_FETCH: '1',
	GIT_NO_REPLACE_OBJECTS: '1',
	GIT_OPTIONAL_LOCKS: '0',
	GIT_TERMINAL_PROMPT: '0',
	LC_ALL: 'C',
};

/** The environment git gets: a few variables of the caller, and ours. */
export function gitEnvironment(caller: Environment): NodeJS.ProcessEnv {
	const env: NodeJS.ProcessEnv = {};
	for (const name of KEPT) if (caller[name] !== undefined) env[name] = caller[name];
	return { ...env, ...FIXED_ENVIRONMENT };
}

/** The arguments of a hardened `git -C dir …`. */
export function gitArguments(dir: string, args: readonly string[]): string[] {
	return ['-C', dir, ...GLOBAL_OPTIONS, ...HARDENING.flatMap((item) => ['-c', item]), ...args];
}

/** Starts the real git, found in PATH. */
export const spawnGit: SpawnGit = (args, env) =>
	spawn('git', args, { env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });

/** How long git may be silent: it has no end where deltas are made from each other; milliseconds. */
export const PATIENCE = 120_000;

export interface GitResult {
	readonly code: number | null;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/** Starts and ends git for one repository; shared by everything that reads it. */
export class GitRunner {
	readonly where: string;
	/** How long git may be silent while it is asked something, milliseconds. */
	readonly patience: number;
	readonly #spawn: SpawnGit;
	readonly #env: NodeJS.ProcessEnv;

	/**
	 * `where` is the folder, `env` the environment of the caller, `extra` variables of ours for this
	 * repository.
	 */
	constructor(
		where: string,
		env: Environment,
		spawnProcess: SpawnGit,
		patience = PATIENCE,
		extra: Readonly<Record<string, string>> = {},
	) {
		this.where = where;
		this.patience = patience;
		this.#env = { ...gitEnvironment(env), ...extra };
		this.#spawn = spawnProcess;
	}

	/** A process that stays. */
	start(args: readonly string[]): GitProcess {
		return this.#spawn(gitArguments(this.where, args), this.#env);
	}

	/** Runs git to its end; throws git-missing when there is none. An exit code is no error here. */
	run(args: readonly string[]): Promise<GitResult> {
		return new Promise((resolve, reject) => {
			const child = this.start(args);
			const out: Buffer[] = [];
			const err: Buffer[] = [];
			const giveUp = setTimeout(() => {
				child.kill();
				reject(silent(this.where));
			}, this.patience);
			child.stdin.on('error', () => {});
			child.stdin.end();
			child.stdout.on('data', (chunk: Buffer) => {
				out.push(chunk);
				giveUp.refresh();
			});
			child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
			child.on('error', (error) => {
				clearTimeout(giveUp);
				reject(startFailure(this.where, error));
			});
			child.on('close', (code) => {
				clearTimeout(giveUp);
				resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() });
			});
		});
	}

	/**
	 * Runs git to its end and hands its output on as it comes; it waits while a returned promise is open.
	 * Ending early (a `take` that throws, or returns false) ends git too.
	 * @param input what git reads on its standard input
	 * @throws RangefinderError git-failed when git fails, object-missing where that is why
	 */
	async stream(
		args: readonly string[],
		take: (chunk: Buffer) => undefined | boolean | Promise<undefined | boolean>,
		input: string | Uint8Array = '',
	): Promise<void> {
		const child = this.start(args);
		const err: Buffer[] = [];
		let quiet = false;
		const giveUp = setTimeout(() => {
			quiet = true;
			child.kill();
		}, this.patience);
		const ended = new Promise<number | null>((resolve, reject) => {
			child.on('error', (error) => reject(startFailure(this.where, error)));
			child.on('close', resolve);
		});
		// It is awaited last; whatever goes wrong before is what is said.
		ended.catch(() => undefined);
		child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
		child.stdin.on('error', () => {});
		child.stdin.end(input);
		try {
			for await (const chunk of child.stdout) {
				giveUp.refresh();
				if ((await take(chunk)) === false) return;
			}
			const code = await ended;
			if (quiet) throw silent(this.where);
			if (code !== 0) throw gitFailure(this.where, Buffer.concat(err).toString(), code);
		} finally {
			clearTimeout(giveUp);
			child.kill();
		}
	}

	/** Runs git to its end and returns its output; throws git-failed when it fails. */
	async output(args: readonly string[]): Promise<Buffer> {
		const result = await this.run(args);
		if (result.code !== 0) throw gitFailure(this.where, result.stderr, result.code);
		return result.stdout;
	}
}

/** What it means that git says nothing more. */
export function silent(where: string): RangefinderError {
	const what = 'git does not answer; a pack may be damaged';
	return new RangefinderError({ code: 'git-failed', where, what });
}

/** What it means that git could not be started at all. */
export function startFailure(where: string, error: NodeJS.ErrnoException): RangefinderError {
	if (error.code === 'ENOENT') {
		return new RangefinderError(
			{ code: 'git-missing', what: 'git is not installed, or not in PATH' },
			{ cause: error },
		);
	}
	return new RangefinderError(
		{ code: 'git-failed', where, what: `git cannot be started: ${error.message}` },
		{ cause: error },
	);
}

/** What git said before it failed: its last `fatal:` line, else its first `error:`. */
export function gitFailure(where: string, stderr: string, code: number | null): RangefinderError {
	const lines = stderr.split('\n').filter((line) => line !== '');
	const line =
		lines.findLast((text) => /^fatal:/.test(text)) ??
		lines.find((text) => /^error:/.test(text)) ??
		lines[0];
	const what =
		line?.replace(/^(fatal|error|warning): /, '') ?? `git ended early (exit code ${code})`;
	if (/promisor|missing object|unable to read|bad object/.test(what)) {
		return new RangefinderError({ code: 'object-missing', where, what });
	}
	return new RangefinderError({ code: 'git-failed', where, what });
}
