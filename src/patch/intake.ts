/**
 * Mails and patches from anything a maintainer has: a file (mail, mbox, diff, `git log -p`), a
 * stream, a maildir, a public-inbox, a folder of patches with or without a quilt series. Everything is
 * an async iterable of messages; only the one at hand is in memory.
 */
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RangefinderError } from '../errors.ts';
import type { Environment } from '../git/process.ts';
import { type ReadPatch, readMessage } from './mail.ts';
import { LARGEST_MESSAGE, MessageSplitter, type RawMessage } from './mbox.ts';

/** Bytes read at once. */
const CHUNK = 1024 * 1024;
/** A quilt series names its patches; more than this is no such file. */
const LARGEST_SERIES_FILE = 1024 * 1024;

/** Splits a stream of bytes into messages. @throws RangefinderError input-unreadable, too large */
export async function* messagesOf(
	chunks: AsyncIterable<Uint8Array>,
	where: string,
): AsyncGenerator<RawMessage> {
	const splitter = new MessageSplitter(where);
	for await (const chunk of chunks) yield* splitter.push(chunk);
	yield* splitter.end();
}

/** The messages of a file. @throws RangefinderError input-unreadable */
export async function* messagesOfFile(path: string, where: string): AsyncGenerator<RawMessage> {
	const stream = createReadStream(path, { highWaterMark: CHUNK });
	try {
		yield* messagesOf(stream, where);
	} catch (error) {
		if (error instanceof RangefinderError) throw error;
		const what = error instanceof Error ? error.message : String(error);
		throw new RangefinderError({ code: 'input-unreadable', where, what }, { cause: error });
	} finally {
		stream.destroy();
	}
}

/**
 * The messages of a folder: a public-inbox (its folder with `git/0.git`, or one bare repository), a
 * maildir, a quilt series, or files named like patches and mails, in order of their names.
 * `env` is the environment of the caller, for git. @throws RangefinderError input-unreadable,
 * git-failed, git-missing
 */
export async function* messagesOfFolder(
	folder: string,
	where: string,
	env: Environment,
): AsyncGenerator<RawMessage> {
	const names = (await readdir(folder)).sort();
	const has = (...wanted: string[]): boolean => wanted.every((name) => names.includes(name));
	const epochs = has('git') ? await inboxEpochs(join(folder, 'git')) : [];
	if (epochs.length > 0 || has('HEAD', 'objects', 'refs')) {
		const { inboxMails } = await import('../git/public-inbox.ts');
		let count = 0;
		for (const dir of epochs.length > 0 ? epochs : [folder]) {
			for await (const bytes of inboxMails(dir, env, LARGEST_MESSAGE)) {
				yield { bytes, where: `${where} (message ${++count})` };
			}
		}
		return;
	}
	const files = has('cur', 'new')
		? await maildirFiles(folder)
		: has('series')
			? await quiltFiles(folder)
			: names.filter(isPatchName).map((name) => join(folder, name));
	let found = false;
	for (const file of files) {
		if (!(await isFile(file))) continue;
		found = true;
		const name = join(where, file.slice(folder.length + 1));
		try {
			yield* messagesOfFile(file, name);
		} catch (error) {
			if (!(error instanceof RangefinderError)) throw error;
			yield { bytes: new Uint8Array(), where: name, problem: error };
		}
	}
	if (found) return;
	throw new RangefinderError({
		code: 'input-unreadable',
		where,
		what: 'is a folder without mails or patches',
	});
}

/** What a file of a folder of patches is called: 0001-x.patch, x.diff, x.eml, 17 (as MH has it). */
function isPatchName(name: string): boolean {
	return /\.(patch|diff|eml|mbox|mbx|txt)$/i.test(name) || /^\d+$/.test(name);
}

async function isFile(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}

/** The repositories of a public-inbox of version 2, the oldest first. */
async function inboxEpochs(folder: string): Promise<string[]> {
	let names: string[];
	try {
		names = await readdir(folder);
	} catch {
		return [];
	}
	return names
		.filter((name) => /^\d+\.git$/.test(name))
		.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
		.map((name) => join(folder, name));
}

async function maildirFiles(folder: string): Promise<string[]> {
	const files: { name: string; path: string }[] = [];
	for (const part of ['cur', 'new']) {
		for (const name of await readdir(join(folder, part))) {
			if (!name.startsWith('.')) files.push({ name, path: join(folder, part, name) });
		}
	}
	// Names start with the time of delivery.
	files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
	return files.map(({ path }) => path);
}

/** The patches that a `series` file names, in its order; `#` starts a comment. */
async function quiltFiles(folder: string): Promise<string[]> {
	const path = join(folder, 'series');
	if ((await stat(path)).size > LARGEST_SERIES_FILE) return [];
	const files: string[] = [];
	for (const line of (await readFile(path, 'utf8')).split('\n')) {
		const name =
			line
				.replace(/(^|\s)#.*$/, '')
				.trim()
				.split(/\s+/)[0] ?? '';
		// A series names what is beside it, and nothing else of the machine.
		if (name === '' || name.startsWith('/') || name.split('/').includes('..')) continue;
		files.push(join(folder, name));
	}
	return files;
}

/** What became of one message: its patches, or why it gave none. */
export type Intake =
	| { where: string; patches: ReadPatch[]; bytes: Uint8Array }
	| { where: string; problem: RangefinderError };

/**
 * Reads every message as it comes; a message without a patch (a cover letter, an answer) is a problem too.
 * @throws RangefinderError for a message that could not be had
 */
export async function* readMessages(messages: AsyncIterable<RawMessage>): AsyncGenerator<Intake> {
	for await (const { bytes, where, problem } of messages) {
		if (problem !== undefined) throw problem;
		try {
			yield { where, patches: readMessage(bytes, where), bytes };
		} catch (error) {
			if (!(error instanceof RangefinderError)) throw error;
			yield { where, problem: error };
		}
	}
}
