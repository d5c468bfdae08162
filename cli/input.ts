/** Reads what the user gave as a patch: a file, standard input, or a commit of the repository. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RangefinderError } from '../src/errors.ts';
import type { ObjectStore } from '../src/git/store.ts';
import type { EngineWorld } from './engine.ts';

/** More than this is no mail; bytes. */
const MAX_BYTES = 128 * 1024 * 1024;

export interface InputPatch {
	bytes: Uint8Array;
	/** Names the input in messages. */
	where: string;
	/** The commit, when it is one. */
	commit?: string;
}

/**
 * Reads the input. A file of that name goes before a revision.
 * @throws RangefinderError input-unreadable, unknown-revision
 */
export async function readInput(
	input: string,
	world: EngineWorld,
	store: ObjectStore | undefined,
): Promise<InputPatch> {
	if (input === '-') {
		const chunks: Buffer[] = [];
		let length = 0;
		for await (const chunk of world.stdin) {
			const bytes = Buffer.from(chunk);
			length += bytes.length;
			if (length > MAX_BYTES) throw unreadable('standard input', 'larger than 128 MiB');
			chunks.push(bytes);
		}
		return { bytes: Buffer.concat(chunks), where: 'standard input' };
	}
	const bytes = await readFileIfThere(resolve(world.cwd, input), input);
	if (bytes !== undefined) return { bytes, where: input };
	const commit = await store?.resolveCommit(input);
	if (store === undefined || commit === undefined) {
		throw new RangefinderError({
			code: 'unknown-revision',
			revision: input,
			where: store?.where ?? world.cwd,
		});
	}
	return { bytes: await store.patchOf(commit), where: input, commit };
}

async function readFileIfThere(path: string, named: string): Promise<Uint8Array | undefined> {
	try {
		const file = await open(path, 'r');
		try {
			const stat = await file.stat();
			if (stat.isDirectory()) throw unreadable(named, 'is a folder');
			if (stat.size > MAX_BYTES) throw unreadable(named, 'larger than 128 MiB');
			return await file.readFile();
		} finally {
			await file.close();
		}
	} catch (error) {
		if (!(error instanceof Error && 'code' in error)) throw error;
		if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ENAMETOOLONG') {
			return undefined;
		}
		throw unreadable(named, error.code === 'EACCES' ? 'permission denied' : error.message);
	}
}

function unreadable(where: string, what: string): RangefinderError {
	return new RangefinderError({ code: 'input-unreadable', where, what });
}
