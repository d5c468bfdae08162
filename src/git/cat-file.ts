/**
 * A long-lived `git cat-file` that answers many questions at once: requests are written in one go,
 * replies are parsed from bytes as they arrive. Contents are never turned into strings.
 */
import { RangefinderError } from '../errors.ts';
import { LARGEST_OBJECT } from './objects.ts';
import { type GitProcess, type GitRunner, gitFailure, silent, startFailure } from './process.ts';

export interface ObjectHeader {
	readonly oid: string;
	readonly type: 'blob' | 'tree' | 'commit' | 'tag';
	/** Bytes. */
	readonly size: number;
}

export interface GitObject extends ObjectHeader {
	readonly content: Uint8Array;
}

/** Why there is no object for a name. */
export type NoObject = 'missing' | 'ambiguous';

type Reply = GitObject | ObjectHeader | NoObject;

interface Batch {
	/** Replies that are still to come; counted down. */
	left: number;
	readonly replies: Reply[];
	readonly withContent: boolean;
	readonly resolve: (replies: Reply[]) => void;
	readonly reject: (error: Error) => void;
}

const HEADER = /^([0-9a-f]{40}|[0-9a-f]{64}) (blob|tree|commit|tag) (\d+)$/;
/** How much of git's complaints is kept, in characters. */
const STDERR_KEPT = 4096;

/**
 * Questions to one repository. `--batch-command` came with git 2.36; before it, one process
 * answers about headers and another about contents.
 */
export class CatFile {
	readonly #info: Channel;
	readonly #contents: Channel;
	readonly #command: boolean;

	/** `batchCommand` says whether this git knows `--batch-command`. */
	constructor(git: GitRunner, batchCommand: boolean) {
		this.#command = batchCommand;
		if (batchCommand) {
			this.#info = new Channel(git, ['cat-file', '--batch-command', '--buffer']);
			this.#contents = this.#info;
		} else {
			this.#info = new Channel(git, ['cat-file', '--batch-check']);
			this.#contents = new Channel(git, ['cat-file', '--batch']);
		}
	}

	/** The header of each named object, in order. Throws git-failed, git-missing. */
	async info(names: readonly string[]): Promise<(ObjectHeader | NoObject)[]> {
		return this.#info.ask(names, this.#command ? 'info ' : undefined, false);
	}

	/** Each named object whole, in order. Throws git-failed, git-missing. */
	async contents(names: readonly string[]): Promise<(GitObject | NoObject)[]> {
		const replies = await this.#contents.ask(names, this.#command ? 'contents ' : undefined, true);
		return replies.map((reply) =>
			typeof reply === 'string' || 'content' in reply
				? reply
				: { ...reply, content: new Uint8Array(0) },
		);
	}

	/** Ends the processes; what is still waiting is rejected. */
	async close(): Promise<void> {
		await Promise.all([this.#info.close(), this.#contents.close()]);
	}
}

/** One process and the questions that wait for its answers, oldest first. */
class Channel {
	readonly #git: GitRunner;
	readonly #args: readonly string[];
	#process: GitProcess | undefined;
	/** Runs while answers are waited for. */
	#giveUp: NodeJS.Timeout | undefined;
	#ended: Promise<void> = Promise.resolve();
	#waiting: Batch[] = [];
	#stderr = '';
	/** Bytes of a header line that has not ended yet. */
	#line: Buffer[] = [];
	#header: ObjectHeader | undefined;
	#content: Uint8Array = new Uint8Array(0);
	#filled = 0;

	constructor(git: GitRunner, args: readonly string[]) {
		this.#git = git;
		this.#args = args;
	}

	/** `verb` is the command of --batch-command with a space, undefined for the older protocol. */
	ask(names: readonly string[], verb: string | undefined, withContent: boolean): Promise<Reply[]> {
		if (names.length === 0) return Promise.resolve([]);
		const bad = names.find((name) => /[\n\r\0]/.test(name) || name === '');
		if (bad !== undefined) {
			return Promise.reject(
				new RangefinderError({ code: 'unsafe-path', where: this.#git.where, path: bad.trim() }),
			);
		}
		return new Promise((resolve, reject) => {
			this.#waiting.push({ left: names.length, replies: [], withContent, resolve, reject });
			let text = '';
			for (const name of names) text += `${verb ?? ''}${name}\n`;
			if (verb !== undefined) text += 'flush\n';
			this.#process ??= this.#start();
			this.#watch();
			this.#process.stdin.write(text);
		});
	}

	close(): Promise<void> {
		const process = this.#process;
		if (process === undefined) return this.#ended;
		if (this.#waiting.length > 0) process.kill();
		else process.stdin.end();
		return this.#ended;
	}

	#start(): GitProcess {
		const process = this.#git.start(this.#args);
		this.#stderr = '';
		this.#line = [];
		this.#header = undefined;
		this.#ended = new Promise((resolve) => {
			const end = (error: Error): void => {
				if (this.#process === process) {
					this.#process = undefined;
					this.#fail(error);
				}
				resolve();
			};
			process.on('error', (error) => end(startFailure(this.#git.where, error)));
			process.on('close', (code) => end(gitFailure(this.#git.where, this.#stderr, code)));
		});
		// A broken pipe says only that git ended; the close event says how.
		process.stdin.on('error', () => {});
		process.stderr.on('data', (chunk: Buffer) => {
			this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_KEPT);
		});
		process.stdout.on('data', (chunk: Buffer) => {
			if (this.#process !== process) return;
			try {
				this.#parse(chunk);
				this.#watch();
			} catch (error) {
				this.#process = undefined;
				process.kill();
				this.#fail(error instanceof Error ? error : new Error(String(error)));
			}
		});
		return process;
	}

	/** Gives git its time again, or stops the clock when nothing is waited for. */
	#watch(): void {
		if (this.#waiting.length === 0) {
			clearTimeout(this.#giveUp);
			this.#giveUp = undefined;
		} else if (this.#giveUp !== undefined) this.#giveUp.refresh();
		else {
			this.#giveUp = setTimeout(() => {
				const process = this.#process;
				this.#process = undefined;
				process?.kill();
				this.#fail(silent(this.#git.where));
			}, this.#git.patience);
		}
	}

	#fail(error: Error): void {
		clearTimeout(this.#giveUp);
		this.#giveUp = undefined;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const batch of waiting) batch.reject(error);
	}

	#parse(chunk: Buffer): void {
		let at = 0;
		while (at < chunk.length) {
			at = this.#header === undefined ? this.#parseLine(chunk, at) : this.#fill(chunk, at);
		}
	}

	/** Reads a header line, or as much of it as there is; returns where it stopped. */
	#parseLine(chunk: Buffer, at: number): number {
		const end = chunk.indexOf(10, at);
		if (end < 0) {
			this.#line.push(chunk.subarray(at));
			return chunk.length;
		}
		let line = chunk.subarray(at, end);
		if (this.#line.length > 0) {
			line = Buffer.concat([...this.#line, line]);
			this.#line = [];
		}
		const text = line.toString();
		const reply = parseHeader(text);
		if (reply === undefined) {
			throw new RangefinderError({
				code: 'git-failed',
				where: this.#git.where,
				what: `git cat-file answered what is not understood: ${text.slice(0, 80)}`,
			});
		}
		if (typeof reply !== 'string' && this.#waiting[0]?.withContent === true) {
			if (reply.size > LARGEST_OBJECT) throw tooLarge(this.#git.where, reply);
			this.#header = reply;
			this.#content = new Uint8Array(reply.size);
			this.#filled = 0;
		} else {
			this.#deliver(reply);
		}
		return end + 1;
	}

	/** Copies content, and steps over the newline that ends it; returns where it stopped. */
	#fill(chunk: Buffer, at: number): number {
		const header = this.#header;
		if (header === undefined) return at;
		const end = Math.min(chunk.length, at + header.size - this.#filled);
		if (end > at) {
			this.#content.set(chunk.subarray(at, end), this.#filled);
			this.#filled += end - at;
		}
		if (this.#filled < header.size || end >= chunk.length) return end;
		this.#header = undefined;
		this.#deliver({ ...header, content: this.#content });
		return end + 1;
	}

	#deliver(reply: Reply): void {
		const batch = this.#waiting[0];
		if (batch === undefined) {
			throw new RangefinderError({
				code: 'git-failed',
				where: this.#git.where,
				what: 'git cat-file answered what was not asked',
			});
		}
		batch.replies.push(reply);
		batch.left--;
		if (batch.left > 0) return;
		this.#waiting.shift();
		batch.resolve(batch.replies);
	}
}

/** What it means that an object is larger than any that is read. */
function tooLarge(where: string, { type, oid, size }: ObjectHeader): RangefinderError {
	const most = `at most ${LARGEST_OBJECT / 1024 / 1024} MiB are read`;
	const what = `the ${type} ${oid} has ${Math.ceil(size / 1024 / 1024)} MiB; ${most}`;
	return new RangefinderError({ code: 'git-failed', where, what });
}

/** A reply line of cat-file; undefined when it is none. */
export function parseHeader(text: string): ObjectHeader | NoObject | undefined {
	const match = HEADER.exec(text);
	if (match !== null) {
		const [, oid = '', type = '', size = ''] = match;
		return { oid, type: type as ObjectHeader['type'], size: Number(size) };
	}
	if (text.endsWith(' missing')) return 'missing';
	if (text.endsWith(' ambiguous')) return 'ambiguous';
	// A submodule's commit, which is not in this repository.
	if (text.endsWith(' submodule')) return 'missing';
	return undefined;
}
