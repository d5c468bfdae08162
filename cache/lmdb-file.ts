/**
 * Whether a file can be given to lmdb. lmdb maps files into memory and trusts them: a truncated,
 * foreign or scrambled file ends the whole process (SIGBUS, SIGSEGV) instead of raising an error.
 * So its two meta pages and the pages of its trees are looked at here first, as plain bytes.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const NO_PAGE = 0xffffffffffffffffn;

/** Flags of a page, and of a node whose value is on pages of its own. */
const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const META = 0x08;
const BIG_DATA = 0x01;

/** Byte offsets within a meta page of the lmdb that is used here (data version 2). */
const AT = {
	flags: 18,
	magic: 24,
	version: 28,
	pageSize: 48,
	roots: [
		{ depth: 54, root: 88 },
		{ depth: 102, root: 136 },
	],
	lastPage: 144,
	transaction: 152,
	end: 160,
} as const;
/** Bytes of a page's header; its node table follows. */
const PAGE_HEADER = 24;
const NODE_HEADER = 8;
/** How often it is looked again at a file that another process is writing. */
const ATTEMPTS = 3;

interface Meta {
	readonly pageSize: number;
	readonly lastPage: number;
	readonly transaction: bigint;
	/** The trees of free pages and of data; page -1 when there is none. */
	readonly roots: readonly { readonly depth: number; readonly page: number }[];
}

/**
 * True for a file that is not there, is empty (lmdb makes it) or has two meta pages and sound
 * trees, and is at most `largest` bytes. Throws what the file system says, except that there is
 * no such file.
 */
export function isSoundLmdbFile(file: string, largest: number): boolean {
	let fd: number;
	try {
		fd = openSync(file, 'r');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
		throw error;
	}
	try {
		for (let attempt = 1; ; attempt++) {
			const meta = newestMeta(fd, largest);
			if (meta === 'empty') return true;
			if (meta === undefined) return false;
			if (meta.roots.every(({ page, depth }) => isSoundTree(fd, meta, page, depth))) return true;
			// Pages that were in use may have been written anew meanwhile.
			const later = newestMeta(fd, largest);
			if (typeof later === 'object' && later.transaction !== meta.transaction) {
				if (attempt < ATTEMPTS) continue;
				return true;
			}
			return false;
		}
	} finally {
		closeSync(fd);
	}
}

function newestMeta(fd: number, largest: number): Meta | 'empty' | undefined {
	// One that another process is about to fill is still empty, whatever it has by the end.
	if (fstatSync(fd).size === 0) return 'empty';
	const first = readMeta(fd, 0);
	const second = first === undefined ? undefined : readMeta(fd, first.pageSize);
	// The size is asked for last: another process may be making the file grow.
	const { size } = fstatSync(fd);
	if (first === undefined || second === undefined || size > largest) return undefined;
	if (first.pageSize !== second.pageSize) return undefined;
	if (size < (Math.max(first.lastPage, second.lastPage) + 1) * first.pageSize) return undefined;
	return first.transaction > second.transaction ? first : second;
}

function readMeta(fd: number, position: number): Meta | undefined {
	const page = readBytes(fd, position, AT.end);
	if (page === undefined) return undefined;
	if (page.readUInt32LE(AT.magic) !== MAGIC) return undefined;
	if (page.readUInt32LE(AT.version) !== DATA_VERSION) return undefined;
	if ((page.readUInt16LE(AT.flags) & META) === 0) return undefined;
	const pageSize = page.readUInt32LE(AT.pageSize);
	if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) return undefined;
	return {
		pageSize,
		lastPage: Number(page.readBigUInt64LE(AT.lastPage)),
		transaction: page.readBigUInt64LE(AT.transaction),
		roots: AT.roots.map(({ depth, root }) => {
			const number = page.readBigUInt64LE(root);
			return {
				depth: page.readUInt16LE(depth),
				page: number === NO_PAGE ? -1 : Number(number),
			};
		}),
	};
}

/** Whether the pages of a tree are what their parents say, down to where its values begin. */
function isSoundTree(fd: number, meta: Meta, number: number, depth: number): boolean {
	if (number < 0) return depth === 0;
	if (depth < 1 || number > meta.lastPage) return false;
	const page = readBytes(fd, number * meta.pageSize, meta.pageSize);
	if (page === undefined || page.readBigUInt64LE(0) !== BigInt(number)) return false;
	const kind = page.readUInt16LE(AT.flags) & (BRANCH | LEAF | OVERFLOW | META);
	if (kind !== (depth === 1 ? LEAF : BRANCH)) return false;
	const lower = page.readUInt16LE(20);
	const upper = page.readUInt16LE(22);
	const room = meta.pageSize - PAGE_HEADER;
	if (lower % 2 !== 0 || lower > upper || upper > room) return false;
	for (let entry = 0; entry < lower; entry += 2) {
		const offset = page.readUInt16LE(PAGE_HEADER + entry);
		if (offset < upper || offset + NODE_HEADER > room) return false;
		const node = PAGE_HEADER + offset;
		const low = page.readUInt32LE(node);
		const flags = page.readUInt16LE(node + 4);
		const value = node + NODE_HEADER + page.readUInt16LE(node + 6);
		if (value > meta.pageSize) return false;
		if (kind === BRANCH) {
			// A page number of 48 bits: the flags of a branch's node are its upper part.
			if (!isSoundTree(fd, meta, flags * 2 ** 32 + low, depth - 1)) return false;
		} else if ((flags & BIG_DATA) === 0) {
			if (value + low > meta.pageSize) return false;
		} else if (value + 8 > meta.pageSize) {
			return false;
		} else if (!isSoundOverflow(fd, meta, page.readBigUInt64LE(value), low)) {
			return false;
		}
	}
	return true;
}

/** Whether the pages of a large value are there and say so. */
function isSoundOverflow(fd: number, meta: Meta, number: bigint, size: number): boolean {
	const pages = Math.ceil((PAGE_HEADER + size) / meta.pageSize);
	if (Number(number) + pages - 1 > meta.lastPage) return false;
	const header = readBytes(fd, Number(number) * meta.pageSize, PAGE_HEADER);
	return (
		header !== undefined &&
		header.readBigUInt64LE(0) === number &&
		(header.readUInt16LE(AT.flags) & OVERFLOW) !== 0 &&
		header.readUInt32LE(20) >= pages
	);
}

function readBytes(fd: number, position: number, length: number): Buffer | undefined {
	const bytes = Buffer.allocUnsafe(length);
	return readSync(fd, bytes, 0, length, position) === length ? bytes : undefined;
}
