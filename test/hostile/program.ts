/** The program itself, run as a process in a world of its own: a home, a folder for temporary files, and nothing else. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What node runs: the built program where it is newer than its sources, else the sources. */
export const PROGRAM: readonly string[] = isBuilt()
	? [join(ROOT, 'dist/cli/main.cjs')]
	: ['--import', import.meta.resolve('tsx'), join(ROOT, 'cli/main.cts')];

function isBuilt(): boolean {
	const built = join(ROOT, 'dist/cli/program.cjs');
	if (!existsSync(built)) return false;
	const time = statSync(built).mtimeMs;
	return ['src', 'cli', 'cache'].every((room) =>
		readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).every(
			(name) => !/\.tsx?$/.test(name) || statSync(join(ROOT, room, name)).mtimeMs < time,
		),
	);
}

/** How a run ended. */
export interface Ran {
	readonly code: number | null;
	readonly killedBy: NodeJS.Signals | null;
	readonly out: string;
	readonly err: string;
	/** Both streams, as they were written. */
	readonly bytes: Buffer;
}

export interface RunOptions {
	/** Variables besides those of {@link Sandbox.env}; undefined takes one away. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** Milliseconds after which it is killed, which a test takes for a hang. */
	readonly patience?: number;
	/** Is given the process once it runs. */
	readonly started?: (child: ChildProcess) => void;
	/** What is run before node: `prlimit --as=…`, say. */
	readonly before?: readonly string[];
}

const PATIENCE = 60_000;

/** A folder with a home, a cache, a folder for temporary files and one for outputs. */
export class Sandbox {
	readonly folder = mkdtempSync(join(tmpdir(), 'rangefinder-hostile-'));
	readonly home = join(this.folder, 'home');
	readonly tmp = join(this.folder, 'tmp');
	readonly cache = join(this.folder, 'cache');
	/** Where outputs that a command names go, and the folder that it runs in. */
	readonly cwd = join(this.folder, 'cwd');

	constructor() {
		for (const dir of [this.home, this.tmp, this.cwd]) mkdirSync(dir);
	}

	get env(): Record<string, string | undefined> {
		const { PATH } = process.env;
		return { PATH, HOME: this.home, TMPDIR: this.tmp, RANGEFINDER_CACHE: this.cache };
	}

	/** Runs the program to its end. */
	run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
		const [command = '', ...words] = [
			...(options.before ?? []),
			process.execPath,
			...PROGRAM,
			...argv,
		];
		const env = { ...this.env, ...options.env };
		const child = spawn(command, words, { cwd: this.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
		const out: Buffer[] = [];
		const err: Buffer[] = [];
		child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
		child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
		const giveUp = setTimeout(() => child.kill('SIGKILL'), options.patience ?? PATIENCE);
		return new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('spawn', () => options.started?.(child));
			child.on('close', (code, killedBy) => {
				clearTimeout(giveUp);
				const said = Buffer.concat(err).toString();
				// 1 is an answer of the program, and what node ends with where it throws.
				if (/^Node\.js v/m.test(said)) return reject(new Error(said));
				resolve({
					...{ code, killedBy, bytes: Buffer.concat([...out, ...err]) },
					...{ out: Buffer.concat(out).toString(), err: said },
				});
			});
		});
	}

	/** What temporary files were left behind. */
	leftovers(): string[] {
		return readdirSync(this.tmp, { recursive: true, encoding: 'utf8' });
	}

	/** The miniature kernel in the folder, and its fix as a mail. */
	async miniature(): Promise<{ kernel: MiniatureKernel; mail: string }> {
		const kernel = await makeMiniatureKernel(this.folder);
		const mail = join(this.folder, 'fix.eml');
		writeFileSync(mail, kernel.fix.mail);
		return { kernel, mail };
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/** Does something with each of a list, two at a time. */
export async function forEach<T>(list: Iterable<T>, act: (one: T) => Promise<void>): Promise<void> {
	const rest = [...list].values();
	const work = async (): Promise<void> => {
		for (const one of rest) await act(one);
	};
	await Promise.all([work(), work()]);
}
