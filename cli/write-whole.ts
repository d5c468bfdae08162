/**
 * Writes a file so that it is there whole or not at all. What a death while writing leaves beside it is
 * replaced by who writes the file next.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { RangefinderError } from '../src/errors.ts';

function reason(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	switch (code) {
		case 'ENOENT':
			return 'its folder does not exist';
		case 'EACCES':
		case 'EPERM':
			return 'no permission to write here';
		case 'EISDIR':
			return 'this is a folder';
		case 'ENOSPC':
			return 'no space left';
		case 'EROFS':
			return 'this file system is read-only';
		default:
			return error instanceof Error ? error.message : String(error);
	}
}

/**
 * Writes `bytes` to `path`, replacing what is there. Without a pause, so that Ctrl-C comes before or after it and
 * leaves no half of it behind. Throws output-unwritable.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
	const partial = `${path}.partial`;
	try {
		writeFileSync(partial, bytes, { flush: true });
		renameSync(partial, path);
	} catch (error) {
		rmSync(partial, { force: true });
		throw new RangefinderError(
			{ code: 'output-unwritable', where: path, what: reason(error) },
			{ cause: error },
		);
	}
}

/** Makes a folder, if it is not there. Throws output-unwritable. */
export async function makeFolder(path: string): Promise<void> {
	try {
		await mkdir(path, { recursive: true });
	} catch (error) {
		throw new RangefinderError(
			{ code: 'output-unwritable', where: path, what: reason(error) },
			{ cause: error },
		);
	}
}
