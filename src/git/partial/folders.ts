/**
 * Two git folders of our own beside a partial clone. `received` takes what is fetched: it has our own
 * configuration and no alternates. `view` has no objects, only the clone's and the received ones as
 * alternates, and no promisor: read through it, an object that is missing is said to be missing, where a
 * git older than 2.45 would begin to fetch it when the clone itself is read.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { demandRoom, makeGitFolder, removeFolder, removeLeftovers } from '../own-folder.ts';

export interface OwnFolders {
	/** A git folder for fetching. */
	readonly received: string;
	/** A git folder for reading. */
	readonly view: string;
	/** Removes them, where they are only for this run. */
	remove(): Promise<void>;
}

export interface FoldersOptions {
	/** Where they are kept for the next run; a temporary folder without it, or where it cannot be written. */
	readonly folder: string | undefined;
	/** The absolute path of the clone's object folder. */
	readonly objects: string;
	/** The clone's hash: `sha1`, `sha256`. */
	readonly format: string;
	/** Where the clone's missing objects may be fetched from. */
	readonly urls: readonly string[];
}

/** The name of the remote number `index` in the `received` folder. */
export function remoteName(index: number): string {
	return `promisor-${index}`;
}

/** Leftovers of a run that was killed are removed after this; milliseconds. */
const LEFTOVER = 24 * 60 * 60 * 1000;
/** Of folders in the system's temporary folder. */
const TEMPORARY = 'rangefinder-objects-';
const INCOMING = 'incoming-';

/**
 * Makes the folders, or finds those of an earlier run. Other processes may do the same at the same time.
 * @throws RangefinderError disk-full
 */
export async function openOwnFolders(options: FoldersOptions): Promise<OwnFolders> {
	const { folder } = options;
	if (folder !== undefined) {
		const { objects, format, urls } = options;
		const key = createHash('sha256')
			.update(JSON.stringify([objects, format, urls]))
			.digest('hex');
		try {
			const base = join(folder, key.slice(0, 20));
			const made = await fill(base, options);
			await removeOld(made.received, INCOMING);
			return { ...made, remove: async () => {} };
		} catch (error) {
			// A folder that cannot be written: this run has one of its own.
			demandRoom(folder, error);
		}
	}
	const temporary = tmpdir();
	await removeOld(temporary, TEMPORARY);
	try {
		const base = await mkdtemp(join(temporary, TEMPORARY));
		const made = await fill(base, options);
		return { ...made, remove: () => removeFolder(base) };
	} catch (error) {
		demandRoom(temporary, error);
		throw error;
	}
}

/**
 * A folder for the objects of one request, in the `received` folder. What a request that fails leaves behind
 * goes with it, and nobody else's does. Throws disk-full.
 */
export async function openIncoming(received: string): Promise<string> {
	try {
		const dir = await mkdtemp(join(received, INCOMING));
		await makeFolder(join(dir, 'pack'));
		return dir;
	} catch (error) {
		demandRoom(received, error);
		throw error;
	}
}

/** Puts the whole packs of such a folder among the received ones, the index of each last, and removes it. */
export async function keepIncoming(received: string, dir: string): Promise<void> {
	const from = join(dir, 'pack');
	const names = await readdir(from).catch(() => []);
	const whole = names.filter((name) => /^pack-[0-9a-f]+\.idx$/.test(name));
	for (const index of whole) {
		const pack = index.replace(/idx$/, '');
		const others = names.filter((name) => name.startsWith(pack) && name !== index);
		for (const name of [...others, index]) {
			await rename(join(from, name), join(received, 'objects', 'pack', name));
		}
	}
	await removeFolder(dir);
}

async function fill(
	base: string,
	{ objects, format, urls }: FoldersOptions,
): Promise<{ received: string; view: string }> {
	const received = join(base, 'received.git');
	const view = join(base, 'view.git');
	const remotes = urls.map(
		(url, i) =>
			`[remote "${remoteName(i)}"]\n\turl = ${quoted(url)}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n`,
	);
	// A URL may carry a password.
	await makeFolder(base, 0o700);
	await makeGitFolder(received, { objectFormat: format, config: remotes.join('') });
	const alternates = [objects, join(received, 'objects')];
	await makeGitFolder(view, { objectFormat: format, alternates });
	return { received, view };
}

/** A value as git-config(1) quotes it. */
function quoted(value: string): string {
	return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** Removes what a killed run left in a folder, if nobody wrote to it for a day. */
function removeOld(folder: string, prefix: string): Promise<void> {
	const limit = Date.now() - LEFTOVER;
	return removeLeftovers(folder, (name, changed) => name.startsWith(prefix) && changed <= limit);
}
