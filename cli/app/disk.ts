/**
 * What the app reads and writes besides its work: folders to choose from, the list of recent patches and
 * pasted mails in the cache folder, and files that the user asks for.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolder, writeWhole } from '../write-whole.ts';
import type { FileEntry, Recent } from './state/open.ts';

export interface Disk {
	/** The folders and files of a folder, folders first; rejects where it cannot be read. */
	list(folder: string): Promise<FileEntry[]>;
	recent(): Promise<Recent[]>;
	/** Keeps the list; a folder that cannot be written loses it. */
	keepRecent(recent: readonly Recent[]): Promise<void>;
	/** Keeps a pasted mail and returns its path. */
	keepMail(text: string): Promise<string>;
	/** Writes a file that the user named, in a folder that is made; returns its path. */
	write(path: string, text: string): Promise<string>;
	parent(folder: string): string;
}

const RECENT = 'recent.json';
/** Entries of a folder that are listed at most. */
const MOST_ENTRIES = 20_000;

/** The disk, with a folder of the app's own, and paths from `cwd`. */
export function createDisk(own: string, cwd: string): Disk {
	return {
		list: async (folder) => {
			const entries = (await readdir(folder, { withFileTypes: true })).slice(0, MOST_ENTRIES);
			const found = await Promise.all(
				entries.map(async (entry): Promise<FileEntry> => {
					const path = join(folder, entry.name);
					const isFolder =
						entry.isDirectory() || (entry.isSymbolicLink() && (await isDirectory(path)));
					const repository = isFolder && (await isRepository(path));
					return { name: entry.name, path, folder: isFolder, repository };
				}),
			);
			found.sort((a, b) => Number(b.folder) - Number(a.folder) || (a.name < b.name ? -1 : 1));
			const here = {
				name: '.',
				path: folder,
				folder: true,
				repository: await isRepository(folder),
			};
			const up = { name: '..', path: dirname(folder), folder: true, repository: false };
			return [...(here.repository ? [here] : []), up, ...found];
		},
		recent: async () => {
			try {
				const read: unknown = JSON.parse(await readFile(join(own, RECENT), 'utf8'));
				return Array.isArray(read) ? read.filter(isRecent) : [];
			} catch {
				return [];
			}
		},
		keepRecent: async (recent) => {
			try {
				await mkdir(own, { recursive: true });
				await writeWhole(join(own, RECENT), Buffer.from(JSON.stringify(recent)));
			} catch {
				// Nothing but the list is lost.
			}
		},
		keepMail: async (text) => {
			const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
			const path = join(own, 'pasted', `${name}.eml`);
			await mkdir(dirname(path), { recursive: true });
			await writeWhole(path, Buffer.from(text));
			return path;
		},
		write: async (path, text) => {
			const whole = resolve(cwd, path);
			await makeFolder(dirname(whole));
			await writeWhole(whole, Buffer.from(text, 'latin1'));
			return whole;
		},
		parent: (folder) => dirname(folder),
	};
}

async function isDirectory(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isDirectory();
	} catch {
		return false;
	}
}

/** A work tree, a linked one, or a bare repository. */
async function isRepository(folder: string): Promise<boolean> {
	const there = async (name: string) =>
		stat(join(folder, name)).then(
			() => true,
			() => false,
		);
	if (await there('.git')) return true;
	return (await there('HEAD')) && (await there('objects')) && (await there('refs'));
}

function isRecent(value: unknown): value is Recent {
	if (typeof value !== 'object' || value === null) return false;
	const { input, example, subject, date, patch, repo } = value as Partial<
		Record<keyof Recent, unknown>
	>;
	const optional = [patch, repo].every((one) => one === undefined || typeof one === 'string');
	return (
		typeof input === 'string' &&
		typeof example === 'boolean' &&
		typeof subject === 'string' &&
		typeof date === 'string' &&
		optional
	);
}
