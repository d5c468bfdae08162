/**
 * Parsing of git's own object formats: trees and commits. Pure; bytes in, records out.
 */
import { createHash } from 'node:crypto';
import { RangefinderError } from '../errors.ts';
import type { CommitInfo, TreeEntry } from './store.ts';

/** Bytes of an object that is read; no file of a kernel tree is near it. */
export const LARGEST_OBJECT = 128 * 1024 * 1024;

/**
 * The entries of a tree object, each path put after `prefix`. `oidLength` is the length of an
 * object id in bytes (20, or 32 for SHA-256 repositories). Returns undefined for damaged bytes.
 */
export function parseTree(
	content: Uint8Array,
	prefix: string,
	oidLength: number,
): TreeEntry[] | undefined {
	const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
	const entries: TreeEntry[] = [];
	let at = 0;
	while (at < bytes.length) {
		const space = bytes.indexOf(32, at);
		const zero = bytes.indexOf(0, at);
		const end = zero + 1 + oidLength;
		if (space < 0 || zero < space || end > bytes.length) return undefined;
		const mode = bytes.toString('latin1', at, space).padStart(6, '0');
		entries.push({
			path: prefix + bytes.toString('utf8', space + 1, zero),
			mode,
			type: mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob',
			oid: bytes.toString('hex', zero + 1, end),
		});
		at = end;
	}
	return entries;
}

/**
 * One entry of a tree object by name, without decoding the others. Returns undefined when there is
 * none, or the bytes are damaged.
 */
export function findInTree(
	content: Uint8Array,
	name: string,
	oidLength: number,
): TreeEntry | undefined {
	const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
	// Most names that are looked for are nowhere in a tree: this is far sooner seen than entry by entry.
	if (!bytes.includes(`${name}\0`)) return undefined;
	const wanted = Buffer.from(name);
	let at = 0;
	while (at < bytes.length) {
		const space = bytes.indexOf(32, at);
		const zero = bytes.indexOf(0, space + 1);
		const end = zero + 1 + oidLength;
		if (space < 0 || zero < 0 || end > bytes.length) return undefined;
		if (zero - space - 1 === wanted.length && bytes.subarray(space + 1, zero).equals(wanted)) {
			return parseTree(bytes.subarray(at, end), '', oidLength)?.[0];
		}
		at = end;
	}
	return undefined;
}

/**
 * Throws git-failed unless an object's contents are what its id says; git itself does not look on
 * reading. The hash is the one that makes ids of that length: SHA-1, or SHA-256.
 */
export function demandId(
	where: string,
	{ oid, type, content }: { oid: string; type: string; content: Uint8Array },
): void {
	const hash = createHash(oid.length === 40 ? 'sha1' : 'sha256');
	hash.update(`${type} ${content.length}\0`).update(content);
	if (hash.digest('hex') === oid) return;
	const what = `the ${type} ${oid} is damaged: its contents have another id`;
	throw new RangefinderError({ code: 'git-failed', where, what });
}

/** The record of a commit object. Returns undefined when the bytes are no commit. */
export function parseCommit(oid: string, content: Uint8Array): CommitInfo | undefined {
	const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
	const blank = bytes.indexOf('\n\n');
	const headerEnd = blank < 0 ? bytes.length : blank;
	// latin1 keeps every byte, so that the author can be decoded once the encoding is known.
	const header = bytes.toString('latin1', 0, headerEnd).split('\n');
	const value = (name: string): string | undefined =>
		header.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
	const tree = value('tree');
	const author = value('author');
	if (tree === undefined || author === undefined) return undefined;
	const decode = decoderFor(value('encoding'));
	const message = blank < 0 ? '' : decode(bytes.subarray(blank + 2));
	const match = /^(.*) (-?\d+) [+-]\d{4}$/.exec(author);
	return {
		oid,
		tree,
		parents: header.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)),
		author: decode(Buffer.from(match?.[1] ?? author, 'latin1')),
		authorDate: Number(match?.[2] ?? 0),
		subject: subjectOf(message),
		message,
	};
}

/** The first paragraph as one line, as git does it. */
function subjectOf(message: string): string {
	const lines = message.replace(/^(?:[ \t]*\n)+/, '').split('\n');
	const end = lines.findIndex((line) => line.trim() === '');
	return lines
		.slice(0, end < 0 ? lines.length : end)
		.map((line) => line.trim())
		.join(' ');
}

function decoderFor(encoding: string | undefined): (bytes: Uint8Array) => string {
	for (const label of [encoding ?? 'utf-8', 'latin1']) {
		try {
			const decoder = new TextDecoder(label);
			return (bytes) => decoder.decode(bytes);
		} catch {
			// An encoding nobody knows: every byte as it is.
		}
	}
	return (bytes) => Buffer.from(bytes).toString('latin1');
}
