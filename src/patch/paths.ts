/** Paths as diffs write them: quoted, prefixed, with time stamps, halves of a `diff --git` line. */
import { RangefinderError } from '../errors.ts';

/** Control bytes (C0, DEL, C1), which no path and no subject may carry to a terminal. */
export function isControl(code: number): boolean {
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/** Splits `a/x b/x`; quoted names may hold spaces, unquoted ones are halved where they say one path. */
export function gitNames(text: string): [string | undefined, string | undefined] {
	const line = text.trimEnd();
	const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(line);
	if (quoted !== null) return [quoted[1], quoted[2]];
	const middle = (line.length - 1) / 2;
	if (Number.isInteger(middle) && line.charAt(middle) === ' ') {
		return [line.slice(0, middle), line.slice(middle + 1)];
	}
	return [undefined, undefined];
}

/** Undoes git's C-style quoting of a path. */
export function unquote(name: string): string {
	if (!name.startsWith('"')) return name;
	const bytes: number[] = [];
	const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };
	const close = name.lastIndexOf('"');
	const inner = name.slice(1, close > 0 ? close : name.length);
	for (const part of inner.matchAll(/\\([0-3][0-7]{2})|\\(.)|([^\\]+)/g)) {
		if (part[1] !== undefined) bytes.push(Number.parseInt(part[1], 8));
		else if (part[2] !== undefined) bytes.push(escapes[part[2]] ?? part[2].charCodeAt(0));
		else for (const byte of Buffer.from(part[3] ?? '', 'utf8')) bytes.push(byte);
	}
	return Buffer.from(bytes).toString('utf8');
}

/** What a side of a diff names: undefined for `/dev/null`. */
export type Side = string | undefined;

/** The name on a `---`, `+++` or `diff --git` line, unquoted, without what follows it. */
export function sideName(raw: string): Side {
	const tab = raw.startsWith('"') ? -1 : raw.indexOf('\t');
	const bare = tab < 0 ? raw.trimEnd() : raw.slice(0, tab).trimEnd();
	const name = unquote(bare);
	return name === '/dev/null' ? undefined : name;
}

/** git's prefixes: a/ and b/, and the mnemonic ones of commit, index, object and work tree. */
const PREFIX = /^[abciow12]\//;

/**
 * The two names of a file header without their prefixes: `a/` and `b/`, the mnemonic ones, or
 * whatever first component `patch -p1` takes off where only that makes them one path. Names that
 * are the same as they stand have no prefix (`--no-prefix`), also where their folder is called `a`.
 * `dropped` keeps the components that were taken off files of this diff; a new file has one side only.
 */
export function withoutPrefix(
	left: Side,
	right: Side,
	dropped: Set<string> = new Set(),
): [Side, Side] {
	const drop = (name: Side): Side => name?.replace(/^[^/]+\/+/, '');
	const bare = (name: Side): Side =>
		dropped.has(firstOf(name)) ? drop(name) : name?.replace(PREFIX, '');
	if (left === undefined || right === undefined) return [bare(left), bare(right)];
	if (left === right) return [left, right];
	if (PREFIX.test(left) && PREFIX.test(right)) return [bare(left), bare(right)];
	if (drop(left) !== drop(right)) return [left, right];
	dropped.add(firstOf(left)).add(firstOf(right));
	return [drop(left), drop(right)];
}

function firstOf(name: Side): string {
	return name?.slice(0, Math.max(0, name.indexOf('/'))) ?? '';
}

const STAMP =
	/^(.*?)[ \t]+(?:[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d(?: [A-Z]+)? \d{4}|\d{4}-\d\d-\d\d(?:[ \t]+\d\d:\d\d:\d\d(?:\.\d+)?)?(?: [-+]\d\d:?\d\d)?)$/;

/** A name of a plain diff, whose time stamp may be set off with spaces where a tab was lost. */
export function plainName(raw: string): Side {
	const name = sideName(raw);
	if (name === undefined || raw.includes('\t') || raw.length > 1000) return name;
	return STAMP.exec(name)?.[1] ?? name;
}

/**
 * Whether the time stamp of a plain diff is the beginning of the epoch, with which GNU diff says
 * that there is no such file.
 */
export function isEpoch(raw: string): boolean {
	const stamp =
		/\t(1969-12-31|1970-01-01) (\d\d):(\d\d):00(?:\.0+)?(?: ([-+])(\d\d):?(\d\d))?$/.exec(
			raw.trimEnd(),
		);
	if (stamp === null) return false;
	const zone = (stamp[4] === '-' ? -1 : 1) * (Number(stamp[5] ?? 0) * 60 + Number(stamp[6] ?? 0));
	const minutes = Number(stamp[2]) * 60 + Number(stamp[3]) - zone;
	return minutes === (stamp[1] === '1969-12-31' ? 24 * 60 : 0);
}

/** @throws RangefinderError unsafe-path, for what no tree can have */
export function checkPath(path: string, where: string): void {
	const parts = path.split('/');
	let control = false;
	for (let i = 0; i < path.length && !control; i++) control = isControl(path.charCodeAt(i));
	if (path === '' || path.startsWith('/') || parts.includes('..') || control) {
		throw new RangefinderError({ code: 'unsafe-path', where, path: JSON.stringify(path) });
	}
}
