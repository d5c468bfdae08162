/**
 * Mail addresses that archives hide: `user@xxxxxxxxx` (the host), `user@...` (the host), and
 * `[email protected]` (all of it). In context and removed lines the file knows what they stood for;
 * in added lines it is gone, unless the file holds the address elsewhere.
 */

const MASK = /[\w.+-]{0,64}@x{4,}(?:\.x+)*|[\w.+-]{1,64}@\.\.\.|\[email[ \u00a0]?protected\]/;
const MASKS = new RegExp(MASK, 'g');
const ADDRESS = /[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*/g;
const HIDDEN = /^[\w.+-]*@[\w.-]+$/;

/** Whether a text holds a masked address. */
export function isMasked(text: string): boolean {
	return (text.includes('@') || text.includes('protected]')) && MASK.test(text);
}

/** Whether `truth` is `masked` with its mail addresses, white space aside. */
export function unmasks(masked: string, truth: string): boolean {
	const rest = squeeze(truth);
	// Between masks stands what was not masked; the local part before `@xxxx` was not.
	const parts = masked
		.replace(MASKS, (mask) => (mask.startsWith('[') ? '\u0000*' : `${local(mask)}\u0000@`))
		.split('\u0000');
	let at = 0;
	for (const [i, part] of parts.entries()) {
		const whole = part.startsWith('*');
		const wanted = squeeze(i === 0 ? part : part.slice(1));
		const last = i === parts.length - 1;
		if (i === 0) {
			if (!rest.startsWith(wanted)) return false;
			at = wanted.length;
			continue;
		}
		const end = hiddenEnd(rest, at, wanted, { whole, last });
		if (end === undefined) return false;
		at = end + wanted.length;
	}
	return at === rest.length;
}

function local(mask: string): string {
	return mask.slice(0, mask.indexOf('@'));
}

/** Where the hidden text that starts at `at` ends, so that `wanted` follows. */
function hiddenEnd(
	rest: string,
	at: number,
	wanted: string,
	{ whole, last }: { whole: boolean; last: boolean },
): number | undefined {
	const fits = (end: number): boolean => {
		const hidden = rest.slice(at, end);
		return HIDDEN.test(hidden) && (whole ? !hidden.startsWith('@') : hidden.startsWith('@'));
	};
	if (last) {
		const end = rest.length - wanted.length;
		return end > at && rest.endsWith(wanted) && fits(end) ? end : undefined;
	}
	for (let end = rest.indexOf(wanted, at + 1); end > 0 && end < at + 256; ) {
		if (fits(end)) return end;
		end = rest.indexOf(wanted, end + 1);
	}
	return undefined;
}

function squeeze(text: string): string {
	return text.replace(/\s+/g, '');
}

/** The addresses that a file holds. */
export function addressesOf(lines: readonly string[]): string[] {
	const found = new Set<string>();
	for (const line of lines) {
		if (!line.includes('@')) continue;
		for (const [address] of line.matchAll(ADDRESS)) if (!isMasked(address)) found.add(address);
	}
	return [...found];
}

/** What an added line may have been, when the addresses it masks are among those known; at most eight. */
export function unmaskings(text: string, addresses: readonly string[]): string[] {
	let found = [text];
	// A line has at most a few addresses; an address that looks masked stays so.
	for (let round = 0; round < 4 && isMasked(found[0] ?? ''); round++) {
		const next: string[] = [];
		for (const one of found) {
			const mask = MASK.exec(one)?.[0] ?? '';
			const user = mask.startsWith('[') ? undefined : `${local(mask)}@`;
			for (const address of addresses) {
				if (user !== undefined && !address.startsWith(user)) continue;
				if (next.length < 8) next.push(one.replace(mask, () => address));
			}
		}
		found = next;
	}
	return found.filter((one) => one !== text);
}
