/**
 * The user's cache of registration facts: bytes by blob id and extractor version, in an lmdb file.
 * It only ever saves time: a damaged, foreign or unwritable cache is rebuilt or done without, and
 * nothing here fails because of it.
 */
import { randomBytes } from 'node:crypto';
import {
	existsSync,
	linkSync,
	readFileSync,
	rmSync,
	statfsSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { RootDatabase } from 'lmdb';
import { makeFolder } from '../src/git/make-folder.ts';
import { isSoundLmdbFile } from './lmdb-file.ts';
import { inTurn } from './turn.ts';

export interface FactsCache {
	/** The values that are known, by blob id; the others are absent. */
	getMany(oids: readonly string[]): Map<string, Uint8Array>;
	/** Remembers values; resolves when they are written, or could not be. */
	putMany(entries: Iterable<readonly [oid: string, value: Uint8Array]>): Promise<void>;
	close(): Promise<void>;
}

export interface FactsCacheOptions {
	/** Where the cache lives; made when it is not there. */
	readonly folder: string;
	/** The extractor version; values of another version are never seen. */
	readonly version: string;
}

type Store = RootDatabase<Buffer, Buffer>;

/** What the header record of our own files says. */
const FORMAT = Buffer.from('rangefinder-facts/1');
const HEADER_KEY = Buffer.from('\0format');
const FILE = 'facts.mdb';
const CHECKSUM_BYTES = 4;
/** Bytes; a cache that grew beyond it (old extractor versions) starts afresh. */
const LARGEST_FILE = 512 * 1024 * 1024;
/** Bytes of a disk that are left to others; with less room than this there is no cache. */
const ROOM_LEFT = 16 * 1024 * 1024;
/**
 * What lmdb says of a sound file where one process opened it while the last other one closed it, and says again to
 * everybody as long as one has it open: that other one had destroyed the mutexes in the lock file.
 */
const NO_TURN = /No (?:current read )?transaction (?:to renew|available)/;
/** Milliseconds that a process waits for others to open or close the file. */
const PATIENCE = 2000;
/** Bytes of a lock file: what lmdb makes it (8 KiB and a bit), in whole pages. */
const LOCK_BYTES = 12 * 1024;

/**
 * The user's cache folder: `$RANGEFINDER_CACHE`, else `$XDG_CACHE_HOME/rangefinder`, else
 * `~/.cache/rangefinder`. An XDG_CACHE_HOME that is not absolute is ignored, as its standard says.
 */
export function cacheFolder(
	env: Readonly<Record<string, string | undefined>>,
	home: string,
): string {
	if (env.RANGEFINDER_CACHE) return env.RANGEFINDER_CACHE;
	const xdg = env.XDG_CACHE_HOME;
	return join(xdg?.startsWith('/') ? xdg : join(home, '.cache'), 'rangefinder');
}

/** The cache that knows nothing and keeps nothing, for `--no-cache`. */
export const NULL_CACHE: FactsCache = {
	getMany: () => new Map(),
	putMany: async () => {},
	close: async () => {},
};

/**
 * Opens the cache. Never throws: where none can be had (a folder that cannot be written, no lmdb
 * for this machine) the answer is {@link NULL_CACHE}.
 */
export async function openFactsCache(options: FactsCacheOptions): Promise<FactsCache> {
	try {
		await makeFolder(options.folder);
		if (!hasRoom(options.folder, 0)) return NULL_CACHE;
		const file = join(options.folder, FILE);
		const db = await alone(file, () => openSound(file));
		return db === undefined ? NULL_CACHE : new LmdbCache(db, file, options.version);
	} catch {
		return NULL_CACHE;
	}
}

/**
 * Opens or closes a file while no other process does. lmdb's own lock does not see to that: who closes a file as the
 * last destroys the mutexes that one who opens it meanwhile goes on to use, so that some find no way in and others
 * write at the same time and lose what was written.
 */
function alone<T>(file: string, run: () => Promise<T>): Promise<T> {
	const folder = statSync(dirname(file), { throwIfNoEntry: false });
	return folder === undefined ? run() : inTurn(`${folder.dev}:${folder.ino}`, PATIENCE, run);
}

/** Opens a file that is ours, in the place of what was there where that is damaged or foreign. */
async function openSound(file: string): Promise<Store | undefined> {
	// lmdb maps the file: one that is cut off would end the process, so it never gets to see it.
	if (!wasLeftSound(file) && !isSoundLmdbFile(file, LARGEST_FILE)) await discard(file);
	const db = await openOwn(file);
	if (db !== undefined) return db;
	await discard(file);
	return openOwn(file);
}

/** What a file is that nobody wrote to since: its size, its place and when it was written last. */
function stampOf(file: string): string {
	const { size, ino, mtimeNs } = statSync(file, { bigint: true });
	return `${size} ${ino} ${mtimeNs}`;
}

/**
 * Whether the last process that closed the file left it as it is now. Looking at every page of a
 * cache takes longer the more is in it; after a kill, or a write by anybody else, that has to be.
 */
function wasLeftSound(file: string): boolean {
	try {
		return readFileSync(`${file}-sound`, 'utf8') === stampOf(file);
	} catch {
		return false;
	}
}

/** Notes how a file was left. */
function leaveSound(file: string): void {
	try {
		writeFileSync(`${file}-sound`, stampOf(file));
	} catch {
		// The next run looks at the whole file.
	}
}

/**
 * Whether a disk has room for so many bytes and for what lmdb writes besides. lmdb complains of a full disk
 * on the terminal, past us, so it is not let write on one.
 */
function hasRoom(folder: string, bytes: number): boolean {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize >= ROOM_LEFT + 2 * bytes;
}

/**
 * Makes the lock file with room on the disk. lmdb makes it longer without, and writes to it as memory: on a
 * full disk that ends the process (SIGBUS). One that is there may be in use and is left alone; it comes to be there
 * whole, as what another process has begun to lock with must not be written over.
 */
function makeLockFile(file: string): void {
	const lock = `${file}-lock`;
	if (existsSync(lock)) return;
	const made = `${lock}.${randomBytes(6).toString('hex')}`;
	try {
		writeFileSync(made, Buffer.alloc(LOCK_BYTES));
		linkSync(made, lock);
	} catch (error) {
		// Where another was sooner, and where files have one name each, there is nothing to do.
		const harmless = ['EEXIST', 'EPERM', 'ENOTSUP', 'ENOSYS'];
		if (!(error instanceof Error && 'code' in error && harmless.includes(`${error.code}`)))
			throw error;
	} finally {
		rmSync(made, { force: true });
	}
}

/**
 * Opens a file and proves that it is ours; undefined when it is not, or cannot be read.
 * @throws what lmdb says of a file that it cannot read beside those who are making it: it is theirs
 */
async function openOwn(file: string): Promise<Store | undefined> {
	const { open } = await import('lmdb');
	let db: Store | undefined;
	makeLockFile(file);
	try {
		db = open<Buffer, Buffer>({ path: file, encoding: 'binary', keyEncoding: 'binary' });
		if (isOurs(db) || begin(db)) return db;
	} catch (error) {
		if (error instanceof Error && NO_TURN.test(error.message)) {
			await db?.close();
			throw error;
		}
		// Damaged inside: closed and rebuilt like a foreign one.
	}
	await db?.close();
	return undefined;
}

function isOurs(db: Store): boolean {
	return db.getBinary(HEADER_KEY)?.equals(FORMAT) === true;
}

/** Makes an empty file ours, at once: another process may be making the same one. False where something else is in it. */
function begin(db: Store): boolean {
	return db.transactionSync(() => {
		if (isOurs(db)) return true;
		if (db.getKeysCount({ limit: 1 }) > 0) return false;
		db.putSync(HEADER_KEY, FORMAT);
		return true;
	});
}

async function discard(file: string): Promise<void> {
	await rm(file, { force: true });
	await rm(`${file}-lock`, { force: true });
	await rm(`${file}-sound`, { force: true });
}

class LmdbCache implements FactsCache {
	readonly #file: string;
	readonly #prefix: string;
	/** Undefined once it is closed or turned out to be damaged. */
	#db: Store | undefined;

	constructor(db: Store, file: string, version: string) {
		this.#db = db;
		this.#file = file;
		this.#prefix = `${version}\0`;
	}

	getMany(oids: readonly string[]): Map<string, Uint8Array> {
		const found = new Map<string, Uint8Array>();
		try {
			for (const oid of oids) {
				const value = unseal(this.#db?.getBinary(this.#key(oid)));
				if (value !== undefined) found.set(oid, value);
			}
		} catch {
			void this.#giveUp();
		}
		return found;
	}

	async putMany(entries: Iterable<readonly [oid: string, value: Uint8Array]>): Promise<void> {
		const db = this.#db;
		if (db === undefined) return;
		try {
			const all = [...entries];
			const bytes = all.reduce((sum, [, value]) => sum + value.byteLength, 0);
			if (!hasRoom(dirname(this.#file), bytes)) return;
			// At once: of writes in the background a failure comes as promises that nobody can take.
			db.transactionSync(() => {
				for (const [oid, value] of all) db.putSync(this.#key(oid), seal(value));
			});
		} catch {
			await this.#giveUp();
		}
	}

	async close(): Promise<void> {
		const db = this.#db;
		if (db === undefined) return;
		this.#db = undefined;
		await alone(this.#file, () => db.close());
		if (!wasLeftSound(this.#file)) leaveSound(this.#file);
	}

	#key(oid: string): Buffer {
		return Buffer.from(this.#prefix + oid);
	}

	/** Does without from here on; the next run starts with a new file. */
	async #giveUp(): Promise<void> {
		try {
			await this.close();
			await alone(this.#file, () => discard(this.#file));
		} catch {
			// Not even that is possible, and nothing depends on it.
		}
	}
}

/** A value with its checksum before it. */
function seal(value: Uint8Array): Buffer {
	const sealed = Buffer.allocUnsafe(CHECKSUM_BYTES + value.byteLength);
	sealed.writeUInt32BE(crc32(value), 0);
	sealed.set(value, CHECKSUM_BYTES);
	return sealed;
}

/** The value again; undefined when its checksum is wrong. */
function unseal(sealed: Buffer | undefined): Uint8Array | undefined {
	if (sealed === undefined || sealed.length < CHECKSUM_BYTES) return undefined;
	const value = sealed.subarray(CHECKSUM_BYTES);
	return crc32(value) === sealed.readUInt32BE(0) ? value : undefined;
}
