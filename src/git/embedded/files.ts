/**
 * Reading files of a repository that may hold anything: never more than a limit, never a pipe or a
 * device, and never written.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { RangefinderError } from '../../errors.ts';

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EINVAL']);

/**
 * The bytes of a file, undefined when it is not there; they begin at the start of their ArrayBuffer.
 * `where` is the repository in messages, `limit` in bytes.
 * Throws git-failed for a file that is longer, is no regular file, or cannot be read.
 */
export async function readFileUpTo(
	path: string,
	limit: number,
	where: string,
): Promise<Buffer<ArrayBuffer> | undefined> {
	let file: FileHandle;
	try {
		// Without O_NONBLOCK the opening of a pipe waits for who writes to it.
		file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
	} catch (error) {
		if (MISSING.has(errnoOf(error))) return undefined;
		throw unreadable(where, path, errnoOf(error), error);
	}
	try {
		const stat = await file.stat();
		if (!stat.isFile()) throw unreadable(where, path, 'no regular file');
		if (stat.size > limit) throw unreadable(where, path, `longer than ${limit} bytes`);
		const bytes = Buffer.from(new ArrayBuffer(stat.size));
		let filled = 0;
		while (filled < bytes.length) {
			const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
			if (bytesRead === 0) throw unreadable(where, path, 'it shrank while it was read');
			filled += bytesRead;
		}
		return bytes;
	} catch (error) {
		if (error instanceof RangefinderError) throw error;
		throw unreadable(where, path, errnoOf(error), error);
	} finally {
		await file.close();
	}
}

export interface FolderEntry {
	readonly name: string;
	/** A folder itself, not a link to one. */
	readonly isFolder: boolean;
}

/** What is in a folder, by name; [] when it is not there. Throws git-failed when it cannot be read. */
export async function readFolder(path: string, where: string): Promise<FolderEntry[]> {
	try {
		const entries = await readdir(path, { withFileTypes: true });
		return entries
			.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
			.sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch (error) {
		if (MISSING.has(errnoOf(error))) return [];
		throw unreadable(where, path, errnoOf(error), error);
	}
}

/** A repository whose bytes are not what git writes. */
export function damaged(where: string, what: string, cause?: unknown): RangefinderError {
	return new RangefinderError({ code: 'git-failed', where, what }, { cause });
}

/** A sound repository that this store does not read. `what` begins with what is in it. */
export function needsGit(where: string, what: string): RangefinderError {
	return new RangefinderError({ code: 'needs-git', where, what });
}

function unreadable(where: string, path: string, why: string, cause?: unknown): RangefinderError {
	const words = why === 'EACCES' || why === 'EPERM' ? 'permission denied' : why;
	return damaged(where, `${path} cannot be read (${words})`, cause);
}

function errnoOf(error: unknown): string {
	if (error instanceof Error && 'code' in error) return String(error.code);
	return error instanceof Error ? error.message : String(error);
}
