/** Paths as diffs write them: quoted, prefixed, halves of a `diff --git` line. */

/** Control bytes (C0, DEL, C1), which no path and no subject may carry to a terminal. */
export function isControl(code: number): boolean {
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/** Splits `a/x b/x`; quoted names may hold spaces, unquoted ones are halved. */
export function gitNames(text: string): [string | undefined, string | undefined] {
	const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(text);
	if (quoted !== null) return [quoted[1], quoted[2]];
	const middle = (text.length - 1) / 2;
	if (Number.isInteger(middle) && text.charAt(middle) === ' ') {
		return [text.slice(0, middle), text.slice(middle + 1)];
	}
	return [undefined, undefined];
}

/** How many leading components the two names of a plain diff lose: as `patch -p1`, where that gives one name. */
export function plainPrefix(oldName: string, newName: string): (name: string) => string {
	const bare = (name: string): string => name.replace(/\t.*$/, '').trimEnd();
	const drop = (name: string): string => name.replace(/^[^/]+\//, '');
	const left = bare(oldName);
	const right = bare(newName);
	const prefixed = /^[abciow12]\//;
	if (prefixed.test(left) || prefixed.test(right)) return (name) => name.replace(prefixed, '');
	return left !== right && drop(left) === drop(right) ? drop : (name) => name;
}

/** Undoes git's C-style quoting of a path. */
export function unquote(name: string): string {
	if (!name.startsWith('"')) return name;
	const bytes: number[] = [];
	const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };
	for (const part of name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/g)) {
		if (part[1] !== undefined) bytes.push(Number.parseInt(part[1], 8) & 0xff);
		else if (part[2] !== undefined) bytes.push(escapes[part[2]] ?? part[2].charCodeAt(0));
		else bytes.push(...Buffer.from(part[3] ?? '', 'utf8'));
	}
	return Buffer.from(bytes).toString('utf8');
}
