/**
 * The object folders that a repository reads: its own, and those that alternates files name
 * (gitrepository-layout(5), objects/info/alternates).
 */
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readFileUpTo } from './embedded/files.ts';

/** Bytes of an alternates file. */
const LIMIT = 4 * 1024 * 1024;
/** How far alternates of alternates are followed (link_alt_odb_entries of git's odb). */
const DEPTH = 5;
/** What follows a backslash in a quoted name, besides three octal digits (unquote_c_style of git's quote.c). */
const ESCAPES: ReadonlyMap<string, string> = new Map([
	['a', '\x07'],
	['b', '\b'],
	['f', '\f'],
	['n', '\n'],
	['r', '\r'],
	['t', '\t'],
	['v', '\v'],
	['\\', '\\'],
	['"', '"'],
]);

/**
 * An object folder, its alternates, and theirs; each once. One that is not there is passed over, as git does.
 * @param where the repository in messages
 * @throws RangefinderError git-failed for an alternates file that cannot be read
 */
export async function objectFolders(objects: string, where: string): Promise<string[]> {
	const found = new Map<string, string>();
	let open = [objects];
	for (let depth = 0; depth <= DEPTH && open.length > 0; depth++) {
		const next: string[] = [];
		for (const folder of open) {
			const real = await realpath(folder).catch(() => undefined);
			if (real === undefined || found.has(real)) continue;
			found.set(real, folder);
			const list = await readFileUpTo(join(folder, 'info', 'alternates'), LIMIT, where);
			for (const line of list?.toString().split('\n') ?? []) {
				if (line === '' || line.startsWith('#')) continue;
				next.push(resolve(folder, unquoted(line)));
			}
		}
		open = next;
	}
	return [...found.values()];
}

/** A line of an alternates file as a path; what is no proper quoted name is the path itself. */
function unquoted(line: string): string {
	const inside = /^"((?:[^"\\]|\\[abfnrtv\\"]|\\[0-3][0-7]{2})*)"$/.exec(line)?.[1];
	if (inside === undefined) return line;
	const bytes = inside.match(/\\[0-3][0-7]{2}|\\.|[^\\]+/g) ?? [];
	const parts = bytes.map((part) => {
		if (!part.startsWith('\\')) return Buffer.from(part);
		const named = ESCAPES.get(part.slice(1));
		return named === undefined ? Buffer.of(Number.parseInt(part.slice(1), 8)) : Buffer.from(named);
	});
	return Buffer.concat(parts).toString();
}
